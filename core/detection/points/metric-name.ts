import type { SamplesQuery } from '../../telemetry/sources/kinds/samples.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';
import { isPercentile, shareName } from '../../telemetry/sources/statistics.ts';

/** A page has room for one line. */
const maxShown = 100;

/** The name of a query's value, for people. */
export function metricName({ predictions, samples, otlp, cloudwatch, prometheus, sql, datadog }: RuleQuery): string {
  if (samples !== undefined) return sampleName(samples);
  if (otlp !== undefined) return sampleName(otlp);
  if (predictions !== undefined) return predictionName(predictions);
  const named = sql?.value ?? cloudwatch?.metric?.metric ?? cloudwatch?.expression;
  if (named !== undefined) return named;
  const line = (prometheus ?? datadog)?.query.replace(/\s+/g, ' ').trim() ?? 'the query';
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}

type Named = Pick<SamplesQuery, 'metric' | 'share' | 'ratio'> & { statistic: string };

/** `latency`, `p95 of latency`, `share of latency above 250`, `errors over requests`. */
function sampleName({ metric, statistic, share, ratio }: Named): string {
  if (ratio !== undefined) return `${ratio.of.metric} over ${ratio.over.metric}`;
  if (share !== undefined) return shareName(metric, share);
  if (statistic === 'rate') return `${metric} a second`;
  return isPercentile(statistic) ? `${statistic} of ${metric}` : metric;
}

/** `accuracy`, `p95 of score`, `share of score above 0.9`. */
function predictionName({ metric, statistic, share }: NonNullable<RuleQuery['predictions']>): string {
  if (share !== undefined) return shareName(metric, share);
  return statistic === undefined ? metric : `${statistic} of ${metric}`;
}
