import { asRuleId, type RuleId, ruleEntries } from '../vocabulary/ids.ts';
import { restingKindOf } from './kinds/table.ts';
import { isResting, type RestingRule, type Rule } from './rules/rule-schema.ts';

type Rules = Readonly<Record<string, Rule>>;
type Order = { readonly order: readonly RuleId[]; readonly cycles: readonly (readonly RuleId[])[] };

/** Cached: every tick asks, and the rules of a config never change. */
const orders = new WeakMap<Rules, Order>();

/**
 * Rules that depend on alerts, ordered so that each follows those it names; and cycles, which have
 * no order, as the rules on each.
 */
export function restingOrder(rules: Rules): Order {
  const known = orders.get(rules) ?? orderOf(rules);
  orders.set(rules, known);
  return known;
}

function orderOf(rules: Rules): Order {
  const order: RuleId[] = [];
  const cycles: RuleId[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const way: RuleId[] = [];
  const visit = (id: RuleId): void => {
    const rule = Object.hasOwn(rules, id) ? rules[id] : undefined;
    if (rule === undefined || !isResting(rule) || state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      cycles.push(way.slice(way.indexOf(id)));
      return;
    }
    state.set(id, 'open');
    way.push(id);
    for (const name of rulesNamed(rule)) visit(asRuleId(name));
    way.pop();
    state.set(id, 'done');
    order.push(id);
  };
  for (const [id] of ruleEntries(rules)) visit(id);
  return { order, cycles };
}

/** Rules that a rule depends on by name, without repeats. */
export const rulesNamed = (rule: RestingRule): string[] => [
  ...new Set(
    restingKindOf(rule)
      .names(rule)
      .map((named) => named.rule),
  ),
];

/** Whether a rule may depend on external alerts. */
export const restsOnOthers = (rule: Rule): boolean => isResting(rule) && restingKindOf(rule).restsOnOthers(rule);
