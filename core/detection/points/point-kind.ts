import { normalQuantile } from '../../statistics/normal.ts';
import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { lookbackOf } from '../baselines/lookback.ts';
import type { JudgeContext } from '../context.ts';
import { levelOf, levelOfConfidence, type Testing } from '../evidence/level.ts';
import { pointSpanOf } from '../rules/point-span.ts';
import type { Standing } from '../rules/rule-kind.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import type { Baseline } from '../verdict.ts';
import type { Bounds } from './bands.ts';
import { metricName } from './metric-name.ts';
import type { Yardstick } from './yardstick.ts';

/**
 * How a kind judges point by point: the reference and the wording. Times and spans in milliseconds.
 */
export type PointKind<R extends PointsRule> = {
  /** For points from `start` to before `end`, at least one; `points` are finite, oldest first. */
  measure(rule: R, points: readonly Point[], start: number, end: number, context: JudgeContext): Yardstick;
  /**
   * Bounds from rule and baseline alone; undefined for a kind whose bounds come from other points.
   */
  bounds: ((rule: R, baseline: Baseline | undefined, current: Severity | undefined) => Bounds) | undefined;
  /** Its bounds if nothing else moves them. */
  standing(rule: R, current: Severity | undefined): Standing | undefined;
  /** How far before the judged points it needs others. */
  reach(rule: R): number;
  /** Whether its baseline uses points it judges. */
  learns(rule: R): boolean;
  /** The baseline until `before`, for a learning rule without points to judge. */
  normalBefore(rule: R, points: readonly Point[], before: number, context: JudgeContext): Baseline | undefined;
  /** The value relative to the baseline: ` is 12% below the baseline 0.8`; `how` is `12% below`. */
  placeText(rule: R, how: string, baseline: Baseline): string;
  /** Shares at which its bands begin and end, where `how` above is a share. */
  sizes?: (rule: R) => number[];
  /**
   * Which part of the band was reached: `(critical from 10%)`; `kept`: hysteresis keeps it there.
   */
  bandText(rule: R, band: Severity, kept: boolean, bounds: Bounds, baseline: Baseline | undefined): string;
};

/** Per-rule values computed once per evaluation. `z`: of the interval, 0 if nothing is tested. */
export type Plan = {
  metric: string;
  z: number;
  lookback: number;
  history: number;
  learns: boolean;
  sizes: readonly number[];
};

const plans = new WeakMap<PointsRule, Plan>();

export function planOf<R extends PointsRule>(kind: PointKind<R>, rule: R): Plan {
  let plan = plans.get(rule);
  if (plan === undefined) {
    const isTested = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
    plan = {
      metric: metricName(rule.query),
      z: isTested ? -normalQuantile(levelOf(testingOfPoints(rule), 1)) : 0,
      lookback: lookbackOf(rule),
      history: historyOfPoints(kind, rule),
      learns: kind.learns(rule),
      sizes: kind.sizes?.(rule) ?? [],
    };
    plans.set(rule, plan);
  }
  return plan;
}

export const historyOfPoints = <R extends PointsRule>(kind: PointKind<R>, rule: R): number =>
  lookbackOf(rule) + rule.samples.lateLabels + kind.reach(rule);

/** M of the last N points, overlapping if they summarise more than one step. */
export const testingOfPoints = (rule: PointsRule): Testing => ({
  most: levelOfConfidence(rule.samples.confidence),
  falseAlarms: rule.falseAlarms,
  step: rule.step,
  questions: 1,
  timing: { spans: pointSpanOf(rule) / rule.step, ...rule.for },
  of: 'tests',
});
