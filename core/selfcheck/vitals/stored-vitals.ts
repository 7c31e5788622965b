import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';
import type { ConsistencyNote, TickNote, Vitals } from './vitals.ts';

export const tickNote = storedNote<TickNote>()(
  'tick note',
  1,
  z.object({ at: whole, rules: whole, series: whole, tookMs: whole, skipped: whole }),
);

export const vitalsNote = storedNote<Vitals>()(
  'vitals',
  1,
  z.object({
    at: whole,
    open: whole,
    oldestEffect: z.object({ id: text, kind: text, dueSince: whole }).optional(),
    pages: z.object({ waiting: whole, held: whole, oldestAt: whole.optional() }).optional(),
    untold: z.object({ incidents: whole, since: whole }).optional(),
    quarantined: z.object({ records: whole, kinds: z.record(z.string(), whole), since: whole }).optional(),
    labels: z.object({ unmatched: whole, corrected: whole }).optional(),
    watchdogs: z.array(z.object({ source: text, since: whole, seenAt: whole.optional(), missing: z.boolean() })).optional(),
  }),
);

export const consistencyNote = storedNote<ConsistencyNote>()(
  'consistency check',
  1,
  z.object({ at: whole, open: whole, repaired: whole, unrepaired: z.array(text), stuck: z.array(text) }),
);

/** When missing watchdog alerts were last looked for, and since when without a break. */
export const listeningNote = storedNote<{ at: number; since: number }>()('listening', 1, z.object({ at: whole, since: whole }));
