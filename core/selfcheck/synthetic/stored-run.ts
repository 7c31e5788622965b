import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';
import type { SyntheticRun } from './run.ts';

export const syntheticNote = storedNote<SyntheticRun>()(
  'synthetic',
  1,
  z.object({
    startedAt: whole,
    outcome: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('paged'), at: whole, tookMs: whole }),
        z.object({ kind: z.literal('missed'), at: whole, waitedMs: whole, why: text }),
      ])
      .optional(),
  }),
);
