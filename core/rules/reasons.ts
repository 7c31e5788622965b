import type { Rule, RuleQuery, Severity } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import { formatPercent, formatValue } from '../paging/describe.ts';
import type { Bounds } from './bands.ts';
import type { Baseline, Point, Verdict } from './verdict.ts';

/** What looking at the points of one series found. */
export type Finding = {
  metric: string;
  /** Points past the bound of each band; those past critical count as warn too, and so do filled ones that breach. */
  warn: number;
  critical: number;
  /** Points counted, real and filled, and how many of these are real. */
  looked: number;
  real: number;
  /** Points with fewer samples than minCount. */
  small: number;
  /** Points of which nobody can tell: the small ones, and the missing ones under `noData: hold`. */
  unknown: number;
  /** Points whose value breaches while their interval does not, and the interval of the latest of them. */
  insignificant: number;
  interval: { low: number; high: number; count: number } | undefined;
  /** A confidence was asked for, and a value lies outside [0, 1]. */
  notRatio: boolean;
  latestPast: boolean;
  baseline: Baseline | undefined;
};

/** What a person calls the value that a query gives. */
export function metricName(query: RuleQuery): string {
  if (query.predictions !== undefined) return query.predictions.metric;
  if (query.samples !== undefined) return query.samples.metric;
  return query.cloudwatch?.metric?.metric ?? query.cloudwatch?.expression ?? 'the query';
}

export const noDataReason = (metric: string, lookback: number): string =>
  `no data: ${metric} has no point in the last ${formatDuration(lookback)}`;

export const baselineReason = (metric: string, reason: string): string => `${metric}: ${reason}`;

export function heldReason(finding: Finding, current: Severity, m: number): string {
  const breaching = current === 'critical' ? finding.critical : finding.warn;
  const missing = finding.unknown - finding.small;
  const parts: string[] = [];
  if (finding.small > 0) parts.push(`${finding.small} with too few samples`);
  if (missing > 0) parts.push(`${missing} missing`);
  return `${finding.metric} is held at ${current}: ${breaching} point${breaching === 1 ? '' : 's'} past the bound, ${parts.join(' and ')}, ${m} decide`;
}

export function tooSmallReason(finding: Finding, point: Point, rule: Rule): string {
  return `not significant: ${finding.metric} ${formatValue(point.value)} rests on ${point.count} sample${point.count === 1 ? '' : 's'}, fewer than minCount ${rule.samples.minCount}`;
}

/** One sentence: the latest value, what it is compared with, and how many points of those looked at breach. */
export function reasonOf(verdict: Verdict, finding: Finding, bounds: Bounds, rule: Rule, current: Severity | undefined): string {
  const value = verdict.point?.value ?? Number.NaN;
  const { interval } = finding;
  if (verdict.status === 'ok' && interval !== undefined && finding.warn + finding.insignificant >= rule.for.m) {
    const confidence = formatPercent(rule.samples.confidence ?? 0);
    const span = `${formatValue(Number(interval.low.toFixed(3)))}-${formatValue(Number(interval.high.toFixed(3)))}`;
    return `not significant: ${interval.count} samples, Wilson ${confidence} interval ${span} still covers the bound ${formatValue(verdict.bound ?? bounds.critical)}`;
  }
  const place =
    finding.baseline === undefined ? '' : ` is ${compared(verdict.degradation ?? 0, bounds.sign, finding.baseline.value)}`;
  let text = `${finding.metric} ${formatValue(value)}${place}`;
  if (verdict.status === 'ok') {
    if (finding.baseline === undefined) text += ' is within its bounds';
    if (finding.warn > 0) text += `, ${finding.warn} of ${finding.looked} points past a bound, ${rule.for.m} decide`;
    return text;
  }
  text += ` ${bandText(verdict.status as Severity, finding, bounds, rule, current)}`;
  const missing = rule.for.n - finding.real;
  const filled = rule.noData === 'alert' && missing > 0 && verdict.status === 'warn' ? `, ${missing} of them missing` : '';
  text += `, ${verdict.breaching} of ${finding.looked} points${filled}`;
  if (!finding.latestPast) text += ', though not the latest';
  if (finding.notRatio) text += '; not a ratio, so judged without a confidence interval';
  return text;
}

function compared(degradation: number, sign: 1 | -1, baseline: number): string {
  const above = sign * degradation;
  if (above === 0) return `at the baseline ${formatValue(baseline)}`;
  return `${formatPercent(Math.abs(above))} ${above > 0 ? 'above' : 'below'} the baseline ${formatValue(baseline)}`;
}

/** `(critical from 10%)`, or `(critical until under 8%)` while hysteresis keeps it there. */
function bandText(band: Severity, finding: Finding, bounds: Bounds, rule: Rule, current: Severity | undefined): string {
  const kept = current === 'critical' || current === band;
  if (finding.baseline !== undefined) {
    const share = (band === 'critical' ? rule.degradation?.critical : rule.degradation?.warn) ?? 0;
    return kept ? `(${band} until under ${formatPercent(share * rule.recover)})` : `(${band} from ${formatPercent(share)})`;
  }
  const bound = bounds[band];
  if (Number.isNaN(bound)) return `(${band})`;
  const side = bounds.sign === 1 ? 'above' : 'below';
  if (!kept) return `(${band} ${side} ${formatValue(bound)})`;
  return `(${band} ${side} ${formatValue(bound)}, until back at ${formatValue(bounds[band === 'critical' ? 'criticalNow' : 'warnNow'])})`;
}
