import type { Span } from '../../detection/baselines/baseline.ts';
import { countedBackFrom, windowEndOf } from '../../detection/baselines/kept-baseline.ts';
import { baselineReach, historyOf } from '../../detection/learning.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Alert } from './alert.ts';
import type { AlertStep, AlertSubject } from './alert-step.ts';
import type { AlertChangeKind } from './change-kind.ts';

const dayMs = 86_400_000;

const historyFor = ({ rule, history }: AlertSubject): number => history ?? historyOf(rule, undefined);

/**
 * A resolved alert is kept only for the spans a baseline must exclude, and for the baseline it was
 * measured against.
 */
export function ended(alert: Alert, subject: AlertSubject, change: AlertChangeKind): AlertStep {
  // Days of a season are counted back from the freeze.
  const { baseline, evaluatedAt } = alert;
  const since = Math.min(evaluatedAt, (baseline && countedBackFrom(baseline)) ?? evaluatedAt);
  return { alert: { ...alert, excluded: liveSpans(alert.excluded, subject, since) }, change };
}

/** The spans that a baseline window can still reach. */
function liveSpans(spans: Alert['excluded'], subject: AlertSubject, now: number): Span[] {
  const history = historyFor(subject);
  return history === 0 ? [] : spans.filter((span) => span.to >= now - history);
}

/**
 * Keeps a resolved alert while it is needed: until no window reaches its points and its series has
 * a baseline of its own again. If it never gets one, the alert is forgotten after a day, or after
 * twice the baseline's look-back.
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

/**
 * Whether the series of an ended alert has its own baseline again, from a window that excludes the
 * alert's points.
 */
export const hasOwn = (alert: Alert, subject: AlertSubject, baseline: Alert['baseline'], now: number): boolean =>
  isNewer(baseline, alert.baseline) && (isPast(baseline, alert, subject) || liveSpans(alert.excluded, subject, now).length === 0);

/** Whether the baseline window starts after all points of the alert. */
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
