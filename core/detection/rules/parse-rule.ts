import type * as z from 'zod';
import type { RuleKind } from '../kinds/written.ts';
import { type AskingRule, isAsking, type RuleOf, ruleSchema } from './rule-schema.ts';

export type RuleInput = z.input<typeof ruleSchema>;

/**
 * A rule of one kind from its written form. Throws if it does not fit the schema, or is of another
 * kind.
 */
export function parseRule<K extends RuleKind>(kind: K, written: RuleInput): RuleOf<K> {
  const rule = ruleSchema.parse(written);
  if (rule.kind !== kind) throw new TypeError(`expected a rule of the kind ${kind}; received one of ${rule.kind}`);
  return rule as RuleOf<K>;
}

/**
 * A rule that queries a source, from its written form. Throws if it does not fit the schema, or
 * depends on alerts.
 */
export function parseAskingRule(written: RuleInput): AskingRule {
  const rule = ruleSchema.parse(written);
  if (!isAsking(rule)) throw new TypeError(`expected a rule that asks a source; received one of the kind ${rule.kind}`);
  return rule;
}
