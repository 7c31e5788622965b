import type { Point } from '../../telemetry/series.ts';
import type { SourceConfig } from '../../telemetry/sources/source.ts';
import type { Path, Report } from '../../vocabulary/report.ts';
import type { Labels, Severity } from '../../vocabulary/schema-parts.ts';
import type { BaselineOf, TrainingBaselineConfig } from '../baselines/schema.ts';
import type { JudgeContext } from '../context.ts';
import type { Expected, SeenSeries } from '../evidence/expected.ts';
import type { Testing } from '../evidence/level.ts';
import type { PointTest } from '../evidence/point-test.ts';
import type { RuleKind } from '../kinds/written.ts';
import type { Bounds } from '../points/bands.ts';
import type { Baseline, Verdict } from '../verdict.ts';
import type { CombinedAlert } from './combined-alert.ts';
import type { AskingKind, AskingRule, RestingRule, Rule, RuleOf } from './rule-schema.ts';

/**
 * What differs from one rule kind to another; pure, so that whoever only has to know of a kind may
 * import it. Everything that is done with a rule by its kind goes through these: a kind without one
 * of them does not compile. Times and spans are in milliseconds.
 */
export type RuleKindOf<K extends RuleKind> = K extends AskingKind
  ? AskingKindOf<Extract<RuleOf<K>, AskingRule>>
  : RestingKindOf<Extract<RuleOf<K>, RestingRule>>;

export type CommonKindOf<R extends Rule> = Learning<R> & {
  /** The bands that an alert of the rule can be in. */
  severities(rule: R): readonly Severity[];
  /**
   * How far beyond its own point one judged value reaches back: so much longer an alert goes on
   * although all is well.
   */
  settles(rule: R): number;
  /** What to expect if nothing changes; one series for each that is seen, or assumed. */
  expected(rule: R, seen: readonly SeenSeries[]): Expected;
};

/** What a rule learns from the points that it judges. */
export type Learning<R> = {
  /**
   * How far back a baseline of the rule rests on points that it judges, apart from what it is
   * compared with; undefined without one.
   */
  reach(rule: R): number | undefined;
  /**
   * How far back from the end of the judged time points may lie that such a baseline rests on; 0
   * where it learns nothing from them.
   */
  learnsFrom(rule: R): number;
  /**
   * The same counted from now, also for a later version of the model: alerts are remembered as
   * long. 0 where it rests on none.
   */
  remembers(rule: R, source: SourceConfig | undefined): number;
  /**
   * For how long it is normal that its baseline is refused, for it is new; undefined where that is
   * never normal.
   */
  warmUp(rule: R): number | undefined;
};

/** A span that a rule looks back over, and the keys below the rule that say so. */
export type NamedSpan = { at: Path; ms: number };

/** What a rule would be as alarms of CloudWatch. */
export type AsAlarms = {
  alarms: number;
  /** Over how many spans each looks at every metric. */
  spans: number;
  /** What is normal moves, as in an anomaly detection alarm. */
  isAnomaly: boolean;
  /** It fires by M of its last N points, as an alarm does; others have spans of their own. */
  countsPoints: boolean;
};

/** A rule that asks a source. */
export type AskingKindOf<R extends AskingRule> = CommonKindOf<R> & {
  /** Judges one series at one time; `points` are its points, with what labels say of them. */
  judge(rule: R, points: readonly Point[], context: JudgeContext): Verdict;
  /**
   * Whether what it has learned of a series is kept between evaluations, so that these read only
   * what is new.
   */
  memory: 'none' | 'anomaly states';
  /** How much history one evaluation needs, before the end of the judged time. */
  history(rule: R): number;
  /**
   * From when on points are read while an alert keeps this baseline; infinite where no more than
   * the history are needed.
   */
  readFrom(rule: R, baseline: Baseline): number;
  /** What makes it look back: of the spans that a source does not keep, the longest is told. */
  spans(rule: R): readonly NamedSpan[];
  /** What it is compared with, where others have to read that. */
  training(rule: R): TrainingBaselineConfig | undefined;
  versionBefore(rule: R): BaselineOf<'version'> | undefined;
  /** How sure its tests have to be; undefined for a kind that makes none. */
  testing(rule: R): Testing | undefined;
  /** The tests that judging the series asks, one for each point and band that is tested. */
  pointTests(rule: R, points: readonly Point[], context: JudgeContext): PointTest[];
  /**
   * What is assumed of one series of which nothing has been seen; undefined where nobody knows what
   * is normal.
   */
  assumed(rule: R): SeenSeries | undefined;
  /** What missing data means: a verdict of its own, or what `noData` says. */
  silence: Silence<R> | 'by noData';
  /**
   * Bounds that no other point moves, so that a step may be judged before it is over; `current` is
   * the band that the alert is in.
   */
  standing(rule: R, current: Severity | undefined): Standing | undefined;
  /** Reports what of the rule its source cannot answer. */
  checkSource(path: Path, rule: R, source: SourceConfig, report: Report): void;
  asAlarms(rule: R): AsAlarms;
  /** The bounds of its bands as a plot shows them, in units of the metric. */
  plotted(rule: R, verdict: Verdict): { warn?: number | undefined; critical?: number | undefined };
};

/** `side`: 1 where a value above the bounds is bad, -1 where one below is. */
export type Standing = { side: 1 | -1; bounds: Bounds };

export type Silence<R> = {
  /** The query matches no series at all. */
  nothing(rule: R, now: number): Verdict;
  /** A series that has an alert is not in the answer. */
  gone(rule: R, times: { now: number; to: number }): Verdict;
};

/**
 * What one evaluation of a rule that rests on alerts is given. `restingIds`: rules that rest on
 * alerts, too.
 */
export type RestingContext = {
  alerts: readonly CombinedAlert[];
  restingIds: ReadonlySet<string>;
  /** The labels in which alerts must agree where the rule does not say. */
  groupBy: readonly string[];
  now: number;
};

/** A rule that rests on the alerts of other rules. */
export type RestingKindOf<R extends RestingRule> = CommonKindOf<R> & {
  /**
   * Where its conditions hold: one verdict for each combination of labels, at most `maxSeries`;
   * others are put into `leftOut`.
   */
  judge(rule: R, context: RestingContext, leftOut: Map<string, Labels>): { labels: Labels; verdict: Verdict }[];
  /**
   * The verdict on one combination of labels, whatever others there are; undefined where the
   * conditions do not hold.
   */
  judgeOne(rule: R, labels: Labels, context: RestingContext): Verdict | undefined;
  /**
   * What it means for an alert that its labels are not among those found; `changed`: alerts that
   * changed at this time.
   */
  ended(rule: R, changed: readonly CombinedAlert[], now: number): Verdict;
  /** Where it names rules that it rests on: keys below the rule, and the name. */
  names(rule: R): { at: Path; rule: string }[];
  /** Whether it may rest on alerts that no rule judges. */
  restsOnOthers(rule: R): boolean;
};
