import type { KeptDrift } from '../statistics/distributions/value.ts';
import type { Shape } from '../telemetry/profiles/shape.ts';
import type { Point } from '../telemetry/series.ts';
import { severities } from '../vocabulary/schema-parts.ts';

/**
 * A baseline. `from` and `to` bound its points, from <= at < to. `spread` is the robust standard
 * deviation of a seasonal one. `earlier` is the series' own value at `from`, for a rate of change.
 * `expected` is what season or level predicted, for an anomaly rule. `training` is how good the
 * version was in training. `profile` is a feature's shape, from which drift is measured (0: none);
 * `what` names it for people. An incident holds many alerts, so it stores theirs without the shape.
 */
export type Baseline =
  | { kind: 'fixed'; value: number }
  | { kind: 'rolling'; value: number; statistic: 'median' | 'mean'; points: number; from: number; to: number }
  | {
      kind: 'seasonal';
      value: number;
      season: 'day' | 'week';
      spread: number;
      points: number;
      periods: number;
      from: number;
      to: number;
    }
  | {
      kind: 'version';
      value: number;
      version: string;
      statistic: 'median' | 'mean';
      points: number;
      from: number;
      to: number;
    }
  | {
      kind: 'training';
      value: number;
      version: string;
      dataset: string;
      /** Rows behind the value. */
      count: number;
      /** The end of the training data. */
      at: number;
    }
  | { kind: 'earlier'; value: number; from: number }
  | { kind: 'expected'; value: number }
  | { kind: 'profile'; value: 0; what: string; count?: number; from: number; to: number; shape?: Shape | undefined };

/** `byAlerts`: refused because the needed points belong to earlier alerts. */
export type BaselineResult = { ok: true; baseline: Baseline } | { ok: false; reason: string; isNormal?: true; byAlerts?: true };

/** The window of a breach whose labels are missing, and how long to wait for them. */
export type Provisional = { at: number; value: number; count?: number; labelled?: number; estimate?: true; until: number };

/** What late labels say about such a window. */
export type Revision = {
  at: number;
  outcome: 'confirmed' | 'revised' | 'unconfirmed';
  /** For people. */
  text: string;
  value?: number;
  count?: number;
};

/** `insufficient evidence`: too little data to tell healthy from breaching; `reason` says what. */
export const verdictStatuses = ['ok', ...severities, 'insufficient evidence', 'no data', 'error'] as const;
export type VerdictStatus = (typeof verdictStatuses)[number];

/** The result of one evaluation of one series. */
export type Verdict = {
  status: VerdictStatus;
  /** When the rule was evaluated. */
  at: number;
  /** The reason, for people. */
  reason: string;
  /** The latest real point. */
  point?: Point;
  /** For a rule without points of its own: the end of the latest point it depends on. */
  restsOn?: number;
  /** Set if the rule compares with a baseline that was accepted. */
  baseline?: Baseline;
  /** For a drift rule: the value with binning, empty-bin handling and logarithm. */
  drift?: KeptDrift;
  /** Degradation as a fraction of the baseline; positive is worse. */
  degradation?: number;
  /** The bound of the breached band, or of the lowest one, in units of the metric. */
  bound?: number;
  /** Breaching points among those scanned. */
  breaching?: number;
  looked?: number;
  /**
   * false: could not be judged (no baseline, too few samples), so a firing alert keeps its state. A
   * value past a bound within chance is judged, even though its status is `insufficient evidence`:
   * it ends an alert.
   */
  judged: boolean;
  /** Why there is no baseline, if that is a fault: a rule for which it lasts is blind. */
  refused?: string;
  /** Its points belong to earlier alerts, so it is not warming up. */
  refusedByAlerts?: true;
  /** What is known although it could not be judged: whether the alert is in a band. */
  tells?: { warn?: boolean; critical?: boolean };
  /**
   * When the breach begins: the first breaching point, or the first of an unbroken run before it.
   */
  breachedFrom?: number;
  /** The end of the judged time, if it has no point. */
  judgedTo?: number;
  /** For a breach: its window while labels are missing. */
  provisional?: Provisional;
  /** The outcome for the window the alert is based on. */
  revision?: Revision;
};
