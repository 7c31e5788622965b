import * as z from 'zod';
import { formatPercent, formatValue } from '../../../vocabulary/format.ts';
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

type BurnWindow = z.output<typeof burnWindow>;

/** Beyond this share of errors a ratio is 1 but for rounding. */
const mostErrors = 1 + 1e-9;

/** Why no share of errors burns the budget that fast; undefined if one does. */
function burnFault(burn: number, objective: number): string | undefined {
  const budget = 1 - objective;
  if (burn * budget <= mostErrors) return undefined;
  const most = formatValue(Math.floor(100 * (1 / budget + 1e-9)) / 100);
  return `expected at most ${most}: of a budget of ${formatPercent(budget)}, ${formatValue(burn)} times are ${formatPercent(burn * budget)} of errors, and there are never more than 100%, so it can never fire; lower the burn rate, or raise the objective`;
}

/**
 * The pairs of the SRE workbook: 2 % of the budget of 30 days in an hour, and 5 % in six hours. The
 * lower the objective, the larger the share of errors they stand for; it is capped at this part of
 * the way from the budget to only errors, so that every objective can be missed fast enough.
 */
const usualPairs = [
  { long: 3_600_000, short: 300_000, burn: 14.4, severity: 'critical', part: 1 / 2 },
  { long: 21_600_000, short: 1_800_000, burn: 6, severity: 'warn', part: 1 / 4 },
] as const;

function usualWindows(objective: number): BurnWindow[] {
  const budget = 1 - objective;
  return usualPairs.map(({ part, burn, ...pair }) => ({
    ...pair,
    burn: Math.min(burn, (budget + part * (1 - budget)) / budget),
  }));
}

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
      .optional()
      .describe(
        'Pairs of windows. When left out: 14.4 times over 1h and 5m (critical) and 6 times over 6h and 30m (warn), as in the Google SRE workbook, chapter 5, for a budget of 30 days; less for an objective so low that this would be more errors than there can be.',
      ),
  })
  .superRefine(({ objective, windows = [] }, ctx) => {
    for (const [index, { burn }] of windows.entries()) {
      const message = burnFault(burn, objective);
      if (message !== undefined) ctx.addIssue({ code: 'custom', path: ['windows', index, 'burn'], message });
    }
  })
  .transform(({ windows, ...config }) => ({ ...config, windows: windows ?? usualWindows(config.objective) }))
  .describe('Judge by how fast the error budget of an objective burns.');

export type BurnRateConfig = z.output<typeof burnRateSchema>;

export const writtenBurnRate = writtenKind({
  schema: burnRateSchema,
  judges: 'points',
  countsPoints: false,
  tests: true,
  recovers: true,
});
