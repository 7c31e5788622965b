import {
  addValue,
  countOf,
  type ExponentialHistogram,
  emptyHistogram,
  mergeHistograms,
} from '../../statistics/exponential-histogram.ts';
import { mergeReadings, type Readings } from './counter-readings.ts';

/** The numbers of a bucket of samples. */
export type ValueNumbers = {
  count: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
};

/**
 * What a bucket of samples keeps besides its numbers, where a rule asks for it: how the values are
 * spread, for percentiles and shares, and the readings of a counter, for rates.
 */
export type ValueDetail = { histogram?: ExponentialHistogram; readings?: Readings };

type Numbered = ValueNumbers & ValueDetail;

/** Which of it the samples of a metric are kept with. */
export type Keeps = { [K in keyof ValueDetail]-?: boolean };

/** Of few or equal values: a thousandth of their size. Of more, the scale follows their spread. */
export const firstScale = 9;

export function detailOf(value: number, at: number, { histogram, readings }: Keeps): ValueDetail {
  return { ...(histogram && { histogram: histogramOf([value]) }), ...(readings && { readings: [at, value] }) };
}

/**
 * The detail of two merged summaries. Kept if one side has it, and the other side can be told from
 * its numbers.
 */
export function mergedDetail(a: Numbered, b: Numbered): ValueDetail {
  if (a.histogram === undefined && b.histogram === undefined && a.readings === undefined && b.readings === undefined) return {};
  const detail: ValueDetail = {};
  if (a.histogram !== undefined || b.histogram !== undefined) {
    const [one, other] = [spreadOf(a), spreadOf(b)];
    if (one !== undefined && other !== undefined) detail.histogram = mergeHistograms(one, other);
  }
  if (a.readings !== undefined || b.readings !== undefined) {
    const [one, other] = [readingsOf(a), readingsOf(b)];
    if (one !== undefined && other !== undefined) detail.readings = mergeReadings(one, other);
  }
  return detail;
}

/**
 * How the values of a bucket are spread; undefined if it was written before a rule asked for that,
 * unless its numbers tell: those of one or two samples, or of equal ones, do.
 */
export function spreadOf({ count, sum, min, max, histogram }: Numbered): ExponentialHistogram | undefined {
  if (histogram !== undefined && countOf(histogram) === count) return histogram;
  if (!(Number.isFinite(min) && Number.isFinite(max))) return undefined;
  if (count === 1) return histogramOf([sum]);
  if (count === 2) return histogramOf([min, max]);
  if (min !== max) return undefined;
  const made = emptyHistogram(firstScale);
  addValue(made, min, count);
  return made;
}

/**
 * The readings of a counter in a bucket; undefined if it was written before a rule asked for them,
 * unless it is only one.
 */
export function readingsOf({ count, last, lastAt, readings }: Numbered): Readings | undefined {
  return readings ?? (count === 1 ? [lastAt, last] : undefined);
}

function histogramOf(values: readonly number[]): ExponentialHistogram {
  const made = emptyHistogram(firstScale);
  for (const value of values) addValue(made, value);
  return made;
}
