import type { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * How often a function has logged a record with exactly this text. Counted by CloudWatch in the log itself, so it needs no
 * `settings.ownMetrics`; it is charged as a metric only for the hours in which there was one.
 */
export function logFault(
  scope: Construct,
  id: string,
  { stage, log, text, period }: { stage: string; log: ILogGroup; text: string; period: Duration },
): Metric {
  const filter = new MetricFilter(scope, `${id}Filter`, {
    logGroup: log,
    filterPattern: FilterPattern.stringValue('$.body', '=', text),
    // Such a metric has no dimension of its own, so its namespace tells stages apart.
    metricNamespace: `Tocsin/${stage}`,
    metricName: id,
    metricValue: '1',
  });
  return filter.metric({ period, statistic: Stats.SUM });
}
