import * as z from 'zod';
import { firingLines, type StillFiring } from '../../../core/response/incidents/still-firing.ts';
import { actorSchema } from '../actor.ts';
import { alertDto, alertSchema } from './alert.ts';
import { overrideSchema } from './override.ts';
import { silenceSchema } from './silence.ts';
import { servingSchema } from './training.ts';

export const actRequestSchema = z.strictObject({ actor: actorSchema }).meta({ id: 'ActRequest' });

export const resolveRequestSchema = z
  .strictObject({ actor: actorSchema, force: z.boolean().optional().describe('Resolve although alerts fire.') })
  .meta({ id: 'ResolveRequest' });

const message = z.string().describe('What was done, for people.');

export const doneSchema = z.object({ message }).meta({ id: 'Done' });
export const silenceMadeSchema = z.object({ message, silence: silenceSchema }).meta({ id: 'SilenceMade' });
export const overrideMadeSchema = z.object({ message, override: overrideSchema }).meta({ id: 'OverrideMade' });

export const promotedSchema = z.object({ message, serving: servingSchema }).meta({ id: 'Promoted' });

const stillFiringSchema = z
  .object({
    critical: z.int(),
    warn: z.int(),
    alerts: z.array(alertSchema).describe('The worst of them, at most 5.'),
    lines: z.array(z.string()).describe('The same for people, one line per alert.'),
  })
  .meta({ id: 'StillFiring', description: 'Firing alerts, because of which the incident was not resolved.' });

export type StillFiringDto = z.infer<typeof stillFiringSchema>;

export const conflictSchema = z
  .object({
    error: z.string().describe('Why it was not done, for people.'),
    stillFiring: stillFiringSchema.optional().meta({ description: 'Send `force` to resolve anyway.' }),
  })
  .meta({ id: 'Conflict' });

export function stillFiringDto(firing: StillFiring): StillFiringDto {
  const { critical, warn, alerts } = firing;
  return { critical, warn, alerts: alerts.map(alertDto), lines: firingLines(firing) };
}
