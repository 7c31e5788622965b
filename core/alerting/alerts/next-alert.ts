import { lookbackOf } from '../../detection/baselines/lookback.ts';
import type { Revision, Verdict } from '../../detection/verdict.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { asGroupKey } from '../../vocabulary/ids.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { tenantName } from '../../vocabulary/tenant.ts';
import { type Alert, isActive } from './alert.ts';
import { type AlertStep, type AlertSubject, numbersOf, type Signal, signalOf } from './alert-step.ts';
import { groupOf } from './group.ts';
import { nextActive } from './next-active.ts';
import { ended, forgotten, hasOwn } from './remembered.ts';

function newAlert(subject: AlertSubject, state: Alert['state'], severity: Severity, verdict: Verdict, was?: Alert): Alert {
  const id = fingerprint(subject.aboutRule ? `${subject.ruleId}#source` : subject.ruleId, subject.labels);
  return {
    fingerprint: id,
    ruleId: subject.ruleId,
    labels: subject.labels,
    category: subject.category,
    ...(subject.tenant === undefined
      ? groupOf({ labels: subject.labels, fingerprint: id }, subject.groupBy)
      : { groupKey: asGroupKey(tenantName(subject.tenant)), groupLabels: {}, tenant: subject.tenant }),
    state,
    severity,
    since: verdict.at,
    breachedAt: verdict.at,
    excluded: was?.excluded ?? [],
    ...(state === 'firing' && verdict.breachedFrom !== undefined ? { breachedFrom: verdict.breachedFrom } : {}),
    ...(was?.joined === undefined ? {} : { joined: was.joined }),
    ...(state === 'pending' && was?.awaitsValues ? { awaitsValues: true } : {}),
    ...(subject.aboutRule ? { aboutRule: true } : {}),
    ...(verdict.provisional === undefined ? {} : { provisional: verdict.provisional }),
    version: was?.version ?? 0,
    ...numbersOf(verdict),
    ...(was?.pinned === true && (state === 'pending' || verdict.baseline === undefined) ? pinnedBy(was) : {}),
  };
}

/** An earlier alert's pinned baseline stands in until this one has its own. */
const pinnedBy = ({ baseline }: Alert): Pick<Alert, 'baseline' | 'pinned'> => ({ baseline, pinned: true });

/**
 * A verdict up to this much older than the alert comes from a small clock step or an overtaken
 * evaluation. If it is older still, the alert was written by a wrong clock.
 */
export const maxClockStep = 3_600_000;

/**
 * The life of an alert, one verdict at a time. A verdict not newer than the alert changes nothing,
 * so a clock that steps back undoes nothing. The exception is a clock that was more than an hour
 * ahead: its alerts do not get stuck.
 */
export function nextAlert(known: Alert | undefined, verdict: Verdict, subject: AlertSubject): AlertStep {
  const early = known !== undefined && verdict.at <= known.evaluatedAt;
  if (early && verdict.at > known.evaluatedAt - maxClockStep) return { alert: known, change: undefined };
  const alert = early ? broughtBack(known, verdict.at) : known;
  const signal = signalOf(verdict, subject.rule, subject.aboutRule === true);
  const { revision } = verdict;
  if (revision !== undefined && alert?.provisional?.at === revision.at && isActive(alert)) {
    return revised(alert, verdict, revision, signal, subject);
  }
  const severity: Severity = verdict.status === 'critical' ? 'critical' : 'warn';
  const active = alert !== undefined && alert.state !== 'resolved' ? alert : undefined;

  if (active === undefined) {
    if (signal === 'breach') {
      if (subject.aboutRule && subject.rule.errorFor > 0)
        return { alert: newAlert(subject, 'pending', severity, verdict, alert), change: 'pending' };
      return { alert: { ...newAlert(subject, 'firing', severity, verdict, alert), firedAt: verdict.at }, change: 'fired' };
    }
    if (signal === 'clear' && (verdict.breaching ?? 0) > 0)
      return { alert: newAlert(subject, 'pending', 'warn', verdict, alert), change: 'pending' };
    if (alert?.awaitsValues) return awaitedValue(alert, verdict, signal);
    return forgotten(alert, subject, verdict);
  }
  return active.state === 'pending'
    ? nextPending(active, verdict, signal, severity, subject)
    : nextActive(active, verdict, signal, subject);
}

function nextPending(active: Alert, verdict: Verdict, signal: Signal, severity: Severity, subject: AlertSubject): AlertStep {
  const { rule } = subject;
  const unchanged: AlertStep = { alert: active, change: undefined };
  const over = (): AlertStep => {
    const awaited = signal === 'clear' && active.awaitsValues === true && verdict.point !== undefined;
    const after: Alert = {
      ...active,
      ...numbersOf(verdict),
      ...measured(active, verdict),
      state: 'resolved',
      resolvedAt: verdict.at,
      ...(active.pinned === true && hasOwn(active, subject, verdict.baseline, verdict.at) ? { pinned: undefined } : {}),
    };
    return ended(awaited ? { ...after, awaitsValues: undefined } : after, subject, awaited ? valuesAgain : 'no longer pending');
  };
  switch (signal) {
    case 'hold': {
      // The first breaching points have left the window by then. If others breach, a new alert
      // begins.
      return verdict.at - active.since > lookbackOf(rule) ? over() : unchanged;
    }
    case 'breach': {
      if (subject.aboutRule && verdict.at - active.since < rule.errorFor) return unchanged;
      const { breachedFrom } = verdict;
      return {
        alert: {
          ...active,
          ...numbersOf(verdict),
          ...(active.pinned === true && verdict.baseline === undefined ? pinnedBy(active) : { pinned: undefined }),
          provisional: verdict.provisional,
          state: 'firing',
          severity,
          firedAt: verdict.at,
          breachedAt: verdict.at,
          ...(breachedFrom === undefined ? {} : { breachedFrom }),
        },
        change: 'fired',
      };
    }
    case 'clear':
      return (verdict.breaching ?? 0) > 0 ? unchanged : over();
  }
}

/** An earlier alert's pinned baseline stays until that alert is forgotten. */
const measured = (active: Alert, verdict: Verdict): Pick<Alert, 'baseline'> => ({
  baseline: active.pinned === true ? active.baseline : (verdict.baseline ?? active.baseline),
});

/**
 * Late labels decided the window an alert is based on. If confirmed, the verdict applies as usual.
 * If revised, there was no breach: the alert ends and its time stays in baselines, unless a newer
 * window breaches, which it is then based on.
 */
function revised(alert: Alert, verdict: Verdict, revision: Revision, signal: Signal, subject: AlertSubject): AlertStep {
  const { at, outcome, text, value, count } = revision;
  const numbers = value === undefined ? {} : { value, count };
  const settled: Alert = { ...alert, provisional: undefined, settled: { at, outcome, text } };
  if (outcome === 'revised' && signal !== 'breach') {
    const over: Alert = {
      ...settled,
      ...numbers,
      state: 'resolved',
      evaluatedAt: verdict.at,
      resolvedAt: verdict.at,
      reason: text,
    };
    return ended(over, subject, outcome);
  }
  const goesOn: Alert = outcome === 'revised' ? { ...settled, provisional: verdict.provisional } : { ...settled, ...numbers };
  const { revision: _, ...plain } = verdict;
  const step = nextAlert(goesOn, plain, subject);
  return step.change !== undefined && step.alert !== undefined
    ? step
    : { alert: { ...goesOn, evaluatedAt: verdict.at }, change: outcome };
}

/** An alert from a clock that was ahead: timestamps in the future become now. */
function broughtBack(alert: Alert, now: number): Alert {
  const { belowSince } = alert;
  return {
    ...alert,
    since: Math.min(alert.since, now),
    breachedAt: Math.min(alert.breachedAt, now),
    ...(belowSince === undefined ? {} : { belowSince: Math.min(belowSince, now) }),
    evaluatedAt: now,
  };
}

/** A healthy value arrived for an alert that had ended without one. */
export const valuesAgain = 'values again';

/** An alert is kept for a waiting rollback no longer than this. */
const maxAwaitedMs = 7 * 86_400_000;

/** A healthy value since it ended is what the rollback waits for. */
function awaitedValue(alert: Alert, verdict: Verdict, signal: Signal): AlertStep {
  const endedAt = alert.resolvedAt ?? 0;
  const cameAt = verdict.point?.at ?? verdict.restsOn ?? 0;
  const settled: Alert = { ...alert, awaitsValues: undefined };
  if (signal === 'clear' && cameAt > endedAt) return { alert: { ...settled, ...numbersOf(verdict) }, change: valuesAgain };
  if (verdict.at - endedAt > maxAwaitedMs) return { alert: settled, change: 'forgotten' };
  return { alert, change: undefined };
}

/** Ends an alert that nothing judges any more. Nothing about it is remembered. */
export function retire(alert: Alert, reason: string, now: number): Alert {
  return {
    ...alert,
    state: 'resolved',
    reason,
    evaluatedAt: now,
    resolvedAt: alert.resolvedAt ?? now,
    excluded: [],
    pinned: undefined,
  };
}
