import { normalTail } from '../../statistics/normal.ts';
import type { Point } from '../../telemetry/series.ts';
import { counted } from '../../vocabulary/counted.ts';
import { formatBound, formatPercent, formatValue } from '../../vocabulary/format.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import type { Baseline, Verdict } from '../verdict.ts';
import { type Bounds, holds } from './bands.ts';
import type { Finding } from './finding.ts';
import { type PointKind, planOf } from './point-kind.ts';

export const noDataReason = (metric: string, lookback: number): string =>
  `no data: ${metric} has no point in the last ${formatDuration(lookback)}`;

export const baselineReason = (metric: string, reason: string): string => `${metric}: ${reason}`;

export function heldReason(finding: Finding, current: Severity, { noData, for: { m } }: PointsRule): string {
  const breaching = current === 'critical' ? finding.critical : finding.warn;
  const missing = noData === 'ok' ? 0 : finding.missing;
  const parts: string[] = [];
  if (finding.small > 0) parts.push(`${finding.small} with too few samples`);
  if (finding.unmeasured > 0) parts.push(`${finding.unmeasured} with nothing to compare with`);
  if (missing > 0) parts.push(`${missing} missing`);
  return `${finding.metric} is held at ${current}: ${counted(breaching, 'point')} past the bound, ${parts.join(' and ')}, ${m} decide`;
}

export function tooSmallReason(finding: Finding, point: Point, rule: PointsRule): string {
  return `too few samples: ${finding.metric} ${formatValue(point.value)} rests on ${point.count} of at least ${rule.samples.minCount} (minCount)`;
}

/** In thousandths, unless that is the bound, or an end of a share, and the value is not. */
function thousandths(value: number, bound: number): string {
  const rounded = Number(value.toFixed(3));
  return [0, 1, bound].includes(rounded) ? formatValue(value, bound) : formatValue(rounded);
}

/** One sentence: the latest value, its reference, and how many of the points breach. */
export function reasonOf<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  verdict: Verdict,
  finding: Finding,
  bounds: Bounds,
  current: Severity | undefined,
): string {
  const value = verdict.point?.value ?? Number.NaN;
  const { interval } = finding;
  if (verdict.status === 'insufficient evidence' && interval !== undefined) {
    const confidence = formatConfidence(interval.z);
    const bound = verdict.bound ?? bounds.critical;
    const span = `${thousandths(interval.low, bound)}-${thousandths(interval.high, bound)}`;
    const among = interval.tests === 1 ? '' : ` (${interval.tests} series are tested)`;
    return `not significant: ${interval.count} samples, Wilson ${confidence} interval ${span} still covers the bound ${formatBound(bound, interval.low, interval.high)}${among}`;
  }
  // Where bands begin and end now: the value has to be told from them.
  let text = `${finding.metric} ${formatValue(value, bounds.warn, bounds.critical, bounds.warnNow, bounds.criticalNow)}${placeOf(kind, rule, verdict.degradation, bounds.sign, finding.baseline)}`;
  if (verdict.status === 'ok') {
    if (finding.baseline === undefined) text += ' is within its bounds';
    if (finding.warn > 0) text += `, ${finding.warn} of ${finding.looked} points past a bound, ${rule.for.m} decide`;
    return text;
  }
  const band = verdict.status as Severity;
  text += ` ${kind.bandText(rule, band, holds(current, band), bounds, finding.baseline)}`;
  const { missing } = finding;
  const filled = rule.noData === 'alert' && missing > 0 && verdict.status === 'warn' ? `, ${missing} of them missing` : '';
  text += `, ${verdict.breaching} of ${finding.looked} points${filled}`;
  if (!finding.latestPast) text += ', though not the latest';
  if (finding.notRatio) text += '; not a ratio, so judged without a confidence interval';
  return text;
}

/** The confidence of a two-sided interval, with enough digits to distinguish it from certainty. */
export function formatConfidence(z: number): string {
  const outside = 2 * normalTail(z);
  const digits = Math.max(0, Math.ceil(-Math.log10(outside)) - 1);
  return `${Number((100 * (1 - outside)).toFixed(digits))}%`;
}

/** Errors from here on are mentioned. */
const worthSaying = 0.005;

/**
 * How certain the latest value is, if it depends on late labels, scores or bins; empty if it is
 * exact.
 */
export function certaintyOf(point: Point, rule: PointsRule): string {
  const { labelled, errorBound, calibrationError } = point;
  const estimate = 'calibrationError' in point;
  if (labelled === undefined && errorBound === undefined && !estimate) return '';
  let text = '';
  if (labelled !== undefined && labelled < rule.samples.labelShare) {
    text += `; provisional: ${formatPercent(labelled, rule.samples.labelShare)} of the predictions are labelled, fewer than labelShare ${formatPercent(rule.samples.labelShare)}`;
  }
  if (estimate) {
    text += '; an estimate from scores';
    if (point.recalibrated !== undefined) {
      const { labels, before } = point.recalibrated;
      text += ` recalibrated on ${labels} labels, where they were off by ${formatValue(Number(before.toFixed(3)))}`;
    }
    text +=
      calibrationError === undefined
        ? ', which too few labels have confirmed'
        : `, which are off by ${formatValue(Number(calibrationError.toFixed(3)))} on average where labels have come`;
  }
  if (errorBound !== undefined && errorBound >= worthSaying) text += `; exact to ${formatValue(Number(errorBound.toFixed(3)))}`;
  return text;
}

/** The value relative to the baseline; empty without one. */
function placeOf<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  degradation: number | undefined,
  sign: 1 | -1,
  baseline: Baseline | undefined,
): string {
  if (baseline === undefined) return '';
  const above = sign * (degradation ?? 0);
  const how =
    above === 0 ? 'at' : `${formatPercent(Math.abs(above), ...planOf(kind, rule).sizes)} ${above > 0 ? 'above' : 'below'}`;
  return kind.placeText(rule, how, baseline);
}

/** `(critical from 10%)`, or `(critical until under 8%)` while hysteresis keeps it there. */
export const sizeText = (band: Severity, kept: boolean, recover: number, size: number, text: (size: number) => string): string =>
  kept ? `(${band} until under ${text(size * recover)})` : `(${band} from ${text(size)})`;

/** `(critical above 12)`, from the bounds. */
export function boundText(band: Severity, kept: boolean, bounds: Bounds): string {
  const bound = bounds[band];
  if (Number.isNaN(bound)) return `(${band})`;
  const side = bounds.sign === 1 ? 'above' : 'below';
  if (!kept) return `(${band} ${side} ${formatBound(bound)})`;
  return `(${band} ${side} ${formatBound(bound)}, until back at ${formatBound(bounds[band === 'critical' ? 'criticalNow' : 'warnNow'])})`;
}
