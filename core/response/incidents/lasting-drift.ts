import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import type { RuleId } from '../../vocabulary/ids.ts';

const weekMs = 7 * 86_400_000;

/** The firing alerts if all of them are drift; none otherwise. */
function driftOnly(alerts: readonly AlertSummary[]): AlertSummary[] {
  const firing = alerts.filter(({ state }) => state === 'firing');
  return firing.every(({ drift }) => drift !== undefined) ? firing : [];
}

/**
 * How long an acknowledgement lasts, in milliseconds: `ackTimeout`. Drift that goes on is known
 * and does not end by itself, so reminders of it grow rare: the next comes when it has lasted as
 * long again, at most a week later.
 */
export function ackLasts(alerts: readonly AlertSummary[], ackTimeout: number, now: number): number {
  const drifting = driftOnly(alerts);
  const newest = Math.max(...drifting.map(({ since }) => since));
  return drifting.length === 0 ? ackTimeout : Math.max(ackTimeout, Math.min(weekMs, now - newest));
}

/** What ends drift that is there to stay, for people; empty for other incidents. */
export function howDriftEnds(alerts: readonly AlertSummary[]): string {
  const rules = new Set<RuleId>(driftOnly(alerts).map(({ ruleId }) => ruleId));
  return [...rules]
    .slice(0, 3)
    .map((rule) => `; if that is the new normal: tocsin baseline accept ${rule}`)
    .join('');
}
