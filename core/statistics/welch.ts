import { counted } from '../vocabulary/counted.ts';
import { type Refused, refused } from './refused.ts';
import type { Side } from './side.ts';
import { studentQuantile, studentTail } from './student-t.ts';

/** A summary of one sample; `variance` is unbiased (divides by count - 1). */
export type Moments = { count: number; mean: number; variance: number };

export type MeanDifference = {
  ok: true;
  /**
   * current - baseline in units of the metric, with its two-sided interval at the requested
   * confidence.
   */
  difference: number;
  low: number;
  high: number;
  t: number;
  degreesOfFreedom: number;
  pValue: number;
};

/**
 * Tests whether a mean has changed, without assuming equal variances. Refused when a sample has
 * fewer than two values, when neither varies, or when a number is not finite. Source: B. L. Welch,
 * The generalization of Student's problem, Biometrika 34 (1947) 28-35.
 */
export function welch(
  baseline: Moments,
  current: Moments,
  options: { side?: Side; confidence?: number } = {},
): MeanDifference | Refused {
  const { side = 'two-sided', confidence = 0.95 } = options;
  for (const [name, { count, mean, variance }] of [
    ['baseline', baseline],
    ['current', current],
  ] as const) {
    if (!(count >= 2)) return refused(`Welch's test refused: the ${name} has ${counted(count, 'value')}, expected at least 2`);
    if (!Number.isFinite(count + mean) || !(variance >= 0 && variance < Number.POSITIVE_INFINITY)) {
      const received = `count ${count}, mean ${mean}, variance ${variance}`;
      return refused(`Welch's test refused: the ${name} has ${received}, expected finite numbers and a variance of 0 or more`);
    }
  }
  const was = baseline.variance / baseline.count;
  const is = current.variance / current.count;
  const error = Math.sqrt(was + is);
  const difference = current.mean - baseline.mean;
  if (error === 0) return refused("Welch's test refused: neither the baseline nor the current values vary");
  const share = is / (was + is);
  const degreesOfFreedom = 1 / ((1 - share) ** 2 / (baseline.count - 1) + share ** 2 / (current.count - 1));
  const t = difference / error;
  const half = studentQuantile((1 - confidence) / 2, degreesOfFreedom) * error;
  if (!Number.isFinite(difference + half + error + t)) {
    return refused(`Welch's test refused: the difference of the means ${baseline.mean} and ${current.mean} overflows`);
  }
  const pValue =
    side === 'two-sided'
      ? 2 * studentTail(Math.abs(t), degreesOfFreedom)
      : studentTail(side === 'greater' ? t : -t, degreesOfFreedom);
  return { ok: true, difference, low: difference - half, high: difference + half, t, degreesOfFreedom, pValue };
}
