import * as z from 'zod';
import type { ServingState } from '../../../core/telemetry/training/serving.ts';
import type { TrainingRecord } from '../../../core/telemetry/training/training.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

const featureSchema = z
  .object({
    seen: z.int().describe('Values, nulls among them.'),
    nulls: z.int(),
    kind: z.enum(['numbers', 'categories', 'none']).describe('What most values are; `none` where all are null.'),
    mistyped: z.int().optional().describe('Values of another type than the source declares.'),
    outOfRange: z.int().optional().describe('Numbers outside the declared range.'),
    unseen: z.int().optional().describe('Categories that are not declared.'),
  })
  .meta({ id: 'TrainingFeature' });

export const trainingSchema = z
  .object({
    source: z.string().describe('Name of the source in the config.'),
    version: z.string().describe('Version of the model.'),
    dataset: z.string().describe('Version of the dataset.'),
    trainedAt: timeSchema.meta({ description: 'The end of the data, from which its age counts.' }),
    rows: z.int(),
    metrics: z.record(
      z.string(),
      z.object({
        value: z.number(),
        count: z.number().describe('Rows behind the value; an estimate may rest on parts of rows.'),
      }),
    ),
    features: z.record(z.string(), featureSchema),
    storedAt: timeSchema,
    by: actorNameSchema,
  })
  .meta({ id: 'Training', description: 'What a version of a model was trained on, and how well it did there.' });

export type TrainingDto = z.infer<typeof trainingSchema>;

export const servingSchema = z
  .object({
    source: z.string(),
    version: z.string(),
    since: timeSchema,
    how: z.enum(['promoted', 'first traffic', 'rolled back']).describe('How it came to be the version in use.'),
    by: actorNameSchema,
    before: z
      .array(z.object({ version: z.string(), since: timeSchema, until: timeSchema }))
      .describe('Versions that were in use before, newest first; at most 20.'),
  })
  .meta({ id: 'Serving', description: 'The version of a model that counts as the one in use.' });

export type ServingDto = z.infer<typeof servingSchema>;

export const trainingsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    trainings: z.array(trainingSchema),
    serving: z.array(servingSchema).describe('One for each source of which a version is in use.'),
  })
  .meta({ id: 'TrainingList' });

export function trainingDto(record: TrainingRecord): TrainingDto {
  const { source, modelVersion, dataset, trainedAt, rows, metrics, features, pushedAt, by } = record;
  const times = { trainedAt: timeOf(trainedAt), storedAt: timeOf(pushedAt) };
  return { source, version: modelVersion, dataset, rows, metrics, features, by, ...times };
}

export function servingDto({ source, modelVersion, since, how, by, before }: ServingState): ServingDto {
  const earlier = before.map((one) => ({ version: one.modelVersion, since: timeOf(one.since), until: timeOf(one.until) }));
  return { source, version: modelVersion, since: timeOf(since), how, by, before: earlier };
}
