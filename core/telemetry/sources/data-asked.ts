import { metricsOf } from '../samples/sample-series.ts';
import type { RuleQuery } from './query-schema.ts';

/**
 * Which data a query asks for: queries with equal text read the same, so that it pays to ask them
 * together.
 */
export function dataAsked({ predictions, samples, otlp, prometheus, sql, datadog }: RuleQuery): string {
  if (samples !== undefined) return metricsOf(samples).join(' ');
  return (predictions ?? otlp)?.metric ?? (prometheus ?? sql ?? datadog)?.query ?? '';
}
