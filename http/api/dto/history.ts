import * as z from 'zod';
import type { RuleHistory } from '../../../app/explain/history.ts';
import type { HistoryEntry } from '../../../core/alerting/judgements/history/entry.ts';
import type { IntervalOf } from '../../../core/detection/points/interval.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema } from './words.ts';

const status = z.enum(verdictStatuses);

const entrySchema = z.object({
  at: timeSchema.meta({ description: 'The end of the judged point; of a series that had none, when it was judged.' }),
  judgedAt: timeSchema,
  status,
  reason: z.string(),
  value: z.number().optional(),
  count: z.number().optional().describe('Samples behind the value.'),
  baseline: z.number().optional(),
  warn: z.number().optional().describe('The bound of the band warn, in units of the metric.'),
  critical: z.number().optional(),
  provisional: z.enum(['labels', 'estimate']).optional().describe('What is still to come, or that it is an estimate.'),
  interval: z
    .object({ low: z.number(), high: z.number(), confidence: z.number() })
    .optional()
    .describe(
      'Of a proportion whose rule tests it: where its true value lies, by the confidence (0 to 1) that the rule asks of one series.',
    ),
  breaching: z.int().optional().describe('Points past a bound, of those that were looked at.'),
  looked: z.int().optional(),
  of: z
    .object({ points: z.int(), low: z.number(), high: z.number() })
    .optional()
    .describe(
      'Set if it stands for several points: how many, their lowest and their highest value. `status` is then the worst of them.',
    ),
  first: z
    .object({ judgedAt: timeSchema, status, value: z.number().optional() })
    .optional()
    .describe('Set if it was judged again: what was found at first.'),
});

export const historySchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    rule: z.string(),
    from: timeSchema,
    to: timeSchema,
    series: z
      .array(z.object({ fingerprint: z.string(), labels: labelsSchema, status }))
      .describe('The series that the last judgement of the rule shows, at most 50.'),
    of: z.string().optional().describe('Fingerprint of the series whose entries these are.'),
    entries: z.array(entrySchema).describe('Oldest first.'),
  })
  .meta({ id: 'History', description: 'What was found of a series over time.' });

export type HistoryDto = z.infer<typeof historySchema>;

/** `intervalOf`: as the rule tests its values; undefined for one that tests none. */
export const historyDto = (
  { rule, from, to, series, of, entries }: RuleHistory,
  now: number,
  intervalOf: IntervalOf | undefined,
): HistoryDto => ({
  at: timeOf(now),
  rule,
  from: timeOf(from),
  to: timeOf(to),
  series,
  ...(of === undefined ? {} : { of }),
  entries: entries.map((entry) => entryDto(entry, intervalOf)),
});

function entryDto(
  { at, judgedAt, first, ...entry }: HistoryEntry,
  intervalOf: IntervalOf | undefined,
): HistoryDto['entries'][number] {
  const interval = intervalOf?.(entry.value, entry.count);
  return {
    at: timeOf(at),
    judgedAt: timeOf(judgedAt),
    ...entry,
    ...(interval === undefined ? {} : { interval }),
    ...(first === undefined ? {} : { first: { ...first, judgedAt: timeOf(first.judgedAt) } }),
  };
}
