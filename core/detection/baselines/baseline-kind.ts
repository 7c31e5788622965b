import type { Point } from '../../telemetry/series.ts';
import type { SourceConfig } from '../../telemetry/sources/source.ts';
import type { Path, Report } from '../../vocabulary/report.ts';
import type { JudgeContext } from '../context.ts';
import type { AskingRule } from '../rules/rule-schema.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import type { Span } from './baseline.ts';
import type { BaselineConfig, BaselineOf } from './schema.ts';

/**
 * What a baseline is found from: points of the series, finite and oldest first, of which it takes
 * those before `before`.
 */
export type BaselineGiven = {
  rule: AskingRule;
  points: readonly Point[];
  before: number;
  context: JudgeContext;
};

/** What differs from one kind of baseline to another. Times and spans are in milliseconds. */
export type BaselineKindOf<B extends BaselineConfig> = {
  /**
   * What normal is at the time `at`; refused with the reason where that cannot be told, or where
   * nothing can be relative to it.
   */
  normal(config: B, given: BaselineGiven, at: number): BaselineResult;
  /**
   * Whether each point has a normal of its own, by its time; else one is that of all judged points.
   */
  byTime: boolean;
  /**
   * Whether it rests on points that the rule judges, so that those of its alerts must stay out of
   * it.
   */
  learns: boolean;
  /** How far back from the judged points it rests on points of the series itself. */
  reach(config: B): number;
  /**
   * How long before now points may lie that it rests on in series of another version; undefined
   * where it rests on none.
   */
  remembersVersions(config: B, source: SourceConfig | undefined): number | undefined;
  /** The keys below its own that say how far it looks back. */
  reachKeys: readonly string[];
  /** What it is compared with, where others have to read that for it. */
  training(config: B): BaselineOf<'training'> | undefined;
  versionBefore(config: B): BaselineOf<'version'> | undefined;
  /** The span that has to fill before it can be used; 0 where it is there or is not. */
  fills(config: B): number;
  /** From when on points are read while an alert keeps it; infinite where none are needed. */
  readFrom(config: B, kept: Baseline): number;
  /** The value that the config itself names. */
  named(config: B): number | undefined;
  /** Of how many spreads a value has to lie away from it. */
  deviations(config: B): number;
  /** Its variance by that of one point that summarises `over`. */
  variance(config: B, baseline: Baseline | undefined, over: number): number;
  /** Reports what of it the source of its rule cannot answer; `path` is that of its own key. */
  checkSource(path: Path, config: B, given: { rule: AskingRule; source: SourceConfig }, report: Report): void;
};

/** A baseline for which nobody has to read anything but the points of the series. */
export const readsNothingElse = { training: () => undefined, versionBefore: () => undefined };

export const noSpans: readonly Span[] = [];

/** Of windows that do not overlap, a median needs half as many again as a mean. */
export const windowVariance = ({ statistic, window }: { statistic: 'median' | 'mean'; window: number }, over: number): number =>
  (statistic === 'mean' ? 1 : Math.PI / 2) * Math.min(1, over / window);
