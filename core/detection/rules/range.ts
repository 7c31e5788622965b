import { type Range, rangeOfQuery } from '../../telemetry/metric-range.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

type Ranged = { query: RuleQuery; step: number; range?: Range | undefined };

/** The values a rule's metric can have: what the rule declares, else what its query tells. */
export function rangeOf({ query, step, range }: Ranged): Range {
  const told = rangeOfQuery(query, step);
  return { min: range?.min ?? told.min, max: range?.max ?? told.max };
}
