import * as z from 'zod';
import type { IncidentInShort } from '../../../app/query/incident-in-short.ts';
import type { Now, NowRow } from '../../../app/query/now.ts';
import { type ChangeSummary, whatChangedKinds } from '../../../app/query/what-changed.ts';
import { nameOfTarget } from '../../../core/response/escalation/person-name.ts';
import { type Upcoming, upcomingKinds } from '../../../core/selfcheck/now/upcoming.ts';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import { flappingDto, flappingSchema } from './incident.ts';
import { nextStepDto, nextStepSchema } from './next-step.ts';
import { finite } from './numbers.ts';
import { ofOthersDto, ofOthersSchema } from './of-others.ts';
import { shiftDto, shiftSchema } from './on-call.ts';
import { countsDto, groupSchema, healthCountsSchema, ruleHealthDto, ruleHealthSchema } from './rule-health.ts';
import { sparklineDto, sparklineSchema } from './sparkline.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt, categorySchema, labelsSchema, severitySchema } from './words.ts';

export const nowIncidentSchema = z
  .object({
    id: z.string(),
    synthetic: z.literal(true).optional().describe('A test of Tocsin itself; listed only on request.'),
    title: z.string(),
    status: z.enum(['waiting', 'triggered', 'acknowledged', 'resolved']),
    severity: severitySchema,
    worst: severitySchema.meta({ description: 'The highest severity it ever had.' }),
    category: categorySchema,
    groupLabels: labelsSchema.meta({ description: 'Labels that its alerts share.' }),
    openedAt: timeSchema,
    since: timeSchema.meta({ description: 'Start of the earliest breach.' }),
    alerts: z.int().describe('How many of its alerts fire.'),
    muted: z.string().optional().describe('Why none of the alerts that fire pages, if all are muted.'),
    what: z.string().optional().describe('What was found of the alert that it is named after, in words.'),
    value: z.number().optional(),
    baseline: z.number().optional(),
    rule: z.string().optional().describe('The rule of that alert.'),
    cause: z
      .object({ title: z.string(), where: z.string().optional(), reason: z.string().optional() })
      .optional()
      .describe('The likeliest cause.'),
    rollback: z.object({ state: z.string(), from: z.string().optional(), to: z.string().optional(), at: timeSchema }).optional(),
    paged: z.array(z.string()).describe('Who was paged last: `ana`, `#ml-alerts`.'),
    acknowledgedBy: z.string().optional().describe('Who has it.'),
    acknowledgedAt: timeSchema.optional(),
    next: nextStepSchema.optional(),
    nextPage: nextStepSchema.optional().describe('The next step that pages somebody, if that is a later one.'),
    resolvedAt: timeSchema.optional(),
    resolvedBy: z.string().optional(),
    isOwn: z.literal(true).optional().describe('It pages whoever asks, or their team, or the team that is asked for, owns it.'),
    flapping: flappingSchema.optional(),
    spark: sparklineSchema.optional(),
  })
  .meta({ id: 'NowIncident', description: 'An incident in short.' });

export type NowIncidentDto = z.infer<typeof nowIncidentSchema>;

const rowSchema = groupSchema
  .extend({
    version: z.string().optional().describe('The version of the model that serves.'),
    counts: healthCountsSchema,
    total: z.int().describe('How many rules it has.'),
    cells: z.array(ruleHealthSchema).describe('Its rules, the worst first: at most 12; of more than 60 models, one each.'),
  })
  .meta({ id: 'NowRow', description: 'The rules of one model.' });

export type NowRowDto = z.infer<typeof rowSchema>;

const changeSchema = z
  .object({
    at: timeSchema,
    kind: z.enum(whatChangedKinds),
    text: z.string(),
    by: z.string().describe('Who did it: `ana`, `tocsin`.'),
    incident: z.string().optional(),
    link: z.string().optional().describe('That whoever told of it gives.'),
  })
  .meta({ id: 'ChangeSummary' });

const upcomingSchema = z
  .object({
    at: timeSchema,
    kind: z.enum(upcomingKinds),
    text: z.string(),
    incident: z.string().optional(),
    rule: z.string().optional(),
  })
  .meta({ id: 'Upcoming', description: 'Something that happens by itself.' });

const total = z.int().describe('How many there are in all.');

export const nowSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    headline: z
      .object({ title: z.string(), detail: z.string() })
      .describe('Whether anything is wrong and who has it, in a sentence or two.'),
    counts: healthCountsSchema,
    incidents: z
      .object({
        total,
        isCut: z.literal(true).optional().describe('There are more than were counted.'),
        shown: z.array(nowIncidentSchema),
      })
      .describe('The open ones: the most severe first, then those that page next.'),
    models: z.object({ total, shown: z.array(rowSchema) }).describe('Those with the worst rules first.'),
    onCall: z.array(shiftSchema),
    notJudged: z
      .object({ total, shown: z.array(ruleHealthSchema) })
      .describe('Rules of which nobody can tell, the longest first.'),
    changes: z.object({ total, shown: z.array(changeSchema) }).describe('What changed in the last 24 hours, the latest first.'),
    upcoming: z
      .object({ total, shown: z.array(upcomingSchema) })
      .describe('What happens in the next 12 hours if nobody does anything.'),
    ofOthers: ofOthersSchema.optional().describe('What is left out; absent without `team`.'),
  })
  .meta({ id: 'Now', description: 'What somebody on call wants to know first.' });

export type NowDto = z.infer<typeof nowSchema>;

export const nowDto = (now: Now, at: number): NowDto => ({
  at: timeOf(at),
  headline: { title: now.headline.title, detail: now.headline.detail },
  counts: countsDto(now.counts),
  incidents: { ...now.incidents, shown: now.incidents.shown.map(nowIncidentDto) },
  models: { total: now.groups.total, shown: now.groups.shown.map(rowDto) },
  onCall: now.onCall.map(shiftDto),
  notJudged: { total: now.unjudged.total, shown: now.unjudged.shown.map((one) => ruleHealthDto(one, undefined)) },
  changes: { total: now.changes.total, shown: now.changes.shown.map(changeDto) },
  upcoming: { total: now.upcoming.total, shown: now.upcoming.shown.map(upcomingDto) },
  ofOthers: now.ofOthers === undefined ? undefined : ofOthersDto(now.ofOthers),
});

export function nowIncidentDto({ incident, leading, next, nextPage, isOwn, spark }: IncidentInShort): NowIncidentDto {
  const { id, tenant, title, status, severity, worst, category, groupLabels } = incident;
  const { openedAt, since, counts, causes, rollback, escalation } = incident;
  const { acknowledgedAt, acknowledgedBy } = incident;
  const [cause] = causes ?? [];
  const { baseline } = leading ?? {};
  return {
    ...{ id, synthetic: tenant === 'synthetic' ? true : undefined, title, status, severity, worst, category, groupLabels },
    ...{ openedAt: timeOf(openedAt), since: timeOf(since) },
    alerts: counts.critical + counts.warn + counts.info + counts.muted,
    muted: mutedText(incident),
    ...{ what: leading?.reason, value: finite(leading?.value), rule: leading?.ruleId },
    baseline: baseline === undefined || baseline.kind === 'profile' ? undefined : finite(baseline.value),
    cause: cause === undefined ? undefined : { title: cause.title, where: cause.where, reason: cause.reasons[0] },
    rollback:
      rollback === undefined
        ? undefined
        : { state: rollback.state, from: rollback.from, to: rollback.to, at: timeOf(rollback.at) },
    paged: escalation.targets.map(nameOfTarget),
    acknowledgedBy: acknowledgedBy === undefined ? undefined : nameOfActor(acknowledgedBy),
    acknowledgedAt: timeIfAny(acknowledgedAt),
    next: next === undefined ? undefined : nextStepDto(next),
    nextPage: nextPage === undefined ? undefined : nextStepDto(nextPage),
    ...{
      resolvedAt: timeIfAny(incident.resolvedAt),
      resolvedBy: incident.resolvedBy === undefined ? undefined : nameOfActor(incident.resolvedBy),
    },
    isOwn: isOwn === true ? true : undefined,
    flapping: flappingDto(incident),
    spark: spark === undefined ? undefined : sparklineDto(spark),
  };
}

/** Why nobody is paged about it, if every alert that fires is muted. */
function mutedText({ counts, alerts }: IncidentInShort['incident']): string | undefined {
  if (counts.muted === 0 || counts.critical + counts.warn + counts.info > 0) return undefined;
  return alerts.find(({ state }) => state === 'muted')?.muted?.text;
}

const rowDto = ({ kind, name, version, counts, total, cells }: NowRow): NowRowDto => ({
  ...{ kind, name, version, counts: countsDto(counts), total },
  cells: cells.map(({ judgement, ...health }) => ruleHealthDto(health, judgement)),
});

const changeDto = ({ at, kind, text, by, incident, told }: ChangeSummary): NowDto['changes']['shown'][number] => ({
  ...{ at: timeOf(at), kind, text, by, incident, link: told?.link },
});

const upcomingDto = ({ at, kind, text, incident, rule }: Upcoming): NowDto['upcoming']['shown'][number] => ({
  ...{ at: timeOf(at), kind, text, incident, rule },
});
