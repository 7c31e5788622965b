import * as z from 'zod';
import { exactlyOne } from '../../../vocabulary/schema-parts.ts';
import { percent, positiveDuration } from '../../../vocabulary/units.ts';
import { sizeBands } from '../../rules/size-bands.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const rateOfChangeSchema = z
  .strictObject({
    over: positiveDuration.describe('The span of the change: a point is compared with the one this long before it.'),
    direction: z.enum(['rise', 'drop', 'either']).prefault('either').describe('Which way is bad.'),
    relative: sizeBands(percent, 'a change of this share of the earlier value').optional().describe('The change as a share.'),
    absolute: sizeBands(z.number().positive(), 'a change of this size')
      .optional()
      .describe("The change in the metric's own unit."),
  })
  .superRefine(exactlyOne(['relative', 'absolute']))
  .describe('Judge by how much the value has changed over a span.');

export type RateOfChangeConfig = z.output<typeof rateOfChangeSchema>;

export const writtenRateOfChange = writtenKind({
  schema: rateOfChangeSchema,
  judges: 'points',
  countsPoints: true,
  tests: true,
  recovers: true,
});
