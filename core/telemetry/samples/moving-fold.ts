/**
 * Folds `combine` over index ranges [lo, hi) that only move forwards; each value is combined about
 * twice, whatever the width. Nothing is subtracted, so sums keep their precision after large values
 * leave, and `combine` needs no inverse (min, max). Ranges must not be empty. Source: the two-stack
 * queue, K. Tangwongsan, M. Hirzel, S. Schneider, Low-latency sliding-window aggregation in
 * worst-case constant time, DEBS 2017, section 2.
 */
export function movingFold(
  length: number,
  valueAt: (index: number) => number,
  combine: (a: number, b: number) => number,
): (lo: number, hi: number) => number {
  /** `suffix[i]` folds [i, middle); `front` folds [middle, end). */
  let suffix: Float64Array | undefined;
  let middle = 0;
  let end = 0;
  let front = 0;
  return (lo, hi) => {
    if (hi - lo === 1) return valueAt(lo);
    if (suffix === undefined) suffix = new Float64Array(length);
    if (lo >= middle) {
      let sum = valueAt(hi - 1);
      suffix[hi - 1] = sum;
      for (let i = hi - 2; i >= lo; i -= 1) {
        sum = combine(valueAt(i), sum);
        suffix[i] = sum;
      }
      middle = hi;
      end = hi;
      return sum;
    }
    for (; end < hi; end += 1) front = end === middle ? valueAt(end) : combine(front, valueAt(end));
    const back = suffix[lo] as number;
    return end > middle ? combine(back, front) : back;
  };
}

export const add = (a: number, b: number): number => a + b;
