import * as z from 'zod';
import { matchersSchema } from '../../vocabulary/matchers/matchers-schema.ts';
import { name } from '../../vocabulary/schema-parts.ts';

export const inhibitionSchema = z.strictObject({
  name: name.describe('Shown as the reason for muting.'),
  source: matchersSchema.describe('While an alert with these labels fires ...'),
  target: matchersSchema.describe('... alerts with these labels do not page ...'),
  equal: z.array(z.string()).prefault([]).describe('... if these labels are equal in both.'),
});

export type Inhibition = z.output<typeof inhibitionSchema>;
