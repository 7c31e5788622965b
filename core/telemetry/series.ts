import type { Labels } from '../vocabulary/schema-parts.ts';
import type { FeatureProfile } from './profiles/profile.ts';
import type { TrainingRecord } from './training/training.ts';

/** One judged value. `at` is the end of the span it summarises, milliseconds since the epoch. */
export type Point = {
  at: number;
  value: number;
  /** Samples behind the value, where the source knows them. */
  count?: number;
  /** Of a value that rests on labels: which share of the predictions behind it has its label. */
  labelled?: number;
  /** Of a value estimated from scores: by how much the scores are off where labels tell; undefined where too few do. */
  calibrationError?: number | undefined;
  /** Of an estimate from scores that were recalibrated: on how many labels, and how far they were off before. */
  recalibrated?: { labels: number; before: number };
  /** Why the value is not to be judged by. */
  refused?: string;
  /** Of an estimate: what the metric is by the labels that have come, and which share of the predictions has its label. */
  real?: { value: number; count: number; labelled: number };
  /** The exact value lies this near to it, at the farthest. */
  errorBound?: number;
};

/**
 * What the version of the model before this one was like: its points until `since`, when this one was first seen, oldest
 * first. Or why there are none.
 */
export type Previous =
  | { ok: true; version: string; since: number; points: readonly Point[] }
  | { ok: false; reason: string /** Nothing is wrong: it is the first version of all. */; isNormal?: true };

/** What the version that serves was trained on; or why there is nothing to compare with. */
export type Trained = { ok: true; record: TrainingRecord } | { ok: false; reason: string };

/**
 * The points of one series, oldest first, at most one a step. `previous` only where the rule has a version baseline, `trained` where it
 * has a training baseline.
 */
export type Series = {
  labels: Labels;
  points: Point[];
  /** The point so far of the step that has not ended, which `at` says the end of; only where it was asked for. */
  open?: Point;
  /** It has no point, but records of later than the judged time: it has just begun, or is back, and nothing is missing of it yet. */
  begins?: true;
  /** Its place in the order in which the series of its rule came, where a source tells; only for comparing. */
  arrival?: number;
  previous?: Previous;
  trained?: Trained;
  drift?: DriftInput;
};

/** What a drift rule compares, of one feature: its profile over the judged span, which ends `at`, and those of its baseline. */
export type DriftInput = {
  at: number;
  /** Absent where no record came. */
  current?: FeatureProfile | undefined;
  baseline: {
    what: string;
    parts: readonly { from: number; to: number; profile: FeatureProfile }[];
    /** Why there are no parts, where that is known. */
    missing?: string | undefined;
  };
};
