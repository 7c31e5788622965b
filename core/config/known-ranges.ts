import { isAsking, type Rule } from '../detection/rules/rule-schema.ts';
import type { SourceConfig } from '../telemetry/sources/source.ts';

type Asked = { sources: Record<string, SourceConfig>; rules: Record<string, Rule> };

/**
 * Tells rules the ends of their metric that only the source tells: scores that are probabilities
 * have a mean from 0 to 1. What a rule declares itself stays.
 */
export function withKnownRanges<C extends Asked>(config: C): C {
  const rules = Object.entries(config.rules).map(([name, rule]): [string, Rule] => {
    if (!isAsking(rule) || rule.query.predictions?.metric !== 'score_mean') return [name, rule];
    const source = Object.hasOwn(config.sources, rule.source) ? config.sources[rule.source] : undefined;
    if (source?.kind !== 'predictions' || source.score !== 'probability') return [name, rule];
    return [name, { ...rule, range: { min: rule.range?.min ?? 0, max: rule.range?.max ?? 1 } }];
  });
  return { ...config, rules: Object.fromEntries(rules) };
}
