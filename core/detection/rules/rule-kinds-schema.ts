import * as z from 'zod';
import { exactlyOne, matchers, name, severitySchema } from '../../vocabulary/schema-parts.ts';
import { percent, positiveDuration } from '../../vocabulary/units.ts';

// ---------------------------------------------------------------- threshold

const bounds = z
  .strictObject({
    warn: z.number().optional().describe('Warn past this value.'),
    critical: z.number().optional().describe('Critical past this value.'),
  })
  .refine((b) => b.warn !== undefined || b.critical !== undefined, { error: 'expected a bound for warn, critical or both' });

export const thresholdSchema = z
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
  });

// ---------------------------------------------------------------- bands of a size

/** Bands that are a size: of a change, or of a silence. At least one, and warn below critical. */
const bandsOf = (size: z.ZodType<number>, what: string) =>
  z
    .strictObject({
      warn: size.optional().describe(`Warn from ${what}.`),
      critical: size.optional().describe(`Critical from ${what}.`),
    })
    .refine((b) => b.warn !== undefined || b.critical !== undefined, { error: 'expected a bound for warn, critical or both' })
    .refine((b) => b.warn === undefined || b.critical === undefined || b.warn < b.critical, {
      error: 'expected warn to be smaller than critical',
      path: ['critical'],
    });

export const rateOfChangeSchema = z
  .strictObject({
    over: positiveDuration.describe('The span of the change: a point is compared with the one this long before it.'),
    direction: z.enum(['rise', 'drop', 'either']).prefault('either').describe('Which way is bad.'),
    relative: bandsOf(percent, 'a change of this share of the earlier value').optional().describe('The change as a share.'),
    absolute: bandsOf(z.number().positive(), 'a change of this size').optional().describe("The change in the metric's own unit."),
  })
  .superRefine(exactlyOne(['relative', 'absolute']));

export const absenceSchema = bandsOf(positiveDuration, 'this long without a point');

// ---------------------------------------------------------------- burn rate

const burnWindow = z
  .strictObject({
    long: positiveDuration.describe('The error budget must have burnt this fast over this span ...'),
    short: positiveDuration.describe('... and over this one, which ends the alert soon after the errors end.'),
    burn: z.number().positive().describe('How many times faster than the budget allows.'),
    severity: severitySchema.describe('The band that is entered.'),
  })
  .refine(({ long, short }) => short < long, { error: 'expected short to be shorter than long', path: ['short'] });

export const burnRateSchema = z.strictObject({
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
});

// ---------------------------------------------------------------- composite

const term = z
  .strictObject({
    rule: name.optional().describe('Name of a rule, which may be composite itself.'),
    match: matchers
      .optional()
      .describe('Alerts with these labels, whoever judges them; without `rule`, those of composite rules do not count.'),
    severity: severitySchema.optional().describe('`critical`: only critical alerts count.'),
  })
  .refine(({ rule, match }) => rule !== undefined || match !== undefined, { error: 'expected a rule, a match or both' });
const terms = z.array(term).min(1).max(20);

export const compositeSchema = z
  .strictObject({
    all: terms.optional().describe('Each of these has an alert ...'),
    any: terms.optional().describe('... and at least one of these ...'),
    none: terms.optional().describe('... and none of these.'),
    on: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'Labels in which the alerts must agree, where they have them; they become the labels of this rule. `settings.groupBy` when left out.',
      ),
    severity: severitySchema.optional().describe('Severity of the alert; the highest of the alerts behind it when left out.'),
  })
  .refine(({ all, any }) => all !== undefined || any !== undefined, {
    error: 'expected `all` or `any`: a rule that only names what must not fire would always fire',
  });
