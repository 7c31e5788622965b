import * as z from 'zod';
import { errorSchema } from '../../api/dto/error.ts';
import { accepted, rejected } from './rejections.ts';

const batchResult = {
  accepted,
  corrected: z.int().min(0).describe('How many labels replaced another one of the same prediction.'),
  unmatched: z
    .int()
    .min(0)
    .describe(
      'How many labels found no prediction: never sent, or longer ago than `labelWait`. Each counts if its prediction still comes within `labelWait`.',
    ),
  duplicates: z.int().min(0).describe('How many had been counted before; they were not counted again.'),
  repeated: z.boolean().describe('true: all that was taken of the batch had been taken when it came before.'),
  ...rejected,
};

export const batchTakenSchema = z
  .object({ ...batchResult, note: z.string().optional().describe('What to do about the refused records, where there are any.') })
  .meta({ id: 'BatchTaken', description: 'Every record counts but those that `rejections` names.' });

export const batchRefusedSchema = z
  .union([z.object(batchResult).meta({ id: 'EveryRecordRefused' }), errorSchema])
  .meta({ id: 'BatchRefused', description: 'No record counts, and sending the same again is of no use.' });

export const trainingStoredSchema = z
  .object({
    source: z.string(),
    version: z.string(),
    dataset: z.string(),
    rows: z.int(),
    features: z.int().describe('How many features have a profile.'),
    metrics: z.array(z.string()).describe('Names of the metrics.'),
    repeated: z.boolean().describe('true: the very same was stored before, and nothing was changed.'),
    ...rejected,
  })
  .meta({ id: 'TrainingStored' });
