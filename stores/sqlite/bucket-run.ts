import type { ExponentialHistogram } from '../../core/statistics/exponential-histogram.ts';
import {
  decodeFeatures,
  storedBareDetail,
  storedPredictionDetail,
  storedProfileDetail,
  storedValueDetail,
} from '../../core/telemetry/samples/stored-detail.ts';
import type {
  Bucket,
  PredictionDetail,
  PredictionSummary,
  ProfileSummary,
  Summary,
  ValueSummary,
} from '../../core/telemetry/samples/summary.ts';
import type { ValueDetail } from '../../core/telemetry/samples/value-detail.ts';
import { type Decoded, type Undecodable, undecodable } from '../../core/vocabulary/stored-record.ts';
import { frozen } from './frozen.ts';

/** The parts of predictions that are not numbers in fixed columns. */
type Detail = PredictionDetail & { features: PredictionSummary['features'] };

/** The parts of a profile besides its count. */
type ProfileDetail = { profile: ProfileSummary['features'] };

type AnyDetail = Detail | ProfileDetail | ValueDetail;

/** A bucket as columns: start, count, n1 to n5 (see schema.ts), and features and detail as JSON. */
export type BucketRow = [
  start: number,
  count: number | null,
  n1: number | null,
  n2: number | null,
  n3: number | null,
  n4: number | null,
  n5: number | null,
  features: string | null,
  detail: string | null,
];

const width = 7;

/**
 * A series' buckets from `from` on, in time order, complete. Numbers are in one packed array: 56
 * bytes per bucket, a quarter of objects.
 */
export type BucketRun = {
  from: number;
  size: number;
  numbers: Float64Array;
  /**
   * For those that have more than numbers, at the same indexes; frozen, because readers share them.
   */
  details: (AnyDetail | undefined)[];
  /** Its share of the cache limit. */
  weight: number;
};

export function emptyRun(from: number): BucketRun {
  return { from, size: 0, numbers: new Float64Array(0), details: [], weight: 1 };
}

/** The index of the first bucket that starts at or after `start`. */
function placeOf(run: BucketRun, start: number): number {
  let low = 0;
  let high = run.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run.numbers[middle * width] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function summaryAt(run: BucketRun, start: number): Summary | undefined {
  const place = placeOf(run, start);
  return place < run.size && run.numbers[place * width] === start ? summaryOf(run, place) : undefined;
}

function summaryOf(run: BucketRun, place: number): Summary {
  const number = (n: number): number => run.numbers[place * width + n] as number;
  const detail = run.details[place];
  if (detail !== undefined && 'profile' in detail) return { kind: 'profile', count: number(1), features: detail.profile };
  return detail === undefined || !('features' in detail)
    ? {
        kind: 'values',
        count: number(1),
        sum: number(2),
        min: number(3),
        max: number(4),
        last: number(5),
        lastAt: number(6),
        ...detail,
      }
    : {
        kind: 'predictions',
        count: number(1),
        labelled: number(2),
        correct: number(3),
        positive: number(4),
        scored: number(5),
        scoreSum: number(6),
        ...detail,
      };
}

/** Buckets with from <= start < to, oldest first. */
export function bucketsOf(run: BucketRun, from: number, to: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let place = placeOf(run, from); place < run.size; place += 1) {
    const start = run.numbers[place * width] as number;
    if (start >= to) break;
    buckets.push({ start, summary: summaryOf(run, place) });
  }
  return buckets;
}

/** Inserts a bucket, or replaces its summary. */
export function putBucket(run: BucketRun, start: number, summary: Summary): void {
  const place = placeOf(run, start);
  if (place === run.size || run.numbers[place * width] !== start) openPlaces(run, place, 1);
  setPlace(run, place, start, summary);
}

/**
 * Prepends older buckets, sorted by time; the run then begins at `from`. Rows that do not decode
 * are skipped and reported.
 */
export function prependRows(
  run: BucketRun,
  from: number,
  rows: BucketRow[],
  onBad: (start: number, reason: Undecodable) => void,
): void {
  const sound: { row: BucketRow; detail: AnyDetail | undefined }[] = [];
  for (const row of rows) {
    const decoded = detailIn(row);
    if (decoded.ok) sound.push({ row, detail: decoded.value });
    else onBad(row[0], decoded.reason);
  }
  openPlaces(run, 0, sound.length);
  for (const [place, { row, detail }] of sound.entries()) {
    for (let n = 0; n < width; n += 1) run.numbers[place * width + n] = (row[n] as number | null) ?? Number.NaN;
    setDetail(run, place, detail);
  }
  run.from = from;
}

/** Why the columns of a bucket cannot be read; undefined if they can. */
export function bucketFault(row: BucketRow): Undecodable | undefined {
  const decoded = detailIn(row);
  return decoded.ok ? undefined : decoded.reason;
}

function detailIn(row: BucketRow): Decoded<AnyDetail | undefined> {
  for (let n = 0; n < width; n += 1) {
    const value = row[n];
    if (value !== null && typeof value !== 'number') return undecodable('shape', `number ${n} of the bucket is none`);
  }
  const [features, detail] = [row[7], row[8]];
  if (features === null) return detail === null ? none : storedBareDetail.decode(detail);
  const counts = decodeFeatures(features);
  if (!counts.ok) return counts;
  const more = detail === null ? noDetail : storedPredictionDetail.decode(detail);
  return more.ok ? { ok: true, value: { features: counts.value, ...more.value } } : more;
}

const none = { ok: true, value: undefined } as const;
const noDetail: Decoded<PredictionDetail> = { ok: true, value: {} };

/** Drops the buckets with these starts. */
export function dropBuckets(run: BucketRun, starts: ReadonlySet<number>): void {
  let kept = 0;
  for (let place = 0; place < run.size; place += 1) {
    if (starts.has(run.numbers[place * width] as number)) {
      run.weight -= weightOf(run.details[place]);
      continue;
    }
    if (kept < place) {
      run.numbers.copyWithin(kept * width, place * width, (place + 1) * width);
      if (run.details.length > 0) run.details[kept] = run.details[place];
    }
    kept += 1;
  }
  run.size = kept;
  if (run.details.length > kept) run.details.length = kept;
}

function openPlaces(run: BucketRun, place: number, count: number): void {
  const needed = (run.size + count) * width;
  if (needed > run.numbers.length) {
    const grown = new Float64Array(Math.max(needed, Math.ceil(run.numbers.length * 1.5), 8 * width));
    grown.set(run.numbers);
    run.numbers = grown;
  }
  run.numbers.copyWithin((place + count) * width, place * width, run.size * width);
  if (run.details.length > place) run.details.splice(place, 0, ...new Array<undefined>(count).fill(undefined));
  run.size += count;
  run.weight += count;
}

function setPlace(run: BucketRun, place: number, start: number, summary: Summary): void {
  const [count, ...five] = numbersOf(summary);
  run.numbers.set([start, count, ...five], place * width);
  setDetail(run, place, wholeDetailOf(summary));
}

function wholeDetailOf(summary: Summary): AnyDetail | undefined {
  if (summary.kind === 'profile') return { profile: summary.features };
  return summary.kind === 'predictions' ? { features: summary.features, ...detailOf(summary) } : valueDetailOf(summary);
}

function setDetail(run: BucketRun, place: number, detail: AnyDetail | undefined): void {
  const before = run.details[place];
  if (detail === undefined && before === undefined) return;
  run.weight += weightOf(detail) - weightOf(before);
  while (run.details.length < place) run.details.push(undefined);
  // A copy: the caller keeps its own. structuredClone keeps a key such as `__proto__`.
  run.details[place] = detail === undefined ? undefined : frozen(structuredClone(detail));
}

/** An object takes about two packed buckets; a bucket counts as one. */
/**
 * A feature profile's size in packed buckets of 56 bytes; its numbers take twice their JSON size.
 */
const profileWeight = 150;

function weightOf(detail: AnyDetail | undefined): number {
  if (detail === undefined) return 1;
  if ('profile' in detail) return 2 + profileWeight * Object.keys(detail.profile).length;
  if (!('features' in detail)) {
    const { histogram, readings = [] } = detail;
    return 3 + Math.ceil(readings.length / 7) + weightOfSpread(histogram);
  }
  const { features, outcomes, scores, stakes, spreads } = detail;
  const objects =
    Object.keys(features).length + Object.keys(scores?.bins ?? {}).length + Object.keys(scores?.predicted ?? {}).length;
  const spread = [spreads?.score, spreads?.prediction, ...Object.values(spreads?.features ?? {})];
  const ofSpreads = spread.reduce((sum, one) => sum + weightOfSpread(one), 0);
  return 2 + 2 * objects + (outcomes === undefined ? 0 : 2) + (stakes === undefined ? 0 : 2) + ofSpreads;
}

const weightOfSpread = (spread: ExponentialHistogram | undefined): number =>
  spread === undefined ? 0 : 2 + Math.ceil((spread.positive.length + spread.negative.length) / 7);

/** The parts that most samples lack; undefined for none. */
function valueDetailOf({ histogram, readings }: ValueSummary): ValueDetail | undefined {
  if (histogram === undefined && readings === undefined) return undefined;
  return { ...(histogram === undefined ? {} : { histogram }), ...(readings === undefined ? {} : { readings }) };
}

/** The parts that many predictions lack. */
function detailOf({ outcomes, scores, stakes, duplicates, newestAt, spreads }: PredictionSummary): PredictionDetail {
  return {
    ...(outcomes === undefined ? {} : { outcomes }),
    ...(scores === undefined ? {} : { scores }),
    ...(duplicates === undefined ? {} : { duplicates }),
    ...(stakes === undefined ? {} : { stakes }),
    ...(newestAt === undefined ? {} : { newestAt }),
    ...(spreads === undefined ? {} : { spreads }),
  };
}

/** A summary's text columns: features and detail. */
export function textsOf(summary: Summary): [features: string | null, detail: string | null] {
  if (summary.kind === 'values') {
    const detail = valueDetailOf(summary);
    return [null, detail === undefined ? null : storedValueDetail.encode(detail)];
  }
  if (summary.kind === 'profile') return [null, storedProfileDetail.encode({ profile: summary.features })];
  return [JSON.stringify(summary.features), storedPredictionDetail.encode(detailOf(summary))];
}

/** A summary's number columns: count, n1 to n5. SQLite has no -0, so it becomes 0. */
export function numbersOf(summary: Summary): [number, number, number, number, number, number] {
  if (summary.kind === 'profile') return [summary.count, 0, 0, 0, 0, 0];
  return summary.kind === 'values'
    ? [summary.count, summary.sum + 0, summary.min + 0, summary.max + 0, summary.last + 0, summary.lastAt]
    : [summary.count, summary.labelled, summary.correct, summary.positive, summary.scored, summary.scoreSum + 0];
}
