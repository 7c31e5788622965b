import type { Bucket, Summary } from '../../core/telemetry/samples/summary.ts';
import type { Undecodable } from '../../core/vocabulary/stored-record.ts';
import {
  type BucketRow,
  type BucketRun,
  bucketsOf,
  dropBuckets,
  emptyRun,
  prependRows,
  putBucket,
  summaryAt,
} from './bucket-run.ts';

/** Reads a series' buckets with from <= start < to, oldest first. */
export type LoadRows = (seriesId: number, from: number, to: number) => BucketRow[];

/**
 * The newest buckets of each series in memory. What was read is loaded once; after that every write
 * goes to both. Coherent because one process owns the file. Above `limit` buckets, the least
 * recently read series are dropped.
 */
export type BucketCache = {
  /** A new series needs no loading. */
  begin(seriesId: number): void;
  read(seriesId: number, from: number, to: number): Bucket[];
  /** `known: false`: only the file can tell. */
  lookup(seriesId: number, start: number): { known: true; summary: Summary | undefined } | { known: false };
  /** Call after the write succeeded. */
  put(seriesId: number, start: number, summary: Summary): void;
  drop(seriesId: number, starts: ReadonlySet<number>): void;
  forget(seriesId: number): void;
  clear(): void;
};

export function bucketCache(
  load: LoadRows,
  limit: number,
  onBad: (seriesId: number, start: number, reason: Undecodable) => void,
): BucketCache {
  /** Least recently read first. */
  const runs = new Map<number, BucketRun>();
  let weight = 0;

  const change = (run: BucketRun, make: () => void): void => {
    const before = run.weight;
    make();
    weight += run.weight - before;
  };
  const forget = (seriesId: number): void => {
    weight -= runs.get(seriesId)?.weight ?? 0;
    runs.delete(seriesId);
  };
  const shrink = (): void => {
    for (const seriesId of runs.keys()) {
      if (weight <= limit) return;
      forget(seriesId);
    }
  };
  const begin = (seriesId: number, from: number): BucketRun => {
    const run = emptyRun(from);
    runs.set(seriesId, run);
    weight += run.weight;
    return run;
  };

  return {
    begin: (seriesId) => void begin(seriesId, Number.NEGATIVE_INFINITY),
    read(seriesId, from, to) {
      let run = runs.get(seriesId);
      if (run === undefined) run = begin(seriesId, Number.POSITIVE_INFINITY);
      else {
        runs.delete(seriesId);
        runs.set(seriesId, run);
      }
      if (from < run.from) {
        const wanted = run;
        change(run, () =>
          prependRows(wanted, from, load(seriesId, from, wanted.from), (start, reason) => onBad(seriesId, start, reason)),
        );
        const buckets = bucketsOf(run, from, to);
        shrink();
        return buckets;
      }
      return bucketsOf(run, from, to);
    },
    lookup(seriesId, start) {
      const run = runs.get(seriesId);
      return run === undefined || start < run.from ? { known: false } : { known: true, summary: summaryAt(run, start) };
    },
    put(seriesId, start, summary) {
      const run = runs.get(seriesId);
      if (run === undefined || start < run.from) return;
      change(run, () => putBucket(run, start, summary));
      shrink();
    },
    drop(seriesId, starts) {
      const run = runs.get(seriesId);
      if (run !== undefined) change(run, () => dropBuckets(run, starts));
    },
    forget,
    clear() {
      runs.clear();
      weight = 0;
    },
  };
}
