import * as z from 'zod';
import { ids, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { type Change, changeKinds } from './change.ts';

export const storedChange = storedRecord<Change>()(
  'change',
  1,
  z.object({
    id: ids.changeId,
    at: whole,
    kind: z.enum(changeKinds),
    labels: texts,
    summary: text.optional(),
    from: text.optional(),
    to: text.optional(),
    by: text,
    link: text.optional(),
    sender: text,
    receivedAt: whole,
    version: whole,
  }),
);
