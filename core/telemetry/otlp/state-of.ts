import {
  coarsen,
  type ExponentialHistogram,
  emptyHistogram,
  finestScale,
  mergeHistograms,
} from '../../statistics/exponential-histogram.ts';
import type { Content, ExponentialContent, HistogramContent } from './content.ts';
import type { ExplicitValue, ExponentialValue, Measured, Side } from './message.ts';

/** What a point holds, or why it cannot be used. */
export type Read = { content: Content } | { fault: string };

const mostBounds = 1000;
/** Scales below are of a single bucket a sign. */
const coarsestScale = -10;

export const gaugeOf = (value: number, at: number): Read =>
  Number.isFinite(value)
    ? { content: { form: 'gauge', count: 1, sum: value, min: value, max: value, last: value, lastAt: at } }
    : { fault: `expected a finite value; received ${value}` };

export const counterOf = (increase: number): Read =>
  Number.isFinite(increase)
    ? { content: { form: 'counter', points: 1, increase } }
    : { fault: `expected a finite value; received ${increase}` };

export function explicitOf(value: ExplicitValue): Read {
  const { bounds, count } = value;
  // A histogram without buckets is a count and a sum.
  const counts = value.counts.length === 0 && bounds.length === 0 ? [count] : value.counts;
  if (bounds.length > mostBounds) return { fault: `expected at most ${mostBounds} bounds; received ${bounds.length}` };
  if (counts.length !== bounds.length + 1) {
    return { fault: `expected one count more than bounds; received ${counts.length} counts and ${bounds.length} bounds` };
  }
  if (!bounds.every((one, place) => Number.isFinite(one) && (place === 0 || one > (bounds[place - 1] as number)))) {
    return { fault: 'expected bounds that are finite and grow' };
  }
  const fault = countFault(counts, count) ?? measuredFault(value);
  if (fault !== undefined) return { fault };
  const content: HistogramContent = { form: 'histogram', ...measured(value), bounds, counts };
  return { content };
}

/** Count and sum of a summary; its quantiles cannot be merged over senders or time. */
export const summaryOf = (value: Measured): Read =>
  explicitOf({ count: value.count, sum: value.sum, bounds: [], counts: [value.count] });

export function exponentialOf(value: ExponentialValue): Read {
  const { scale, zeroCount, zeroThreshold, count } = value;
  if (!Number.isInteger(scale) || scale < coarsestScale || scale > finestScale) {
    return { fault: `expected a scale from ${coarsestScale} to ${finestScale}; received ${scale}` };
  }
  if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) {
    return { fault: `expected a zero threshold of at least 0; received ${zeroThreshold}` };
  }
  const sides = [value.positive, value.negative];
  if (sides.some(({ offset }) => !Number.isInteger(offset) || Math.abs(offset) > 2 ** 31))
    return { fault: 'expected offsets of 32 bits' };
  const fault = countFault([zeroCount, ...value.positive.counts, ...value.negative.counts], count) ?? measuredFault(value);
  if (fault !== undefined) return { fault };
  const raw: ExponentialHistogram = {
    scale,
    zeroCount,
    zeroThreshold,
    positive: sparse(value.positive),
    negative: sparse(value.negative),
  };
  const histogram = mergeHistograms(raw, emptyHistogram(scale));
  coarsen(histogram, Math.min(histogram.scale, finestScale));
  const content: ExponentialContent = { form: 'exponential', ...measured(value), histogram };
  return { content };
}

function sparse({ offset, counts }: Side): number[] {
  const buckets: number[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (count > 0) buckets.push(offset + i, count);
  }
  return buckets;
}

function countFault(counts: readonly number[], count: number): string | undefined {
  let sum = 0;
  for (const one of counts) {
    if (!(Number.isSafeInteger(one) && one >= 0)) return `expected counts that are whole numbers; received ${one}`;
    sum += one;
  }
  return sum === count ? undefined : `expected buckets that add up to the count ${count}; they add up to ${sum}`;
}

const measuredFault = ({ sum, min, max }: Measured): string | undefined =>
  [sum, min, max].every((one) => one === undefined || Number.isFinite(one)) ? undefined : 'expected finite sum, min and max';

function measured({ count, sum, min, max }: Measured): Measured {
  const read: Measured = { count };
  if (sum !== undefined) read.sum = sum;
  if (count > 0 && min !== undefined) read.min = min;
  if (count > 0 && max !== undefined) read.max = max;
  return read;
}
