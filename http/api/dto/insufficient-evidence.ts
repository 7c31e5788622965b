import * as z from 'zod';
import type { InsufficientEvidence } from '../../../core/selfcheck/vitals/undecided.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const ruleSchema = z
  .object({
    rule: z.string().describe('Id of the rule.'),
    affectedSeries: z.int().describe('Number of its series that could not be judged.'),
    totalSeries: z.int(),
    reason: z.string().describe('What was missing, for the first of them.'),
    since: timeSchema.meta({ description: 'Since when no evaluation judged them all.' }),
  })
  .meta({ id: 'InsufficientEvidence' });

export type InsufficientEvidenceDto = z.infer<typeof ruleSchema>;

export const insufficientEvidenceSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    rules: z.array(ruleSchema).describe('Oldest first; at most 50.'),
  })
  .meta({ id: 'InsufficientEvidenceList' });

export const insufficientEvidenceDto = ({ rule, series, of, reason, since }: InsufficientEvidence): InsufficientEvidenceDto => ({
  ...{ rule, affectedSeries: series, totalSeries: of, reason, since: timeOf(since) },
});
