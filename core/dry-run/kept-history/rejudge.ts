import type { HistoryEntry } from '../../alerting/judgements/history/entry.ts';
import { boundsOf as boundsOfDegradation } from '../../detection/kinds/degradation/judge.ts';
import { boundsOf as boundsOfThreshold } from '../../detection/kinds/threshold/judge.ts';
import { type Bounds, isPast } from '../../detection/points/bands.ts';
import { type IntervalOf, intervalOf } from '../../detection/points/interval.ts';
import { isWhollyPast } from '../../detection/points/look.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { RejudgedRule } from './changed-rule.ts';

export type FiringSpan = { from: number; to: number; severity: Severity };

/** What a rule would have done with one series. Times in milliseconds. */
export type Rejudged = {
  spans: FiringSpan[];
  /** Alerts that would have begun, and raises from warn to critical: each is a reason to page. */
  alerts: number;
  raises: number;
};

/** A value stands for this many steps of a rule at most: a longer gap is a gap. */
const gapSteps = 3;
const hour = 3_600_000;

/**
 * Judges kept entries of one series again, oldest first. History keeps what is well now and then,
 * and one entry an hour of what is old, so an entry stands for the points until the next one.
 */
export function rejudge(rule: RejudgedRule, entries: readonly HistoryEntry[], to: number): Rejudged {
  const { m, n } = rule.for;
  const interval = intervalOf(rule);
  const window: (Severity | 'ok' | 'unknown')[] = [];
  const result: Rejudged = { spans: [], alerts: 0, raises: 0 };
  let current: FiringSpan | undefined;
  // Since when no judgement was in the band of the alert, or in any.
  let betterSince: number | undefined;
  for (const [place, entry] of entries.entries()) {
    const until = Math.min(to, entries[place + 1]?.at ?? to);
    const steps = Math.max(1, Math.round((until - entry.at) / rule.step));
    const found = bandOf(rule, entry, current?.severity, interval);
    for (let step = 0; step < Math.min(steps, n); step += 1) window.push(found);
    window.splice(0, Math.max(0, window.length - n));
    const isGap = until - entry.at > Math.max(2 * hour, gapSteps * rule.step) && entry.value === undefined;
    const verdict = isGap ? undefined : verdictOf(window, m, current?.severity);
    if (current !== undefined) current.to = until;
    if (verdict === undefined) continue;
    if (verdict === 'ok') {
      if (current === undefined) continue;
      betterSince ??= entry.at;
      if (until - betterSince < rule.keepFiring) continue;
      current.to = Math.max(current.from, betterSince + rule.keepFiring);
      current = undefined;
      betterSince = undefined;
      continue;
    }
    if (current === undefined) {
      current = { from: entry.at, to: until, severity: verdict };
      result.spans.push(current);
      result.alerts += 1;
    } else if (verdict === 'critical' && current.severity === 'warn') {
      current.to = entry.at;
      current = { from: entry.at, to: until, severity: 'critical' };
      result.spans.push(current);
      result.raises += 1;
    } else if (verdict === 'warn' && current.severity === 'critical') {
      betterSince ??= entry.at;
      if (until - betterSince < rule.keepFiring) continue;
      current.to = entry.at;
      current = { from: entry.at, to: until, severity: 'warn' };
      result.spans.push(current);
    }
    betterSince = undefined;
  }
  return result;
}

function verdictOf(window: readonly string[], m: number, current: Severity | undefined): Severity | 'ok' | undefined {
  let [critical, warn, unknown] = [0, 0, 0];
  for (const one of window) {
    if (one === 'critical') critical += 1;
    if (one === 'critical' || one === 'warn') warn += 1;
    if (one === 'unknown') unknown += 1;
  }
  if (critical >= m) return 'critical';
  if (warn >= m) return 'warn';
  // What is not known may decide, so the alert keeps its band.
  const decides = current === 'critical' ? critical + unknown >= m : warn + unknown >= m;
  return unknown > 0 && decides ? undefined : 'ok';
}

function bandOf(
  rule: RejudgedRule,
  { value, count, baseline }: HistoryEntry,
  current: Severity | undefined,
  interval: IntervalOf | undefined,
): Severity | 'ok' | 'unknown' {
  if (value === undefined) return 'unknown';
  if (count !== undefined && count < rule.samples.minCount) return 'unknown';
  const bounds = boundsFor(rule, baseline, current);
  if (bounds === undefined) return 'unknown';
  const span = current === 'critical' ? undefined : interval?.(value, count);
  const isBeyond = (bound: number, kept: boolean): boolean =>
    span === undefined || kept ? isPast(value, bound, bounds) : isWhollyPast(span, bound, bounds);
  if (isBeyond(bounds.criticalNow, current === 'critical')) return 'critical';
  return isBeyond(bounds.warnNow, current !== undefined) ? 'warn' : 'ok';
}

function boundsFor(rule: RejudgedRule, baseline: number | undefined, current: Severity | undefined): Bounds | undefined {
  if (rule.kind === 'threshold') return boundsOfThreshold(rule, current);
  return baseline === undefined ? undefined : boundsOfDegradation(rule, { kind: 'fixed', value: baseline }, current);
}
