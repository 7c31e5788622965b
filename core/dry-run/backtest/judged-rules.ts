import type { Config } from '../../config/schema.ts';
import { rulesNamed } from '../../detection/resting-order.ts';
import { isResting, type Rule } from '../../detection/rules/rule-schema.ts';
import type { RuleId } from '../../vocabulary/ids.ts';

/** A label that only the backtested rule has, so that its incidents are its own, whatever the rules behind it do. */
export const backtested = 'backtested';

/** The rules that a rule rests on: those that a composite one names, and what these name. Itself not. */
export function rulesBehind(rules: Config['rules'], rule: Rule, seen: Set<string> = new Set()): Set<string> {
  for (const id of isResting(rule) ? rulesNamed(rule) : []) {
    const named = rules[id];
    if (named === undefined || seen.has(id)) continue;
    seen.add(id);
    rulesBehind(rules, named, seen);
  }
  return seen;
}

/**
 * The config in which one rule is judged alone, with the rules that it rests on: without mute timings, inhibitions and rollbacks, for
 * what is scored is the rule, and not what keeps it quiet. Alerts of the rule go into incidents of their own.
 */
export function judgedAlone(config: Config, ruleId: RuleId, rule: Rule): Config {
  const { groupBy } = config.settings;
  const behind = Object.fromEntries(
    [...rulesBehind(config.rules, rule)].map((id) => [id, { ...(config.rules[id] as Rule), rollback: undefined }]),
  );
  const own: Rule = { ...rule, rollback: undefined, labels: { ...rule.labels, [backtested]: 'yes' } };
  // Its alerts are not to be told apart by the label that was added.
  if (isResting(own)) own.composite = { ...own.composite, on: own.composite.on ?? groupBy };
  return {
    ...config,
    settings: { ...config.settings, groupBy: [...groupBy, backtested] },
    rules: { ...behind, [ruleId]: own },
    muteTimings: {},
    inhibitions: [],
  };
}
