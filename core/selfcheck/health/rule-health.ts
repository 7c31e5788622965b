import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import type { Config } from '../../config/schema.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import { isPaging, severityRank } from '../../vocabulary/severity.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import type { InsufficientEvidence } from '../vitals/undecided.ts';
import type { RuleState } from '../why/rule-state.ts';
import { type HealthState, stateOfTrouble } from './health-state.ts';
import { groupOfRule, type RuleGroup } from './model-of.ts';

/** How one rule is. Times in milliseconds since the epoch. */
export type RuleHealth = {
  rule: RuleId;
  title: string;
  group: RuleGroup;
  state: HealthState;
  /** Since when it is not well; absent for one that is. */
  since?: number;
  /** Why it is not judged. */
  reason?: string;
  /** Every alert of it that fires is muted. */
  muted?: true;
  /** Not all of its series are judged. */
  partly?: true;
  /** How many series have an alert. */
  alerts: number;
  /** When its baseline should have enough points, if that is what is missing. */
  warmUntil?: number;
  judgedAt?: number;
  nextAt?: number;
};

export type HealthNoted = {
  states: readonly RuleState[];
  alerts: readonly Alert[];
  undecided: readonly InsufficientEvidence[];
};

/** How every rule of the team is, in the order of the config. */
export function rulesHealth(config: Pick<Config, 'rules' | 'sources'>, { states, alerts, undecided }: HealthNoted): RuleHealth[] {
  // An alert about the rule itself says that it is not judged, which its state says, too.
  const active = alerts.filter(
    (alert) => isOwn(alert) && isActive(alert) && alert.aboutRule !== true && isPaging(alert.severity),
  );
  const alertsOf = Map.groupBy(active, ({ ruleId }) => ruleId);
  const undecidedOf = new Map(undecided.map((one) => [one.rule, one]));
  return states.flatMap((state): RuleHealth[] => {
    const rule = config.rules[state.rule];
    if (rule === undefined) return [];
    const head = { rule: state.rule, title: rule.title ?? state.rule, group: groupOfRule(config, rule) };
    const { judgedAt, nextAt } = state;
    const times = { ...(judgedAt !== undefined && { judgedAt }), ...(nextAt !== undefined && { nextAt }) };
    return [{ ...head, ...stateOf(state, alertsOf.get(state.rule) ?? [], undecidedOf.get(state.rule)), ...times }];
  });
}

type Stated = Pick<RuleHealth, 'state' | 'since' | 'reason' | 'muted' | 'partly' | 'alerts' | 'warmUntil'>;

function stateOf({ state, trouble, warmUntil }: RuleState, alerts: readonly Alert[], unsure?: InsufficientEvidence): Stated {
  const worst = alerts.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity] || a.since - b.since)[0];
  const partly = state === 'partly' || (unsure !== undefined && unsure.series < unsure.of);
  if (worst !== undefined)
    return {
      state: worst.severity === 'critical' ? 'critical' : 'warn',
      since: Math.min(...alerts.filter(({ severity }) => severity === worst.severity).map(({ since }) => since)),
      ...(alerts.every(({ muted }) => muted !== undefined) && { muted: true }),
      ...(partly && { partly }),
      alerts: alerts.length,
    };
  if (state === 'starting') return { state, alerts: 0 };
  const ofTrouble = trouble === undefined ? 'ok' : stateOfTrouble(trouble.kind);
  if (trouble !== undefined && ofTrouble !== 'ok') {
    const { since, text: reason } = trouble;
    return { state: ofTrouble, since, reason, alerts: 0, ...(warmUntil !== undefined && { warmUntil }) };
  }
  if (unsure !== undefined && !partly)
    return { state: 'insufficient evidence', since: unsure.since, reason: unsure.reason, alerts: 0 };
  const why = trouble?.text ?? unsure?.reason;
  return { state: 'ok', alerts: 0, ...(partly && { partly }), ...(why !== undefined && why !== '' && { reason: why }) };
}
