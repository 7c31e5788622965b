import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { JudgeContext } from '../context.ts';
import { around, type Bounds, boundsOf } from '../points/bands.ts';
import { isReliable } from '../points/points.ts';
import { metricName } from '../points/reasons.ts';
import type { Rule } from '../rules/rule-schema.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { baselineOf, type Span, versionBaseline } from './baseline.ts';
import { type Guard, lastUpTo, type SeasonalConfig, seasonalBaseline } from './seasonal.ts';
import { trainingBaselineOf } from './training-baseline.ts';

/**
 * What the judged points are measured against: bounds that hold for all of them, or `each` of its own, in their order, and
 * undefined where there is nothing to measure a point against. `bounds` and `baseline` are those of the latest point.
 */
export type Yardstick =
  | {
      ok: true;
      bounds: Bounds;
      baseline: Baseline | undefined;
      each: readonly (Bounds | undefined)[] | undefined;
      /** Those of any other point, where each has its own. */
      of?: (point: Point) => Bounds | undefined;
    }
  | { ok: false; reason: string; isNormal?: true; byAlerts?: true };

type Refusal = Extract<Yardstick, { ok: false }>;

const noSpans: readonly Span[] = [];

/** For the points from `start` to before `end`, at least one; `points` are finite, oldest first. */
export function yardstickOf(rule: Rule, points: readonly Point[], start: number, end: number, context: JudgeContext): Yardstick {
  const { degradation, rateOfChange } = rule;
  const { current } = context;
  if (rateOfChange !== undefined) return changeOf(rule, rateOfChange, points, start, end, current);
  if (degradation === undefined)
    return { ok: true, bounds: boundsOf(rule, undefined, current), baseline: undefined, each: undefined };

  const { to } = context;
  const before = Math.min((points[start] as Point).at, to - (rule.for.n - 1) * rule.step);
  if (degradation.baseline.seasonal === undefined) {
    const found = baselineBefore(rule, degradation, points, before, to, context);
    if (!found.ok) return found;
    return { ok: true, bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline, each: undefined };
  }
  const measured = seasonalOf(rule, degradation.baseline.seasonal, points, before, context);
  return eachOf(points, start, end, (point) => {
    const found = measured(point.at);
    return found.ok ? { ok: true, bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline } : found;
  });
}

function seasonalOf(
  rule: Rule,
  config: SeasonalConfig,
  points: readonly Point[],
  before: number,
  { frozen, pinned, excluded = noSpans }: JudgeContext,
): (at: number) => BaselineResult {
  const guard: Guard = { minCount: rule.samples.minCount, pinned };
  return (at) => seasonalBaseline(config, points, at, before, rule.step, excluded, frozen, guard);
}

/** What normal is, by the points before `before`; a seasonal baseline is that of the time of `at`. */
export function baselineBefore(
  rule: Rule,
  { baseline: config }: NonNullable<Rule['degradation']>,
  points: readonly Point[],
  before: number,
  at: number,
  context: JudgeContext,
): BaselineResult {
  const { to, frozen, pinned, excluded = noSpans, previous, previousExcluded = noSpans } = context;
  const { seasonal, version, training } = config;
  const { minCount } = rule.samples;
  if (seasonal !== undefined) return seasonalOf(rule, seasonal, points, before, context)(at);
  if (training !== undefined)
    return trainingBaselineOf(training, context.trained, metricName(rule.query), context.feature, to, frozen);
  if (version !== undefined) return versionBaseline(version, previous, to, previousExcluded, frozen, minCount);
  return baselineOf(config, points, before, excluded, frozen, minCount, pinned);
}

/** The latest point decides whether there is anything to measure with; an earlier one that has nothing is left open. */
function eachOf(
  points: readonly Point[],
  start: number,
  end: number,
  measure: (point: Point) => { ok: true; bounds: Bounds; baseline: Baseline } | Refusal,
): Yardstick {
  const latest = measure(points[end - 1] as Point);
  if (!latest.ok) return latest;
  const of = (point: Point): Bounds | undefined => {
    const one = measure(point);
    return one.ok ? one.bounds : undefined;
  };
  const each: (Bounds | undefined)[] = [];
  for (let i = start; i < end - 1; i += 1) each.push(of(points[i] as Point));
  each.push(latest.bounds);
  return { ok: true, bounds: latest.bounds, baseline: latest.baseline, each, of };
}

/** A point is compared with the latest one at least `over` before it, where that is no older than two steps or a tenth more. */
function changeOf(
  rule: Rule,
  config: NonNullable<Rule['rateOfChange']>,
  points: readonly Point[],
  start: number,
  end: number,
  current: Severity | undefined,
): Yardstick {
  const { over, direction, relative, absolute } = config;
  const slack = changeSlack(rule.step, over);
  const no = (reason: string): Refusal => ({ ok: false, reason });
  return eachOf(points, start, end, ({ at, value }) => {
    let place = lastUpTo(points, at - over);
    while (place >= 0 && !isReliable(points[place] as Point, rule.samples.minCount)) place -= 1;
    const earlier = points[place];
    if (earlier === undefined || earlier.at < at - over - slack)
      return no(`no point ${formatDuration(over)} before to compare with`);
    if (relative !== undefined && earlier.value === 0) {
      return no(`it was 0 ${formatDuration(over)} before, and a relative change from 0 has no size; use \`absolute\``);
    }
    const sign = direction === 'rise' || (direction === 'either' && value >= earlier.value) ? 1 : -1;
    const unit = relative === undefined ? 1 : Math.abs(earlier.value);
    const { warn = Number.NaN, critical = Number.NaN } = relative ?? absolute ?? {};
    const bounds = around(earlier.value, sign, { warn: warn * unit, critical: critical * unit }, rule.recover, current);
    return { ok: true, bounds, baseline: { kind: 'earlier', value: earlier.value, from: earlier.at } };
  });
}

export const changeSlack = (step: number, over: number): number => Math.max(2 * step, over / 10);
