import * as z from 'zod';
import type { ContactNow, Integrations, SourceNow } from '../../../app/query/integrations.ts';
import type { TestSeen } from '../../../app/respond/page-test.ts';
import { pageFailures } from '../../../core/response/incidents/timeline-data.ts';
import { troubleKinds } from '../../../core/selfcheck/vitals/rule-trouble.ts';
import { healthStatuses } from '../../../core/selfcheck/vitals/vitals.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const sourceSchema = z.object({
  name: z.string(),
  kind: z.string(),
  rules: z.int().describe('Rules that ask it.'),
  judgedAt: timeSchema.optional().meta({ description: 'When its rules were last judged.' }),
  troubled: z.int().describe('Rules that judge nothing, or not everything.'),
  troubles: z
    .array(z.object({ rule: z.string(), kind: z.enum(troubleKinds), text: z.string(), since: timeSchema }))
    .describe('The oldest of them, at most 5.'),
  watchdog: z
    .object({ missing: z.boolean(), seenAt: timeSchema.optional() })
    .optional()
    .describe('The alert that the source has to send all the time.'),
  heardAt: timeSchema.optional().meta({ description: 'Of alerts: when something was last sent to it.' }),
  unheard: z
    .boolean()
    .optional()
    .describe('Of alerts: nothing was sent to it since this process started, and none of its alerts fires.'),
  ignored: z.int().optional().describe('Alerts of it that this process left out.'),
});

const contactSchema = z.object({
  key: z.string().describe('Such as `slack:U024BE7LH`; it has no secret in it.'),
  kind: z.string(),
  owners: z.array(z.string()).describe('Whose it is: `responder/ana`, `channel/ml-alerts`.'),
  deliveredAt: timeSchema.optional().meta({ description: 'When it last took a page.' }),
  failure: z
    .object({ at: timeSchema, kind: z.enum(pageFailures), text: z.string() })
    .optional()
    .describe('The last page that it did not take.'),
  waiting: z.int().describe('Undelivered pages that are due.'),
  held: z.int().describe('Undelivered pages that wait for the rate limit or the next try.'),
  oldestAt: timeSchema.optional().meta({ description: 'When the oldest of them was decided.' }),
  lastError: z.string().optional(),
  setAside: z
    .object({ since: timeSchema, triedAt: timeSchema })
    .optional()
    .describe('It has not answered, so one page at a time tries it; when the next does.'),
});

export const integrationsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    status: z.enum(healthStatuses),
    reasons: z
      .array(z.object({ kind: z.string(), text: z.string(), rule: z.string().optional(), since: timeSchema.optional() }))
      .describe('Why it is not `ok`.'),
    synthetic: z
      .object({ state: z.enum(['under way', 'arrived', 'late', 'missed', 'overdue']), startedAt: timeSchema })
      .optional()
      .describe('The last synthetic incident, where the config asks for them.'),
    sources: z.array(sourceSchema),
    contacts: z.array(contactSchema),
    hooks: z.array(
      z.object({
        deployment: z.string(),
        kind: z.string(),
        answeredAt: timeSchema.optional(),
        unanswered: z.boolean().describe('It did not answer when this process asked last.'),
      }),
    ),
    incidents: z.int().describe('Pages of so many incidents, the latest, tell what became of contacts.'),
  })
  .meta({ id: 'Integrations', description: 'How everything does that Tocsin reads from and writes to.' });

export type IntegrationsDto = z.infer<typeof integrationsSchema>;

export const integrationsDto = (found: Integrations): Omit<IntegrationsDto, 'at'> => ({
  status: found.health.status,
  reasons: found.health.reasons.map(({ since, ...reason }) => ({ ...reason, since: timeIfAny(since) })),
  synthetic:
    found.synthetic === undefined ? undefined : { state: found.synthetic.state, startedAt: timeOf(found.synthetic.startedAt) },
  sources: found.sources.map(sourceDto),
  contacts: found.contacts.map(contactDto),
  hooks: found.hooks.map(({ answeredAt: at, ...hook }) => ({ ...hook, answeredAt: timeIfAny(at) })),
  incidents: found.incidents,
});

const sourceDto = ({ judgedAt, heardAt, troubles, watchdog, ...source }: SourceNow): IntegrationsDto['sources'][number] => ({
  ...source,
  judgedAt: timeIfAny(judgedAt),
  heardAt: timeIfAny(heardAt),
  troubles: troubles.map(({ rule, kind, text, since }) => ({ rule, kind, text, since: timeOf(since) })),
  watchdog: watchdog === undefined ? undefined : { missing: watchdog.missing, seenAt: timeIfAny(watchdog.seenAt) },
});

const contactDto = ({
  deliveredAt,
  failure,
  oldestAt,
  setAside,
  ...contact
}: ContactNow): IntegrationsDto['contacts'][number] => ({
  ...contact,
  deliveredAt: timeIfAny(deliveredAt),
  failure: failure === undefined ? undefined : { ...failure, at: timeOf(failure.at) },
  oldestAt: timeIfAny(oldestAt),
  setAside: setAside === undefined ? undefined : { since: timeOf(setAside.since), triedAt: timeOf(setAside.at) },
});

export const testAskedSchema = z
  .object({ message: z.string().describe('What was done, for people.'), responder: z.string() })
  .meta({ id: 'TestPageAsked' });

export const testPageSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    responder: z.string(),
    test: z
      .object({
        askedAt: timeSchema,
        state: z.enum(['waiting', 'delivered', 'failed']),
        deliveries: z
          .array(
            z.object({
              at: timeSchema,
              contact: z.string(),
              outcome: z.enum(['delivered', 'failed', 'held']),
              failure: z.enum(pageFailures).optional(),
              text: z.string(),
            }),
          )
          .describe('What became of it, oldest first.'),
        waiting: z
          .array(z.object({ contact: z.string(), nextTryAt: timeSchema, error: z.string().optional() }))
          .describe('What is still to be delivered.'),
      })
      .optional()
      .describe('The last test page of the last hour.'),
  })
  .meta({ id: 'TestPage' });

export type TestPageDto = z.infer<typeof testPageSchema>;

const outcomeOf = { 'page delivered': 'delivered', 'page failed': 'failed', 'page held': 'held' } as const;

export function testSeenDto({ at, timeline, waiting }: TestSeen): NonNullable<TestPageDto['test']> {
  const open = waiting.filter(({ done }) => !done);
  const deliveries = timeline.flatMap(({ at: when, kind, text, data }) => {
    const outcome = kind in outcomeOf ? outcomeOf[kind as keyof typeof outcomeOf] : undefined;
    if (outcome === undefined) return [];
    const { contact = 'nothing', failure } = data ?? {};
    return [{ at: timeOf(when), contact, outcome, ...(failure !== undefined && { failure }), text }];
  });
  const isDelivered = deliveries.some(({ outcome }) => outcome === 'delivered');
  return {
    askedAt: timeOf(at),
    state: isDelivered ? 'delivered' : open.length === 0 && deliveries.length > 0 ? 'failed' : 'waiting',
    deliveries,
    waiting: open.map(({ contact, notBefore, lastError }) => ({ contact, nextTryAt: timeOf(notBefore), error: lastError })),
  };
}
