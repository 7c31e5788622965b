/**
 * How many values lie where, in buckets that grow by the same factor: the base-2 exponential
 * histogram of OpenTelemetry. Plain JSON. Bucket i of scale s holds the values in
 * (base^i, base^(i + 1)], with base = 2^(2^-s); negative values are kept by their size. Source:
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 *
 * A side has at most 160 buckets that hold something. Beyond that the scale falls by one, which
 * joins neighbours, two by two. The scale of a merge is the largest at which all fit, so that it
 * depends neither on the order of merging nor on how values were split.
 */
export type ExponentialHistogram = {
  scale: number;
  /** Values of a size up to `zeroThreshold`; they count as 0. */
  zeroCount: number;
  zeroThreshold: number;
  /** Index, count, index, count ... by ascending index; counts above 0. */
  positive: number[];
  negative: number[];
};

export const mostBuckets = 160;
/**
 * At this scale a bucket is 0.7 parts in a million wide. Scales down to -10, of two or three
 * buckets, can be stored.
 */
export const finestScale = 20;

export function emptyHistogram(scale: number = finestScale): ExponentialHistogram {
  return { scale, zeroCount: 0, zeroThreshold: 0, positive: [], negative: [] };
}

/** Adds a value to the histogram itself. Throws RangeError for NaN and infinities. */
export function addValue(to: ExponentialHistogram, value: number, times = 1): void {
  if (!Number.isFinite(value)) throw new RangeError(`a histogram holds finite numbers, not ${value}`);
  if (Math.abs(value) <= to.zeroThreshold) {
    to.zeroCount += times;
    return;
  }
  const buckets = value > 0 ? to.positive : to.negative;
  const index = indexOf(Math.abs(value), to.scale);
  const at = placeOf(buckets, index);
  if (buckets[at] === index) buckets[at + 1] = (buckets[at + 1] as number) + times;
  else {
    buckets.splice(at, 0, index, times);
    keepSmall(to);
  }
}

/**
 * Both together; neither is changed. Of different scales, the finer one is first made as coarse as
 * the other. Associative and commutative.
 */
export function mergeHistograms(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  const scale = Math.min(a.scale, b.scale);
  const merged = {
    scale,
    zeroCount: a.zeroCount + b.zeroCount,
    zeroThreshold: Math.max(a.zeroThreshold, b.zeroThreshold),
    positive: bothOf(coarser(a.positive, a.scale - scale), coarser(b.positive, b.scale - scale)),
    negative: bothOf(coarser(a.negative, a.scale - scale), coarser(b.negative, b.scale - scale)),
  };
  keepSmall(merged);
  return merged;
}

/** Makes the histogram itself as coarse as this scale, if it is finer. */
export function coarsen(histogram: ExponentialHistogram, scale: number): void {
  const steps = histogram.scale - scale;
  if (steps <= 0) return;
  histogram.positive = coarser(histogram.positive, steps);
  histogram.negative = coarser(histogram.negative, steps);
  histogram.scale = scale;
}

/**
 * With a zero that reaches up to `threshold`: buckets that lie in it count there. The histogram
 * stays as it is.
 */
export function widenZero(histogram: ExponentialHistogram, threshold: number): ExponentialHistogram {
  if (threshold <= histogram.zeroThreshold) return histogram;
  const { scale, positive, negative } = histogram;
  // A sender widens to the end of a bucket, but for rounding.
  const isInside = (index: number): boolean => powerOf2((index + 1) / 2 ** scale) <= threshold * (1 + 1e-12);
  const above = (buckets: readonly number[]): number[] => {
    let i = 0;
    while (i < buckets.length && isInside(buckets[i] as number)) i += 2;
    return buckets.slice(i);
  };
  const wider = { ...histogram, zeroThreshold: threshold, positive: above(positive), negative: above(negative) };
  wider.zeroCount += countOf({ ...histogram, zeroCount: 0 }) - countOf({ ...wider, zeroCount: 0 });
  return wider;
}

export function countOf({ zeroCount, positive, negative }: ExponentialHistogram): number {
  return zeroCount + sumOf(positive) + sumOf(negative);
}

/**
 * How far a quantile of this scale may be from the exact one, as a share of its size: 0.0054 at
 * scale 6.
 */
export const relativeError = (scale: number): number => {
  const base = baseOf(scale);
  return base === Number.POSITIVE_INFINITY ? 1 : (base - 1) / (base + 1);
};

/**
 * The smallest value that at least a share of `q` (0 to 1) does not exceed; undefined if there is
 * none. It differs from that of the raw values by at most `relativeError` of its size (and
 * rounding), or by `zeroThreshold` if that is more.
 */
export function quantileOf(histogram: ExponentialHistogram, q: number): number | undefined {
  const count = countOf(histogram);
  if (count === 0) return undefined;
  let left = Math.max(1, Math.ceil(q * count));
  const { positive, negative, scale } = histogram;
  for (let i = negative.length - 2; i >= 0; i -= 2) {
    left -= negative[i + 1] as number;
    if (left <= 0) return -middleOf(negative[i] as number, scale);
  }
  left -= histogram.zeroCount;
  if (left <= 0) return 0;
  for (let i = 0; i < positive.length; i += 2) {
    left -= positive[i + 1] as number;
    if (left <= 0) return middleOf(positive[i] as number, scale);
  }
  return middleOf(positive.at(-2) ?? 0, scale);
}

/**
 * How many values are above a bound, and how many below. Those in the bound's own bucket count as
 * equal to it, as do values written with fewer digits than a bucket is wide. So the answer is exact
 * for raw values that are equal to the bound, or differ from it by more than a share of
 * `widthOf(scale)`. Throws RangeError for a bound that is not finite.
 */
export function countsBeside(histogram: ExponentialHistogram, bound: number): { above: number; below: number } {
  if (!Number.isFinite(bound)) throw new RangeError(`a bound is a finite number, not ${bound}`);
  const { positive, negative, zeroCount, scale } = histogram;
  const own = bound === 0 ? 0 : indexOf(Math.abs(bound), scale);
  if (bound === 0) return { above: sumOf(positive), below: sumOf(negative) };
  const { smaller, larger } = countsAround(bound > 0 ? positive : negative, own);
  return bound > 0
    ? { above: larger, below: smaller + zeroCount + sumOf(negative) }
    : { above: smaller + zeroCount + sumOf(positive), below: larger };
}

/**
 * How much larger the upper end of a bucket is than its lower one, as a share of the lower one:
 * 0.011 at scale 6.
 */
export const widthOf = (scale: number): number => baseOf(scale) - 1;

/**
 * The share of values above a bound, 0 to 1, as `countsBeside` counts them; undefined if there are
 * none.
 */
export function shareAbove(histogram: ExponentialHistogram, bound: number): number | undefined {
  const count = countOf(histogram);
  return count === 0 ? undefined : countsBeside(histogram, bound).above / count;
}

/** The share of values below a bound. */
export function shareBelow(histogram: ExponentialHistogram, bound: number): number | undefined {
  const count = countOf(histogram);
  return count === 0 ? undefined : countsBeside(histogram, bound).below / count;
}

const baseOf = (scale: number): number => 2 ** (2 ** -scale);

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * The bucket of a positive number. It is found at the finest scale and halved from there, so that a
 * number lies in the same bucket however the scale fell. Exact for powers of two; others may be in
 * the neighbour's bucket if they are within 1e-15 of the bound between.
 */
function indexOf(value: number, scale: number): number {
  const isSubnormal = value < 2 ** -1022;
  double[0] = isSubnormal ? value * 2 ** 54 : value;
  const high = words[highWord] as number;
  const exponent = (high >>> 20) - 1023;
  words[highWord] = (high & 0xfffff) | (1023 << 20);
  const finest =
    (exponent - (isSubnormal ? 54 : 0)) * 2 ** finestScale + Math.ceil(Math.log2(double[0] as number) * 2 ** finestScale) - 1;
  return Math.floor(finest / 2 ** (finestScale - scale));
}

/** The point of a bucket from which no value in it is further than a share of `relativeError`. */
function middleOf(index: number, scale: number): number {
  const lower = powerOf2(index / 2 ** scale);
  // Halved, not doubled: the largest numbers cannot be doubled.
  return Math.min(Number.MAX_VALUE, lower / ((1 + 1 / baseOf(scale)) / 2));
}

/** 2 to a power; exact where that is a whole number. */
function powerOf2(power: number): number {
  const whole = Math.floor(power);
  return 2 ** (power - whole) * 2 ** whole;
}

/** Where this index is, or would be put. */
function placeOf(buckets: readonly number[], index: number): number {
  let low = 0;
  let high = buckets.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[2 * middle] as number) < index) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

function countsAround(buckets: readonly number[], index: number): { smaller: number; larger: number } {
  let smaller = 0;
  let larger = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const at = buckets[i] as number;
    if (at < index) smaller += buckets[i + 1] as number;
    else if (at > index) larger += buckets[i + 1] as number;
  }
  return { smaller, larger };
}

function sumOf(buckets: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < buckets.length; i += 2) sum += buckets[i] as number;
  return sum;
}

function keepSmall(histogram: ExponentialHistogram): void {
  while (Math.max(histogram.positive.length, histogram.negative.length) > 2 * mostBuckets) {
    coarsen(histogram, histogram.scale - 1);
  }
}

function coarser(buckets: readonly number[], steps: number): number[] {
  if (steps === 0) return [...buckets];
  const joined: number[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    append(joined, Math.floor((buckets[i] as number) / 2 ** steps), buckets[i + 1] as number);
  }
  return joined;
}

function bothOf(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (a[i] as number) < (b[j] as number)) {
      append(both, a[i] as number, a[i + 1] as number);
      i += 2;
    } else {
      append(both, b[j] as number, b[j + 1] as number);
      j += 2;
    }
  }
  return both;
}

function append(buckets: number[], index: number, count: number): void {
  if (buckets.at(-2) === index) buckets[buckets.length - 1] = (buckets.at(-1) as number) + count;
  else buckets.push(index, count);
}
