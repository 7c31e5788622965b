import type { KeptDrift } from '../statistics/distributions/value.ts';
import type { Shape } from '../telemetry/profiles/shape.ts';
import type { Point } from '../telemetry/series.ts';
import type { Severity } from '../vocabulary/schema-parts.ts';

/**
 * What normal is. `from` and `to` bound the points it rests on, from <= at < to. `spread` is the
 * robust standard deviation of a seasonal one. `earlier` is the value of the series itself at
 * `from`, which a rate of change is measured against. `expected` is what the season or the recent
 * level led an anomaly rule to expect of the point. `training` is how good the version was in its
 * training. `profile` is the shape of a feature, from which drift, 0 where there is none, is
 * measured; `what` names it to a person. An incident holds many alerts, and carries theirs without
 * the shape.
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
      /** When the training data ended. */
      at: number;
    }
  | { kind: 'earlier'; value: number; from: number }
  | { kind: 'expected'; value: number }
  | { kind: 'profile'; value: 0; what: string; count?: number; from: number; to: number; shape?: Shape | undefined };

/** `byAlerts`: refused because the points that it would need belong to earlier alerts. */
export type BaselineResult = { ok: true; baseline: Baseline } | { ok: false; reason: string; isNormal?: true; byAlerts?: true };

/**
 * The window that a breach was found in while labels of it were missing, and until when they are
 * waited for.
 */
export type Provisional = { at: number; value: number; count?: number; labelled?: number; estimate?: true; until: number };

/** What labels that came later say of such a window. */
export type Revision = {
  at: number;
  outcome: 'confirmed' | 'revised' | 'unconfirmed';
  /** In words for a person. */
  text: string;
  value?: number;
  count?: number;
};

/**
 * `insufficient evidence`: neither well nor a breach can be told, for what there is to tell it by
 * is too little; `reason` says what.
 */
export type VerdictStatus = 'ok' | Severity | 'insufficient evidence' | 'no data' | 'error';

/** What one evaluation of one series found. */
export type Verdict = {
  status: VerdictStatus;
  /** When the rule was evaluated. */
  at: number;
  /** Why, in words for a person. */
  reason: string;
  /** The latest real point. */
  point?: Point;
  /** Of a rule that has no points of its own: when the latest point ended that it rests on. */
  restsOn?: number;
  /** Present for rules that compare with a baseline, once it was accepted. */
  baseline?: Baseline;
  /**
   * Of a drift rule: the value with the binning, the handling of empty bins and the logarithm that
   * it was computed with.
   */
  drift?: KeptDrift;
  /** Degradation as a fraction of the baseline; positive is worse. */
  degradation?: number;
  /** The bound of the band that was breached, or of the lowest band, in units of the metric. */
  bound?: number;
  /** Points that breached of those looked at. */
  breaching?: number;
  looked?: number;
  /**
   * false: nothing could be judged (baseline refused, too few samples), so a firing alert holds its
   * state. A value that lies past a bound by no more than chance may give was judged, though its
   * status is `insufficient evidence`: it ends an alert.
   */
  judged: boolean;
  /**
   * Why the baseline is refused, where that is a fault and not the way of things: a rule that it
   * lasts on for long is blind.
   */
  refused?: string;
  /** It is refused for want of points that earlier alerts have, so it is not warming up. */
  refusedByAlerts?: true;
  /**
   * What is known all the same where it could not be judged: whether it finds an alert in a band.
   */
  tells?: { warn?: boolean; critical?: boolean };
  /**
   * When the breach begins: the time of the first breaching point looked at, or of the first of
   * those that led up to it without a break.
   */
  breachedFrom?: number;
  /** The end of the judged time, where there is no point in it. */
  judgedTo?: number;
  /** Of a breach: what it rests on while labels are missing. */
  provisional?: Provisional;
  /** What became of the window that the alert rests on. */
  revision?: Revision;
};
