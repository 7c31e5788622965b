import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import { isJudgedEarly } from '../../core/detection/early.ts';
import { rangeNeeded } from '../../core/detection/judge.ts';
import { askingKindOf } from '../../core/detection/kinds/table.ts';
import { isDue, lagOf } from '../../core/detection/rules/cadence.ts';
import { type AskingRule, isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { Ports } from '../ports/ports.ts';
import { isAnomaly } from './anomaly-states.ts';
import type { DueRule } from './ask-source.ts';
import type { KnownAlerts } from './known-alerts.ts';

export type Due = {
  known: KnownAlerts;
  /** The last tick of a source, undefined before its first one. */
  last: (source: string) => number | undefined;
  /** Sources that an earlier evaluation still waits for: it has their rules. */
  isBusy: (source: string) => boolean;
  now: number;
};

/**
 * Rules whose evaluation time lies in (last, now]; all of them on the first tick and after a clock that stepped back, for
 * a verdict that is not newer than its alert changes nothing. A rule with an alert is due as often as its `whileActive`
 * says. A rule whose source fails is tried again every tick, so that one that is evaluated once a day does not lose the day.
 */
export function dueRules({ config, inFlight }: Ports, { known, last, isBusy, now }: Due): DueRule[] {
  const { rules, sources } = config;
  const groupBy = groupingOf(config);
  const anomalies = inFlight.anomalies;
  anomalies.beginTick(rules);
  const hasAlert = (id: string, aboutRule: boolean): boolean =>
    known
      .of(id, aboutRule)
      .values()
      .some(({ state }) => state !== 'resolved');
  const due: DueRule[] = [];
  for (const [id, rule] of Object.entries(rules)) {
    if (!isAsking(rule) || isBusy(rule.source)) continue;
    const active = rule.whileActive !== undefined && hasAlert(id, false);
    const lagMs = lagOf(sources, rule);
    if (!isDue(rule, { last: last(rule.source), now, active, lagMs }) && !hasAlert(id, true)) continue;
    // Judged time ends with the newest point that is final: a lag longer than a few steps would leave nothing to look at.
    const to = Math.floor((now - lagMs) / rule.step) * rule.step;
    const from = isAnomaly(rule)
      ? anomalies.from(id, rule, to)
      : Math.min(to - rangeNeeded(rule), frozenFrom(rule, known.of(id, false)));
    const open = isJudgedEarly(rule) ? { open: to + rule.step } : {};
    due.push({ id, rule, request: { ruleId: id, rule, from, to, alerts: known.of(id, false), ...open }, groupBy });
  }
  return due;
}

/**
 * Points must still be read that a kept baseline is compared with, and those of a window whose labels were missing, for it is judged
 * again when they have come.
 */
function frozenFrom(rule: AskingRule, alerts: ReadonlyMap<string, Alert>): number {
  let from = Number.POSITIVE_INFINITY;
  for (const { state, baseline, provisional } of alerts.values()) {
    if (state !== 'resolved' && provisional !== undefined) from = Math.min(from, provisional.at - 1);
    if (baseline !== undefined) from = Math.min(from, askingKindOf(rule).readFrom(rule, baseline));
  }
  return from;
}
