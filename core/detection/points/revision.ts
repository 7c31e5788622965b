import type { Point } from '../../telemetry/series.ts';
import { formatPercent, formatUtc, formatValue } from '../../vocabulary/format.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { AskingRule } from '../rules/rule-schema.ts';
import type { Provisional, Revision } from '../verdict.ts';
import { type Bounds, isPast } from './bands.ts';
import { metricName } from './metric-name.ts';

/** The default wait for labels. */
const usualWait = 7 * 86_400_000;

/** What labels say about a point; for an estimate, its real value. */
const knownOf = (point: Point): { value: number; count?: number; labelled: number } | undefined =>
  'calibrationError' in point ? point.real : point.labelled === undefined ? undefined : { ...point, labelled: point.labelled };

/** Estimates stand in for unknown values; points with enough labels use the labels. */
export function reconciled(points: readonly Point[], rule: AskingRule): readonly Point[] {
  if (points.at(-1)?.real === undefined && !points.some(({ real }) => real !== undefined)) return points;
  return points.map((point) => {
    if (point.real === undefined || point.real.labelled < rule.samples.labelShare) return point;
    return { at: point.at, ...point.real };
  });
}

/** Whether a point has enough labels; true if it needs none. */
export function isConfirmed(point: Point, rule: AskingRule): boolean {
  if (!('calibrationError' in point) && point.labelled === undefined) return true;
  return (knownOf(point)?.labelled ?? 0) >= rule.samples.labelShare;
}

/** What a breach is based on while labels are missing; undefined if none are. */
export function provisionalOf(point: Point, rule: AskingRule, now: number, labelWait = usualWait): Provisional | undefined {
  if (isConfirmed(point, rule)) return undefined;
  const { at, value, count, labelled } = point;
  return {
    at,
    value,
    ...(count === undefined ? {} : { count }),
    ...('calibrationError' in point ? { estimate: true as const } : { labelled: labelled ?? 0 }),
    until: Math.max(at, now) + labelWait,
  };
}

/**
 * What late labels say about the window an alert began with, by the bounds where its bands begin:
 * confirmed, or no breach. Undefined while there are too few labels, until `until`, when no more
 * are expected.
 */
export function revisionOf(
  rule: AskingRule,
  points: readonly Point[],
  provisional: Provisional,
  bounds: Bounds,
  now: number,
): Revision | undefined {
  const point = points.find(({ at }) => at === provisional.at);
  const known = point === undefined ? undefined : knownOf(point);
  const metric = metricName(rule.query);
  const window = `the window until ${formatUtc(provisional.at)}`;
  if (known === undefined || known.labelled < rule.samples.labelShare || !Number.isFinite(known.value)) {
    if (now < provisional.until) return undefined;
    const share = formatPercent(known?.labelled ?? 0);
    const text = `${share} of the predictions of ${window} have their labels, and more are not waited for: it stays as judged, ${metric} ${formatValue(provisional.value)}`;
    return { at: provisional.at, outcome: 'unconfirmed', text };
  }
  const { value, count } = known;
  const band: Severity | undefined = isPast(value, bounds.critical, bounds)
    ? 'critical'
    : isPast(value, bounds.warn, bounds)
      ? 'warn'
      : undefined;
  const name = provisional.estimate ? metric.replace(/^estimated_/, '') : metric;
  const labels = count === undefined ? '' : ` on ${count} labels`;
  const before = provisional.estimate
    ? `estimated as ${formatValue(provisional.value)} from scores`
    : `first judged as ${formatValue(provisional.value)}${provisional.count === undefined ? '' : ` on ${provisional.count}`}`;
  const text = `${name} ${formatValue(value, bounds.warn, bounds.critical, provisional.value)}${labels} in ${window}, ${before}; it ${band === undefined ? 'no longer breaches' : `is ${band}`}`;
  return {
    at: provisional.at,
    outcome: band === undefined ? 'revised' : 'confirmed',
    text,
    value,
    ...(count === undefined ? {} : { count }),
  };
}

/** Text for a verdict on the newest labelled window when newer ones say less. */
export const lateText = (at: number, to: number): string =>
  `; of the window until ${formatUtc(at)}, ${formatDuration(to - at)} ago, whose labels have come`;
