/**
 * As `movingFold`, of values that are no numbers, such as histograms. `combine` may change neither
 * of its arguments. Undefined values are left out.
 */
export function movingMerge<T>(
  valueAt: (index: number) => T | undefined,
  combine: (a: T, b: T) => T,
): (lo: number, hi: number) => T | undefined {
  /**
   * `suffix` holds the folds of [i, middle) for each i from `from`; `front` folds [middle, end).
   */
  let suffix: (T | undefined)[] = [];
  let from = 0;
  let middle = 0;
  let end = 0;
  let front: T | undefined;
  const both = (a: T | undefined, b: T | undefined): T | undefined => (a === undefined ? b : b === undefined ? a : combine(a, b));
  return (lo, hi) => {
    if (lo >= middle) {
      suffix = new Array<T | undefined>(hi - lo);
      let sum: T | undefined;
      for (let i = hi - 1; i >= lo; i -= 1) {
        sum = both(valueAt(i), sum);
        suffix[i - lo] = sum;
      }
      [from, middle, end, front] = [lo, hi, hi, undefined];
      return sum;
    }
    for (; end < hi; end += 1) front = both(front, valueAt(end));
    return both(suffix[lo - from], front);
  };
}
