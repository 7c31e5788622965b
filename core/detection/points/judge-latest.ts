import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { JudgeContext } from '../context.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import type { Bounds } from './bands.ts';
import { breachedFrom } from './breached-from.ts';
import { degradationOf } from './degradation-of.ts';
import type { Finding } from './finding.ts';
import { heldBand, isByChance, isTooSmall } from './held.ts';
import { latestOf } from './latest.ts';
import { look, type Measures } from './look.ts';
import { type Plan, type PointKind, planOf } from './point-kind.ts';
import { cleanPoints } from './points.ts';
import { baselineReason, certaintyOf, heldReason, noDataReason, reasonOf, tooSmallReason } from './reasons.ts';
import type { Refusal } from './yardstick.ts';

/** Judges by the latest N points up to the end of the judged time. */
export function judgeLatest<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  given: readonly Point[],
  context: JudgeContext,
): Verdict {
  const { now, to } = context;
  const plan = planOf(kind, rule);
  const points = cleanPoints(given);
  const { start, end } = latestOf(points, rule, to);
  if (start === end) return silent(kind, rule, plan, points, context);
  const point = points[end - 1] as Point;
  if (point.refused !== undefined) {
    const reason = point.refused;
    return { status: 'insufficient evidence', at: now, reason, point, judged: false, refused: reason };
  }
  const yardstick = kind.measure(rule, points, start, end, context);
  if (!yardstick.ok) return unmeasured(plan, yardstick, point, now);
  const finding = look(rule, plan, { points, start, end }, yardstick, context);
  const verdict = verdictOn(finding, yardstick, point, rule.for.m, now);
  if (plan.learns && (finding.first >= 0 || context.breachedFrom !== undefined)) {
    const found = { first: finding.first, inBand: verdict.status === 'warn' || verdict.status === 'critical' };
    const from = breachedFrom(rule, plan, points, found, yardstick, context);
    if (from !== undefined) verdict.breachedFrom = from;
  }
  if (!isHeld(verdict, finding, rule, context.current)) explain(kind, rule, verdict, finding, yardstick.bounds, context.current);
  return verdict;
}

/**
 * No point within the lookback. If that fires an alert, the baseline until then is what later
 * points are measured against.
 */
function silent<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  { metric, lookback, learns }: Plan,
  points: readonly Point[],
  context: JudgeContext,
): Verdict {
  const { now, to, current } = context;
  const verdict: Verdict = { status: 'no data', at: now, reason: noDataReason(metric, lookback), judged: false };
  if (!learns) return verdict;
  verdict.judgedTo = to;
  if (current !== undefined || rule.noData !== 'alert') return verdict;
  const baseline = kind.normalBefore(rule, points, to - (rule.for.n - 1) * rule.step, context);
  if (baseline !== undefined) verdict.baseline = baseline;
  return verdict;
}

const unmeasured = ({ metric }: Plan, { reason, isNormal, byAlerts }: Refusal, point: Point, now: number): Verdict => ({
  status: 'insufficient evidence',
  at: now,
  reason: baselineReason(metric, reason),
  point,
  judged: false,
  ...(isNormal !== true && { refused: reason }),
  ...(byAlerts === true && { refusedByAlerts: true }),
});

/** The highest band with at least M breaching points. */
function verdictOn(finding: Finding, { bounds, baseline }: Measures, point: Point, m: number, now: number): Verdict {
  const band = finding.critical >= m ? 'critical' : finding.warn >= m ? 'warn' : undefined;
  const status = band ?? (isByChance(finding, m) ? 'insufficient evidence' : 'ok');
  const bound = status === 'critical' || Number.isNaN(bounds.warn) ? bounds.critical : bounds.warn;
  return {
    status,
    at: now,
    reason: '',
    point,
    baseline,
    degradation:
      baseline === undefined || baseline.value === 0 ? undefined : degradationOf(point.value, baseline.value, bounds.sign),
    bound: Number.isNaN(bound) ? undefined : bound,
    breaching: status === 'critical' ? finding.critical : finding.warn,
    looked: finding.looked,
    judged: true,
  };
}

/** Whether unknown points decide, so that the alert must be held as it is. */
function isHeld(verdict: Verdict, finding: Finding, rule: PointsRule, current: Severity | undefined): boolean {
  const { status } = verdict;
  const held = heldBand(finding, rule, status, current);
  if (held !== undefined) {
    verdict.reason = heldReason(finding, held, rule);
    if (held !== current) verdict.tells = { critical: false };
    else if (status === 'warn') verdict.tells = { warn: true };
  } else if (current === undefined && isTooSmall(finding, status)) {
    verdict.reason = tooSmallReason(finding, verdict.point as Point, rule);
  } else return false;
  verdict.status = 'insufficient evidence';
  verdict.judged = false;
  return true;
}

function explain<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  verdict: Verdict,
  finding: Finding,
  bounds: Bounds,
  current: Severity | undefined,
): void {
  verdict.reason = reasonOf(kind, rule, verdict, finding, bounds, current) + certaintyOf(verdict.point as Point, rule);
}
