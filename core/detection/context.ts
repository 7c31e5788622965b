import type { Point, Previous, Trained } from '../telemetry/series.ts';
import type { Severity } from '../vocabulary/schema-parts.ts';
import type { Span } from './baselines/baseline.ts';
import type { DriftFinding } from './kinds/drift/compare-features.ts';
import type { Baseline, Provisional } from './verdict.ts';

/**
 * The two-sided z of the interval that must lie past a bound, and the number of tests it accounts
 * for.
 */
export type Level = { z: number; tests: number };
export type Levels = (at: number) => Readonly<Record<Severity, Level>>;

export type JudgeContext = {
  /** When the rule is evaluated; the verdict's time. */
  now: number;
  /** End of the judged time, a multiple of the rule's step. Later points are ignored. */
  to: number;
  /** The band of the firing alert, if any. */
  current?: Severity | undefined;
  /**
   * The baseline pinned by the alert. Replaces a learned baseline; a fixed one follows the config.
   */
  frozen?: Baseline | undefined;
  /** Spans whose points a learned baseline must exclude. */
  excluded?: readonly Span[] | undefined;
  /** When the breach of the firing alert began. */
  breachedFrom?: number | undefined;
  /** The baseline of an ended alert; stands in while there are too few other points. */
  pinned?: Baseline | undefined;
  /** The point so far of the step that begins at `to`, for a rule that is judged early. */
  open?: Point | undefined;
  /** The previous version's points for a version baseline, and the spans to exclude. */
  previous?: Previous | undefined;
  previousExcluded?: readonly Span[] | undefined;
  /**
   * The confidence needed for a point of this time to count as past a band's bound; by default the
   * rule's. Stricter if many series are tested together.
   */
  levels?: Levels | undefined;
  /** For a training baseline: the served version's training, and the feature of this series. */
  trained?: Trained | undefined;
  feature?: string | undefined;
  /**
   * The window the alert is based on, while its labels were missing; and how long to wait for
   * labels.
   */
  provisional?: Provisional | undefined;
  labelWait?: number | undefined;
  /** For a drift rule: the result for this feature, compared together with all others. */
  drift?: DriftFinding | undefined;
};
