import type { Labels } from '../vocabulary/schema-parts.ts';
import type { FeatureProfile } from './profiles/profile.ts';
import type { TraceExample } from './trace-example.ts';
import type { TrainingRecord } from './training/training.ts';

/** One judged value. `at` is the end of the span it summarises, milliseconds since the epoch. */
export type Point = {
  at: number;
  value: number;
  /** Samples behind the value, if known. */
  count?: number;
  /** For a value that needs labels: the labelled share of its predictions. */
  labelled?: number;
  /** For an estimate: the calibration error of its scores; undefined if too few labels exist. */
  calibrationError?: number | undefined;
  /** For an estimate from recalibrated scores: the number of labels, and the error before. */
  recalibrated?: { labels: number; before: number };
  /** Why the value must not be judged. */
  refused?: string;
  /** For an estimate: the same metric from the labels so far, and the labelled share. */
  real?: { value: number; count: number; labelled: number };
  /** The exact value is at most this far away. */
  errorBound?: number;
  /** Traces in which some of it was measured, the largest value first. */
  traces?: readonly TraceExample[];
};

/**
 * The previous version of the model: its points until `since`, when the current one was first seen,
 * oldest first. Or why there are none.
 */
export type Previous =
  | { ok: true; version: string; since: number; points: readonly Point[] }
  | { ok: false; reason: string /** Nothing is wrong: this is the first version. */; isNormal?: true };

/** The training record of the version that serves, or why there is none to compare with. */
export type Trained = { ok: true; record: TrainingRecord } | { ok: false; reason: string };

/**
 * The points of one series, oldest first, at most one per step. `previous` only if the rule has a
 * version baseline, `trained` only with a training baseline.
 */
export type Series = {
  labels: Labels;
  points: Point[];
  /** The point so far of the step in progress, whose end is `at`. Only on request. */
  open?: Point;
  /**
   * It has no point, but has records later than the judged time: it just started or came back, so
   * nothing is missing yet.
   */
  begins?: true;
  /**
   * Its rank by first arrival among the series of its rule, if the source knows. Only for
   * comparing.
   */
  arrival?: number;
  previous?: Previous;
  trained?: Trained;
  drift?: DriftInput;
};

/**
 * The input of a drift rule for one feature: the profile of the judged span, which ends `at`, and
 * those of its baseline.
 */
export type DriftInput = {
  at: number;
  /** Names the configured baseline, for what is accepted in its place. */
  against?: string;
  /** Absent if there were no records. */
  current?: FeatureProfile | undefined;
  baseline: {
    what: string;
    parts: readonly { from: number; to: number; profile: FeatureProfile }[];
    /** Why parts are missing, if known. */
    missing?: string | undefined;
    /**
     * When a person accepted what it is now; anything that was pinned or left out before is over.
     */
    acceptedAt?: number | undefined;
  };
};
