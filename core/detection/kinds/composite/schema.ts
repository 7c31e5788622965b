import * as z from 'zod';
import { matchersSchema } from '../../../vocabulary/matchers/matchers-schema.ts';
import { ruleName, severitySchema } from '../../../vocabulary/schema-parts.ts';
import { writtenKind } from '../../rules/written-kind.ts';

const term = z
  .strictObject({
    rule: ruleName.optional().describe('Name of a rule, which may be composite itself.'),
    match: matchersSchema
      .optional()
      .describe('Alerts with these labels, whoever judges them; without `rule`, those of composite rules do not count.'),
    severity: severitySchema.optional().describe('`critical`: only critical alerts count.'),
  })
  .refine(({ rule, match }) => rule !== undefined || match !== undefined, { error: 'expected a rule, a match or both' });
const terms = z.array(term).min(1).max(20);

const compositeSchema = z
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
  })
  .describe('Judge by the alerts of other rules.');

export type CompositeConfig = z.output<typeof compositeSchema>;

export const writtenComposite = writtenKind({
  schema: compositeSchema,
  judges: 'alerts',
  countsPoints: false,
  tests: false,
  recovers: false,
});
