import type { Rule, Severity } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import { around, type Bounds, boundsOf } from './bands.ts';
import { baselineOf, type Span, versionBaseline } from './baseline.ts';
import type { JudgeContext } from './context.ts';
import { metricName } from './reasons.ts';
import { lastUpTo, seasonalBaseline } from './seasonal.ts';
import { trainingBaselineOf } from './training-baseline.ts';
import type { Baseline, Point } from './verdict.ts';

/**
 * What the judged points are measured against: bounds that hold for all of them, or `each` of its own, in their order, and
 * undefined where there is nothing to measure a point against. `bounds` and `baseline` are those of the latest point.
 */
export type Yardstick =
  | { ok: true; bounds: Bounds; baseline: Baseline | undefined; each: readonly (Bounds | undefined)[] | undefined }
  | { ok: false; reason: string; isNormal?: true };

const noSpans: readonly Span[] = [];

/** For the points from `start` to before `end`, at least one; `points` are finite, oldest first. */
export function yardstickOf(rule: Rule, points: readonly Point[], start: number, end: number, context: JudgeContext): Yardstick {
  const { degradation, rateOfChange } = rule;
  const { current } = context;
  if (rateOfChange !== undefined) return changeOf(rule, rateOfChange, points, start, end, current);
  if (degradation === undefined)
    return { ok: true, bounds: boundsOf(rule, undefined, current), baseline: undefined, each: undefined };

  const { baseline: config } = degradation;
  const { to, frozen, excluded = noSpans, previous, previousExcluded = noSpans } = context;
  const before = Math.min((points[start] as Point).at, to - (rule.for.n - 1) * rule.step);
  const { seasonal, version, training } = config;
  if (seasonal !== undefined) {
    const own = (at: number) => seasonalBaseline(seasonal, points, at, before, rule.step, excluded, frozen);
    return eachOf(points, start, end, (point) => {
      const found = own(point.at);
      return found.ok ? { bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline } : found.reason;
    });
  }
  const found =
    training !== undefined
      ? trainingBaselineOf(training, context.trained, metricName(rule.query), context.feature, to, frozen)
      : version === undefined
        ? baselineOf(config, points, before, excluded, frozen)
        : versionBaseline({ ...version, minCount: rule.samples.minCount }, previous, to, previousExcluded, frozen);
  if (!found.ok) return found;
  return { ok: true, bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline, each: undefined };
}

/** The latest point decides whether there is anything to measure with; an earlier one that has nothing is left open. */
function eachOf(
  points: readonly Point[],
  start: number,
  end: number,
  measure: (point: Point) => { bounds: Bounds; baseline: Baseline } | string,
): Yardstick {
  const latest = measure(points[end - 1] as Point);
  if (typeof latest === 'string') return { ok: false, reason: latest };
  const each: (Bounds | undefined)[] = [];
  for (let i = start; i < end - 1; i += 1) {
    const one = measure(points[i] as Point);
    each.push(typeof one === 'string' ? undefined : one.bounds);
  }
  each.push(latest.bounds);
  return { ok: true, ...latest, each };
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
  return eachOf(points, start, end, ({ at, value }) => {
    const earlier = points[lastUpTo(points, at - over)];
    if (earlier === undefined || earlier.at < at - over - slack) return `no point ${formatDuration(over)} before to compare with`;
    if (relative !== undefined && earlier.value === 0) {
      return `it was 0 ${formatDuration(over)} before, and a relative change from 0 has no size; use \`absolute\``;
    }
    const sign = direction === 'rise' || (direction === 'either' && value >= earlier.value) ? 1 : -1;
    const unit = relative === undefined ? 1 : Math.abs(earlier.value);
    const { warn = Number.NaN, critical = Number.NaN } = relative ?? absolute ?? {};
    const bounds = around(earlier.value, sign, { warn: warn * unit, critical: critical * unit }, rule.recover, current);
    return { bounds, baseline: { kind: 'earlier', value: earlier.value, from: earlier.at } };
  });
}

export const changeSlack = (step: number, over: number): number => Math.max(2 * step, over / 10);
