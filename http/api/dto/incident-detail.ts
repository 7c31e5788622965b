import * as z from 'zod';
import type { IncidentDetail } from '../../../app/query/incident-detail.ts';
import { whatChangedKinds } from '../../../app/query/what-changed.ts';
import { deliveryOutcomes, type Rung } from '../../../core/response/escalation/ladder.ts';
import { targetText } from '../../../core/response/escalation/page-target.ts';
import { nameOfTarget } from '../../../core/response/escalation/person-name.ts';
import { incidentActions } from '../../../core/response/incidents/actions.ts';
import { nextStepKinds } from '../../../core/response/incidents/next-step.ts';
import { pageReasons } from '../../../core/response/paging/posted.ts';
import { runbookAddress } from '../../../core/response/runbooks/address.ts';
import { incidentDto, incidentSchema } from './incident.ts';
import { incidentCostDto, incidentCostSchema } from './incident-cost.ts';
import { nextStepDto, nextStepSchema } from './next-step.ts';
import { finite } from './numbers.ts';
import { scheduleZoneSchema } from './schedule-zone.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { timelineEntryDto, timelineEntrySchema } from './timeline-entry.ts';
import { answeredAt } from './words.ts';

const rungSchema = z
  .object({
    state: z.enum(['paged', 'coming']),
    at: timeSchema,
    tier: z.int().describe('The tier of the policy, from 1.'),
    reason: z.enum(pageReasons).optional().describe('Why they were paged.'),
    kind: z.enum(nextStepKinds).optional().describe('Which step is coming.'),
    pages: z.array(
      z.object({
        target: z.string(),
        name: z.string().describe('As people say it: `ana`, `#ml-alerts`.'),
        outcome: z
          .enum(deliveryOutcomes)
          .optional()
          .describe('Of what was paged; `held`: it was not sent, for a reason on the timeline.'),
        at: timeSchema.optional().meta({ description: 'When that was known.' }),
        contact: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Rung', description: 'One step of the escalation ladder: who was paged, or is going to be.' });

const changeSchema = z.object({
  at: timeSchema,
  kind: z.enum(whatChangedKinds),
  text: z.string(),
  by: z.string(),
  link: z.string().optional().describe('That whoever told of it gives.'),
});

export const incidentDetailSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    incident: incidentSchema,
    headline: z
      .object({
        text: z.string().describe('What is wrong and by how much, in one sentence.'),
        detail: z.string().describe('The likeliest cause and what was done; empty if nothing is known.'),
        fingerprint: z.string().optional().describe('The alert that it is about.'),
        rule: z.string().optional(),
        metric: z.string().optional().describe('The title of that alert.'),
        value: z.number().optional(),
        baseline: z.number().optional(),
        degradation: z.number().optional().describe('Relative to the baseline; 0.1 is 10 %.'),
        bound: z.number().optional(),
        since: timeSchema,
      })
      .describe('The sentence on top, and the numbers in it.'),
    next: nextStepSchema.optional(),
    nextPage: nextStepSchema.optional().describe('The next step that pages somebody, if that is a later one.'),
    ladder: z
      .array(rungSchema)
      .describe('Who was paged and how that went, then who is paged if nobody acts, up to where escalation starts again.'),
    schedule: scheduleZoneSchema.optional().describe('That its policy pages.'),
    actions: z
      .array(z.object({ name: z.enum(incidentActions), allowed: z.boolean(), why: z.string().optional().describe('Why not.') }))
      .describe('What the person who asks may do now.'),
    costs: z
      .array(incidentCostSchema)
      .describe('What it has cost since it began, of each source that says what is at stake in its predictions.'),
    proof: z
      .object({
        alert: z.string().describe('Title of the alert whose end proves it.'),
        state: z.enum(['awaited', 'proven', 'failed']),
        until: timeSchema.optional().meta({ description: 'Until when recovery is watched.' }),
        watchMs: z.int().optional().describe('How long recovery is watched.'),
        unproven: z.string().optional().describe('Why the end of the alert proves nothing.'),
      })
      .optional()
      .describe('What proves the rollback.'),
    changes: z
      .array(changeSchema)
      .describe('What changed from 24 hours before it began, the latest first. None is a finding, too.'),
    changesFrom: timeSchema,
    changesComplete: z.boolean().describe('false: there may be more; the audit log is longer than what was read of it.'),
    runbooks: z
      .array(z.object({ name: z.string(), title: z.string(), url: z.string(), isOurs: z.boolean() }))
      .describe('`isOurs`: at `/api/runbooks/NAME`.'),
    timeline: z.array(timelineEntrySchema).describe('Oldest first.'),
  })
  .meta({ id: 'IncidentDetail' });

export type IncidentDetailDto = z.infer<typeof incidentDetailSchema>;

/** `titleOf`: of a runbook of ours; undefined for another one. */
export function incidentDetailDto(
  detail: IncidentDetail,
  titleOf: (name: string) => string | undefined,
  now: number,
): IncidentDetailDto {
  const { incident, timeline, story, next, nextPage, ladder, actions, changes, changesFrom, changesComplete } = detail;
  const { alert } = story;
  // That of the alert in the sentence first.
  const names = [...new Set([alert?.runbook ?? '', ...incident.alerts.map(({ runbook }) => runbook)])].filter(
    (name) => name !== '',
  );
  return {
    at: timeOf(now),
    incident: incidentDto(incident),
    headline: {
      ...{
        text: story.headline,
        detail: story.detail,
        fingerprint: alert?.fingerprint,
        rule: alert?.ruleId,
        metric: alert?.title,
      },
      ...{ value: finite(alert?.value), degradation: finite(alert?.degradation), bound: finite(alert?.bound) },
      baseline: alert?.baseline === undefined || alert.baseline.kind === 'profile' ? undefined : finite(alert.baseline.value),
      since: timeOf(incident.since),
    },
    next: next === undefined ? undefined : nextStepDto(next),
    nextPage: nextPage === undefined ? undefined : nextStepDto(nextPage),
    ladder: ladder.map(rungDto),
    schedule: detail.schedule,
    actions,
    costs: detail.costs.map(incidentCostDto),
    proof: proofDto(detail),
    changes: changes.map(({ at, kind, text, by, told }) => ({ at: timeOf(at), kind, text, by, link: told?.link })),
    changesFrom: timeOf(changesFrom),
    changesComplete,
    runbooks: names.map((name) => {
      const title = titleOf(name);
      return { name, title: title ?? name, url: runbookAddress(name, '') ?? '', isOurs: title !== undefined };
    }),
    timeline: timeline.map(timelineEntryDto),
  };
}

const rungDto = (rung: Rung): IncidentDetailDto['ladder'][number] => ({
  ...{ state: rung.state, at: timeOf(rung.at), tier: rung.tier },
  ...(rung.state === 'paged' ? { reason: rung.reason } : { kind: rung.kind }),
  pages: rung.pages.map(({ target, outcome, at, contact }) => ({
    ...{ target: targetText(target), name: nameOfTarget(target), at: timeIfAny(at), contact },
    outcome: rung.state === 'paged' ? outcome : undefined,
  })),
});

const proofStates = {
  verifying: 'awaited',
  confirming: 'awaited',
  running: 'awaited',
  succeeded: 'proven',
  failed: 'failed',
} as const;

function proofDto({ incident: { rollback, alerts, deadlines } }: IncidentDetail): IncidentDetailDto['proof'] {
  if (rollback === undefined) return undefined;
  const { state, fingerprint, watchMs, unproven } = rollback;
  if (state === 'inspecting' || state === 'offered' || state === 'refused') return undefined;
  const alert = alerts.find((one) => one.fingerprint === fingerprint)?.title ?? 'its alert';
  return { alert, state: proofStates[state], until: timeIfAny(deadlines.verify), watchMs, unproven };
}
