import { type Refused, refused } from '../refused.ts';
import { sortAscending } from '../sort.ts';

/**
 * Finite values, ascending. With `counts` (a sketch) each value stands for that many, and values
 * are distinct.
 */
export type Sample = {
  ok: true;
  values: Float64Array;
  counts?: Float64Array;
  /** The number of values: the sum of the counts, at least 1. */
  count: number;
  /**
   * Where the values come from: `every value`, or the sketch and its error. Drift values compare
   * only if this is equal.
   */
  origin: string;
};

/**
 * Sorts a copy. Refused when empty, or when a value is NaN or infinite: leave missing values out
 * first.
 */
export function sampleOf(values: ArrayLike<number>): Sample | Refused {
  if (values.length === 0) return refused('sample refused: it is empty');
  const copy = new Float64Array(values.length);
  let bad = 0;
  for (let i = 0; i < copy.length; i += 1) {
    // Adding 0 turns -0 into 0.
    const value = (values[i] as number) + 0;
    copy[i] = value;
    if (value - value !== 0) bad += 1;
  }
  if (bad > 0) return refused(`sample refused: ${bad} of ${copy.length} values are NaN or infinite; drop and count them`);
  return { ok: true, values: sortAscending(copy), count: copy.length, origin: 'every value' };
}

/**
 * A sketch or histogram as a sample; `counts[i]` belongs to `values[i]`. `origin` names the sketch
 * and its error. Refused unless values are finite and strictly ascending, and counts whole and
 * positive.
 */
export function weightedSample(values: ArrayLike<number>, counts: ArrayLike<number>, origin: string): Sample | Refused {
  if (values.length === 0) return refused('sample refused: it is empty');
  if (values.length !== counts.length) return refused(`sample refused: ${values.length} values and ${counts.length} counts`);
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    const weight = counts[i] as number;
    if (!Number.isFinite(value)) return refused(`sample refused: value ${i} is ${value}, expected a finite number`);
    if (i > 0 && !(value > (values[i - 1] as number))) {
      return refused(`sample refused: value ${i}, ${value}, is not above the previous one; sort values and merge equal ones`);
    }
    if (!(Number.isSafeInteger(weight) && weight > 0))
      return refused(`sample refused: count ${i} is ${weight}, expected a whole number above 0`);
    count += weight;
  }
  if (!Number.isSafeInteger(count)) return refused(`sample refused: ${count} values are more than can be counted exactly`);
  return { ok: true, values: new Float64Array(values), counts: new Float64Array(counts), count, origin };
}

/** The origins of both samples as one name. */
export function originOf(baseline: Sample, current: Sample): string {
  return baseline.origin === current.origin ? baseline.origin : `${baseline.origin} against ${current.origin}`;
}
