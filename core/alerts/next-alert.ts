import type { Category, Labels, Rule, Severity } from '../config/schema.ts';
import { baselineReach } from '../rules/baseline.ts';
import type { Revision, Verdict } from '../rules/verdict.ts';
import { labelsKey } from '../samples/summary.ts';
import { syntheticName } from '../synthetic/own-config.ts';
import { type Alert, isActive } from './alert.ts';
import { fingerprint } from './fingerprint.ts';

/** What an alert is about; the parts of it that no verdict changes. */
export type AlertSubject = {
  ruleId: string;
  rule: Rule;
  labels: Labels;
  category: Category;
  groupBy: readonly string[];
  aboutRule?: boolean;
  /** It belongs to a synthetic incident. */
  synthetic?: true;
};

export type AlertStep = {
  /** The alert afterwards; undefined when nothing remains to be remembered. */
  alert: Alert | undefined;
  /** What changed, in words; undefined when nothing did, and then nothing is to be written. */
  change: string | undefined;
};

/** What a verdict means for an alert, by the rule's own policy on missing data. */
type Signal = 'breach' | 'clear' | 'hold';

function signalOf(verdict: Verdict, rule: Rule, aboutRule: boolean): Signal {
  switch (verdict.status) {
    case 'warn':
    case 'critical':
      return 'breach';
    case 'ok':
    case 'insufficient evidence':
      return verdict.judged ? 'clear' : 'hold';
    case 'no data':
      return { ok: 'clear', hold: 'hold', alert: 'breach' }[rule.noData] as Signal;
    case 'error':
      return aboutRule ? 'breach' : 'hold';
  }
}

function newAlert(subject: AlertSubject, state: Alert['state'], severity: Severity, verdict: Verdict, was?: Alert): Alert {
  return {
    fingerprint: fingerprint(subject.aboutRule ? `${subject.ruleId}#source` : subject.ruleId, subject.labels),
    ruleId: subject.ruleId,
    labels: subject.labels,
    category: subject.category,
    ...(subject.synthetic
      ? { groupKey: syntheticName, groupLabels: {}, synthetic: true }
      : groupOf(subject.labels, subject.groupBy)),
    state,
    severity,
    since: verdict.at,
    breachedAt: verdict.at,
    excluded: was?.excluded ?? [],
    ...(was?.joined === undefined ? {} : { joined: was.joined }),
    ...(state === 'pending' && was?.awaitsValues ? { awaitsValues: true } : {}),
    ...(subject.aboutRule ? { aboutRule: true } : {}),
    ...(verdict.provisional === undefined ? {} : { provisional: verdict.provisional }),
    version: was?.version ?? 0,
    ...numbersOf(verdict),
  };
}

/** What an alert is grouped by: its values of these labels, a missing one as the empty text. */
export function groupOf(labels: Labels, groupBy: readonly string[]): Pick<Alert, 'groupKey' | 'groupLabels'> {
  const groupLabels: Labels = {};
  for (const name of groupBy) groupLabels[name] = labels[name] ?? '';
  return { groupKey: labelsKey(groupLabels), groupLabels };
}

function numbersOf(
  verdict: Verdict,
): Pick<Alert, 'evaluatedAt' | 'reason' | 'value' | 'count' | 'pointAt' | 'degradation' | 'drift' | 'bound' | 'baseline'> {
  return {
    evaluatedAt: verdict.at,
    reason: verdict.reason,
    value: verdict.point?.value,
    count: verdict.point?.count,
    pointAt: verdict.point?.at ?? verdict.restsOn,
    degradation: verdict.degradation,
    drift: verdict.drift,
    bound: verdict.bound,
    baseline: verdict.baseline,
  };
}

/**
 * A verdict older than the alert by up to this comes from a clock that was set back a little, or from an evaluation that
 * was overtaken. One that is older still means that the alert was written by a clock that was wrong.
 */
export const maxClockStep = 3_600_000;

/**
 * The life of an alert, one verdict at a time. A verdict that is not newer than the alert changes nothing, so a clock
 * that steps back undoes nothing; but a clock that had run ahead by more than an hour does not stop its alerts either.
 */
export function nextAlert(known: Alert | undefined, verdict: Verdict, subject: AlertSubject): AlertStep {
  const early = known !== undefined && verdict.at <= known.evaluatedAt;
  if (early && verdict.at > known.evaluatedAt - maxClockStep) return { alert: known, change: undefined };
  const alert = early ? broughtBack(known, verdict.at) : known;
  const unchanged: AlertStep = { alert, change: undefined };
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
    return forgetOldSpans(alert, subject.rule, verdict.at);
  }

  if (active.state === 'pending') {
    if (signal === 'hold') return unchanged;
    if (signal === 'breach') {
      if (subject.aboutRule && verdict.at - active.since < subject.rule.errorFor) return unchanged;
      return {
        alert: {
          ...active,
          ...numbersOf(verdict),
          provisional: verdict.provisional,
          state: 'firing',
          severity,
          firedAt: verdict.at,
          breachedAt: verdict.at,
        },
        change: 'fired',
      };
    }
    if ((verdict.breaching ?? 0) > 0) return unchanged;
    const awaited = active.awaitsValues === true && verdict.point !== undefined;
    const ended: Alert = { ...active, ...numbersOf(verdict), state: 'resolved', resolvedAt: verdict.at };
    return keepSpans(
      awaited ? { ...ended, awaitsValues: undefined } : ended,
      subject.rule,
      awaited ? valuesAgain : 'no longer pending',
      verdict.at,
    );
  }

  // Firing or recovering.
  if (signal === 'hold') return unchanged;
  if (signal === 'breach') {
    const next = verdict.status === 'no data' ? active.severity : severity;
    if (active.state === 'firing' && next === active.severity) return unchanged;
    const change = next === active.severity ? 'firing again' : next === 'critical' ? 'severity raised' : 'severity lowered';
    return {
      alert: {
        ...active,
        ...numbersOf(verdict),
        baseline: active.baseline ?? verdict.baseline,
        state: 'firing',
        severity: next,
        breachedAt: verdict.at,
      },
      change,
    };
  }
  if (active.state === 'firing' && subject.rule.keepFiring > 0) {
    // breachedAt now marks the start of recovering: the last breach was before this verdict.
    return {
      alert: { ...active, state: 'recovering', evaluatedAt: verdict.at, reason: verdict.reason, breachedAt: verdict.at },
      change: 'recovering',
    };
  }
  if (active.state === 'recovering' && verdict.at - active.breachedAt < subject.rule.keepFiring) return unchanged;
  const resolved: Alert = {
    ...active,
    ...numbersOf(verdict),
    baseline: active.baseline,
    state: 'resolved',
    resolvedAt: verdict.at,
    excluded: [...active.excluded, { from: active.since, to: verdict.at }],
  };
  return keepSpans(resolved, subject.rule, 'resolved', verdict.at);
}

/**
 * Labels have settled what the window was that an alert rests on. Confirmed, it goes on as the verdict says. Revised, it ends, for it was
 * no breach, and its time stays in baselines; unless a newer window breaches, which it then rests on.
 */
function revised(alert: Alert, verdict: Verdict, revision: Revision, signal: Signal, subject: AlertSubject): AlertStep {
  const { at, outcome, text, value, count } = revision;
  const numbers = value === undefined ? {} : { value, count };
  const settled: Alert = { ...alert, provisional: undefined, settled: { at, outcome, text } };
  if (outcome === 'revised' && signal !== 'breach') {
    const ended: Alert = {
      ...settled,
      ...numbers,
      state: 'resolved',
      evaluatedAt: verdict.at,
      resolvedAt: verdict.at,
      reason: text,
    };
    return keepSpans(ended, subject.rule, outcome, verdict.at);
  }
  const goesOn: Alert = outcome === 'revised' ? { ...settled, provisional: verdict.provisional } : { ...settled, ...numbers };
  const { revision: _, ...plain } = verdict;
  const step = nextAlert(goesOn, plain, subject);
  return step.change !== undefined && step.alert !== undefined
    ? step
    : { alert: { ...goesOn, evaluatedAt: verdict.at }, change: outcome };
}

/** An alert from a clock that had run ahead: what is said to have happened later than now happened by now. */
function broughtBack(alert: Alert, now: number): Alert {
  return { ...alert, since: Math.min(alert.since, now), breachedAt: Math.min(alert.breachedAt, now), evaluatedAt: now };
}

/** The change of an alert that had ended without a value: one has come, and all is well. */
export const valuesAgain = 'values again';

/** An alert whose values a rollback waits for is not remembered for longer than this. */
const maxAwaitedMs = 7 * 86_400_000;

/** A value that has come since it ended, and is well, is what was waited for. */
function awaitedValue(alert: Alert, verdict: Verdict, signal: Signal): AlertStep {
  const endedAt = alert.resolvedAt ?? 0;
  const cameAt = verdict.point?.at ?? verdict.restsOn ?? 0;
  const settled: Alert = { ...alert, awaitsValues: undefined };
  if (signal === 'clear' && cameAt > endedAt) return { alert: { ...settled, ...numbersOf(verdict) }, change: valuesAgain };
  if (verdict.at - endedAt > maxAwaitedMs) return { alert: settled, change: 'forgotten' };
  return { alert, change: undefined };
}

/** A resolved alert is remembered only for what a baseline must leave out. */
function keepSpans(alert: Alert, rule: Rule, change: string, now: number): AlertStep {
  return { alert: { ...alert, excluded: liveSpans(alert, rule, now) }, change };
}

function liveSpans(alert: Alert, rule: Rule, now: number): Alert['excluded'] {
  const baseline = rule.degradation?.baseline;
  const ofDrift = rule.drift?.baseline.rolling === undefined ? 0 : rule.drift.baseline.rolling.window + rule.step;
  const reach = baseline === undefined ? ofDrift : Math.max(baselineReach(baseline), baseline.version?.window ?? 0);
  return reach === 0 ? [] : alert.excluded.filter((span) => span.to > now - 2 * reach);
}

function forgetOldSpans(alert: Alert | undefined, rule: Rule, now: number): AlertStep {
  if (alert === undefined) return { alert, change: undefined };
  return liveSpans(alert, rule, now).length > 0 ? { alert, change: undefined } : { alert: undefined, change: 'forgotten' };
}

/** The end of an alert that nothing judges any more; nothing of it is remembered. */
export function retire(alert: Alert, reason: string, now: number): Alert {
  return { ...alert, state: 'resolved', reason, evaluatedAt: now, resolvedAt: alert.resolvedAt ?? now, excluded: [] };
}
