import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { Waiting } from './fold.ts';
import { seriesShape } from './stored-series.ts';

export const storedWaiting = storedRecord<Waiting>()(
  'waiting',
  1,
  z.object({
    key: text,
    state: z.enum(['prediction', 'label', 'joined']),
    series: seriesShape.optional(),
    segments: z.array(seriesShape).readonly().optional(),
    bucketStart: whole.optional(),
    prediction: text.optional(),
    score: measured.optional(),
    label: text.optional(),
    expiresAt: whole,
  }),
);
