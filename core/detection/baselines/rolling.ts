import type { Point } from '../../telemetry/series.ts';
import type { Path, Report } from '../../vocabulary/report.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { overWindow, refusal, type Span, usable, type Window } from './baseline.ts';
import { type BaselineKindOf, noSpans, readsNothingElse, windowVariance } from './baseline-kind.ts';
import type { BaselineOf } from './schema.ts';

/**
 * The series' own values over points with before - window <= at < before, outside the excluded
 * spans; `points` are finite, oldest first. Refused if there are too few, if the newest is too old,
 * or if nothing can be relative to it (zero). If there are too few, the baseline pinned by an ended
 * alert stands in. A pinned one stays as it is. Points with fewer than `minCount` samples are left
 * out.
 */
export function rollingBaseline(
  config: Window,
  points: readonly Point[],
  before: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
  minCount = 0,
  pinned?: Baseline,
): BaselineResult {
  if (frozen?.kind === 'rolling') return usable(frozen);
  const found = overWindow(config, points, before, before, excluded, minCount);
  if (!found.ok) {
    if ((found.byAlerts || !found.isStale) && pinned?.kind === 'rolling') return usable(pinned);
    return refusal(`baseline refused: ${found.reason}`, found.byAlerts);
  }
  const { value, count } = found;
  const { window, statistic } = config;
  return usable({ kind: 'rolling', value, statistic, points: count, from: before - window, to: before });
}

/** Reports a window that never has as many points as the baseline needs. */
export function checkRoom(
  path: Path,
  { window, minPoints }: Pick<Window, 'window' | 'minPoints'>,
  step: number,
  report: Report,
): void {
  const most = Math.floor(window / step);
  if (most >= minPoints) return;
  const has = `${formatDuration(window)} of one point every ${formatDuration(step)} hold at most ${most}`;
  const message = `expected a window with room for minPoints, ${minPoints}; ${has}; lengthen the window or lower minPoints`;
  report([...path, 'window'], 'value', message);
}

export const rolling: BaselineKindOf<BaselineOf<'rolling'>> = {
  normal: (config, { rule, points, before, context: { excluded = noSpans, frozen, pinned } }) =>
    rollingBaseline(config, points, before, excluded, frozen, rule.samples.minCount, pinned),
  byTime: false,
  learns: true,
  reach: ({ window }) => window,
  remembersVersions: () => undefined,
  reachKeys: ['window'],
  ...readsNothingElse,
  fills: ({ window }) => window,
  readFrom: () => Number.POSITIVE_INFINITY,
  named: () => undefined,
  deviations: () => 0,
  variance: (config, _, over) => windowVariance(config, over),
  checkSource(path, config, { rule: { step } }, report) {
    checkRoom(path, config, step, report);
    const { maxAge } = config;
    if (maxAge === undefined || maxAge >= step) return;
    const message = `expected at least the step of the rule, ${formatDuration(step)}, for the point before the judged ones is that old; received ${formatDuration(maxAge)}`;
    report([...path, 'maxAge'], 'value', message);
  },
};
