import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from './records.ts';
import { labelsKey } from './summary.ts';

/**
 * Splits records so that each chunk touches at most `budget` things of the store. The split depends on the records
 * alone, not on the clock or on what the store holds, so a batch that is sent again falls into the same chunks.
 */
export function chunksOf<T>(entries: readonly Entry<T>[], budget: number, touches: (record: T) => string[]): Entry<T>[][] {
  const chunks: Entry<T>[][] = [];
  let chunk: Entry<T>[] = [];
  let touched = new Set<string>();
  for (const entry of entries) {
    const keys = touches(entry.value);
    const added = keys.filter((key) => !touched.has(key)).length;
    if (chunk.length > 0 && touched.size + added > budget) {
      chunks.push(chunk);
      chunk = [];
      touched = new Set();
    }
    chunk.push(entry);
    for (const key of keys) touched.add(key);
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

const bucketOf = (at: number, bucket: number): number => Math.floor(at / bucket);

/** At the worst: its own bucket, its waiting record, and the bucket of the same prediction sent before at another time. */
export function touchedByPrediction(
  bucket: number,
  profiles: { bucket: number; parts: number } = { bucket, parts: 0 },
): (record: PredictionRecord) => string[] {
  const parts = Array.from({ length: profiles.parts }, (_, part) => part);
  return ({ id, timestamp, version, label }) => {
    const own = [
      `bucket ${bucketOf(timestamp, bucket)} ${version ?? ''}`,
      ...parts.map((part) => `profile ${bucketOf(timestamp, profiles.bucket)} ${part} ${version ?? ''}`),
    ];
    if (id === undefined) return own;
    return label === undefined ? [...own, `id ${id}`] : [...own, `id ${id}`, `bucket of ${id}`];
  };
}

/** A label by id changes a waiting record and, at the worst, a bucket that no other label of the batch changes. */
export function touchedByLabel(bucket: number): (record: LabelRecord) => string[] {
  return (record) =>
    record.by === 'id'
      ? [`id ${record.id}`, `bucket of ${record.id}`]
      : [`bucket ${bucketOf(record.timestamp, bucket)} ${record.version ?? ''}`];
}

export function touchedBySample(bucket: number): (record: SampleRecord) => string[] {
  return ({ metric, timestamp, labels }) => [`${bucketOf(timestamp, bucket)} ${metric} ${labelsKey(labels ?? {})}`];
}
