import * as z from 'zod';
import { type OfOthers, othersText } from '../../../core/selfcheck/scope/of-others.ts';
import { countsDto, healthCountsSchema } from './rule-health.ts';

export const ofOthersSchema = z
  .object({
    team: z.string().describe('The team that was asked for.'),
    text: z.string().describe('What is left out, in a sentence; empty if nothing is.'),
    incidents: z
      .object({
        total: z.int(),
        critical: z.int().describe('Critical ones that are open.'),
        shown: z.array(z.object({ id: z.string(), title: z.string() })).describe('At most 5 of the critical ones.'),
      })
      .optional(),
    rules: healthCountsSchema.optional(),
    models: z.object({ total: z.int(), unwell: z.int().describe('Those with a rule that fires.') }).optional(),
  })
  .meta({ id: 'OfOtherTeams', description: "What the answer leaves out because of `team`. What nobody owns is everybody's." });

export type OfOthersDto = z.infer<typeof ofOthersSchema>;

export function ofOthersDto(others: OfOthers): OfOthersDto {
  const { team, incidents, rules, models } = others;
  return { team, text: othersText(others), incidents, rules: rules === undefined ? undefined : countsDto(rules), models };
}
