import * as z from 'zod';
import { name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

const matrixCell = z.strictObject({
  policy: name.describe('Name of the escalation policy.'),
  ackTarget: positiveDuration.optional().describe('Response-time target: time to acknowledge.'),
  resolveTarget: positiveDuration.optional().describe('Response-time target: time to resolve.'),
});
const matrixRow = z.strictObject({
  warn: matrixCell.optional().describe('For incidents of this severity; the cell of `default` when left out.'),
  critical: matrixCell.optional().describe('For incidents of this severity; the cell of `default` when left out.'),
});
export const matrixSchema = z.strictObject({
  'data-quality': matrixRow.optional().describe('Validation errors, missing or corrupt data.'),
  drift: matrixRow.optional().describe('Inputs or predictions have moved away from what was.'),
  performance: matrixRow.optional().describe('The model is wrong more often.'),
  latency: matrixRow.optional().describe('Answers take too long.'),
  availability: matrixRow.optional().describe('Answers fail.'),
  resource: matrixRow.optional().describe('Memory, disk, processors, quotas.'),
  pipeline: matrixRow.optional().describe('Jobs, volume, and alerts about rules themselves.'),
  default: z
    .strictObject({
      warn: matrixCell.describe('For incidents of this severity.'),
      critical: matrixCell.describe('For incidents of this severity.'),
    })
    .describe('Used where a category has no cell of its own.'),
});

export type Matrix = z.output<typeof matrixSchema>;
