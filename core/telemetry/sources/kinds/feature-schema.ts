import * as z from 'zod';

export const featureSchema = z
  .strictObject({
    type: z
      .enum(['number', 'integer', 'category', 'boolean', 'text'])
      .describe('The type. A category is a text with few different values.'),
    min: z.number().optional().describe('Numbers below are out of range.'),
    max: z.number().optional().describe('Numbers above are out of range.'),
    values: z.array(z.string()).min(1).max(10_000).optional().describe('The known categories; any other one is unseen.'),
    unit: z.string().min(1).max(24).optional().describe('What its numbers are in, such as hours; for people who read them.'),
    optional: z.boolean().prefault(false).describe('false: a record without it counts as null.'),
  })
  .superRefine(({ type, min, max, unit, values }, ctx) => {
    const isNumber = type === 'number' || type === 'integer';
    const refuse = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (min !== undefined && !isNumber) refuse('min', `expected no min for a ${type}`);
    if (max !== undefined && !isNumber) refuse('max', `expected no max for a ${type}`);
    if (unit !== undefined && !isNumber) refuse('unit', `expected no unit for a ${type}`);
    if (values !== undefined && type !== 'category') refuse('values', `expected no values for a ${type}`);
    if (min !== undefined && max !== undefined && min > max) refuse('max', 'expected max to be at least min');
  });

export type FeatureSchema = z.output<typeof featureSchema>;
