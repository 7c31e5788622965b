import * as z from 'zod';
import { severitySchema } from '../../../vocabulary/schema-parts.ts';
import { percent, positiveDuration } from '../../../vocabulary/units.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const burnWindow = z
  .strictObject({
    long: positiveDuration.describe('The error budget must have burnt this fast over this span ...'),
    short: positiveDuration.describe('... and over this one, which ends the alert soon after the errors end.'),
    burn: z.number().positive().describe('How many times faster than the budget allows.'),
    severity: severitySchema.describe('The band that is entered.'),
  })
  .refine(({ long, short }) => short < long, { error: 'expected short to be shorter than long', path: ['short'] });

const burnRateSchema = z
  .strictObject({
    objective: percent
      .refine((o) => o > 0 && o < 1, { error: 'expected an objective between 0% and 100%, such as 99.9%' })
      .describe('The share of good events that is promised; the rest is the error budget.'),
    ratio: z
      .enum(['error', 'good'])
      .prefault('error')
      .describe('What the query gives: the share of errors, or that of good events, such as accuracy.'),
    windows: z
      .array(burnWindow)
      .min(1)
      .max(8)
      .prefault([
        { long: '1h', short: '5m', burn: 14.4, severity: 'critical' },
        { long: '6h', short: '30m', burn: 6, severity: 'warn' },
      ])
      .describe('Pairs of windows. The default is that of the Google SRE workbook, chapter 5, for a budget of 30 days.'),
  })
  .describe('Judge by how fast the error budget of an objective burns.');

export type BurnRateConfig = z.output<typeof burnRateSchema>;

export const writtenBurnRate = writtenKind({ schema: burnRateSchema, judges: 'points', countsPoints: false, tests: true });
