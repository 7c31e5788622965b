import * as z from 'zod';
import { name } from '../../../vocabulary/schema-parts.ts';
import { expressionFault } from './expression.ts';

const expression = z
  .string()
  .superRefine((text, ctx) => {
    const fault = expressionFault(text);
    if (fault !== undefined) ctx.addIssue({ code: 'custom', message: fault });
  })
  .meta({ title: 'expression (JMESPath)' });

/** Names with an expression each, or one expression that gives an object. */
const members = z.union([expression, z.record(z.string().min(1), expression)], {
  error: 'expected an expression that gives an object, or names with an expression each',
});

const shared = {
  labels: members
    .optional()
    .describe(
      'Labels of the alert: names with an expression each, or one expression that gives an object. What is null is no label.',
    ),
  severity: expression.optional().describe('A word for how bad it is; `severities` of the source says what your own words mean.'),
  summary: expression.optional().describe('One line: the title of pages.'),
  description: expression.optional().describe('The reason, in more words.'),
  link: expression.optional().describe('An http(s) address where somebody reads on.'),
};

export const mappingSchema = z.strictObject({
  source: name
    .optional()
    .describe('The source of kind `alerts` that its alerts are of; by default `?source=` of the address, or the only one.'),
  each: expression
    .optional()
    .describe(
      'What gives the list of those that are one alert each. By default the whole message, or its elements if it is a list.',
    ),
  resolved: expression
    .optional()
    .describe(
      'Whether an alert is over. Without it no message ends one: each ends `endsAfter` of the source after it was last sent, by default 7d.',
    ),
  fields: z
    .strictObject({
      alertname: expression.describe("The name of the alert, as in `check` or, always the same, `'nightly-job'`."),
      ...shared,
      identity: members
        .optional()
        .describe('What tells an alert from others of its name, where labels may change. By default all its labels.'),
      startsAt: expression
        .optional()
        .describe('When it began: ISO 8601, or milliseconds since the epoch; `from_seconds(x)` makes them of seconds.'),
      endsAt: expression.optional().describe('When it ended, if it has.'),
    })
    .describe('What is read of each of them.'),
  common: z
    .strictObject(shared)
    .optional()
    .describe('What is read of the whole message. It counts where one of them says nothing; labels are added to theirs.'),
});

export type Mapping = z.output<typeof mappingSchema>;
