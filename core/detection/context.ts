import type { Point, Previous, Trained } from '../telemetry/series.ts';
import type { Severity } from '../vocabulary/schema-parts.ts';
import type { Span } from './baselines/baseline.ts';
import type { DriftFinding } from './kinds/drift/compare-features.ts';
import type { Baseline, Provisional } from './verdict.ts';

/**
 * The two-sided z of the interval that must lie past a bound, and how many tests that takes into
 * account.
 */
export type Level = { z: number; tests: number };
export type Levels = (at: number) => Readonly<Record<Severity, Level>>;

export type JudgeContext = {
  /** When the rule is evaluated; becomes the verdict's time. */
  now: number;
  /** End of the judged time, a multiple of the rule's step. Points after it are left out. */
  to: number;
  /** The band that the alert is in, while one is firing. */
  current?: Severity | undefined;
  /**
   * The baseline that the alert froze. It replaces a rolling baseline; a fixed one follows the
   * config.
   */
  frozen?: Baseline | undefined;
  /** Spans whose points stay out of a rolling or seasonal baseline. */
  excluded?: readonly Span[] | undefined;
  /** When the breach of the alert that is firing began. */
  breachedFrom?: number | undefined;
  /**
   * What an alert that has ended was measured against: it stands in where there are too few other
   * points.
   */
  pinned?: Baseline | undefined;
  /** The point so far of the step that begins at `to`, for a rule that is judged early. */
  open?: Point | undefined;
  /**
   * What the version before was like, for a version baseline; and the spans of its points that stay
   * out of it.
   */
  previous?: Previous | undefined;
  previousExcluded?: readonly Span[] | undefined;
  /**
   * How sure it must be that a point of this time lies past the bound of a band; as sure as the
   * rule's confidence says when left out. Stricter where many series are tested side by side.
   */
  levels?: Levels | undefined;
  /**
   * What the version that serves was trained on, and the feature that the series is about, for a
   * training baseline.
   */
  trained?: Trained | undefined;
  feature?: string | undefined;
  /**
   * The window that the alert rests on, whose labels were missing; and for how long labels are
   * waited for.
   */
  provisional?: Provisional | undefined;
  labelWait?: number | undefined;
  /** For a drift rule: what was found of this feature, beside all others of the evaluation. */
  drift?: DriftFinding | undefined;
};
