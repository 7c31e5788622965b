import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from './records.ts';
import { segmentsOf } from './segments.ts';

/** Folding so many records takes some milliseconds, in which nothing else in the process is done. */
export const maxChunkRecords = 1000;

/**
 * Splits records so that each chunk touches at most `budget` things of the store, one chunk at a time, as it is asked for.
 */
export function* chunksOf<T>(
  entries: readonly Entry<T>[],
  budget: number,
  touches: (record: T) => string[],
): Generator<Entry<T>[], void> {
  let chunk: Entry<T>[] = [];
  let touched = new Set<string>();
  for (const entry of entries) {
    const keys = touches(entry.value);
    const added = keys.filter((key) => !touched.has(key)).length;
    if (chunk.length === maxChunkRecords || (chunk.length > 0 && touched.size + added > budget)) {
      yield chunk;
      chunk = [];
      touched = new Set();
    }
    chunk.push(entry);
    for (const key of keys) touched.add(key);
  }
  if (chunk.length > 0) yield chunk;
}

const bucketOf = (at: number, bucket: number): number => Math.floor(at / bucket);

type Segmented = Pick<PredictionsSourceConfig, 'segments'>;

/** The whole, and the value of each segment that a record counts in as well. */
const placesOf = (source: Segmented, features: PredictionRecord['features']): string[] => [
  '',
  ...segmentsOf(source, features).map(({ segment, value }) => JSON.stringify([segment, value])),
];

/** Of a prediction that came before, the values of its segments are not known here, but how many there are. */
const bucketsOfId = (id: string, source: Segmented): string[] =>
  ['', ...Object.keys(source.segments ?? {})].map((segment) => `bucket of ${id} ${segment}`);

/** What one record may touch, so that it fits into one atomic write; below `maxFoldActions`, which counts the batch as well. */
export const maxTouchedByOne = 88;

/** What one record touches at the worst: buckets and profiles, its waiting record, and the buckets of the same prediction before. */
export const mostTouched = (segments: number, profileParts: number): number => (1 + segments) * (2 + profileParts) + 1;

/** At the worst: its own bucket, its waiting record, and the bucket of the same prediction sent before at another time. */
export function touchedByPrediction(
  bucket: number,
  profiles: { bucket: number; parts: number } = { bucket, parts: 0 },
  source: Segmented = {},
): (record: PredictionRecord) => string[] {
  const parts = Array.from({ length: profiles.parts }, (_, part) => part);
  return ({ id, timestamp, version, label, features }) => {
    const own = placesOf(source, features).flatMap((place) => [
      `bucket ${bucketOf(timestamp, bucket)} ${place} ${version ?? ''}`,
      ...parts.map((part) => `profile ${bucketOf(timestamp, profiles.bucket)} ${part} ${place} ${version ?? ''}`),
    ]);
    if (id === undefined) return own;
    return label === undefined ? [...own, `id ${id}`] : [...own, `id ${id}`, ...bucketsOfId(id, source)];
  };
}

/** A label by id changes a waiting record and, at the worst, a bucket that no other label of the batch changes. */
export function touchedByLabel(bucket: number, source: Segmented = {}): (record: LabelRecord) => string[] {
  return (record) =>
    record.by === 'id'
      ? [`id ${record.id}`, ...bucketsOfId(record.id, source)]
      : placesOf(source, record.features).map(
          (place) => `bucket ${bucketOf(record.timestamp, bucket)} ${place} ${record.version ?? ''}`,
        );
}

export function touchedBySample(bucket: number): (record: SampleRecord) => string[] {
  return ({ metric, timestamp, labels }) => [`${bucketOf(timestamp, bucket)} ${metric} ${labelsKey(labels ?? {})}`];
}
