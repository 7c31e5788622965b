import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import type { FoldBatch, Waiting } from '../../core/telemetry/samples/fold.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';

/** The same limit for a fold: deltas, waiting records, and the batch mark. */
export const maxFoldActions = 90;

/** The age of one stored series, by its key. */
export type SeriesArrival = {
  key: string;
  /**
   * Grows with the time of its first record, by our clock. Only for comparing series of one metric.
   */
  arrival: number;
  /** Time of its newest records; may lag by a day on AWS. */
  lastAt: number;
  /** The sender of its first records, if known. */
  by?: string;
};

export type SeriesRead = { series: SeriesRef; from: number; to: number };

/** Samples and predictions, folded into buckets. */
export type SeriesStore = {
  /**
   * Writes folded records. Writes nothing on `duplicate` (the batch mark has another version: this
   * or another part was written meanwhile) and on `conflict` (a waiting record changed since it was
   * read).
   */
  fold(batch: FoldBatch): Promise<'folded' | 'duplicate' | 'conflict'>;
  /** The mark of a batch, by id. */
  batchMark(id: string): Promise<BatchMark | undefined>;
  waiting(keys: string[]): Promise<(Waiting | undefined)[]>;
  series(source: string, metric: string): Promise<SeriesRef[]>;
  /**
   * The metrics of which a source has series, in order. One without series may stay listed for a
   * while.
   */
  metrics(source: string): Promise<string[]>;
  /** When a metric's series arrived, unordered. Needed only if there are too many. */
  arrivals(source: string, metric: string): Promise<SeriesArrival[]>;
  /** Buckets with from <= start < to, oldest first; one list per read, in order. */
  buckets(reads: SeriesRead[]): Promise<Bucket[][]>;
};
