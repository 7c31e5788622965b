import * as z from 'zod';

/** Refusals as Alertmanager writes them. */
export const refusedTextSchema = z.string().meta({ id: 'AlertmanagerRefusal', description: 'What was wrong, for a person.' });

export const invalidSchema = z
  .object({ code: z.int().describe('As go-openapi numbers them.'), message: z.string() })
  .meta({ id: 'AlertmanagerInvalid', description: 'A parameter or body is not what it should be.' });

export const eitherRefusalSchema = z.union([refusedTextSchema, invalidSchema]).meta({ id: 'AlertmanagerRefusals' });

const receiverSchema = z
  .object({ name: z.string().describe('An escalation policy, or `(nobody)` of what pages nobody.') })
  .meta({ id: 'AlertmanagerReceiver' });

export const receiversSchema = z.array(receiverSchema).meta({ id: 'AlertmanagerReceivers' });

const matcherSchema = z
  .object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().nullish().describe('Default true.') })
  .meta({ id: 'AlertmanagerMatcher' });

export const postedSilenceSchema = z
  .looseObject({
    id: z.string().nullish().describe('The silence that this changes.'),
    matchers: z.array(matcherSchema).min(1).max(50),
    startsAt: z.string().describe('RFC 3339. A time that has passed is now.'),
    endsAt: z.string().describe('RFC 3339. At most 90 days from now; more than 24 h after the start needs an admin.'),
    createdBy: z.string().describe('Who, for the audit log, where a program acts for people; in a session whoever signed in.'),
    comment: z.string().max(1000),
  })
  .meta({ id: 'AlertmanagerPostableSilence', description: '`postableSilence` of Alertmanager. Further fields are ignored.' });

export const silenceIdSchema = z.object({ silenceID: z.string() }).meta({ id: 'AlertmanagerSilenceId' });

const time = z.iso.datetime();

export const gettableSilenceSchema = z
  .object({
    id: z.string(),
    matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() })),
    startsAt: time,
    endsAt: time,
    updatedAt: time.describe('When it started, or the time of the answer before that: changes are in the audit log.'),
    createdBy: z.string(),
    comment: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  })
  .meta({ id: 'AlertmanagerSilence', description: '`gettableSilence` of Alertmanager: a silence of Tocsin.' });

export const gettableSilencesSchema = z.array(gettableSilenceSchema).meta({ id: 'AlertmanagerSilences' });

const labels = z.record(z.string(), z.string());

export const gettableAlertSchema = z
  .object({
    labels: labels.describe('As they were sent; of an alert of a rule also `rule`, `category` and `severity`.'),
    annotations: labels,
    startsAt: time,
    endsAt: time.describe('Of an alert of a rule: five minutes after the answer.'),
    updatedAt: time,
    fingerprint: z.string(),
    receivers: receiversSchema,
    status: z.object({
      state: z.enum(['active', 'suppressed']),
      silencedBy: z.array(z.string()).describe('Ids of silences.'),
      inhibitedBy: z
        .array(z.string())
        .describe('Fingerprints of alerts that inhibit it, or what upstream explains it, in words.'),
      mutedBy: z.array(z.string()).describe('Mute timings, and the route that pages nobody.'),
    }),
    generatorURL: z.string().optional(),
  })
  .meta({ id: 'AlertmanagerAlert', description: '`gettableAlert` of Alertmanager: an alert that fires.' });

export const gettableAlertsSchema = z.array(gettableAlertSchema).meta({ id: 'AlertmanagerAlerts' });

export const alertGroupsSchema = z
  .array(z.object({ labels, receiver: receiverSchema, alerts: gettableAlertsSchema }))
  .meta({ id: 'AlertmanagerGroups' });
