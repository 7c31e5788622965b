import { nextJudgement } from '../../core/alerting/judgements/judgement.ts';
import { restingOrder } from '../../core/detection/resting-order.ts';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { newInFlight } from '../in-flight.ts';
import type { Ports } from '../ports/ports.ts';
import type { JudgedNow } from '../ports/rule-judge.ts';
import { dueRules } from './due-rules.ts';
import { judgeComposites } from './judge-composites.ts';
import { judgeRulesOf } from './judge-rules.ts';
import { knownAlerts } from './known-alerts.ts';
import { compositeEvaluations, evaluationOf } from './note-judgements.ts';
import { unknownRule } from './unknown-rule.ts';

/**
 * Judges one rule now, as a tick would, and changes nothing: no alert, no incident, no note. What
 * an anomaly rule has learned so far is read anew, so that the running service learns nothing from
 * it either.
 */
export async function judgeNow(given: Ports, rule: RuleId, now: number): Promise<JudgedNow> {
  const unknown = unknownRule(given.config.rules, rule);
  const config = given.config.rules[rule];
  if (unknown !== undefined || config === undefined) return { unknown: unknown ?? '' };
  const { observeVerdict: _, ...rest } = given;
  const ports: Ports = { ...rest, inFlight: newInFlight(), store: readOnly(given.store), log: () => {} };
  const alerts = await ports.store.alerts();
  if (!isAsking(config)) {
    const { judged } = judgeComposites(ports, alerts, [], now);
    if (!restingOrder(ports.config.rules).order.includes(rule)) return { unknown: `the rule ${rule} cannot be judged` };
    const [evaluation] = compositeEvaluations(judged, [rule], now);
    return { judgement: nextJudgement(undefined, evaluation as NonNullable<typeof evaluation>, ports.sha256) };
  }
  const known = knownAlerts(alerts);
  const only: Ports = { ...ports, config: { ...ports.config, rules: { [rule]: config } } };
  const due = dueRules(only, { known, last: () => undefined, isBusy: () => false, now });
  const [result] = await judgeRulesOf(only, config.source, due, { known, now, holds: () => {} });
  if (result === undefined) return { unknown: `the rule ${rule} cannot be judged now` };
  const judgement = ports.inFlight.judgements.get(rule)?.judgement;
  return { judgement: judgement ?? nextJudgement(undefined, evaluationOf(rule, result, now), ports.sha256) };
}

/** The store for one look: nothing is decided, and nothing noted. */
const readOnly = (store: Ports['store']): Ports['store'] => ({
  ...store,
  setMeta: async () => {},
  setMetas: async () => {},
  commit: async () => {
    throw new Error('judging a rule without a tick stores nothing');
  },
});
