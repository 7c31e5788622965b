import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import type { FoldBatch, Waiting } from '../../core/telemetry/samples/fold.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';

/** The same limit for a fold: deltas and waiting records, and one for the mark of the batch. */
export const maxFoldActions = 90;

/** How old one stored series is, by its key. */
export type SeriesArrival = {
  key: string;
  /** Grows with the time of its first record, by our clock: to compare series of one metric. */
  arrival: number;
  /** Time of its newest records; it may lag by a day on AWS. */
  lastAt: number;
  /** Who sent its first records, where that is known. */
  by?: string;
};

export type SeriesRead = { series: SeriesRef; from: number; to: number };

/** Samples and predictions, folded into buckets. */
export type SeriesStore = {
  /**
   * Writes folded records. Nothing is written on `duplicate`, when the mark of the batch is not of the version before, so
   * this or another part of it was written meanwhile, and on `conflict`, when a waiting record is not as it was read.
   */
  fold(batch: FoldBatch): Promise<'folded' | 'duplicate' | 'conflict'>;
  /** The mark of a batch, by its id. */
  batchMark(id: string): Promise<BatchMark | undefined>;
  waiting(keys: string[]): Promise<(Waiting | undefined)[]>;
  series(source: string, metric: string): Promise<SeriesRef[]>;
  /** When the series of a metric came, in no order. Asked only where there are too many of them. */
  arrivals(source: string, metric: string): Promise<SeriesArrival[]>;
  /** Buckets with from <= start < to, oldest first; one list a read, in the order of the reads. */
  buckets(reads: SeriesRead[]): Promise<Bucket[][]>;
};
