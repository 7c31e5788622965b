import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { Silence } from './silence.ts';

export const storedSilence = storedRecord<Silence>()(
  'silence',
  1,
  z.object({
    id: text,
    match: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    from: whole,
    until: whole,
    by: text,
    comment: text,
    version: whole,
  }),
);
