import * as z from 'zod';
import { name, severitySchema } from '../../vocabulary/schema-parts.ts';
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
  rule: name.optional().describe('The rule that sees it; that of the test when left out.'),
  labels: labels.prefault({}).describe('Labels beside those that the source and the rule give.'),
  values: values.describe('One value a step, such as `0.8x10 0.7x5 _x3`, or a list in which null is a missing one.'),
  counts: values
    .optional()
    .describe('Samples behind each value, in the same notation; the last one goes on to the end. Unknown when left out.'),
});

/** The observable states of an alert. A resolved one is inactive. */
export const seenStates = ['inactive', 'pending', 'firing', 'recovering'] as const;

const expectationSchema = z.strictObject({
  at: duration.describe('Time since the start; the first value of a series is known one step after it.'),
  rule: name.optional().describe('That of the test when left out.'),
  labels: labels.prefault({}).describe('Only alerts that have these labels are looked at.'),
  state: z.enum(seenStates).describe('`inactive`: no alert; otherwise at least one alert is as described.'),
  severity: severitySchema.optional().describe('Severity of the alert; any when left out.'),
  reason: z.string().optional().describe('Text that the reason of the alert contains.'),
});

const pageSchema = z.strictObject({
  at: duration.describe('Time since the start.'),
  severity: severitySchema.describe('Severity of the page.'),
  reason: z
    .enum(['triggered', 'severity raised', 'alert joined', 'reopened'])
    .optional()
    .describe('Why it is sent; any when left out.'),
});

const testSchema = z.strictObject({
  name: z.string().min(1).describe('What it shows, as a sentence.'),
  rule: name.optional().describe('The rule that is tested; series and expectations may name others.'),
  start: z
    .string()
    .check((ctx) => {
      if (parseTimestamp(ctx.value) !== undefined) return;
      const message = `expected a time such as 2026-01-05T09:00Z; received ${JSON.stringify(ctx.value)}`;
      ctx.issues.push({ code: 'custom', message, input: ctx.value });
    })
    .transform((text) => parseTimestamp(text) ?? 0)
    .prefault('2026-01-05T00:00Z')
    .describe('When the clock starts, in UTC, on a step of the rules; a Monday when left out.'),
  until: positiveDuration.optional().describe('How long it lasts; to the last value or expectation when left out.'),
  series: z.array(seriesSchema).describe('What the source answers. No source is asked.'),
  expect: z.array(expectationSchema).prefault([]).describe('Alerts as they are to be seen at these times.'),
  pages: z
    .array(pageSchema)
    .optional()
    .describe('All pages for reasons of the rule, in order; escalations and resolved ones are none. Not checked when left out.'),
});

export const testFileSchema = z.strictObject({
  tests: z.array(testSchema).min(1).describe('Tests of rules; each starts from nothing.'),
});

export type RuleTest = z.output<typeof testSchema>;
export type Expectation = z.output<typeof expectationSchema>;
export type ExpectedPage = z.output<typeof pageSchema>;

/** JSON Schema of a test file, for editors. */
export function testJsonSchema(): object {
  const schema = z.toJSONSchema(testFileSchema, { io: 'input' });
  return { $schema: schema.$schema, title: 'Tocsin rule tests', ...schema };
}
