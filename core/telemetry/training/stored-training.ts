import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { storedProfile } from '../profiles/stored-profile.ts';
import { storedCounts } from '../samples/stored-counts.ts';
import type { TrainingFeatures, TrainingRecord } from './training.ts';

export const storedTraining = storedRecord<TrainingRecord>()(
  'training',
  1,
  z.object({
    source: text,
    modelVersion: text,
    dataset: text,
    trainedAt: whole,
    rows: whole,
    metrics: z.record(z.string(), z.object({ value: measured, count: whole })),
    features: z.record(z.string(), storedCounts.extend({ kind: z.enum(['numbers', 'categories', 'none']) })),
    binning: text,
    parts: whole,
    digest: text,
    pushedAt: whole,
    by: text,
    version: whole,
  }),
);

/** In a member of their own, since features may have any name. */
export const storedTrainingPart = storedRecord<{ features: TrainingFeatures }>()(
  'training part',
  1,
  z.object({ features: z.record(z.string(), storedProfile) }),
);
