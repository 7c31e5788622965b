import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { AskingKindOf, CommonKindOf, RestingKindOf, RuleKindOf } from '../rules/rule-kind.ts';
import type { AskingRule, RestingRule, Rule } from '../rules/rule-schema.ts';
import { absence } from './absence/kind.ts';
import { anomaly } from './anomaly/kind.ts';
import { burnRate } from './burn-rate/kind.ts';
import { composite } from './composite/kind.ts';
import { degradation } from './degradation/kind.ts';
import { drift } from './drift/kind.ts';
import { rateOfChange } from './rate-of-change/kind.ts';
import { threshold } from './threshold/kind.ts';
import type { RuleKind } from './written.ts';

/** Every rule kind. All dispatch by rule kind goes through this table. */
export const ruleKinds: { [K in RuleKind]: RuleKindOf<K> } = {
  degradation,
  threshold,
  rateOfChange,
  burnRate,
  absence,
  drift,
  anomaly,
  composite,
};

const unknown = (kind: string): never => unknownKind('rule kind', kind as never);

// Rules are looked up by `kind`, so a kind only gets its own rules. Each throws TypeError for an
// unknown kind.
export const commonKindOf = ({ kind }: Rule): CommonKindOf<Rule> => ruleKinds[kind] ?? unknown(kind);
export const askingKindOf = ({ kind }: AskingRule): AskingKindOf<AskingRule> => ruleKinds[kind] ?? unknown(kind);
export const restingKindOf = ({ kind }: RestingRule): RestingKindOf<RestingRule> => ruleKinds[kind] ?? unknown(kind);
