import * as z from 'zod';
import type { Turn } from '../../../core/response/oncall/in-force.ts';
import { overrideDto, overrideSchema } from './override.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

export const shiftSchema = z
  .object({
    schedule: z.string(),
    responder: z.string().describe('Who is on call.'),
    from: timeSchema,
    until: timeSchema,
    namedBy: z
      .enum(['rotation', 'config override', 'override'])
      .describe('Why it is they: the rotation, an override in the config, or one that somebody made since.'),
    override: overrideSchema.optional(),
    next: z.string().describe('Who comes after them.'),
  })
  .meta({ id: 'Shift', description: 'Who is on call for a schedule.' });

export type ShiftDto = z.infer<typeof shiftSchema>;

export const onCallSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    oncall: z.array(shiftSchema).describe('One for each schedule of the config.'),
    overrides: z.array(overrideSchema).describe('Those that have not ended, also those that have yet to begin.'),
  })
  .meta({ id: 'OnCall' });

export function shiftDto({ schedule, responder, from, until, override, made, next }: Turn): ShiftDto {
  const span = { from: timeOf(from), until: timeOf(until) };
  if (made !== undefined) return { schedule, responder, ...span, namedBy: 'override', override: overrideDto(made), next };
  return { schedule, responder, ...span, namedBy: override ? 'config override' : 'rotation', next };
}
