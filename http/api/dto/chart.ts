import * as z from 'zod';
import { chartRanges, type IncidentChart } from '../../../app/query/incident-chart.ts';
import { chartMarkKinds } from '../../../core/charts/chart.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema } from './words.ts';

export const chartRangeSchema = z.enum(Object.keys(chartRanges) as [keyof typeof chartRanges]);

const chartSeriesSchema = z.object({ fingerprint: z.string(), rule: z.string(), title: z.string(), labels: labelsSchema });

const chartPointSchema = z
  .object({
    at: timeSchema,
    status: z.enum(verdictStatuses),
    reason: z.string(),
    value: z.number().optional().describe('Absent: nothing is known of that time, so no line leads over it.'),
    count: z.number().optional().describe('Samples behind the value.'),
    interval: z
      .object({ low: z.number(), high: z.number() })
      .optional()
      .describe('Where the true value lies, at the `confidence` of the chart.'),
    of: z
      .object({ low: z.number(), high: z.number() })
      .optional()
      .describe('It stands for several points: their lowest and highest value.'),
    baseline: z.number().optional(),
    warn: z.number().optional().describe('The bound of the band warn, in units of the metric.'),
    critical: z.number().optional(),
    provisional: z.enum(['labels', 'estimate']).optional().describe('What is still to come, or that it is an estimate.'),
    first: z.number().optional().describe('Set if it was judged again: the value that was found at first.'),
  })
  .meta({ id: 'ChartPoint' });

export const chartSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    title: z.string(),
    of: chartSeriesSchema.describe('The alert whose metric it is.'),
    series: z.array(chartSeriesSchema).describe('All alerts of the incident that have a chart.'),
    from: timeSchema,
    to: timeSchema,
    confidence: z.number().optional().describe('Of the intervals; absent where values have none.'),
    isPinned: z.boolean().describe('The baseline is pinned while the alert fires.'),
    sentence: z.string().describe('The chart in words, for those who do not see it.'),
    points: z.array(chartPointSchema).describe('Oldest first, at most 800.'),
    marks: z
      .array(z.object({ at: timeSchema, kind: z.enum(chartMarkKinds), text: z.string() }))
      .describe('What happened meanwhile, oldest first.'),
  })
  .meta({ id: 'Chart', description: 'One metric over time, and how it was judged.' });

export type ChartDto = z.infer<typeof chartSchema>;

export function chartDto({ chart, alert, alerts, entries, confidence, sentence }: IncidentChart, now: number): ChartDto {
  const seriesOf = ({ fingerprint, ruleId, title, labels }: typeof alert) => ({ fingerprint, rule: ruleId, title, labels });
  const { title, from, to, points, marks, isPinned } = chart;
  return {
    ...{ at: timeOf(now), title, of: seriesOf(alert), series: alerts.map(seriesOf), from: timeOf(from), to: timeOf(to) },
    ...{ confidence, isPinned, sentence },
    points: points.map(({ verdict: _verdict, at, ...point }, index) => {
      const { status = 'error', reason = '' } = entries[index] ?? {};
      return { at: timeOf(at), status, reason, ...point };
    }),
    marks: marks.map(({ at, kind, text }) => ({ at: timeOf(at), kind, text })),
  };
}
