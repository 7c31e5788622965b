import {
  countOf as countIn,
  type ExponentialHistogram,
  emptyHistogram,
  mergeHistograms,
  widenZero,
} from '../../statistics/exponential-histogram.ts';
import { mergeExamples, type TraceExample } from '../trace-example.ts';

/**
 * What a bucket of a series holds, by what its metric is. Plain JSON.
 *
 * - `gauge`: values that were read from time to time.
 * - `counter`: by how much something grew, from `points` points.
 * - `histogram`: how many measurements lie between bounds; without bounds it is a count and a sum.
 * - `exponential`: the same, with buckets that grow by a factor.
 *
 * Merging is associative and commutative, except for the rounding of sums.
 */
export type Content = (GaugeContent | CounterContent | HistogramContent | ExponentialContent) & Examples;

/** Traces in which some of it was measured, the largest value first. */
type Examples = { examples?: readonly TraceExample[] };

export type GaugeContent = {
  form: 'gauge';
  count: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
};

export type CounterContent = { form: 'counter'; points: number; increase: number };

/** `sum`, `min` and `max` are left out where a sender has not said them. */
type Totals = { count: number; sum?: number | undefined; min?: number | undefined; max?: number | undefined };

export type HistogramContent = Totals & { form: 'histogram'; bounds: readonly number[]; counts: number[] };
export type ExponentialContent = Totals & { form: 'exponential'; histogram: ExponentialHistogram };

export type Form = Content['form'];

/**
 * Both together; neither is changed. Throws TypeError if they are of two forms: a series has one.
 */
export function mergeContent(a: Content, b: Content): Content {
  const merged = mergeForm(a, b);
  return a.examples === undefined && b.examples === undefined
    ? merged
    : { ...merged, examples: mergeExamples(a.examples, b.examples) };
}

function mergeForm(a: Content, b: Content): Content {
  if (a.form === 'gauge' && b.form === 'gauge') {
    // Of two at one time the larger one, in whatever order they come.
    const later = b.lastAt > a.lastAt || (b.lastAt === a.lastAt && b.last >= a.last) ? b : a;
    return {
      form: 'gauge',
      count: a.count + b.count,
      sum: a.sum + b.sum,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
      last: later.last,
      lastAt: later.lastAt,
    };
  }
  if (a.form === 'counter' && b.form === 'counter') {
    return { form: 'counter', points: a.points + b.points, increase: a.increase + b.increase };
  }
  if (a.form === 'histogram' && b.form === 'histogram') {
    return { form: 'histogram', ...totals(a, b), ...boundedBy(a, b) };
  }
  if (a.form === 'exponential' && b.form === 'exponential') {
    return { form: 'exponential', ...totals(a, b), histogram: mergeHistograms(a.histogram, b.histogram) };
  }
  throw new TypeError(`cannot merge a ${a.form} and a ${b.form}`);
}

/** Measurements without any have no least one, and say nothing about the others. */
function totals(a: Totals, b: Totals): Totals {
  if (a.count === 0) return totalsOf(b);
  if (b.count === 0) return totalsOf(a);
  return totalsOf({
    count: a.count + b.count,
    sum: both(a.sum, b.sum, (x, y) => x + y),
    min: both(a.min, b.min, Math.min),
    max: both(a.max, b.max, Math.max),
  });
}

const both = (a: number | undefined, b: number | undefined, of: (a: number, b: number) => number): number | undefined =>
  a === undefined || b === undefined ? undefined : of(a, b);

const totalsOf = ({ count, sum, min, max }: Totals): Totals => ({
  count,
  ...(sum === undefined ? {} : { sum }),
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

/**
 * Of equal bounds counts add exactly. Of others, those bounds stay that both have: between these,
 * counts are exact too, and a quantile is known to the wider bucket.
 */
function boundedBy(a: HistogramContent, b: HistogramContent): Pick<HistogramContent, 'bounds' | 'counts'> {
  if (a.count === 0 && a.bounds.length === 0) return { bounds: b.bounds, counts: b.counts };
  if (b.count === 0 && b.bounds.length === 0) return { bounds: a.bounds, counts: a.counts };
  const bounds = sameBounds(a.bounds, b.bounds) ? a.bounds : common(a.bounds, b.bounds);
  const [x, y] = [coarser(a, bounds), coarser(b, bounds)];
  return { bounds, counts: x.map((count, place) => count + (y[place] as number)) };
}

/** What is in both of two ascending lists. */
function common(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  let j = 0;
  for (const one of a) {
    while (j < b.length && (b[j] as number) < one) j += 1;
    if (b[j] === one) both.push(one);
  }
  return both;
}

function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((one, place) => one === b[place]);
}

/** The counts between fewer bounds. */
function coarser({ bounds, counts }: HistogramContent, fewer: readonly number[]): readonly number[] {
  if (fewer.length === bounds.length) return counts;
  const joined = new Array<number>(fewer.length + 1).fill(0);
  let place = 0;
  for (let i = 0; i < counts.length; i += 1) {
    joined[place] = (joined[place] as number) + (counts[i] as number);
    if (place < fewer.length && bounds[i] === fewer[place]) place += 1;
  }
  return joined;
}

/**
 * What lies between an earlier state and a later one that counts on from it. Undefined if it does
 * not: something fell, or the bounds are others.
 */
export function increaseOf(earlier: Content, later: Content): Content | undefined {
  if (earlier.form === 'counter' && later.form === 'counter') {
    const increase = later.increase - earlier.increase;
    return increase < 0 ? undefined : { form: 'counter', points: later.points, increase };
  }
  if (earlier.form === 'histogram' && later.form === 'histogram') {
    if (later.count < earlier.count || !sameBounds(earlier.bounds, later.bounds)) return undefined;
    const counts = later.counts.map((count, place) => count - (earlier.counts[place] as number));
    return counts.some((count) => count < 0)
      ? undefined
      : { form: 'histogram', ...grown(earlier, later), bounds: later.bounds, counts };
  }
  if (earlier.form === 'exponential' && later.form === 'exponential') {
    if (later.count < earlier.count) return undefined;
    const histogram = lessOf(later.histogram, widenZero(earlier.histogram, later.histogram.zeroThreshold));
    return histogram === undefined ? undefined : { form: 'exponential', ...grown(earlier, later), histogram };
  }
  return undefined;
}

/** The least and the largest of all time say nothing about what came since. */
const grown = (earlier: Totals, later: Totals): Totals =>
  totalsOf({ count: later.count - earlier.count, sum: both(later.sum, earlier.sum, (x, y) => x - y) });

/** A later state has at most the scale of an earlier one. */
function lessOf(later: ExponentialHistogram, earlier: ExponentialHistogram): ExponentialHistogram | undefined {
  const scale = Math.min(later.scale, earlier.scale);
  const [own, before] = [mergeHistograms(later, emptyHistogram(scale)), mergeHistograms(earlier, emptyHistogram(scale))];
  if (own.scale !== before.scale) return lessOf(own, before);
  const [positive, negative] = [less(own.positive, before.positive), less(own.negative, before.negative)];
  const zeroCount = own.zeroCount - before.zeroCount;
  if (positive === undefined || negative === undefined || zeroCount < 0) return undefined;
  return { scale: own.scale, zeroCount, zeroThreshold: own.zeroThreshold, positive, negative };
}

/** Index, count, index, count ...: every count less that of before, which has to be there. */
function less(later: readonly number[], earlier: readonly number[]): number[] | undefined {
  const left: number[] = [];
  let j = 0;
  for (let i = 0; i < later.length; i += 2) {
    const index = later[i] as number;
    let count = later[i + 1] as number;
    if (j < earlier.length && (earlier[j] as number) < index) return undefined;
    if (earlier[j] === index) {
      count -= earlier[j + 1] as number;
      j += 2;
    }
    if (count < 0) return undefined;
    if (count > 0) left.push(index, count);
  }
  return j < earlier.length ? undefined : left;
}

/**
 * One of `parts` equal parts of what was counted, from 0 on. Together they are exactly the whole:
 * counts stay whole numbers.
 */
export function partOf(content: Content, part: number, parts: number): Content {
  if (content.form === 'gauge') throw new TypeError('values that were read have no parts');
  const of = (count: number): number => portion(count, part, parts);
  if (content.form === 'counter')
    return { form: 'counter', points: of(content.points), increase: amount(content.increase, part, parts) };
  if (content.form === 'histogram') {
    const counts = content.counts.map(of);
    return { form: 'histogram', ...shareOf(content, total(counts), part, parts), bounds: content.bounds, counts };
  }
  const { histogram } = content;
  const [positive, negative] = [sparse(histogram.positive, of), sparse(histogram.negative, of)];
  const own = { ...histogram, zeroCount: of(histogram.zeroCount), positive, negative };
  return { form: 'exponential', ...shareOf(content, countIn(own), part, parts), histogram: own };
}

/** How much of a whole number falls to a part; over all parts exactly the number. */
const portion = (count: number, part: number, parts: number): number =>
  Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts);

const amount = (value: number, part: number, parts: number): number =>
  Number.isInteger(value) ? portion(value, part, parts) : value / parts;

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function shareOf(of: Totals, count: number, part: number, parts: number): Totals {
  const sum = of.sum === undefined ? undefined : amount(of.sum, part, parts);
  return totalsOf({ ...of, count, sum });
}

function sparse(buckets: readonly number[], of: (count: number) => number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    const count = of(buckets[i + 1] as number);
    if (count > 0) kept.push(buckets[i] as number, count);
  }
  return kept;
}
