import * as z from 'zod';
import { formatDuration, positiveDuration } from '../../../vocabulary/units.ts';
import { writtenKind } from '../../rules/written-kind.ts';
import { anomalousScore } from './detect.ts';
import { samplesToSpeak } from './tail.ts';

/** The score of the largest possible surprise; see core/detection/kinds/anomaly/detect.ts. */
const greatestScore = 0.86;
const expected = `expected true, false or a score from ${anomalousScore} to ${greatestScore}`;

const anomalySchema = z
  .strictObject({
    critical: z
      .union([z.boolean(), z.number()], { error: expected })
      .refine((c) => typeof c === 'boolean' || (c >= anomalousScore && c <= greatestScore), { error: expected })
      .prefault(false)
      .describe(
        'true: every anomaly is critical; a score: those that reach it are. The least anomaly scores 0.5, a blatant one 0.7.',
      ),
    lookback: positiveDuration
      .prefault('14d')
      .describe('What a process that has just started learns the series from; one that goes on remembers longer.'),
  })
  .describe('Judge by whether the series is unlike itself; nothing has to be set: `anomaly: {}`.');

export type AnomalyConfig = z.output<typeof anomalySchema>;

/**
 * Why the lookback is too short for the detector to ever report anything after a start; undefined
 * if it is long enough.
 */
function shortLookback({ lookback }: AnomalyConfig, step: number): string | undefined {
  if (lookback >= 2 * samplesToSpeak * step) return undefined;
  const least = 2 * samplesToSpeak;
  return `expected room for ${least} points, ${formatDuration(least * step)} at one every ${formatDuration(step)}, for the first ${samplesToSpeak} only teach; received ${formatDuration(lookback)}`;
}

export const writtenAnomaly = writtenKind({
  schema: anomalySchema,
  judges: 'points',
  countsPoints: true,
  tests: false,
  recovers: true,
  wrong(config, { step }) {
    const message = shortLookback(config, step);
    return message === undefined ? undefined : { path: ['anomaly', 'lookback'], message };
  },
});
