import type { BatchMark } from './batch-mark.ts';
import type { SeriesRef, Summary } from './summary.ts';

/**
 * A prediction that waits for its label, or a label that arrived before its prediction. Once both
 * have met, it stays as `joined` until it expires, so that a resent label counts once and a
 * corrected one can replace it.
 */
export type Waiting = {
  /** `source|prediction id`; unique. */
  key: string;
  state: 'prediction' | 'label' | 'joined';
  /**
   * The series and bucket of the prediction, where the outcome counts. Absent while only the label
   * is known, as is all else of the prediction.
   */
  series?: SeriesRef;
  /** The series of its segments, where it also counts. */
  segments?: readonly SeriesRef[];
  bucketStart?: number;
  prediction?: string;
  /** The score of the prediction, if any. */
  score?: number;
  /** What is at stake in it, where its source declares a unit. */
  value?: number;
  /** Timestamp of the prediction. */
  madeAt?: number;
  /** The label that counts, and its own timestamp, if it has one. */
  label?: string;
  labelAt?: number;
  /** When it came, while it waits for its prediction. */
  labelCameAt?: number;
  /** How often the label was replaced, or its time moved; absent for never. */
  revision?: number;
  /** The last replaced labels, oldest first, and when each was replaced. */
  replaced?: { label: string; at: number }[];
  expiresAt: number;
};

/** What writes of a record are conditioned on: its state, and how often its label changed. */
export const waitingMark = ({ state, revision = 0 }: Waiting): string => (revision === 0 ? state : `${state} ${revision}`);

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
   * New states of waiting predictions and labels, each conditioned on the `waitingMark` of what was
   * read (`undefined`: none).
   */
  waiting: { value: Waiting; was: string | undefined }[];
};
