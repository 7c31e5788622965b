import type { Point } from '../../../telemetry/series.ts';
import { counted } from '../../../vocabulary/counted.ts';
import { formatPercent, formatUtc, formatValue } from '../../../vocabulary/format.ts';
import type { Severity } from '../../../vocabulary/schema-parts.ts';
import { lookbackOf } from '../../baselines/lookback.ts';
import type { JudgeContext } from '../../context.ts';
import { metricName } from '../../points/metric-name.ts';
import { cleanPoints, isReliable } from '../../points/points.ts';
import { noDataReason } from '../../points/reasons.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Verdict } from '../../verdict.ts';
import { anomalousScore, detectAnomalies, surpriseBound } from './detect.ts';
import type { AnomalyConfig } from './schema.ts';
import { type AnomalyState, emptyAnomalyState } from './state.ts';
import { samplesToSpeak } from './tail.ts';

type AnomalyRule = RuleOf<'anomaly'>;

/** An anomaly that began and has not ended. */
type Event = { at: number; score: number; reason: string; severity: Severity };

/**
 * What a rule remembers of one series. Losing it is safe: given points of the whole lookback, an
 * empty state becomes the same again.
 */
export type AnomalyRuleState = {
  detector: AnomalyState;
  event: Event | undefined;
  /** The latest point processed, its surprise, and the expected value. */
  latest: { point: Point; surprise: number; expected: number | undefined } | undefined;
  /** The bands of the latest N points, oldest first. */
  bands: readonly (Severity | undefined)[];
  /** Points after this time are waiting; Infinity if none. */
  wantedAfter: number;
};

const emptyState = (): AnomalyRuleState => ({
  detector: emptyAnomalyState(),
  event: undefined,
  latest: undefined,
  bands: [],
  wantedAfter: Number.POSITIVE_INFINITY,
});

/**
 * The surprise from which each band begins; score = surprise / (surprise + 4.5), see
 * core/detection/kinds/anomaly/detect.ts.
 */
function boundsOf({ critical }: AnomalyConfig): Record<Severity, number> {
  const score = critical === true ? anomalousScore : critical;
  return { warn: surpriseBound, critical: score === false ? Number.POSITIVE_INFINITY : (surpriseBound * score) / (1 - score) };
}

/**
 * Processes the new points, and judges by the latest M of N. A point breaches if an anomaly begins
 * (score >= 0.5), and while the surprise stays above `recover` of that bound. So the verdict
 * depends only on the points, not on when or how often the rule was evaluated.
 *
 * Skips points with fewer than `minCount` samples, and refused estimates. Points with fewer labels
 * than `labelShare` wait for more: a point is processed once, and later changes would be missed.
 */
export function judgeAnomaly(
  rule: AnomalyRule,
  points: readonly Point[],
  context: Pick<JudgeContext, 'now' | 'to'>,
  known: AnomalyRuleState = emptyState(),
): { verdict: Verdict; state: AnomalyRuleState } {
  const { to } = context;
  const after = known.detector.lastAt ?? to - rule.anomaly.lookback;
  const fresh: Point[] = [];
  let refused: Point | undefined;
  let wantedAfter = Number.POSITIVE_INFINITY;
  let newest = known.latest?.point;
  for (const point of cleanPoints(points)) {
    if (point.at > to || point.at <= after) continue;
    newest = point;
    const small = isSmall(rule, point);
    refused = small || isProvisional(rule, point) ? point : undefined;
    if (refused === undefined) fresh.push(point);
    else if (!small) wantedAfter = Math.min(wantedAfter, point.at - 1);
  }
  const state = { ...take(rule, fresh, known), wantedAfter };
  return { verdict: verdictOf(rule, state, newest, refused, context), state };
}

const isSmall = ({ samples }: AnomalyRule, point: Point): boolean => !isReliable(point, samples.minCount);
const isProvisional = ({ samples }: AnomalyRule, { labelled }: Point): boolean =>
  labelled !== undefined && labelled < samples.labelShare;

function take(rule: AnomalyRule, fresh: readonly Point[], known: AnomalyRuleState): AnomalyRuleState {
  if (fresh.length === 0) return known;
  const { state: detector, findings } = detectAnomalies(known.detector, fresh);
  const bounds = boundsOf(rule.anomaly);
  const bands = [...known.bands];
  let { event } = known;
  for (const { at, score, surprise, reason } of findings) {
    const begins = score >= anomalousScore;
    const band = begins || event !== undefined ? bandOf(surprise, bounds, rule.recover, event?.severity) : undefined;
    if (band === undefined) event = undefined;
    else if (begins || event === undefined) event = { at, score, reason, severity: band };
    else if (band !== event.severity) event = { ...event, severity: band };
    bands.push(band);
  }
  const point = fresh.at(-1) as Point;
  const { surprise, expected } = findings.at(-1) as (typeof findings)[number];
  return { ...known, detector, event, latest: { point, surprise, expected }, bands: bands.slice(-rule.for.n) };
}

/**
 * Undefined if the event is over. It keeps the highest severity reached, so that it does not flap
 * with each point.
 */
function bandOf(
  surprise: number,
  { warn, critical }: Record<Severity, number>,
  recover: number,
  current: Severity | undefined,
): Severity | undefined {
  if (surprise < (current === undefined ? warn : warn * recover)) return undefined;
  return current === 'critical' || surprise >= critical ? 'critical' : 'warn';
}

function verdictOf(
  rule: AnomalyRule,
  state: AnomalyRuleState,
  newest: Point | undefined,
  refused: Point | undefined,
  { now, to }: Pick<JudgeContext, 'now' | 'to'>,
): Verdict {
  const metric = metricName(rule.query);
  const patience = lookbackOf(rule);
  if (newest === undefined || newest.at <= to - patience)
    return { status: 'no data', at: now, reason: noDataReason(metric, patience), judged: false };
  const { detector, latest, bands, event } = state;
  const unjudged = (reason: string, point = latest?.point): Verdict => ({
    status: 'insufficient evidence',
    at: now,
    reason: `insufficient evidence: ${reason}`,
    ...(point === undefined ? {} : { point }),
    judged: false,
  });
  if (refused !== undefined && (latest === undefined || isSmall(rule, refused)))
    return unjudged(refusal(rule, metric, refused), refused);
  if (latest === undefined || detector.samples <= samplesToSpeak)
    return unjudged(`learning, ${detector.samples} of ${samplesToSpeak} points of ${metric}`);

  const critical = bands.filter((band) => band === 'critical').length;
  const warn = bands.filter((band) => band !== undefined).length;
  const { m } = rule.for;
  const status = critical >= m ? 'critical' : warn >= m ? 'warn' : 'ok';
  const breaching = status === 'critical' ? critical : warn;
  const of = rule.for.n === 1 || breaching === 0 ? '' : `, ${breaching} of ${bands.length} points`;
  const waits = refused === undefined ? '' : `; ${refusal(rule, metric, refused)}`;
  return {
    status,
    at: now,
    reason: reasonOf(metric, latest, event, rule.recover * surpriseBound) + of + waits,
    point: latest.point,
    ...(latest.expected === undefined ? {} : { baseline: { kind: 'expected', value: latest.expected } }),
    breaching,
    looked: bands.length,
    judged: true,
  };
}

function reasonOf(
  metric: string,
  { point, surprise }: NonNullable<AnomalyRuleState['latest']>,
  event: Event | undefined,
  until: number,
): string {
  const unusual = (what: number): string => {
    const rounded = Number(what.toFixed(1));
    return rounded === surpriseBound || rounded === until ? formatValue(what, surpriseBound, until) : formatValue(rounded);
  };
  if (event === undefined)
    return `${metric} ${formatValue(point.value)} is like itself: surprise ${unusual(surprise)}, an anomaly from ${surpriseBound}`;
  const began = `${metric}: ${event.reason} (score ${event.score.toFixed(2)}, an anomaly from ${anomalousScore})`;
  if (event.at === point.at) return began;
  return `${began} at ${formatUtc(event.at)}; still unlike itself with ${formatValue(point.value)}: surprise ${unusual(surprise)}, until under ${unusual(until)}`;
}

function refusal({ samples }: AnomalyRule, metric: string, point: Point): string {
  const { value, count, labelled, at } = point;
  if (point.refused !== undefined) return point.refused;
  if (count !== undefined && count < samples.minCount)
    return `${metric} ${formatValue(value)} rests on ${count} of at least ${counted(samples.minCount, 'sample')} (minCount)`;
  return `the point at ${formatUtc(at)} waits for labels: ${formatPercent(labelled ?? 0, samples.labelShare)} of its predictions have one, fewer than labelShare ${formatPercent(samples.labelShare)}`;
}
