import * as z from 'zod';
import { name } from '../../vocabulary/schema-parts.ts';

export const teamSchema = z.strictObject({
  members: z.array(name).min(1).describe('Responders who belong to it.'),
  schedule: name.optional().describe('Its schedule, whose time zone the console shows to its members.'),
});

export type Team = z.output<typeof teamSchema>;
