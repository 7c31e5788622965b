import type { Band } from './bands.ts';
import type { Normal } from './baseline.ts';
import type { Rule, StoryPoint } from './story.ts';

/**
 * Whether a point that is past the bound of a band is so by more than chance gives: its Wilson
 * interval lies wholly past the bound. The false discovery rate is bounded over the series of a
 * rule at each point; of one series alone, as here, that is the interval.
 */
export function isSignificant(rule: Rule, band: Band, point: StoryPoint, normal: Normal | undefined): boolean {
  const { confidence } = rule.samples;
  if (confidence === undefined) return true;
  const chance = chanceOf(rule, band, point, normal);
  return chance === undefined || chance <= 1 - confidence;
}

/**
 * The level at which the Wilson interval of a point ends exactly at the bound, which is that of the
 * score test; 1 and more where it lies on the good side. undefined: no proportion, or on nobody
 * knows how many samples.
 */
function chanceOf(rule: Rule, band: Band, point: StoryPoint, normal: Normal | undefined): number | undefined {
  const { value, count } = point;
  if (count === undefined || count === 0 || value < 0 || value > 1) return undefined;
  const isAbove = rule.kind === 'threshold' ? rule.threshold.above !== undefined : rule.degradation.direction === 'rise';
  const reference = normal?.valueFor(point)?.value ?? 0;
  const bound =
    rule.kind === 'threshold'
      ? (rule.threshold.above ?? rule.threshold.below)?.[band]
      : reference + (isAbove ? 1 : -1) * rule.degradation[band] * Math.abs(reference);
  if (bound === undefined) return undefined;
  const worse = isAbove ? value - bound : bound - value;
  return 2 * upperTail(worse / Math.sqrt((bound * (1 - bound)) / count));
}

/** The chance of a standard normal value above z, by Simpson's rule. */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const steps = 400;
  const width = z / steps;
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let n = 1; n < steps; n += 1) sum += density(n * width) * (n % 2 === 0 ? 2 : 4);
  return Math.max(0, 0.5 - (sum * width) / 3);
}
