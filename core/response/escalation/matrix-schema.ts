import * as z from 'zod';
import { name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

const matrixCell = z.strictObject({
  policy: name.describe('Name of the escalation policy.'),
  ackTarget: positiveDuration.optional().describe('Response-time target: time to acknowledge.'),
  resolveTarget: positiveDuration.optional().describe('Response-time target: time to resolve.'),
});
const matrixRow = z.strictObject({
  warn: matrixCell.optional().describe('For incidents of this severity; by default the cell of `default`.'),
  critical: matrixCell.optional().describe('For incidents of this severity; by default the cell of `default`.'),
});
export const matrixSchema = z.strictObject({
  'data-quality': matrixRow.optional().describe('Validation errors, missing or corrupt data.'),
  drift: matrixRow.optional().describe('Inputs or predictions have changed.'),
  performance: matrixRow.optional().describe('The model makes more errors.'),
  latency: matrixRow.optional().describe('Responses take too long.'),
  availability: matrixRow.optional().describe('Answers fail.'),
  resource: matrixRow.optional().describe('Memory, disk, CPU, quotas.'),
  pipeline: matrixRow.optional().describe('Jobs, volume, and alerts about the rules themselves.'),
  default: z
    .strictObject({
      warn: matrixCell.describe('For incidents of this severity.'),
      critical: matrixCell.describe('For incidents of this severity.'),
    })
    .describe('For categories without a cell of their own.'),
});

export type Matrix = z.output<typeof matrixSchema>;
