import * as z from 'zod';
import { oneKindOf, timeZone } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

const statistic = z.enum(['median', 'mean']).prefault('median').describe('The median is not moved by single odd points.');

const maxAge = positiveDuration
  .optional()
  .describe('The newest point that it rests on may be this old; where it is older, the baseline is refused as stale.');

const fixed = z
  .number()
  .refine((value) => value !== 0, {
    error: 'expected a baseline other than 0: a degradation is relative to it; use `threshold` for absolute bounds',
  })
  .transform((value) => ({ kind: 'fixed' as const, value }))
  .describe('A value that is known; may be negative, for a degradation is relative to its size.');

const rolling = z
  .strictObject({
    window: positiveDuration.describe('How far back the baseline looks, from just before the judged points.'),
    statistic,
    minPoints: z.int().min(1).prefault(10).describe('Fewer points than this, and the baseline is refused.'),
    maxAge,
  })
  .transform((config) => ({ kind: 'rolling' as const, ...config }))
  .describe('What the series itself was like until now.');

const seasonal = z
  .strictObject({
    season: z
      .enum(['day', 'week'])
      .describe('`day`: the same time of day on earlier days; `week`: the same time of earlier weeks.'),
    periods: z.int().min(2).max(60).prefault(4).describe('How many earlier days or weeks it looks back.'),
    minPeriods: z
      .int()
      .min(2)
      .prefault(3)
      .describe('With points of fewer days or weeks than this at that time, the baseline is refused.'),
    slot: positiveDuration
      .prefault('1h')
      .describe('Points that lie in the same slot of the day or week, counted from midnight, are of the same time.'),
    timezone: timeZone.prefault('UTC').describe('Whose day it is; the hours of people move with daylight-saving time.'),
    deviations: z
      .number()
      .min(0)
      .max(20)
      .prefault(3)
      .describe(
        'A point breaches only where it is also this many spreads from the median; a spread is the median absolute deviation of that time, scaled to a standard deviation. 0 leaves only the bands.',
      ),
    maxAge,
  })
  .refine(({ periods, minPeriods }) => minPeriods <= periods, {
    error: 'expected minPeriods to be at most periods',
    path: ['minPeriods'],
  })
  .transform((config) => ({ kind: 'seasonal' as const, ...config }))
  .describe('What the series itself was like at this time of earlier days or weeks.');

const version = z
  .strictObject({
    window: positiveDuration.prefault('14d').describe('How long before the version was first seen its predecessor is looked at.'),
    statistic,
    minPoints: z
      .int()
      .min(1)
      .prefault(10)
      .describe('With fewer points of the predecessor that rest on at least `samples.minCount`, the baseline is refused.'),
    maxAge,
  })
  .transform((config) => ({ kind: 'version' as const, ...config }))
  .describe('What the version of the model before this one was like; for a predictions query `by: [version]`.');

/** Shared with drift rules, which compare with the profiles of the same training. */
export const trainingBaseline = z
  .strictObject({
    dataset: z.string().min(1).optional().describe('Only this version of the dataset; another one is refused.'),
    maxAge: positiveDuration
      .optional()
      .describe('The training data may have ended this long ago; where it is longer, the baseline is refused as stale.'),
    minCount: z
      .int()
      .min(1)
      .prefault(100)
      .describe('With fewer rows behind the metric, or fewer values of the feature, the baseline is refused.'),
  })
  .transform((config) => ({ kind: 'training' as const, ...config }));

export type TrainingBaselineConfig = z.output<typeof trainingBaseline>;

const baselineSchemas = {
  fixed,
  rolling,
  seasonal,
  version,
  training: trainingBaseline.describe(
    'How good the version that serves was in its training or validation, as it was sent with that version.',
  ),
};

/** The baseline of a degradation. Written as `{ KIND: ... }`; parsed, `kind` tells them apart. */
export const baselineSchema = oneKindOf(baselineSchemas);

export type BaselineConfig = z.output<typeof baselineSchema>;
export type BaselineKind = BaselineConfig['kind'];
export type BaselineOf<K extends BaselineKind> = Extract<BaselineConfig, { kind: K }>;
