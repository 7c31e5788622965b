import type { Previous } from '../../telemetry/series.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { overWindow, type Span, usable, type Window } from './baseline.ts';
import { type BaselineKindOf, noSpans, windowVariance } from './baseline-kind.ts';
import { checkRoom } from './rolling.ts';
import type { BaselineOf } from './schema.ts';

/**
 * The previous version in the window before this one was first seen. Its later points do not count,
 * so the baseline stays constant while both versions serve. `excluded` are spans of the previous
 * version's own alerts.
 */
export function versionBaseline(
  config: Window,
  previous: Previous | undefined,
  now: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
  minCount?: number,
): BaselineResult {
  if (frozen?.kind === 'version') return usable(frozen);
  if (previous === undefined) return { ok: false, reason: 'baseline refused: the series belongs to no version' };
  if (!previous.ok) return { ...previous, reason: `baseline refused: ${previous.reason}` };
  const { version: name, since, points } = previous;
  // A point summarises the time before it, so one at `since` still belongs entirely to the previous
  // version.
  const found = overWindow(config, points, since + 1, now, excluded, minCount);
  if (!found.ok) return { ok: false, reason: `baseline refused: version ${name} before this one: ${found.reason}` };
  const { value, count } = found;
  const { window, statistic } = config;
  return usable({ kind: 'version', value, version: name, statistic, points: count, from: since - window, to: since });
}

export const version: BaselineKindOf<BaselineOf<'version'>> = {
  normal: (config, { rule, context: { to, frozen, previous, previousExcluded = noSpans } }) =>
    versionBaseline(config, previous, to, previousExcluded, frozen, rule.samples.minCount),
  byTime: false,
  learns: true,
  reach: () => 0,
  remembersVersions({ window }, source) {
    const kept = source?.kind === 'predictions' ? source.retain + source.bucket : 2 * window;
    return Math.max(kept, window);
  },
  reachKeys: [],
  training: () => undefined,
  versionBefore: (config) => config,
  fills: ({ window }) => window,
  readFrom: () => Number.POSITIVE_INFINITY,
  named: () => undefined,
  deviations: () => 0,
  variance: (config, _, over) => windowVariance(config, over),
  // Only predictions have versions, and only a series of a single version has a previous one.
  checkSource(path, config, { rule, source }, report) {
    checkRoom(path, config, rule.step, report);
    if (rule.query.predictions?.by.includes('version')) return;
    const isOfPredictions = source.kind === 'predictions';
    const what = isOfPredictions ? 'expected `by: [version]` in the query' : 'expected a source of predictions';
    const received = isOfPredictions ? 'a query over all versions' : source.kind;
    report(path, 'key', `${what}, for this baseline is the version before; received ${received}`);
  },
};
