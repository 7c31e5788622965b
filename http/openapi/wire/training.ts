import * as z from 'zod';
import { recordTimeSchema } from './record-time.ts';

const outcome = z.union([z.string(), z.number(), z.boolean()]);
const idText = z.union([z.string().min(1).max(128), z.number()]);

const rowSchema = z
  .looseObject({
    features: z.record(z.string().max(128), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    prediction: outcome.nullish(),
    score: z.number().nullish(),
    label: outcome.nullish(),
  })
  .meta({ id: 'TrainingRow', description: 'A row with a prediction and its label counts for the metrics, too.' });

export const trainingRequestSchema = z
  .object({
    version: idText.optional().describe('Version of the model; it may be in the address instead.'),
    dataset: idText.optional().describe('Version of the dataset; it may be in the address instead.'),
    trainedAt: recordTimeSchema.optional().describe('The end of the data, from which its age counts; now when left out.'),
    model: z.string().optional(),
    metrics: z
      .record(z.string(), z.object({ value: z.number(), count: z.int().min(0).describe('Rows behind the value.') }))
      .optional(),
    rows: z.array(rowSchema).max(100_000).optional(),
    profile: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Sums in place of rows, as `tocsin baseline push` makes them.'),
  })
  .meta({ id: 'TrainingRequest', description: 'What a version of a model was trained on: `rows` or `profile`, and metrics.' });
