import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

/** Whether the query returns 0 when there is nothing. */
export function countsRecords({ query: { predictions, samples } }: { query: RuleQuery }): boolean {
  const metric = predictions?.metric;
  return samples?.statistic === 'count' || metric === 'count' || metric === 'labelled';
}
