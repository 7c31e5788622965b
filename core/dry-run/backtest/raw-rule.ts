import type { Rule } from '../../detection/rules/rule-schema.ts';

/**
 * The rule as a plain threshold: the same query, baseline and bands, but one point past a bound fires, however few
 * samples it rests on, and one point back ends it. No M of N, no interval, no minimum count, no hysteresis, no keepFiring.
 */
export function rawRule<R extends Rule>(rule: R): R {
  return {
    ...rule,
    for: { m: 1, n: 1 },
    recover: 1,
    keepFiring: 0,
    samples: { ...rule.samples, minCount: 0, confidence: undefined },
  };
}
