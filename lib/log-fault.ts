import type { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * How often a function logged exactly this text, counted by a metric filter. Needs no
 * `settings.ownMetrics`; billed only for hours in which it occurred.
 */
export function logFault(
  scope: Construct,
  id: string,
  { stage, log, text, period }: { stage: string; log: ILogGroup; text: string; period: Duration },
): Metric {
  const filter = new MetricFilter(scope, `${id}Filter`, {
    logGroup: log,
    filterPattern: FilterPattern.stringValue('$.body', '=', text),
    // Such a metric has no dimension, so its namespace includes the stage.
    metricNamespace: `Tocsin/${stage}`,
    metricName: id,
    metricValue: '1',
  });
  return filter.metric({ period, statistic: Stats.SUM });
}
