import * as z from 'zod';
import { verdictStatuses } from '../../../detection/verdict.ts';
import { text, whole } from '../../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../../vocabulary/stored-record.ts';
import type { HistoryEntry } from './entry.ts';

const status = z.enum(verdictStatuses);

/** An entry of the history of a series. */
export const storedEntry = storedRecord<HistoryEntry>()(
  'history entry',
  1,
  z.object({
    at: whole,
    judgedAt: whole,
    status,
    reason: text,
    value: whole.optional(),
    count: whole.optional(),
    baseline: whole.optional(),
    warn: whole.optional(),
    critical: whole.optional(),
    provisional: z.enum(['labels', 'estimate']).optional(),
    breaching: whole.optional(),
    looked: whole.optional(),
    of: z.object({ points: whole, low: whole, high: whole }).optional(),
    first: z.object({ judgedAt: whole, status, value: whole.optional() }).optional(),
  }),
);
