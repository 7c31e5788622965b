import { type Interval, isRatio, wilsonInterval } from '../../statistics/wilson.ts';
import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { JudgeContext } from '../context.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import { type Bounds, isPast } from './bands.ts';
import type { Finding } from './finding.ts';
import type { Plan } from './point-kind.ts';
import type { Yardstick } from './yardstick.ts';

type Latest = { points: readonly Point[]; start: number; end: number };
export type Measures = Extract<Yardstick, { ok: true }>;

/** Counts breaching points from `start` to before `end`, and the missing ones of N. */
export function look(
  rule: PointsRule,
  plan: Plan,
  { points, start, end }: Latest,
  { bounds: common, each, baseline }: Measures,
  context: JudgeContext,
): Finding {
  const { minCount } = rule.samples;
  const finding: Finding = {
    metric: plan.metric,
    warn: 0,
    critical: 0,
    looked: end - start,
    real: end - start,
    missing: 0,
    small: 0,
    unmeasured: 0,
    unknown: 0,
    insignificant: 0,
    interval: undefined,
    notRatio: false,
    latestPast: false,
    first: -1,
    baseline,
  };
  for (let i = start; i < end; i += 1) {
    const point = points[i] as Point;
    const bounds = each === undefined ? common : each[i - start];
    if (bounds === undefined || point.refused !== undefined) {
      finding.unmeasured += 1;
      finding.unknown += 1;
      continue;
    }
    if (point.count !== undefined && point.count < minCount) {
      finding.small += 1;
      finding.unknown += 1;
      continue;
    }
    const band = bandOf(point, bounds, plan.z, context, finding);
    if (band === 'critical') finding.critical += 1;
    if (band !== undefined) {
      finding.warn += 1;
      if (finding.first < 0) finding.first = i;
    }
    if (i === end - 1) finding.latestPast = band !== undefined;
  }
  countMissing(finding, rule, points[start] as Point, context);
  return finding;
}

/**
 * The band of one point, with the required confidence; a value past a bound within chance is
 * counted as such.
 */
function bandOf(point: Point, bounds: Bounds, z: number, context: JudgeContext, finding: Finding): Severity | undefined {
  const { value, count } = point;
  const critical = isPast(value, bounds.criticalNow, bounds);
  const warn = critical || isPast(value, bounds.warnNow, bounds);
  if (!warn) return undefined;
  // The interval always contains the value, so compute it only if the value breaches.
  if (z > 0 && count !== undefined && context.current !== 'critical') {
    if (isRatio(value)) return testedBand(point, count, critical, bounds, z, context, finding);
    finding.notRatio = true;
  }
  return critical ? 'critical' : 'warn';
}

function testedBand(
  { at, value }: Point,
  count: number,
  isPastCritical: boolean,
  bounds: Bounds,
  z: number,
  { current, levels }: JudgeContext,
  finding: Finding,
): Severity | undefined {
  const level = levels?.(at);
  const zOfWarn = level?.warn.z ?? z;
  const interval = wilsonInterval(value, count, zOfWarn);
  const strict = level === undefined ? interval : wilsonInterval(value, count, level.critical.z);
  if (isPastCritical && isWhollyPast(strict, bounds.criticalNow, bounds)) return 'critical';
  // Without a warn band, critical counts as both.
  if (current === 'warn' || isWhollyPast(interval, bounds.warnNow, bounds)) return 'warn';
  finding.insignificant += 1;
  finding.interval = { ...interval, count, z: zOfWarn, tests: level?.warn.tests ?? 1 };
  return undefined;
}

export const isWhollyPast = ({ low, high }: Interval, bound: number, { sign }: Bounds): boolean =>
  sign * ((sign === 1 ? low : high) - bound) > 0;

function countMissing(finding: Finding, rule: PointsRule, first: Point, { to, current }: JudgeContext): void {
  const missing = rule.for.n <= finding.real ? 0 : missingOf(rule, finding.real, first, to, current);
  if (missing === 0) return;
  finding.missing = missing;
  if (rule.noData === 'hold') finding.unknown += missing;
  else finding.looked += missing;
  if (rule.noData === 'alert') finding.warn += missing;
}

/** Time before a series began is not missing. A series with an alert has existed longer. */
function missingOf(
  { for: { n }, step }: PointsRule,
  real: number,
  first: Point,
  to: number,
  current: Severity | undefined,
): number {
  const due = current === undefined ? Math.min(n, Math.floor((to - first.at) / step) + 1) : n;
  return Math.max(0, due - real);
}
