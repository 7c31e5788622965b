import * as z from 'zod';
import { ruleName, severitySchema } from '../../vocabulary/schema-parts.ts';
import { parseTimestamp } from '../../vocabulary/timestamp.ts';
import { duration, positiveDuration } from '../../vocabulary/units.ts';
import { readValues } from './given-values.ts';

const labels = z.record(z.string().min(1), z.string());

const written = z
  .string()
  .check((ctx) => {
    const read = readValues(ctx.value);
    if (!read.ok) ctx.issues.push({ code: 'custom', message: read.error, input: ctx.value });
  })
  .transform((text) => {
    const read = readValues(text);
    return read.ok ? read.values : [];
  });
const listed = z.array(z.number().nullable()).transform((values) => values.map((value) => value ?? undefined));
const values = z.union([written, listed, z.number().transform((value) => [value])]);

const seriesSchema = z.strictObject({
  rule: ruleName.optional().describe("The rule that reads it; by default the test's."),
  labels: labels.prefault({}).describe('Labels in addition to those of source and rule.'),
  values: values.describe('One value per step, such as `0.8x10 0.7x5 _x3`, or a list in which null is missing.'),
  counts: values
    .optional()
    .describe('Samples behind each value, in the same notation; the last one repeats to the end. Default: unknown.'),
});

/** The observable states of an alert. A resolved one is inactive. */
export const seenStates = ['inactive', 'pending', 'firing', 'recovering'] as const;

const expectationSchema = z.strictObject({
  at: duration.describe('Time since the start; the first value of a series is known after one step.'),
  rule: ruleName.optional().describe("By default the test's rule."),
  labels: labels.prefault({}).describe('Only alerts with these labels are checked.'),
  state: z.enum(seenStates).describe('`inactive`: no alert; otherwise at least one alert matches.'),
  severity: severitySchema.optional().describe('Severity of the alert; by default any.'),
  reason: z.string().optional().describe('Text that the reason must contain.'),
});

const pageSchema = z.strictObject({
  at: duration.describe('Time since the start.'),
  severity: severitySchema.describe('Severity of the page.'),
  reason: z
    .enum(['triggered', 'severity raised', 'alert joined', 'reopened'])
    .optional()
    .describe('Reason of the page; by default any.'),
});

const testSchema = z.strictObject({
  name: z.string().min(1).describe('What it shows, as a sentence.'),
  rule: ruleName.optional().describe('The tested rule; series and expectations may name others.'),
  start: z
    .string()
    .check((ctx) => {
      if (parseTimestamp(ctx.value) !== undefined) return;
      const message = `expected a time such as 2026-01-05T09:00Z; received ${JSON.stringify(ctx.value)}`;
      ctx.issues.push({ code: 'custom', message, input: ctx.value });
    })
    .transform((text) => parseTimestamp(text) ?? 0)
    .prefault('2026-01-05T00:00Z')
    .describe('Start of the clock, in UTC, on a step of the rules; by default a Monday.'),
  until: positiveDuration.optional().describe('Length; by default until the last value or expectation.'),
  series: z.array(seriesSchema).describe('What the sources return. No real source is queried.'),
  expect: z.array(expectationSchema).prefault([]).describe('Expected alerts at these times.'),
  pages: z
    .array(pageSchema)
    .optional()
    .describe('All pages caused by the rule, in order, without escalations and resolves. Not checked if absent.'),
});

export const testFileSchema = z.strictObject({
  tests: z.array(testSchema).min(1).describe('Rule tests; each starts from empty.'),
});

export type RuleTest = z.output<typeof testSchema>;
export type Expectation = z.output<typeof expectationSchema>;
export type ExpectedPage = z.output<typeof pageSchema>;

/** JSON Schema of a test file, for editors. */
export function testJsonSchema(): object {
  const schema = z.toJSONSchema(testFileSchema, { io: 'input' });
  return { $schema: schema.$schema, title: 'Tocsin rule tests', ...schema };
}
