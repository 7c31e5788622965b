import * as z from 'zod';
import { formatDuration, positiveDuration } from '../../vocabulary/units.ts';

/** An incident remembers no older changes. */
export const maxFlappingWithinMs = 86_400_000;

const windowSchema = z.strictObject({
  changes: z
    .int()
    .min(2)
    .max(30)
    .prefault(4)
    .describe(
      'More changes than this are flapping. Counted is what an alert does again: fire, resolve, become critical, leave critical.',
    ),
  within: positiveDuration
    .refine((ms) => ms <= maxFlappingWithinMs, {
      error: ({ input }) => `expected at most 1d, for no older changes are remembered; received ${formatDuration(Number(input))}`,
    })
    .prefault('1h')
    .describe('The time in which they are counted; at most a day.'),
  quiet: positiveDuration
    .prefault('30m')
    .describe('Flapping ends after this long without a change: the incident resolves, or pages that it fires steadily.'),
});

/** When alerts that come and go count as flapping, or `off`. Times in milliseconds once parsed. */
export const flappingSchema = z.union([z.literal('off'), windowSchema], {
  error: 'expected off, or changes, within and quiet, such as { changes: 4, within: 1h, quiet: 30m }',
});

export type Flapping = z.output<typeof flappingSchema>;
export type FlappingWindow = z.output<typeof windowSchema>;
