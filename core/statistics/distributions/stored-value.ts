import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import { type KeptDrift, measures } from './value.ts';

/** A drift value as alerts and incidents keep it. */
export const storedDrift = z.object({
  measure: z.enum(measures),
  value: measured,
  effectUnits: text,
  pValue: measured.optional(),
  binning: text,
  zero: text,
  logBase: z.enum(['e', '2']).optional(),
  baselineCount: whole,
  currentCount: whole,
  tested: whole,
});
true satisfies Reads<typeof storedDrift, KeptDrift>;
