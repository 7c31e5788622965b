import { type Range, rangeOfQuery } from '../../telemetry/metric-range.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

type Ranged = { query: RuleQuery; step: number; range?: Range | undefined };

/**
 * The values a rule's metric can have: those that the rule declares, within those that its query
 * tells.
 */
export function rangeOf({ query, step, range }: Ranged): Range {
  const told = rangeOfQuery(query, step);
  return { min: both(Math.max, range?.min, told.min), max: both(Math.min, range?.max, told.max) };
}

const both = (of: (a: number, b: number) => number, a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : of(a, b);
