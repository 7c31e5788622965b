import { normalQuantile } from '../../statistics/normal.ts';
import { isRatio } from '../../statistics/wilson.ts';
import type { Bounds } from '../points/bands.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';
import type { Baseline } from '../verdict.ts';
import { breachChance } from './chances.ts';
import { levelOf, monthMs, type Testing } from './level.ts';
import { onsetChance } from './onsets.ts';

/** What has been seen of one series of a rule, or is assumed of it. */
export type SeenSeries = {
  /** Samples behind a point: the median. Absent where nobody knows. */
  count?: number | undefined;
  /** What its points were on average; for a degradation the baseline is what normal is. */
  value?: number | undefined;
  baseline?: Baseline | undefined;
  /**
   * Of a feature that drift compares: values on both sides, and the degrees of freedom of their
   * chi-square test.
   */
  drift?: { current: number; baseline: number; degrees: number } | undefined;
};

export type Expected =
  | {
      ok: true;
      /** Alerts that begin in 30 days though nothing has changed. */
      alarms: number;
      /** Series that are tested side by side. */
      tested: number;
    }
  | { ok: false; reason: string };

/**
 * What is normal of a series, as a ratio, and the variance of what it is compared with by that of
 * one point.
 */
export type Normal = { ratio: number; bounds: Bounds; variance: number };

/**
 * How many false alarms a rule that judges points will raise in 30 days if nothing changes: series
 * x points x the chance that an alert begins at one, where a point breaches with the chance of a
 * proportion so far from what is normal.
 */
export function expectedOfPoints(
  rule: RuleCommon,
  testing: Testing,
  seen: readonly SeenSeries[],
  normalOf: (value: number, baseline: Baseline | undefined) => Normal,
): Expected {
  const tested = seen.filter(({ count, value }) => count !== undefined && count >= 1 && value !== undefined && isRatio(value));
  if (seen.length === 0)
    return { ok: false, reason: 'what normal is has not been seen; name a store with --store, or a service with --url' };
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
