import { restingKindOf } from './kinds/table.ts';
import { isResting, type RestingRule, type Rule } from './rules/rule-schema.ts';

/**
 * Rules that rest on alerts, in an order in which each comes after those that it names, and the
 * circles among them, which have no such order: the rules on each, in the order in which they name
 * one another.
 */
export function restingOrder(rules: Readonly<Record<string, Rule>>): { order: string[]; cycles: string[][] } {
  const order: string[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const way: string[] = [];
  const visit = (id: string): void => {
    const rule = Object.hasOwn(rules, id) ? rules[id] : undefined;
    if (rule === undefined || !isResting(rule) || state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      cycles.push(way.slice(way.indexOf(id)));
      return;
    }
    state.set(id, 'open');
    way.push(id);
    for (const name of rulesNamed(rule)) visit(name);
    way.pop();
    state.set(id, 'done');
    order.push(id);
  };
  for (const id of Object.keys(rules)) visit(id);
  return { order, cycles };
}

/** Rules that a rule rests on by their names, each once. */
export const rulesNamed = (rule: RestingRule): string[] => [
  ...new Set(
    restingKindOf(rule)
      .names(rule)
      .map((named) => named.rule),
  ),
];

/** Whether a rule may rest on alerts that no rule judges. */
export const restsOnOthers = (rule: Rule): boolean => isResting(rule) && restingKindOf(rule).restsOnOthers(rule);
