import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from './records.ts';
import { segmentsOf, splitsOf } from './segments.ts';

/**
 * Folding this many records takes a few milliseconds, during which the process does nothing else.
 */
export const maxChunkRecords = 1000;

/** Splits records lazily into chunks that each touch at most `budget` stored items. */
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

type Segmented = Pick<PredictionsSourceConfig, 'segments' | 'pairs'>;

/** The total, and each segment value that a record also counts in. */
const placesOf = (source: Segmented, features: PredictionRecord['features']): string[] => [
  '',
  ...segmentsOf(source, features).map(({ segment, value }) => JSON.stringify([segment, value])),
];

/** For an earlier prediction the segment values are unknown here, but their number is known. */
const bucketsOfId = (id: string, source: Segmented): string[] =>
  ['', ...splitsOf(source)].map((segment) => `bucket of ${id} ${segment}`);

/**
 * The most one record may touch to fit into one atomic write. Lower than `maxFoldActions`, which
 * includes the batch mark and the series that count labels.
 */
export const maxTouchedByOne = 86;

/**
 * The most one record can touch: buckets and profiles, its waiting record, and the buckets of an
 * earlier prediction with its id.
 */
export const mostTouched = (segments: number, profileParts: number): number => (1 + segments) * (2 + profileParts) + 1;

/**
 * At most: its own bucket, its waiting record, and the bucket of the same prediction sent earlier
 * with another time.
 */
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

/**
 * A label by id touches a waiting record and, at most, one bucket that no other label of the batch
 * touches.
 */
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
