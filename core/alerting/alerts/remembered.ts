import type { Span } from '../../detection/baselines/baseline.ts';
import { countedBackFrom, windowEndOf } from '../../detection/baselines/kept-baseline.ts';
import { baselineReach, historyOf } from '../../detection/learning.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Alert } from './alert.ts';
import type { AlertStep, AlertSubject } from './alert-step.ts';
import type { AlertChangeKind } from './change-kind.ts';

const dayMs = 86_400_000;

const historyFor = ({ rule, history }: AlertSubject): number => history ?? historyOf(rule, undefined);

/** A resolved alert is remembered only for what a baseline must leave out, and for what it was measured against until then. */
export function ended(alert: Alert, subject: AlertSubject, change: AlertChangeKind): AlertStep {
  // Days of a season are counted back from the freeze.
  const { baseline, evaluatedAt } = alert;
  const since = Math.min(evaluatedAt, (baseline && countedBackFrom(baseline)) ?? evaluatedAt);
  return { alert: { ...alert, excluded: liveSpans(alert.excluded, subject, since) }, change };
}

/** Those that a window can still reach. */
function liveSpans(spans: Alert['excluded'], subject: AlertSubject, now: number): Span[] {
  const history = historyFor(subject);
  return history === 0 ? [] : spans.filter((span) => span.to >= now - history);
}

/**
 * An alert that has resolved, as long as it is needed: while a window can reach its points, and then until the series has a baseline of its
 * own again. Of a series that never has one it is forgotten in the end: after a day, or twice what the baseline looks back.
 */
export function forgotten(alert: Alert | undefined, subject: AlertSubject, { at: now, baseline }: Verdict): AlertStep {
  const unchanged: AlertStep = { alert, change: undefined };
  if (alert === undefined) return unchanged;
  if (alert.pinned === true && hasOwn(alert, subject, baseline, now)) return { alert: undefined, change: 'forgotten' };
  if (liveSpans(alert.excluded, subject, now).length > 0) return unchanged;
  if (alert.pinned === true) {
    const reach = baselineReach(subject.rule) ?? historyFor(subject);
    const patience = Math.max(dayMs, 2 * reach);
    if (historyFor(subject) > 0 && now - (alert.resolvedAt ?? now) <= patience) return unchanged;
  }
  return { alert: undefined, change: 'forgotten' };
}

/** Whether a series whose alert has ended has a baseline of its own again, out of a window that reaches no point of the alert. */
export const hasOwn = (alert: Alert, subject: AlertSubject, baseline: Alert['baseline'], now: number): boolean =>
  isNewer(baseline, alert.baseline) && (isPast(baseline, alert, subject) || liveSpans(alert.excluded, subject, now).length === 0);

/** Whether the window of a baseline begins after all points of the alert, so that none reaches them any more. */
function isPast(baseline: Alert['baseline'], { excluded }: Alert, { rule }: AlertSubject): boolean {
  const reach = baselineReach(rule);
  const end = baseline && windowEndOf(baseline);
  if (reach === undefined || end === undefined) return false;
  return end - reach > (excluded.at(-1)?.to ?? Number.NEGATIVE_INFINITY);
}

/** Whether a baseline was learned from later points than the other. */
function isNewer(baseline: Alert['baseline'], other: Alert['baseline']): boolean {
  if (baseline === undefined || other === undefined || baseline.kind !== other.kind) return baseline !== undefined;
  return 'to' in baseline && 'to' in other && baseline.to > other.to;
}
