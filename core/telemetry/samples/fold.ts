import type { BatchMark } from './batch-mark.ts';
import type { SeriesRef, Summary } from './summary.ts';

/**
 * A prediction that waits for its label, or a label that arrived before its prediction. Once both
 * have met, it stays as `joined` until it expires, so that a resent label counts once.
 */
export type Waiting = {
  /** `source|prediction id`; unique. */
  key: string;
  state: 'prediction' | 'label' | 'joined';
  /**
   * The series and bucket of the prediction, where the outcome counts. Absent while only the label
   * is known.
   */
  series?: SeriesRef;
  /** The series of its segments, where it also counts. */
  segments?: readonly SeriesRef[];
  bucketStart?: number;
  prediction?: string;
  /** The score of the prediction, if any. */
  score?: number;
  label?: string;
  expiresAt: number;
};

/** One atomic write of folded records. */
export type FoldBatch = {
  /**
   * Written together with the records it marks as counted. Absent: resends are not deduplicated.
   */
  mark?: BatchMark | undefined;
  /** When it arrived, by our clock. */
  at: number;
  /** The sender, if known. */
  by?: string;
  deltas: { series: SeriesRef; bucketStart: number; summary: Summary; expiresAt: number }[];
  /**
   * New states of waiting predictions and labels, each conditioned on the state that was read
   * (`undefined`: none).
   */
  waiting: { value: Waiting; was: Waiting['state'] | undefined }[];
};
