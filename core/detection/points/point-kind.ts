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
 * How a kind judges point by point: what it measures points against, and how it says so. Times and
 * spans are in milliseconds.
 */
export type PointKind<R extends PointsRule> = {
  /**
   * For the points from `start` to before `end`, at least one; `points` are finite, oldest first.
   */
  measure(rule: R, points: readonly Point[], start: number, end: number, context: JudgeContext): Yardstick;
  /**
   * The bounds that follow from the rule and its baseline alone; undefined for a kind whose bounds
   * lie in other points.
   */
  bounds: ((rule: R, baseline: Baseline | undefined, current: Severity | undefined) => Bounds) | undefined;
  /** Its bounds where no other point, and nothing that is learned from points, moves them. */
  standing(rule: R, current: Severity | undefined): Standing | undefined;
  /** How far before the judged points it needs others. */
  reach(rule: R): number;
  /** Whether its baseline rests on points that it judges. */
  learns(rule: R): boolean;
  /** What normal was until `before`, where a rule that learns has no points to judge. */
  normalBefore(rule: R, points: readonly Point[], before: number, context: JudgeContext): Baseline | undefined;
  /**
   * Where the value lies, seen from the baseline: ` is 12% below the baseline 0.8`; `how` is `12%
   * below`.
   */
  placeText(rule: R, how: string, baseline: Baseline): string;
  /** What of the band was reached: `(critical from 10%)`; `kept`: hysteresis keeps it there. */
  bandText(rule: R, band: Severity, kept: boolean, bounds: Bounds, baseline: Baseline | undefined): string;
};

/**
 * What an evaluation needs of a rule and need not work out again for every series. `z`: of an
 * interval, 0 where nothing is tested.
 */
export type Plan = { metric: string; z: number; lookback: number; history: number; learns: boolean };

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
    };
    plans.set(rule, plan);
  }
  return plan;
}

export const historyOfPoints = <R extends PointsRule>(kind: PointKind<R>, rule: R): number =>
  lookbackOf(rule) + rule.samples.lateLabels + kind.reach(rule);

/** Of M of the last N points, whose windows overlap where they summarise more than a step. */
export const testingOfPoints = (rule: PointsRule): Testing => ({
  most: levelOfConfidence(rule.samples.confidence),
  falseAlarms: rule.falseAlarms,
  step: rule.step,
  questions: 1,
  timing: { spans: pointSpanOf(rule) / rule.step, ...rule.for },
  of: 'tests',
});
