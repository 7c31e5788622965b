import * as z from 'zod';
import { exactlyOne } from '../../../vocabulary/schema-parts.ts';

const cloudwatchMetric = z.strictObject({
  namespace: z.string().describe('Such as `AWS/SageMaker`.'),
  metric: z.string().describe('The metric, such as `ModelLatency`.'),
  dimensions: z.record(z.string(), z.string()).prefault({}).describe('All dimensions of the metric, with their values.'),
  statistic: z.string().prefault('Average').describe('Average, Sum, Minimum, Maximum, SampleCount, p99, tm99, ...'),
});

export const cloudwatchQuery = z
  .strictObject({
    metric: cloudwatchMetric.optional().describe('One metric.'),
    expression: z.string().optional().describe('Metric math over the names of `metrics`.'),
    metrics: z
      .record(
        z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, {
          error: 'expected a name that begins with a small letter, of letters, digits and "_", as metric math wants it',
        }),
        cloudwatchMetric,
      )
      .optional()
      .describe('The metrics used in `expression`.'),
    sql: z.string().optional().describe('A Metrics Insights query; one series per group.'),
    count: cloudwatchMetric
      .optional()
      .describe('Number of samples behind each value, for `samples.minCount` and the Wilson interval.'),
  })
  .superRefine(exactlyOne(['metric', 'expression', 'sql']))
  .superRefine((query, ctx) => {
    if (query.expression !== undefined && query.metrics === undefined) {
      ctx.addIssue({ code: 'custom', path: ['metrics'], message: 'expected `metrics`, the metrics that `expression` uses' });
    }
  });
