import type { Rule } from '../rules/rule-schema.ts';
import { baselineReach } from './baseline.ts';
import { lookbackOf } from './lookback.ts';

const hour = 3_600_000;

/**
 * For how long it is normal that a baseline is refused: as long as it looks back, for a rule that is new has nothing to look back at. A
 * baseline that is named, such as a training or a fixed span, is there or is not: an hour is for what is being sent just now.
 */
export function warmUpOf(rule: Rule): number {
  const { degradation, drift, step } = rule;
  const least = leastPatience(step);
  if (drift !== undefined) return drift.baseline.rolling === undefined ? least : drift.baseline.rolling.window + step;
  if (degradation === undefined) return least;
  const { baseline } = degradation;
  const reach = Math.max(baselineReach(baseline), baseline.version?.window ?? 0);
  return reach === 0 ? least : reach + lookbackOf(rule);
}

/** Where a baseline is not warming up. */
export const leastPatience = (step: number): number => Math.max(hour, step);
