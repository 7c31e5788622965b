import * as z from 'zod';
import type { IncidentCost } from '../../../core/response/incidents/cost.ts';
import { costText } from '../../../core/response/incidents/cost-text.ts';
import { timeOf, timeSchema } from './time.ts';
import { labelsSchema } from './words.ts';

export const incidentCostSchema = z
  .object({
    text: z.string().describe('All of it in one sentence.'),
    source: z.string(),
    unit: z.string().describe('Of all amounts, as the source declares it: `EUR`.'),
    labels: labelsSchema.describe('Which predictions of the source; empty: all.'),
    from: timeSchema.meta({ description: 'When the first of the predictions was made that the breach is judged by.' }),
    to: timeSchema.meta({ description: 'When the last was made; not included.' }),
    cut: z.literal(true).optional().describe('It began earlier than `from`; no more is added up.'),
    predictions: z.int().describe('Predictions with a value.'),
    exposed: z.number().describe('What they were worth.'),
    unvalued: z.int().describe('Predictions that said no value.'),
    judged: z
      .object({
        known: z.number().describe('The value of predictions whose label is known.'),
        wrong: z.number().describe('The value of those that were wrong.'),
        usual: z.number().optional().describe('What would have been wrong at the share of the week before it began.'),
        beyond: z.number().optional().describe('How much more than that was wrong; never below 0.'),
      })
      .optional()
      .describe('Where labels are known, of a model that predicts classes.'),
  })
  .meta({ id: 'IncidentCost', description: 'What was at stake in the predictions that an incident is about, and went wrong.' });

export const incidentCostDto = (cost: IncidentCost): z.infer<typeof incidentCostSchema> => ({
  text: costText(cost),
  ...cost,
  from: timeOf(cost.from),
  to: timeOf(cost.to),
});
