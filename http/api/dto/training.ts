import * as z from 'zod';
import type { AcceptedBaseline } from '../../../core/detection/kinds/drift/accepted.ts';
import type { ServingState } from '../../../core/telemetry/training/serving.ts';
import type { TrainingRecord } from '../../../core/telemetry/training/training.ts';
import { acceptedDto, acceptedSchema } from './accepted.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

const featureSchema = z
  .object({
    seen: z.int().describe('Number of values, including nulls.'),
    nulls: z.int(),
    kind: z.enum(['numbers', 'categories', 'none']).describe('The kind of most values; `none` if all are null.'),
    mistyped: z.int().optional().describe('Values of another type than declared.'),
    outOfRange: z.int().optional().describe('Numbers outside the declared range.'),
    unseen: z.int().optional().describe('Undeclared categories.'),
  })
  .meta({ id: 'TrainingFeature' });

export const trainingSchema = z
  .object({
    source: z.string().describe('The source in the config.'),
    version: z.string().describe('Model version.'),
    dataset: z.string().describe('Dataset version.'),
    trainedAt: timeSchema.meta({ description: 'The end of the data, from which its age counts.' }),
    rows: z.int(),
    metrics: z.record(
      z.string(),
      z.object({
        value: z.number(),
        count: z.number().describe('Rows behind the value; an estimate may use fractions of rows.'),
      }),
    ),
    features: z.record(z.string(), featureSchema),
    storedAt: timeSchema,
    by: actorNameSchema,
  })
  .meta({ id: 'Training', description: 'What a model version was trained on, and how well it did.' });

export type TrainingDto = z.infer<typeof trainingSchema>;

export const servingSchema = z
  .object({
    source: z.string(),
    version: z.string(),
    since: timeSchema,
    how: z.enum(['promoted', 'first traffic', 'rolled back']).describe('How it became the served version.'),
    by: actorNameSchema,
    before: z
      .array(z.object({ version: z.string(), since: timeSchema, until: timeSchema }))
      .describe('Earlier served versions, newest first; at most 20.'),
  })
  .meta({ id: 'Serving', description: 'The served version of a model.' });

export type ServingDto = z.infer<typeof servingSchema>;

export const trainingsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    trainings: z.array(trainingSchema),
    serving: z.array(servingSchema).describe('One per source with a served version.'),
    accepted: z
      .array(acceptedSchema)
      .describe('What people accepted as normal, oldest first; each holds while the baseline of its rule stays the same.'),
  })
  .meta({ id: 'TrainingList' });

export type TrainingsDto = Omit<z.infer<typeof trainingsSchema>, 'at'>;

type Overview = { trainings: TrainingRecord[]; serving: ServingState[]; accepted: AcceptedBaseline[] };

export const trainingsDto = ({ trainings, serving, accepted }: Overview): TrainingsDto => ({
  trainings: trainings.map(trainingDto),
  serving: serving.map(servingDto),
  accepted: accepted.map(acceptedDto),
});

export function trainingDto(record: TrainingRecord): TrainingDto {
  const { source, modelVersion, dataset, trainedAt, rows, metrics, features, pushedAt, by } = record;
  const times = { trainedAt: timeOf(trainedAt), storedAt: timeOf(pushedAt) };
  return { source, version: modelVersion, dataset, rows, metrics, features, by, ...times };
}

export function servingDto({ source, modelVersion, since, how, by, before }: ServingState): ServingDto {
  const earlier = before.map((one) => ({ version: one.modelVersion, since: timeOf(one.since), until: timeOf(one.until) }));
  return { source, version: modelVersion, since: timeOf(since), how, by, before: earlier };
}
