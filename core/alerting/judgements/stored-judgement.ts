import * as z from 'zod';
import { storedBaseline } from '../../detection/stored-baseline.ts';
import { verdictStatuses } from '../../detection/verdict.ts';
import { storedDrift } from '../../statistics/distributions/stored-value.ts';
import { ids, measured, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import { type StoredNote, storedNote } from '../../vocabulary/stored-record.ts';
import type { Judgement } from './judgement.ts';

const status = z.enum(verdictStatuses);

const finding = z.object({
  at: whole,
  status,
  reason: text,
  value: measured.optional(),
  count: measured.optional(),
  pointAt: whole.optional(),
  degradation: measured.optional(),
  bound: measured.optional(),
  drift: storedDrift.optional(),
  baseline: storedBaseline.optional(),
  provisional: z.enum(['labels', 'estimate']).optional(),
  breaching: whole.optional(),
  looked: whole.optional(),
});

/** Made once: a schema costs more to build than to use. */
const record = storedNote<Judgement>()(
  'judged',
  1,
  z.object({
    rule: ids.ruleId,
    at: whole,
    series: whole,
    verdicts: z.object({
      ok: whole,
      warn: whole,
      critical: whole,
      'insufficient evidence': whole,
      'no data': whole,
      error: whole,
    }),
    fault: text.optional(),
    shown: z.array(
      z.object({
        fingerprint: ids.fingerprint,
        labels: texts,
        status,
        found: finding.optional(),
        unjudged: z.object({ since: whole, reason: text }).optional(),
      }),
    ),
  }),
);

/** What the last evaluation of a rule found. */
export const judgementNote = (rule: string): StoredNote<Judgement> => ({ ...record, key: `judged ${rule}` });
