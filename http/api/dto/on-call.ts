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
      .describe('Why: the rotation, an override in the config, or one that somebody made.'),
    override: overrideSchema.optional(),
    next: z.string().describe('Who is on call next.'),
  })
  .meta({ id: 'Shift', description: 'Who is on call for a schedule.' });

export type ShiftDto = z.infer<typeof shiftSchema>;

export const onCallSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    oncall: z.array(shiftSchema).describe('One per schedule in the config.'),
    overrides: z.array(overrideSchema).describe('Overrides that have not ended, including future ones.'),
  })
  .meta({ id: 'OnCall' });

export type OnCallDto = z.infer<typeof onCallSchema>;

export function shiftDto({ schedule, responder, from, until, override, made, next }: Turn): ShiftDto {
  const span = { from: timeOf(from), until: timeOf(until) };
  if (made !== undefined) return { schedule, responder, ...span, namedBy: 'override', override: overrideDto(made), next };
  return { schedule, responder, ...span, namedBy: override ? 'config override' : 'rotation', next };
}
