import type { Point } from '../../telemetry/series.ts';
import type { SourceConfig } from '../../telemetry/sources/source.ts';
import type { Path, Report } from '../../vocabulary/report.ts';
import type { JudgeContext } from '../context.ts';
import type { AskingRule } from '../rules/rule-schema.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import type { Span } from './baseline.ts';
import type { BaselineConfig, BaselineOf } from './schema.ts';

/**
 * The input of a baseline: finite points of the series, oldest first, of which it uses those before
 * `before`.
 */
export type BaselineGiven = {
  rule: AskingRule;
  points: readonly Point[];
  before: number;
  context: JudgeContext;
};

/** What differs between kinds of baseline. Times and spans in milliseconds. */
export type BaselineKindOf<B extends BaselineConfig> = {
  /**
   * The baseline at the time `at`; refused with a reason if it is unknown, or if nothing can be
   * relative to it.
   */
  normal(config: B, given: BaselineGiven, at: number): BaselineResult;
  /**
   * Whether each point has a baseline of its own, by its time; otherwise one serves all judged
   * points.
   */
  byTime: boolean;
  /**
   * Whether it learns from points that the rule judges. If so, points during alerts are excluded.
   */
  learns: boolean;
  /** How far before the judged points it uses points of the series itself. */
  reach(config: B): number;
  /** How far back it uses points of another version's series; undefined if it uses none. */
  remembersVersions(config: B, source: SourceConfig | undefined): number | undefined;
  /** Its config keys that say how far it looks back. */
  reachKeys: readonly string[];
  /** The training it compares with, for callers that must read it. */
  training(config: B): BaselineOf<'training'> | undefined;
  versionBefore(config: B): BaselineOf<'version'> | undefined;
  /** The span that must fill before it can be used; 0 if it exists or not at once. */
  fills(config: B): number;
  /** From when points are read while an alert pins it; Infinity if none are needed. */
  readFrom(config: B, kept: Baseline): number;
  /** A value given in the config. */
  named(config: B): number | undefined;
  /** How many spreads a value must be away from it. */
  deviations(config: B): number;
  /** Its variance, from that of one point that summarises `over`. */
  variance(config: B, baseline: Baseline | undefined, over: number): number;
  /** Reports what the rule's source cannot answer; `path` is the baseline's own key. */
  checkSource(path: Path, config: B, given: { rule: AskingRule; source: SourceConfig }, report: Report): void;
};

/** A baseline that needs nothing but the points of the series. */
export const readsNothingElse = { training: () => undefined, versionBefore: () => undefined };

export const noSpans: readonly Span[] = [];

/** Over non-overlapping windows a median varies half as much again as a mean. */
export const windowVariance = ({ statistic, window }: { statistic: 'median' | 'mean'; window: number }, over: number): number =>
  (statistic === 'mean' ? 1 : Math.PI / 2) * Math.min(1, over / window);
