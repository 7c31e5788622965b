import { fisherExact } from './fisher-exact.ts';
import { normalQuantile, normalTail } from './normal.ts';
import { type Refused, refused } from './refused.ts';
import type { Side } from './side.ts';
import { wilsonInterval } from './wilson.ts';

/** Whole numbers. */
export type Proportion = { successes: number; count: number };

export type ProportionDifference = {
  ok: true;
  /** current - baseline, within [-1, 1]. */
  difference: number;
  /** The two-sided interval of the difference at the requested confidence. */
  low: number;
  high: number;
  pValue: number;
  method: 'pooled z' | 'Fisher exact';
};

/**
 * Tests whether a rate has changed. The p-value comes from the pooled z test, or from Fisher's
 * exact test if an expected count is below 5. The interval is Newcombe's hybrid of two Wilson
 * intervals, which holds for small counts too. Refused for fractional counts and for an empty
 * group. Source: R. G. Newcombe, Interval estimation for the difference between independent
 * proportions, Statistics in Medicine 17 (1998) 873-890, method 10.
 */
export function twoProportions(
  baseline: Proportion,
  current: Proportion,
  options: { side?: Side; confidence?: number } = {},
): ProportionDifference | Refused {
  const { side = 'two-sided', confidence = 0.95 } = options;
  for (const [name, { successes, count }] of [
    ['baseline', baseline],
    ['current', current],
  ] as const) {
    if (!(Number.isSafeInteger(successes) && Number.isSafeInteger(count) && 0 <= successes && successes <= count && count > 0)) {
      return refused(
        `two proportions refused: the ${name} has ${successes} of ${count}, expected whole numbers and at least one sample`,
      );
    }
  }
  const p = baseline.successes / baseline.count;
  const q = current.successes / current.count;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const was = wilsonInterval(p, baseline.count, z);
  const is = wilsonInterval(q, current.count, z);
  return {
    ok: true,
    difference: q - p,
    low: Math.max(-1, q - p - Math.hypot(q - is.low, was.high - p)),
    high: Math.min(1, q - p + Math.hypot(is.high - q, p - was.low)),
    ...evidence(baseline, current, side),
  };
}

function evidence(baseline: Proportion, current: Proportion, side: Side): Pick<ProportionDifference, 'pValue' | 'method'> {
  const all = baseline.count + current.count;
  const successes = baseline.successes + current.successes;
  const smallest = (Math.min(baseline.count, current.count) / all) * Math.min(successes, all - successes);
  if (smallest < 5) {
    return { pValue: fisherExact(current.successes, current.count, successes, all, side), method: 'Fisher exact' };
  }
  const pooled = successes / all;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / baseline.count + 1 / current.count));
  const z = (current.successes / current.count - baseline.successes / baseline.count) / error;
  return {
    pValue: side === 'two-sided' ? 2 * normalTail(Math.abs(z)) : normalTail(side === 'greater' ? z : -z),
    method: 'pooled z',
  };
}
