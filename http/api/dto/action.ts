import * as z from 'zod';
import type { SilenceMade } from '../../../app/respond/silence.ts';
import { mostNoteChars } from '../../../core/response/incidents/note.ts';
import { firingLines, type StillFiring } from '../../../core/response/incidents/still-firing.ts';
import { actorSchema } from '../actor.ts';
import { alertDto, alertSchema } from './alert.ts';
import { overrideSchema } from './override.ts';
import { silenceDto, silenceSchema } from './silence.ts';
import { servingSchema } from './training.ts';

export const actRequestSchema = z.strictObject({ actor: actorSchema }).meta({ id: 'ActRequest' });

export const resolveRequestSchema = z
  .strictObject({ actor: actorSchema, force: z.boolean().optional().describe('Resolve although alerts fire.') })
  .meta({ id: 'ResolveRequest' });

export const noteRequestSchema = z
  .strictObject({ actor: actorSchema, text: z.string().min(1).max(mostNoteChars).describe('What was found out or done.') })
  .meta({ id: 'NoteRequest' });

const message = z.string().describe('What was done, for people.');

export const doneSchema = z.object({ message }).meta({ id: 'Done' });
export const silenceMadeSchema = z
  .object({
    message,
    silence: silenceSchema,
    matchedNow: z.int().describe('How many of the alerts that fire now it matches.'),
    firingNow: z.int().describe('How many alerts fire now.'),
    hints: z.array(z.string()).describe('What may have been meant otherwise, for people.'),
  })
  .meta({ id: 'SilenceMade' });

export type SilenceMadeDto = z.infer<typeof silenceMadeSchema>;

export const silenceMadeDto = ({ message, silence, now, hints }: SilenceMade): SilenceMadeDto => ({
  message,
  silence: silenceDto(silence),
  matchedNow: now.matched,
  firingNow: now.firing,
  hints,
});

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
