import { normalQuantile } from '../../statistics/normal.ts';
import { isRatio } from '../../statistics/wilson.ts';
import type { Bounds } from '../points/bands.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';
import type { Baseline } from '../verdict.ts';
import { breachChance } from './chances.ts';
import { levelOf, monthMs, type Testing } from './level.ts';
import { onsetChance } from './onsets.ts';

/** What was observed of one series of a rule, or is assumed. */
export type SeenSeries = {
  /** Samples per point: the median. Absent if unknown. */
  count?: number | undefined;
  /** The average of its points; for a degradation, the baseline. */
  value?: number | undefined;
  baseline?: Baseline | undefined;
  /** For a drift feature: values on both sides, and degrees of freedom of their chi-square test. */
  drift?: { current: number; baseline: number; degrees: number } | undefined;
};

export type Expected =
  | {
      ok: true;
      /** Alerts per 30 days without any change. */
      alarms: number;
      /** Series tested together. */
      tested: number;
    }
  | { ok: false; reason: string };

/**
 * The normal value of a series as a ratio, and the variance of its reference, from that of one
 * point.
 */
export type Normal = { ratio: number; bounds: Bounds; variance: number };

/**
 * Expected false alarms in 30 days for a rule that judges points: series x points x the chance that
 * an alert begins at a point, where a point breaches with the chance of a proportion that far from
 * normal.
 */
export function expectedOfPoints(
  rule: RuleCommon,
  testing: Testing,
  seen: readonly SeenSeries[],
  normalOf: (value: number, baseline: Baseline | undefined) => Normal,
): Expected {
  const tested = seen.filter(({ count, value }) => count !== undefined && count >= 1 && value !== undefined && isRatio(value));
  if (seen.length === 0)
    return { ok: false, reason: 'no recorded values to count from; name a store with --store, or a service with --url' };
  if (tested.length === 0) return { ok: false, reason: 'no proportions of counted samples; backtest them' };
  const isGuarded = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
  const z = isGuarded ? -normalQuantile(levelOf(testing, tested.length) / tested.length) : 0;
  let chance = 0;
  for (const { count = 0, value = 0, baseline } of tested) {
    if (count < rule.samples.minCount) continue;
    const { ratio, bounds, variance } = normalOf(value, baseline);
    const bound = Number.isNaN(bounds.warn) ? bounds.critical : bounds.warn;
    const noise = variance * (ratio === 0 ? 0 : (bound / ratio) ** 2);
    chance += onsetChance(breachChance({ ratio, count, bound, sign: bounds.sign, z, noise }), testing.timing);
  }
  return { ok: true, alarms: chance * (monthMs / rule.step), tested: tested.length };
}
