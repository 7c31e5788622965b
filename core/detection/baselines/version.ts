import type { Previous } from '../../telemetry/series.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { overWindow, type Span, usable, type Window } from './baseline.ts';
import { type BaselineKindOf, noSpans, windowVariance } from './baseline-kind.ts';
import type { BaselineOf } from './schema.ts';

/**
 * What the version before this one was like in the window before this one was first seen. Later
 * points of the old version do not move it, so it stands still while two versions serve side by
 * side. `excluded` are spans of the old version's own alerts.
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
  // A point summarises what lies before it, so one at `since` is still wholly of the time before.
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
  // Only predictions have versions, and only a series of one version has one before it.
  checkSource(path, _, { rule, source }, report) {
    if (rule.query.predictions?.by.includes('version')) return;
    const isOfPredictions = source.kind === 'predictions';
    const what = isOfPredictions ? 'expected `by: [version]` in the query' : 'expected a source of predictions';
    const received = isOfPredictions ? 'a query over all versions' : source.kind;
    report(path, 'key', `${what}, for this baseline is the version before; received ${received}`);
  },
};
