import type { Alert } from '../core/alerts/alert.ts';
import type { AskingRule, Config } from '../core/config/schema.ts';
import { baselineReach } from '../core/rules/baseline.ts';
import { isDue, lagOf } from '../core/rules/cadence.ts';
import { rangeNeeded } from '../core/rules/judge.ts';
import type { Verdict } from '../core/rules/verdict.ts';
import { anomalyStatesOf, isAnomaly } from './anomaly-states.ts';
import { type Change, changeOf, commitChanges, withMuting } from './commit-alerts.ts';
import { externalEnds } from './external-ends.ts';
import { judgeComposites } from './judge-composites.ts';
import { type DueRule, type Judged, judgeRules, type KnownAlerts, knownAlerts } from './judge-rules.ts';
import type { Ports } from './ports.ts';
import { noteUndecided } from './undecided.ts';

export type EvaluateReport = {
  rules: number;
  series: number;
  verdicts: Record<Verdict['status'], number>;
  changes: number;
  errors: { rule: string; error: string }[];
};

const statuses = ['ok', 'warn', 'critical', 'insufficient evidence', 'no data', 'error'] as const;

/**
 * One tick: queries what every due rule needs, judges, and commits what changed, a group at a time. The tick counts as
 * done only when everything was committed; otherwise the next one judges the same rules again, however seldom they are due.
 */
export async function evaluate(ports: Ports, now: number): Promise<EvaluateReport> {
  const { config, store } = ports;
  const report: EvaluateReport = {
    rules: 0,
    series: 0,
    verdicts: { ok: 0, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
    changes: 0,
    errors: [],
  };
  const [last, alerts, silences] = await Promise.all([lastTick(ports, now), store.alerts(), store.silences(now)]);
  const known = knownAlerts(alerts);
  const due = dueRules(ports, known, last, now);
  report.rules = due.length;

  const judged: Judged[] = orphans(alerts, config.rules);
  const results = await judgeRules(ports, due, known, now);
  for (const [index, result] of results.entries()) {
    report.series += result.series;
    for (const status of statuses) report.verdicts[status] += result.verdicts[status];
    for (const error of result.errors) report.errors.push({ rule: due[index]?.id ?? '', error });
    for (const one of result.judged) judged.push(one);
  }
  const found = [...changesOf(judged, now), ...externalEnds(alerts, config.sources, now)];
  // Composite rules have alerts of their own, so their changes come beside these.
  const composites = judgeComposites(ports, alerts, found, known, now);
  for (const one of composites) if ('verdict' in one) report.verdicts[one.verdict.status] += 1;
  found.push(...changesOf(composites, now));
  const changes = withMuting(ports, alerts, found, silences, now);
  report.changes = changes.length;
  const lost = await commitChanges(ports, changes, now);
  report.errors.push(...lost);
  await noteUndecided(ports, due, results, now);
  if (lost.length === 0 && due.length > 0) await store.setMeta('tick', String(now));
  return report;
}

/** The time of the last tick, or undefined before the first one, and after a clock that had run ahead. */
async function lastTick({ store, log }: Ports, now: number): Promise<number | undefined> {
  const last = Number((await store.meta('tick')) ?? Number.NaN);
  if (Number.isNaN(last)) return undefined;
  if (now >= last) return last;
  log('warn', 'the clock was set back; every rule is evaluated anew', { from: last, to: now });
  return undefined;
}

/**
 * Rules whose evaluation time lies in (last, now]; all of them on the first tick and after a clock that stepped back, for
 * a verdict that is not newer than its alert changes nothing. A rule with an alert is due as often as its `whileActive`
 * says. A rule whose source fails is tried again every tick, so that one that is evaluated once a day does not lose the day.
 */
function dueRules({ config, store }: Ports, known: KnownAlerts, last: number | undefined, now: number): DueRule[] {
  const { rules, sources } = config;
  const anomalies = anomalyStatesOf(store);
  anomalies.beginTick(rules);
  const hasAlert = (id: string, aboutRule: boolean): boolean =>
    known
      .of(id, aboutRule)
      .values()
      .some(({ state }) => state !== 'resolved');
  const due: DueRule[] = [];
  for (const [id, rule] of Object.entries(rules)) {
    if (!isAsking(rule)) continue;
    const active = rule.whileActive !== undefined && hasAlert(id, false);
    const lagMs = lagOf(sources, rule);
    if (!isDue(rule, { last, now, active, lagMs }) && !hasAlert(id, true)) continue;
    // Judged time ends with the newest point that is final: a lag longer than a few steps would leave nothing to look at.
    const to = Math.floor((now - lagMs) / rule.step) * rule.step;
    const from = isAnomaly(rule)
      ? anomalies.from(id, rule, to)
      : Math.min(to - rangeNeeded(rule), frozenFrom(rule, known.of(id, false)));
    due.push({ id, rule, request: { ruleId: id, rule, from, to } });
  }
  return due;
}

const isAsking = (rule: Config['rules'][string]): rule is AskingRule => rule.source !== undefined && rule.query !== undefined;

/** A seasonal baseline that an alert froze goes on being compared hour by hour, so its points must still be read. */
function frozenFrom({ degradation }: AskingRule, alerts: ReadonlyMap<string, Alert>): number {
  let from = Number.POSITIVE_INFINITY;
  if (degradation?.baseline.seasonal === undefined) return from;
  for (const { state, baseline } of alerts.values()) {
    if (state === 'resolved' || baseline?.kind !== 'seasonal') continue;
    from = Math.min(from, baseline.to - baselineReach(degradation.baseline));
  }
  return from;
}

/** Alerts whose rule is gone from the config: nothing would ever end them. */
function orphans(alerts: readonly Alert[], rules: Config['rules']): Judged[] {
  return alerts
    .filter(({ ruleId, external }) => external === undefined && !Object.hasOwn(rules, ruleId))
    .map((before) => ({ before, retired: `the rule ${before.ruleId} is no longer in the config` }));
}

/** One change an alert; the last word counts where one alert was judged twice. */
function changesOf(judged: readonly Judged[], now: number): Change[] {
  const changes = new Map<string, Change>();
  for (const one of judged) {
    const change = changeOf(one, now);
    if (change !== undefined) changes.set(change.after.fingerprint, change);
  }
  return [...changes.values()];
}
