import { type BaselineKindOf, noSpans, readsNothingElse } from './baseline-kind.ts';
import { periodOf, seasonalBaseline } from './same-time.ts';
import type { BaselineOf } from './schema.ts';

const reachOf = ({ periods, season, slot }: BaselineOf<'seasonal'>): number => periods * periodOf(season) + 2 * slot;

/** What the series itself was like at this time of earlier days or weeks. */
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
  // One that an alert froze goes on being compared hour by hour, also after the alert where its
  // points leave too few others.
  readFrom: (config, kept) => (kept.kind === 'seasonal' ? kept.to - reachOf(config) : Number.POSITIVE_INFINITY),
  named: () => undefined,
  deviations: ({ deviations }) => deviations,
  variance: (_, baseline) => (baseline?.kind === 'seasonal' ? Math.PI / 2 / baseline.points : 0),
  checkSource: () => {},
};
