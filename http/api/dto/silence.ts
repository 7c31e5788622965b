import * as z from 'zod';
import type { SilencePreview } from '../../../app/query/silence-preview.ts';
import { muters } from '../../../core/alerting/alerts/mute-reason.ts';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { matcherText } from '../../../core/vocabulary/matchers/matcher.ts';
import { matchersSchema } from '../../../core/vocabulary/matchers/matchers-schema.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt, labelsSchema, severitySchema } from './words.ts';

const matchSchema = matchersSchema.describe(
  "All must hold: labels and their values, where a list allows any of them; or matchers in Alertmanager's syntax, in one text or a list.",
);

export const silenceRequestSchema = z
  .strictObject({
    match: matchSchema,
    durationMs: z.int().positive().describe('Duration in milliseconds; at most 90 days. More than 24 h needs an admin.'),
    comment: z.string().max(1000).prefault('').describe('Why.'),
    actor: actorSchema,
  })
  .meta({ id: 'SilenceRequest' });

export const silenceSchema = z
  .object({
    id: z.string(),
    match: z.array(z.string()).describe("Its matchers in Alertmanager's syntax. All must hold."),
    from: timeSchema,
    until: timeSchema,
    by: actorNameSchema,
    comment: z.string(),
  })
  .meta({ id: 'Silence', description: 'Mutes matching alerts until a time.' });

export type SilenceDto = z.infer<typeof silenceSchema>;

export const silencesSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), silences: z.array(silenceSchema) })
  .meta({ id: 'SilenceList' });

export const silencePreviewRequestSchema = z.strictObject({ match: matchSchema }).meta({ id: 'SilencePreviewRequest' });

export const silencePreviewSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    match: z.array(z.string()).describe("The matchers in Alertmanager's syntax."),
    matchedNow: z.int().describe('How many of the alerts that fire now it matches.'),
    firingNow: z.int().describe('How many alerts fire now.'),
    alerts: z
      .array(
        z.object({
          fingerprint: z.string(),
          rule: z.string(),
          labels: labelsSchema,
          severity: severitySchema,
          since: timeSchema,
          incident: z.string().optional(),
          mutedBy: z.enum(muters).optional().describe('What mutes it already.'),
        }),
      )
      .describe('Those it matches, the worst first; at most 50.'),
    hints: z.array(z.string()).describe('What may have been meant otherwise, for people.'),
  })
  .meta({ id: 'SilencePreview', description: 'What a silence with these matchers would mute now.' });

export type SilencePreviewDto = z.infer<typeof silencePreviewSchema>;

export const silencePreviewDto = ({ match, now, alerts, hints }: SilencePreview) => ({
  match: match.map(matcherText),
  ...{ matchedNow: now.matched, firingNow: now.firing, hints },
  alerts: alerts.map(({ fingerprint, ruleId, labels, severity, since, joined, muted }) => ({
    ...{ fingerprint, rule: ruleId, labels, severity, since: timeOf(since) },
    ...{ incident: joined?.incidentId, mutedBy: muted?.by },
  })),
});

export const silenceDto = ({ id, match, from, until, by, comment }: Silence): SilenceDto => ({
  ...{ id, match: match.map(matcherText), from: timeOf(from), until: timeOf(until), by, comment },
});
