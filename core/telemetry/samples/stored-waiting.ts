import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import { type Decoded, decodeAs, storedRecord, undecodable } from '../../vocabulary/stored-record.ts';
import { type Waiting, waitingMark } from './fold.ts';
import { seriesShape } from './stored-series.ts';

export const storedWaiting = storedRecord<Waiting>()(
  'waiting',
  2,
  z.object({
    key: text,
    state: z.enum(['prediction', 'label', 'joined']),
    series: seriesShape.optional(),
    segments: z.array(seriesShape).readonly().optional(),
    bucketStart: whole.optional(),
    prediction: text.optional(),
    score: measured.optional(),
    value: measured.optional(),
    madeAt: whole.optional(),
    label: text.optional(),
    labelAt: whole.optional(),
    labelCameAt: whole.optional(),
    revision: whole.optional(),
    replaced: z.array(z.object({ label: text, at: whole })).optional(),
    expiresAt: whole,
  }),
);

/** Reads a record that is stored under its key and `waitingMark`. */
export function decodeWaiting(text: string, key: string, mark: unknown): Decoded<Waiting> {
  const decoded = decodeAs(storedWaiting, text, { key });
  if (!decoded.ok || waitingMark(decoded.value) === mark) return decoded;
  return undecodable('shape', 'the waiting has another state than the one that it is stored under');
}
