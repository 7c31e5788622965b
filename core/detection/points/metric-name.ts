import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

/** The name of a query's value, for people. */
export function metricName({ predictions, samples, cloudwatch }: RuleQuery): string {
  return predictions?.metric ?? samples?.metric ?? cloudwatch?.metric?.metric ?? cloudwatch?.expression ?? 'the query';
}
