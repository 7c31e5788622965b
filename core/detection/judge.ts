import { normalQuantile } from '../statistics/normal.ts';
import { type Interval, isRatio, wilsonInterval } from '../statistics/wilson.ts';
import type { Point } from '../telemetry/series.ts';
import type { Severity } from '../vocabulary/schema-parts.ts';
import { baselineReach } from './baselines/baseline.ts';
import { learns, lookbackOf } from './baselines/lookback.ts';
import { lastUpTo } from './baselines/seasonal.ts';
import { baselineBefore, changeSlack, type Yardstick, yardstickOf } from './baselines/yardstick.ts';
import type { JudgeContext } from './context.ts';
import { levelOf } from './evidence/level.ts';
import { judgeAbsence } from './kinds/absence/judge.ts';
import { judgeAnomaly } from './kinds/anomaly/judge.ts';
import { judgeBurnRate } from './kinds/burn-rate/judge.ts';
import { judgeDrift } from './kinds/drift/judge.ts';
import { type Bounds, isPast } from './points/bands.ts';
import { breachesEarly, isJudgedEarly, worseOf } from './points/early.ts';
import { latestOf } from './points/point-tests.ts';
import { cleanPoints, isReliable } from './points/points.ts';
import {
  baselineReason,
  certaintyOf,
  type Finding,
  heldReason,
  metricName,
  noDataReason,
  reasonOf,
  tooSmallReason,
} from './points/reasons.ts';
import { isConfirmed, lateText, provisionalOf, reconciled, revisionOf } from './points/revision.ts';
import type { Rule } from './rules/rule-schema.ts';
import type { Verdict } from './verdict.ts';

/** What an evaluation needs of a rule and need not work out again for every series. */
type Plan = { metric: string; z: number; lookback: number; learns: boolean };

const plans = new WeakMap<Rule, Plan>();

function planOf(rule: Rule): Plan {
  let plan = plans.get(rule);
  if (plan === undefined) {
    const isTested = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
    const z = isTested ? -normalQuantile(levelOf(rule, 1)) : 0;
    plan = { metric: metricName(rule.query), z, lookback: lookbackOf(rule), learns: learns(rule) };
    plans.set(rule, plan);
  }
  return plan;
}

/** How much history one evaluation of the rule needs, in milliseconds before `to`. */
export function rangeNeeded(rule: Rule): number {
  const { absence, anomaly, burnRate, rateOfChange, degradation, drift, step } = rule;
  if (anomaly !== undefined) return anomaly.lookback;
  if (drift !== undefined) return (drift.baseline.rolling?.window ?? 0) + step;
  if (burnRate !== undefined) return Math.max(...burnRate.windows.map(({ long }) => long)) + step;
  if (absence !== undefined) return Math.max(absence.warn ?? 0, absence.critical ?? 0) + step;
  const before = rateOfChange === undefined ? 0 : rateOfChange.over + changeSlack(step, rateOfChange.over);
  return (
    lookbackOf(rule) + rule.samples.lateLabels + before + (degradation === undefined ? 0 : baselineReach(degradation.baseline))
  );
}

/**
 * Judges one series at one time. The latest N real points within the lookback are looked at; what is missing of N is
 * filled as `noData` says. The highest band with at least M breaching points wins.
 *
 * A point with fewer than `minCount` samples never breaches. With a `confidence`, a point enters a band only where its
 * Wilson interval lies wholly past the bound, and what lies past it by itself only is `insufficient evidence`; to stay in a band that the alert is in already, the value itself decides,
 * for otherwise an alert on few samples could never end. Values that are no ratios are judged without an interval, and
 * the reason says so. Where points too small to judge, or missing ones under `noData: hold`, could make the difference
 * to the band that the alert is in, the verdict is `judged: false`, which holds it.
 *
 * The point so far of the step that is open counts where it breaches and more data cannot take that back, and only to raise the verdict.
 */
export function judge(rule: Rule, given: readonly Point[], context: JudgeContext): Verdict {
  const points = reconciled(given, rule);
  if (rule.burnRate !== undefined) return judgeBurnRate(rule, rule.burnRate, points, context);
  if (rule.absence !== undefined) return judgeAbsence(rule, rule.absence, points, context);
  if (rule.drift !== undefined) return judgeDrift(rule, rule.drift, context.drift, context);
  if (rule.anomaly !== undefined) return judgeAnomaly(rule, rule.anomaly, points, context).verdict;
  const { now, provisional, frozen, labelWait } = context;
  const revision = provisional === undefined || !isPlain(rule) ? undefined : revisionOf(rule, points, provisional, frozen, now);
  // What was no breach keeps nobody in its band.
  const asked = revision?.outcome === 'revised' ? { ...context, current: undefined } : context;
  const latest = judgeWithOpen(rule, points, asked);
  const verdict = rule.samples.lateLabels === 0 ? latest : withLate(rule, points, asked, latest);
  if (revision !== undefined) verdict.revision = revision;
  const breaches = verdict.status === 'warn' || verdict.status === 'critical';
  if (breaches && verdict.point !== undefined && isPlain(rule)) {
    const rests = provisionalOf(verdict.point, rule, now, labelWait);
    if (rests !== undefined) verdict.provisional = rests;
  }
  return verdict;
}

/** The open step can only make a verdict worse, so it is looked at beside the steps that are over. */
function judgeWithOpen(rule: Rule, points: readonly Point[], context: JudgeContext): Verdict {
  const ended = judgeLatest(rule, points, context);
  const { open, to, current } = context;
  if (open === undefined || !isJudgedEarly(rule) || !breachesEarly(rule, open, current)) return ended;
  const known = points.filter(({ at }) => at <= to);
  return worseOf(ended, judgeLatest(rule, [...known, open], { ...context, to: open.at }), rule, current);
}

/** Rules whose bounds do not come from other points. */
const isPlain = ({ rateOfChange }: Rule): boolean => rateOfChange === undefined;

/**
 * Labels that come days later show what nobody could see in time: the newest points whose labels have come are judged, too, where
 * they end at most `lateLabels` ago, and count where they breach more, or where of the latest nothing can be said.
 */
function withLate(rule: Rule, points: readonly Point[], context: JudgeContext, latest: Verdict): Verdict {
  const confirmed = cleanPoints(points).filter((point) => point.at <= context.to && isConfirmed(point, rule));
  const at = confirmed.at(-1)?.at;
  if (at === undefined || at === latest.point?.at || at <= context.to - planOf(rule).lookback - rule.samples.lateLabels)
    return latest;
  const late = judgeLatest(rule, confirmed, { ...context, to: at });
  const isWorse = rank(late) > rank(latest);
  if (!isWorse && (latest.judged || !late.judged)) return latest;
  // A window before the one that an alert rests on says nothing of it: that it was well then ends no alert.
  const { current, provisional } = context;
  if (!isWorse && current !== undefined && provisional !== undefined && at < provisional.at) return latest;
  return { ...late, reason: late.reason + lateText(at, context.to) };
}

const rank = ({ status }: Verdict): number => (status === 'critical' ? 2 : status === 'warn' ? 1 : 0);

function judgeLatest(rule: Rule, points: readonly Point[], context: JudgeContext): Verdict {
  const { now, to, current } = context;
  const plan = planOf(rule);
  const { m } = rule.for;
  const real = cleanPoints(points);

  const { start, end } = latestOf(real, rule, to);
  if (start === end) return silent(rule, plan, real, context);

  const point = real[end - 1] as Point;
  if (point.refused !== undefined) {
    const reason = `estimate refused: ${point.refused}`;
    return { status: 'insufficient evidence', at: now, reason, point, judged: false, refused: reason };
  }
  const yardstick = yardstickOf(rule, real, start, end, context);
  if (!yardstick.ok)
    return {
      status: 'insufficient evidence',
      at: now,
      reason: baselineReason(plan.metric, yardstick.reason),
      point,
      judged: false,
      ...(rule.degradation !== undefined && yardstick.isNormal !== true && { refused: yardstick.reason }),
      ...(yardstick.byAlerts === true && { refusedByAlerts: true }),
    };
  const { bounds, baseline, each } = yardstick;
  const finding = look(rule, plan, real, start, end, bounds, each, context);
  finding.baseline = baseline;
  finding.metric = plan.metric;
  const band = finding.critical >= m ? 'critical' : finding.warn >= m ? 'warn' : undefined;
  const status = band ?? (isByChance(finding, m) ? 'insufficient evidence' : 'ok');
  const verdict: Verdict = {
    status,
    at: now,
    reason: '',
    point,
    baseline,
    degradation:
      baseline === undefined || baseline.value === 0 ? undefined : degradationOf(point.value, baseline.value, bounds.sign),
    bound: status === 'critical' ? bounds.critical : Number.isNaN(bounds.warn) ? bounds.critical : bounds.warn,
    breaching: status === 'critical' ? finding.critical : finding.warn,
    looked: finding.looked,
    judged: true,
  };
  if (plan.learns && (finding.first >= 0 || context.breachedFrom !== undefined)) {
    const from = breachedFrom(rule, plan, real, finding.first, band !== undefined, yardstick, context);
    if (from !== undefined) verdict.breachedFrom = from;
  }
  const held = heldBand(finding, rule, status, current);
  if (held !== undefined) {
    verdict.status = 'insufficient evidence';
    verdict.judged = false;
    verdict.reason = heldReason(finding, held, rule);
    if (held !== current) verdict.tells = { critical: false };
    else if (status === 'warn') verdict.tells = { warn: true };
  } else if (current === undefined && isTooSmall(finding, status)) {
    verdict.status = 'insufficient evidence';
    verdict.judged = false;
    verdict.reason = tooSmallReason(finding, point, rule);
  } else {
    verdict.reason = reasonOf(verdict, finding, bounds, rule, current);
    const certainty = certaintyOf(point, rule);
    if (certainty !== '') verdict.reason += certainty;
  }
  return verdict;
}

/**
 * No point within the lookback. Where that fires an alert, what was normal until then is what it is measured against when there are points
 * again.
 */
function silent(rule: Rule, plan: Plan, points: readonly Point[], context: JudgeContext): Verdict {
  const { now, to, current } = context;
  const { degradation, noData, step } = rule;
  const reason = noDataReason(plan.metric, plan.lookback);
  const verdict: Verdict = { status: 'no data', at: now, reason, judged: false };
  if (degradation === undefined || !plan.learns) return verdict;
  verdict.judgedTo = to;
  if (current !== undefined || noData !== 'alert') return verdict;
  const found = baselineBefore(rule, degradation, points, to - (rule.for.n - 1) * step, to, context);
  if (found.ok) verdict.baseline = found.baseline;
  return verdict;
}

/**
 * The time of the point that the breach begins with, or would begin with: of the first breaching one looked at, at the place `first`, or of those
 * that led up to it and that nobody looked at. Of an alert that fires it is asked again, for such a point may come late.
 */
function breachedFrom(
  rule: Rule,
  plan: Plan,
  points: readonly Point[],
  first: number,
  inBand: boolean,
  yardstick: Extract<Yardstick, { ok: true }>,
  { to, current, breachedFrom: known }: JudgeContext,
): number | undefined {
  const place = known === undefined ? first : lastUpTo(points, known);
  let at = known ?? points[first]?.at;
  if (place < 0 || at === undefined || (current === undefined && !inBand)) return at;
  // A step without a point is a break, a point that is not reliable is none.
  const earliest = to - rangeNeeded(rule);
  for (let i = place - 1; i >= 0; i -= 1) {
    const point = points[i] as Point;
    if (point.at <= earliest || (points[i + 1] as Point).at - point.at > rule.step) break;
    if (!isReliable(point, rule.samples.minCount)) continue;
    const bounds = yardstick.of === undefined ? yardstick.bounds : yardstick.of(point);
    if (bounds === undefined || !breaches(point, bounds, plan.z)) break;
    at = point.at;
  }
  return at;
}

/** Whether a point enters a band, of a series that is in none. */
function breaches({ value, count }: Point, bounds: Bounds, z: number): boolean {
  const isSure = (bound: number): boolean => {
    if (!isPast(value, bound, bounds)) return false;
    if (z === 0 || count === undefined || !isRatio(value)) return true;
    const { low, high } = wilsonInterval(value, count, z);
    return bounds.sign * ((bounds.sign === 1 ? low : high) - bound) > 0;
  };
  return isSure(bounds.warn) || isSure(bounds.critical);
}

/** Counts what breaches among the points from `start` to before `end`, and what is missing of N. */
function look(
  rule: Rule,
  plan: Plan,
  points: readonly Point[],
  start: number,
  end: number,
  common: Bounds,
  each: readonly (Bounds | undefined)[] | undefined,
  { current, levels, to }: JudgeContext,
): Finding {
  const { minCount } = rule.samples;
  const finding: Finding = {
    metric: '',
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
    baseline: undefined,
  };
  for (let i = start; i < end; i += 1) {
    const { value, count, refused } = points[i] as Point;
    const bounds = each === undefined ? common : each[i - start];
    if (bounds === undefined || refused !== undefined) {
      finding.unmeasured += 1;
      finding.unknown += 1;
      continue;
    }
    if (count !== undefined && count < minCount) {
      finding.small += 1;
      finding.unknown += 1;
      continue;
    }
    let critical = isPast(value, bounds.criticalNow, bounds);
    let warn = critical || isPast(value, bounds.warnNow, bounds);
    // The interval is only worth its price where the value itself breaches: it always covers the value.
    if (warn && plan.z > 0 && count !== undefined && current !== 'critical') {
      if (!isRatio(value)) {
        finding.notRatio = true;
      } else {
        const level = levels?.((points[i] as Point).at);
        const z = level?.warn.z ?? plan.z;
        const interval = wilsonInterval(value, count, z);
        const significant = ({ low, high }: Interval, bound: number): boolean =>
          bounds.sign * ((bounds.sign === 1 ? low : high) - bound) > 0;
        const strict = level === undefined ? interval : wilsonInterval(value, count, level.critical.z);
        critical &&= significant(strict, bounds.criticalNow);
        // A rule without a warn band enters it by no value; its critical band counts as both.
        if (current !== 'warn') warn = critical || significant(interval, bounds.warnNow);
        if (!warn) {
          finding.insignificant += 1;
          finding.interval = { ...interval, count, z, tests: level?.warn.tests ?? 1 };
        }
      }
    }
    if (critical) finding.critical += 1;
    if (warn) {
      finding.warn += 1;
      if (finding.first < 0) finding.first = i;
    }
    if (i === end - 1) finding.latestPast = warn;
  }
  const missing = rule.for.n <= finding.real ? 0 : missingOf(rule, finding.real, points[start] as Point, to, current);
  if (missing > 0) {
    finding.missing = missing;
    if (rule.noData === 'hold') finding.unknown += missing;
    else finding.looked += missing;
    if (rule.noData === 'alert') finding.warn += missing;
  }
  return finding;
}

/** What lies before a series began is not missing; one that has an alert has been there for longer. */
function missingOf({ for: { n }, step }: Rule, real: number, first: Point, to: number, current: Severity | undefined): number {
  const due = current === undefined ? Math.min(n, Math.floor((to - first.at) / step) + 1) : n;
  return Math.max(0, due - real);
}

/** Whether more of the points that lie past a bound by no more than chance may give would have made a breach. */
const isByChance = ({ warn, insignificant }: Finding, m: number): boolean => insignificant > 0 && warn + insignificant >= m;

/** Without an alert nothing can be said when no real point could be judged; the latest one is then too small. */
const isTooSmall = ({ small, unmeasured, real }: Finding, status: Verdict['status']): boolean =>
  small > 0 && status !== 'critical' && status !== 'warn' && small + unmeasured === real;

/**
 * The highest of the bands that an alert is in of which nobody can tell whether it has left it, for the unknown points could keep it there.
 * Missing points that count as a breach of warn say nothing of critical.
 */
function heldBand(
  { warn, critical, unknown, missing }: Finding,
  { noData, for: { m } }: Rule,
  status: Verdict['status'],
  current: Severity | undefined,
): Severity | undefined {
  if (current === undefined || status === 'critical') return undefined;
  if (current === 'critical' && critical + unknown + (noData === 'alert' ? missing : 0) >= m) return current;
  return status !== 'warn' && warn + unknown >= m ? 'warn' : undefined;
}

/** (baseline - value) / |baseline| for a drop, the negative of it for a rise; kept finite. */
function degradationOf(value: number, baseline: number, sign: 1 | -1): number {
  const share = (sign * (value - baseline)) / Math.abs(baseline);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, share));
}
