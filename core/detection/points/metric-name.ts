import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

/** What a person calls the value that a query gives. */
export function metricName({ predictions, samples, cloudwatch }: RuleQuery): string {
  return predictions?.metric ?? samples?.metric ?? cloudwatch?.metric?.metric ?? cloudwatch?.expression ?? 'the query';
}
