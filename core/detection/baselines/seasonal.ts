import { formatDuration } from '../../vocabulary/units.ts';
import { type BaselineKindOf, noSpans, readsNothingElse } from './baseline-kind.ts';
import { periodOf, seasonalBaseline } from './same-time.ts';
import type { BaselineOf } from './schema.ts';

const reachOf = ({ periods, season, slot }: BaselineOf<'seasonal'>): number => periods * periodOf(season) + 2 * slot;

/** The series' own values at this time of earlier days or weeks. */
export const seasonal: BaselineKindOf<BaselineOf<'seasonal'>> = {
  normal(config, { rule, points, before, context: { excluded = noSpans, frozen, pinned } }, at) {
    const guard = { minCount: rule.samples.minCount, pinned };
    return seasonalBaseline(config, points, at, before, rule.step, excluded, frozen, guard);
  },
  byTime: true,
  learns: true,
  reach: reachOf,
  remembersVersions: () => undefined,
  reachKeys: [],
  ...readsNothingElse,
  fills: reachOf,
  // A pinned baseline still compares hour by hour, so its points are read too. That lasts beyond
  // the alert, for as long as there are too few other points.
  readFrom: (config, kept) => (kept.kind === 'seasonal' ? kept.to - reachOf(config) : Number.POSITIVE_INFINITY),
  named: () => undefined,
  deviations: ({ deviations }) => deviations,
  variance: (_, baseline) => (baseline?.kind === 'seasonal' ? Math.PI / 2 / baseline.points : 0),
  checkSource(path, { season, slot, maxAge }, { rule: { step, for: mOfN } }, report) {
    // The newest point at the same time lies a period back, but for the slot and the judged points.
    const least = periodOf(season) - Math.max(slot, step) - (mOfN.n - 1) * step;
    if (maxAge === undefined || maxAge >= least) return;
    const message = `expected at least ${formatDuration(least)}, for the newest point at this time is of the ${season} before; received ${formatDuration(maxAge)}`;
    report([...path, 'maxAge'], 'value', message);
  },
};
