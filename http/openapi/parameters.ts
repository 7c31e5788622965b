import * as z from 'zod';

export const sourceQuery = z
  .string()
  .optional()
  .meta({ description: 'Name of the source in the config; may be left out where only one could be meant.', examples: ['churn'] });

export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/)
  .optional()
  .meta({
    description: 'A new one for each batch; the same one when the batch is sent again. A batch counts once under its key.',
    examples: ['8a1b8f0e-8d2b-4ef5-9d5e-0f7a4a4b2b0c'],
  });

export const ruleId = z.string().meta({
  description: 'Id of a rule; for an alert of another system `source/alertname`, with the slash as `%2F`.',
  examples: ['slow'],
});

export const incidentId = z.string().meta({ description: 'Id of the incident.', examples: ['inc-4f1c09a2b7'] });

export const ifNoneMatch = z.string().optional().meta({ description: 'The `ETag` of an earlier answer: 304 if it still holds.' });

export const cursor = z.string().optional().meta({ description: '`next` of an earlier answer: what comes after it.' });

/** A list of names such as `critical,warn`. */
export const namesOf = (names: readonly string[], description = '') =>
  z
    .string()
    .optional()
    .meta({ description: `${description === '' ? '' : `${description} `}Of ${names.join(', ')}, with commas between.` });
