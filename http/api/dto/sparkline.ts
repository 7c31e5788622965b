import * as z from 'zod';
import type { RuleSparkline } from '../../../app/query/sparklines.ts';
import { finite } from './numbers.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema } from './words.ts';

export const sparklineSchema = z
  .object({
    rule: z.string(),
    fingerprint: z.string().describe('The series; the one by which its rule is shown.'),
    labels: labelsSchema,
    from: timeSchema.meta({ description: 'Where the first slot begins.' }),
    slotMs: z.int().describe('Length of a slot in milliseconds.'),
    values: z.array(z.number().nullable()).describe('One for each slot, of its worst judgement; null where nothing is known.'),
    baseline: z.number().optional(),
    warn: z.number().optional().describe('The bound of the band warn, in units of the metric, as judged last.'),
    critical: z.number().optional(),
  })
  .meta({ id: 'Sparkline', description: 'A small chart of a series.' });

export type SparklineDto = z.infer<typeof sparklineSchema>;

export const sparklinesSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), sparklines: z.array(sparklineSchema) })
  .meta({ id: 'SparklineList' });

export type SparklinesDto = z.infer<typeof sparklinesSchema>;

export const sparklineDto = ({ rule, fingerprint, labels, from, slotMs, values, ...bounds }: RuleSparkline): SparklineDto => ({
  ...{ rule, fingerprint, labels, from: timeOf(from), slotMs },
  values: values.map((value) => finite(value) ?? null),
  ...{ baseline: finite(bounds.baseline), warn: finite(bounds.warn), critical: finite(bounds.critical) },
});
