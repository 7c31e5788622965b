import * as z from 'zod';
import { percent } from '../../../vocabulary/units.ts';
import { baselineSchema } from '../../baselines/schema.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const degradationSchema = z
  .strictObject({
    direction: z.enum(['drop', 'rise']).describe('`drop`: lower is worse (accuracy); `rise`: higher is worse (latency, errors).'),
    baseline: baselineSchema.describe('What normal is: exactly one of `fixed`, `rolling`, `seasonal`, `version` and `training`.'),
    warn: percent.prefault('5%').describe('Warn from this much worse than the baseline.'),
    critical: percent.prefault('10%').describe('Critical from this much worse than the baseline.'),
  })
  .refine((bands) => bands.warn < bands.critical, { error: 'expected warn to be smaller than critical', path: ['critical'] })
  .describe('Judge by how much worse than a baseline.');

export type DegradationConfig = z.output<typeof degradationSchema>;

export const writtenDegradation = writtenKind({
  schema: degradationSchema,
  judges: 'points',
  countsPoints: true,
  tests: true,
  recovers: true,
});
