import type { Rule } from '../../detection/rules/rule-schema.ts';

/**
 * The rule as a plain threshold: same query, baseline and bands, but one point past a bound fires
 * and one point back ends it, however few samples. No M of N, interval, minimum count, hysteresis
 * or keepFiring.
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
