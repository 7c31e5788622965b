import type { Sample } from './sample.ts';

/** Values of the first sample that are scanned or skipped as one block. */
const block = 64;

/**
 * The largest difference of two empirical distributions times both counts; a whole number while
 * that product is below 2^53. In large samples, blocks whose ends rule out the maximum are skipped.
 */
export function largestGap(a: Sample, b: Sample): number {
  if (a.counts !== undefined || b.counts !== undefined || a.count < 4 * block)
    return walked(a, b, 0, 0, a.values.length, Infinity);
  const { values: as, count: n } = a;
  const { values: bs, count: m } = b;
  const starts: { i: number; j: number }[] = [];
  let largest = 0;
  for (let i = 0, j = 0; i < n; i += block) {
    const x = as[i] as number;
    j = firstNotBelow(bs, x, j);
    starts.push({ i, j });
    if (i > 0 && as[i - 1] !== x) largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  for (const [k, start] of starts.entries()) {
    const end = starts[k + 1] ?? { i: n, j: m };
    const room = Math.max(end.i * m - start.j * n, end.j * n - start.i * m);
    if (room > largest) largest = Math.max(largest, walked(a, b, start.i, start.j, end.i, end.j));
  }
  return largest;
}

/**
 * The largest gap on an ordered walk through both samples; at equal values the first sample goes
 * first.
 */
function walked(a: Sample, b: Sample, fromA: number, fromB: number, toA: number, toB: number): number {
  const { values: as, counts: aCounts, count: n } = a;
  const { values: bs, counts: bCounts, count: m } = b;
  const aEnd = Math.min(toA, as.length);
  const bEnd = Math.min(toB, bs.length);
  let i = fromA;
  let j = fromB;
  // Only samples without counts start anywhere but at 0.
  let seenA = fromA;
  let seenB = fromB;
  let last = Math.max(as[i - 1] ?? Number.NEGATIVE_INFINITY, bs[j - 1] ?? Number.NEGATIVE_INFINITY);
  let largest = 0;
  while (i < aEnd || j < bEnd) {
    const x = i < aEnd ? (as[i] as number) : Number.POSITIVE_INFINITY;
    const y = j < bEnd ? (bs[j] as number) : Number.POSITIVE_INFINITY;
    const value = Math.min(x, y);
    // The distributions may be compared only after all tied values are counted.
    if (value !== last) {
      largest = Math.max(largest, Math.abs(seenA * m - seenB * n));
      last = value;
    }
    if (x <= y) {
      seenA += aCounts === undefined ? 1 : (aCounts[i] as number);
      i += 1;
    } else {
      seenB += bCounts === undefined ? 1 : (bCounts[j] as number);
      j += 1;
    }
  }
  return largest;
}

/**
 * The first index at or after `from` whose value is not below `bound`: doubling steps, then
 * bisection.
 */
function firstNotBelow(values: Float64Array, bound: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step < values.length && (values[low + step] as number) < bound) {
    low += step;
    step *= 2;
  }
  let high = Math.min(values.length, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
