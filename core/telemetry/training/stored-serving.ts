import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { ServingState } from './serving.ts';

export const storedServing = storedRecord<ServingState>()(
  'serving',
  1,
  z.object({
    source: text,
    modelVersion: text,
    since: whole,
    how: z.enum(['promoted', 'first traffic', 'rolled back']),
    by: text,
    known: z.array(text),
    before: z.array(z.object({ modelVersion: text, since: whole, until: whole })),
    version: whole,
  }),
);
