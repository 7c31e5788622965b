import * as z from 'zod';
import { storedShape } from '../telemetry/profiles/stored-profile.ts';
import { measured, text, whole } from '../vocabulary/stored-parts.ts';
import type { Reads } from '../vocabulary/stored-record.ts';
import type { Baseline } from './verdict.ts';

const statistic = z.enum(['median', 'mean']);
const span = { from: whole, to: whole };

/** A baseline as alerts and incidents store it. */
export const storedBaseline = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixed'), value: measured }),
  z.object({ kind: z.literal('rolling'), value: measured, statistic, points: whole, ...span }),
  z.object({
    kind: z.literal('seasonal'),
    value: measured,
    season: z.enum(['day', 'week']),
    spread: measured,
    points: whole,
    periods: whole,
    ...span,
  }),
  z.object({ kind: z.literal('version'), value: measured, version: text, statistic, points: whole, ...span }),
  z.object({ kind: z.literal('training'), value: measured, version: text, dataset: text, count: whole, at: whole }),
  z.object({ kind: z.literal('earlier'), value: measured, from: whole }),
  z.object({ kind: z.literal('expected'), value: measured }),
  z.object({
    kind: z.literal('profile'),
    value: z.literal(0),
    what: text,
    count: whole.optional(),
    ...span,
    shape: storedShape.optional(),
  }),
]);
true satisfies Reads<typeof storedBaseline, Baseline>;
