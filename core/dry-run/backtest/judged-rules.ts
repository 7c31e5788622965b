import type { Config } from '../../config/schema.ts';
import { rulesNamed } from '../../detection/resting-order.ts';
import { isResting, type Rule } from '../../detection/rules/rule-schema.ts';
import type { RuleId } from '../../vocabulary/ids.ts';

/**
 * A label that only the backtested rule has, so that its incidents stay separate from those of the
 * rules it depends on.
 */
export const backtested = 'backtested';

/** The rules a rule depends on: those a composite names, and theirs. Excludes itself. */
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
 * A config that judges one rule alone, with the rules it depends on and without mute timings,
 * inhibitions and rollbacks: the score is about the rule, not what mutes it. Its alerts get
 * incidents of their own.
 */
export function judgedAlone(config: Config, ruleId: RuleId, rule: Rule): Config {
  const { groupBy } = config.settings;
  const behind = Object.fromEntries(
    [...rulesBehind(config.rules, rule)].map((id) => [id, { ...(config.rules[id] as Rule), rollback: undefined }]),
  );
  const own: Rule = { ...rule, rollback: undefined, labels: { ...rule.labels, [backtested]: 'yes' } };
  // The added label must not split its alerts.
  if (isResting(own)) own.composite = { ...own.composite, on: own.composite.on ?? groupBy };
  return {
    ...config,
    settings: { ...config.settings, groupBy: [...groupBy, backtested] },
    rules: { ...behind, [ruleId]: own },
    muteTimings: {},
    routes: [],
    inhibitions: [],
  };
}
