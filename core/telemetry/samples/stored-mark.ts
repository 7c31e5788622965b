import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { BatchMark } from './batch-mark.ts';

export const storedMark = storedRecord<BatchMark>()(
  'batch',
  1,
  z.object({
    id: text,
    version: whole,
    content: text,
    source: text.optional(),
    counted: z.string().regex(/^([0-9a-f]{2})*$/),
    keepUntil: whole,
  }),
);
