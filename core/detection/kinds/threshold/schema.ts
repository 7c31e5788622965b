import * as z from 'zod';
import { exactlyOne } from '../../../vocabulary/schema-parts.ts';
import { aBound, noBound } from '../../rules/size-bands.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const bounds = z
  .strictObject({
    warn: z.number().optional().describe('Warn past this value.'),
    critical: z.number().optional().describe('Critical past this value.'),
  })
  .refine(aBound, noBound);

const thresholdSchema = z
  .strictObject({
    above: bounds.optional().describe('A value above is bad.'),
    below: bounds.optional().describe('A value below is bad.'),
  })
  .superRefine(exactlyOne(['above', 'below']))
  .superRefine((threshold, ctx) => {
    const { above, below } = threshold;
    if (above?.warn !== undefined && above.critical !== undefined && above.warn >= above.critical) {
      ctx.addIssue({ code: 'custom', path: ['above', 'critical'], message: 'expected critical to lie above warn' });
    }
    if (below?.warn !== undefined && below.critical !== undefined && below.warn <= below.critical) {
      ctx.addIssue({ code: 'custom', path: ['below', 'critical'], message: 'expected critical to lie below warn' });
    }
  })
  .describe('Judge by fixed bounds.');

export type ThresholdConfig = z.output<typeof thresholdSchema>;

export const writtenThreshold = writtenKind({ schema: thresholdSchema, judges: 'points', countsPoints: true, tests: true });
