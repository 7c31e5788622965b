import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import { isJudgedEarly } from '../../core/detection/early.ts';
import { rangeNeeded } from '../../core/detection/judge.ts';
import { askingKindOf } from '../../core/detection/kinds/table.ts';
import { isDue, lagOf } from '../../core/detection/rules/cadence.ts';
import { type AskingRule, isAsking } from '../../core/detection/rules/rule-schema.ts';
import { type RuleId, ruleEntries } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { isAnomaly } from './anomaly-states.ts';
import type { DueRule } from './ask-source.ts';
import type { KnownAlerts } from './known-alerts.ts';

export type Due = {
  known: KnownAlerts;
  /** A source's last tick; undefined before its first. */
  last: (source: string) => number | undefined;
  /** Sources an earlier evaluation still waits for; it handles their rules. */
  isBusy: (source: string) => boolean;
  now: number;
};

/**
 * Rules with an evaluation time in (last, now]; all on the first tick and after the clock stepped
 * back, which is safe because a verdict not newer than its alert changes nothing. A rule with an
 * alert follows its `whileActive`. A rule with a failing source is retried every tick, so that a
 * daily rule does not lose a day.
 */
export function dueRules({ config, inFlight }: Ports, { known, last, isBusy, now }: Due): DueRule[] {
  const { rules, sources } = config;
  const groupBy = groupingOf(config);
  const anomalies = inFlight.anomalies;
  anomalies.beginTick(rules);
  const hasAlert = (id: RuleId, aboutRule: boolean): boolean =>
    known
      .of(id, aboutRule)
      .values()
      .some(({ state }) => state !== 'resolved');
  const due: DueRule[] = [];
  for (const [id, rule] of ruleEntries(rules)) {
    if (!isAsking(rule) || isBusy(rule.source)) continue;
    const active = rule.whileActive !== undefined && hasAlert(id, false);
    const lagMs = lagOf(sources, rule);
    if (!isDue(rule, { last: last(rule.source), now, active, lagMs }) && !hasAlert(id, true)) continue;
    // Judged time ends at the newest final point: a lag of several steps would otherwise leave
    // nothing to judge.
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
 * From when points must be read for a pinned baseline, or for a window whose labels were missing
 * and that is judged again.
 */
function frozenFrom(rule: AskingRule, alerts: ReadonlyMap<string, Alert>): number {
  let from = Number.POSITIVE_INFINITY;
  for (const { state, baseline, provisional } of alerts.values()) {
    if (state !== 'resolved' && provisional !== undefined) from = Math.min(from, provisional.at - 1);
    if (baseline !== undefined) from = Math.min(from, askingKindOf(rule).readFrom(rule, baseline));
  }
  return from;
}
