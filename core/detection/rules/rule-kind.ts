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
import type { Recovery } from './recovery.ts';
import type { AskingKind, AskingRule, RestingRule, Rule, RuleOf } from './rule-schema.ts';

/**
 * What differs between rule kinds; pure, so that any importer may use it. All dispatch by rule kind
 * goes through these: a kind that lacks one does not compile. Times and spans in milliseconds.
 */
export type RuleKindOf<K extends RuleKind> = K extends AskingKind
  ? AskingKindOf<Extract<RuleOf<K>, AskingRule>>
  : RestingKindOf<Extract<RuleOf<K>, RestingRule>>;

export type CommonKindOf<R extends Rule> = Learning<R> & {
  /** The bands its alerts can be in. */
  severities(rule: R): readonly Severity[];
  /**
   * How far beyond its own point a judged value reaches back: an alert continues that much longer
   * after recovery.
   */
  settles(rule: R): number;
  /** Where each of its bands begins and where an alert leaves it, the lowest band first. */
  recovery(rule: R): readonly Recovery[];
  /** What to expect without changes; one entry per observed or assumed series. */
  expected(rule: R, seen: readonly SeenSeries[]): Expected;
};

/** What a rule learns from the points it judges. */
export type Learning<R> = {
  /** How far back a learned baseline uses points; undefined without one. */
  reach(rule: R): number | undefined;
  /**
   * How far before the end of the judged time such a baseline uses points; 0 if it learns nothing.
   */
  learnsFrom(rule: R): number;
  /**
   * The same from now, also for a later model version; alerts are remembered that long. 0 if none.
   */
  remembers(rule: R, source: SourceConfig | undefined): number;
  /** How long a missing baseline is normal for a new rule; undefined if never. */
  warmUp(rule: R): number | undefined;
};

/** A span a rule looks back over, and its config keys. */
export type NamedSpan = { at: Path; ms: number };

/** A rule as CloudWatch alarms. */
export type AsAlarms = {
  alarms: number;
  /** Over how many spans each reads every metric. */
  spans: number;
  /** The reference moves, as in an anomaly detection alarm. */
  isAnomaly: boolean;
  /** It fires on M of its last N points, as an alarm does; others have spans of their own. */
  countsPoints: boolean;
};

/** A rule that queries a source. */
export type AskingKindOf<R extends AskingRule> = CommonKindOf<R> & {
  /** Judges one series at one time; `points` include what labels say. */
  judge(rule: R, points: readonly Point[], context: JudgeContext): Verdict;
  /** Whether learned state is kept between evaluations, so that only new points are read. */
  memory: 'none' | 'anomaly states';
  /** The history one evaluation needs before the end of the judged time. */
  history(rule: R): number;
  /**
   * From when points are read while an alert pins this baseline; Infinity if the history suffices.
   */
  readFrom(rule: R, baseline: Baseline): number;
  /** What makes it look back. If a source does not keep that long, the longest span is reported. */
  spans(rule: R): readonly NamedSpan[];
  /** The training it compares with, for callers that must read it. */
  training(rule: R): TrainingBaselineConfig | undefined;
  versionBefore(rule: R): BaselineOf<'version'> | undefined;
  /** How certain its tests must be; undefined if it makes none. */
  testing(rule: R): Testing | undefined;
  /** The tests of judging the series, one per tested point and band. */
  pointTests(rule: R, points: readonly Point[], context: JudgeContext): PointTest[];
  /** Assumptions for a series without observed data; undefined if its normal value is unknown. */
  assumed(rule: R): SeenSeries | undefined;
  /** What missing data means: a verdict of its own, or `noData`. */
  silence: Silence<R> | 'by noData';
  /**
   * Bounds no other point moves, so that an unfinished step may be judged; `current` is the alert's
   * band.
   */
  standing(rule: R, current: Severity | undefined): Standing | undefined;
  /** Reports what the rule's source cannot answer. */
  checkSource(path: Path, rule: R, source: SourceConfig, report: Report): void;
  asAlarms(rule: R): AsAlarms;
  /** The bounds for a plot, in units of the metric. */
  plotted(rule: R, verdict: Pick<Verdict, 'baseline' | 'bound'>): { warn?: number | undefined; critical?: number | undefined };
};

/** `side`: 1 if values above the bounds are bad, -1 if values below are. */
export type Standing = { side: 1 | -1; bounds: Bounds };

export type Silence<R> = {
  /** The query matches no series. */
  nothing(rule: R, now: number): Verdict;
  /** A series with an alert is missing from the answer. */
  gone(rule: R, times: { now: number; to: number }): Verdict;
};

/** Input for one evaluation of a rule that depends on alerts. `restingIds`: other such rules. */
export type RestingContext = {
  alerts: readonly CombinedAlert[];
  restingIds: ReadonlySet<string>;
  /** The labels in which alerts must agree, unless the rule says. */
  groupBy: readonly string[];
  now: number;
};

/** A rule that depends on the alerts of other rules. */
export type RestingKindOf<R extends RestingRule> = CommonKindOf<R> & {
  /**
   * Where its conditions hold: one verdict per combination of labels, at most `maxSeries`; the
   * others go to `leftOut`.
   */
  judge(rule: R, context: RestingContext, leftOut: Map<string, Labels>): { labels: Labels; verdict: Verdict }[];
  /**
   * The verdict on one combination of labels, whatever others exist; undefined if the conditions do
   * not hold.
   */
  judgeOne(rule: R, labels: Labels, context: RestingContext): Verdict | undefined;
  /** The verdict for an alert whose labels were not found; `changed`: alerts that changed now. */
  ended(rule: R, changed: readonly CombinedAlert[], now: number): Verdict;
  /** The rules it depends on by name, with config keys. */
  names(rule: R): { at: Path; rule: string }[];
  /** Whether it may depend on external alerts. */
  restsOnOthers(rule: R): boolean;
};
