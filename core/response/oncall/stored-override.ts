import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { Override } from './override.ts';

export const storedOverride = storedRecord<Override>()(
  'override',
  1,
  z.object({
    id: text,
    schedule: text,
    responder: text,
    from: whole,
    until: whole,
    forMs: whole.optional(),
    at: whole,
    by: text,
    comment: text,
    version: whole,
  }),
);
