import * as z from 'zod';
import { recordTimeSchema } from './record-time.ts';

const outcome = z.union([z.string().min(1).max(256), z.number(), z.boolean()]);
const id = z.union([z.string().min(1).max(512), z.number()]).describe('A number counts as its text.');
const version = z
  .union([z.string().min(1).max(128), z.number()])
  .nullish()
  .describe('Version of the model.');
const model = z
  .string()
  .min(1)
  .max(128)
  .nullish()
  .describe('Name of the model; may be left out where one source could be meant.');
const features = z
  .record(z.string().max(128), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .nullish()
  .describe('At most 500.');
const score = z.number().nullish().describe('How sure the model is, of the positive class.');

/** What it has to be depends on the source of the record. */
const value = z
  .unknown()
  .optional()
  .describe(
    'What is at stake in the prediction, in the unit that its source declares: a number from 0 to 1e15. Ignored, whatever it is, where the source declares none.',
  );

export const predictionSchema = z
  .looseObject({
    id: id.nullish().describe('Labels name it later. With an id a record counts once, however often it is sent.'),
    timestamp: recordTimeSchema,
    model,
    version,
    features,
    prediction: outcome,
    score,
    value,
    label: outcome.nullish().describe('What turned out to be true, where that is known already.'),
  })
  .meta({ id: 'PredictionRecord', description: 'One prediction that a model made. Further fields are ignored.' });

export const labelSchema = z
  .union([
    z.looseObject({ id, label: outcome, timestamp: recordTimeSchema.nullish(), model }),
    z.looseObject({
      id: z.null().optional(),
      model,
      version,
      timestamp: recordTimeSchema,
      prediction: outcome,
      score,
      value,
      label: outcome,
      features,
    }),
  ])
  .meta({
    id: 'LabelRecord',
    description: 'What turned out to be true: of the prediction with this id, or of the prediction that the record carries.',
  });

export const sampleSchema = z
  .looseObject({
    metric: z.string().min(1).max(256),
    value: z.number(),
    timestamp: recordTimeSchema,
    labels: z.record(z.string().max(128), z.string().max(1024)).nullish().describe('Tell one series from another; at most 64.'),
  })
  .meta({ id: 'SampleRecord', description: 'One value of one series. Further fields are ignored.' });

/** A batch as JSON: a list, an object of records, or one record alone. */
export const batchOf = <T extends z.ZodType>(record: T, name: string) =>
  z
    .union([z.array(record).max(10_000), z.object({ records: z.array(record).max(10_000) }), record])
    .meta({ id: `${name}Batch`, description: 'Records as a list, as an object of records, or one record alone.' });
