import type { BatchMark } from './batch-mark.ts';
import type { SeriesRef, Summary } from './summary.ts';

/**
 * A prediction that waits for its label, or a label that came before its prediction. Once both have met it stays
 * as `joined` until it expires, so that a label sent twice counts once.
 */
export type Waiting = {
  /** `source|prediction id`; unique. */
  key: string;
  state: 'prediction' | 'label' | 'joined';
  /** Where the outcome is counted: series and bucket of the prediction. Absent while only a label is known. */
  series?: SeriesRef;
  /** The series of its segments, where it counts as well. */
  segments?: readonly SeriesRef[];
  bucketStart?: number;
  prediction?: string;
  /** The score of the prediction, where it had one. */
  score?: number;
  label?: string;
  expiresAt: number;
};

/** One atomic write of folded records. */
export type FoldBatch = {
  /** Written with the records that it names as counted. Absent: nobody will ask whether these records came before. */
  mark?: BatchMark | undefined;
  /** When it came, by our clock. */
  at: number;
  /** Who sent it, where that is known. */
  by?: string;
  deltas: { series: SeriesRef; bucketStart: number; summary: Summary; expiresAt: number }[];
  /** New states of waiting predictions and labels, each conditioned on what was read (`undefined`: none existed). */
  waiting: { value: Waiting; was: Waiting['state'] | undefined }[];
};
