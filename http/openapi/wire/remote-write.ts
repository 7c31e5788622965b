import * as z from 'zod';
import { errorSchema } from '../../api/dto/error.ts';
import { accepted, rejected } from './rejections.ts';

const counts = {
  accepted,
  repeated: z.int().min(0).describe('Samples that count already, or are older than one of their series that counts.'),
  withoutValue: z.int().min(0).describe('NaN, and marks that a series has ended. Nothing is judged of them.'),
  ...rejected,
};

export const writtenSchema = z
  .object(counts)
  .meta({ id: 'SamplesWritten', description: 'Every sample that has a value counts.' });

export const writeRefusedSchema = z
  .union([
    z.object({ error: z.string().describe('Why the first one was refused.'), ...counts }).meta({ id: 'SamplesRefused' }),
    errorSchema,
  ])
  .meta({ id: 'WriteRefused' });
