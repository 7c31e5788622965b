import * as z from 'zod';
import { muters } from '../../../core/alerting/alerts/mute-reason.ts';
import { rollbackRefusals } from '../../../core/remediation/rollback/refusal.ts';
import { targetText } from '../../../core/response/escalation/page-target.ts';
import {
  endings,
  escalationCauses,
  escalationSteps,
  pageFailures,
  repairedFaults,
  returns,
  rollbackOutcomes,
  type TimelineData,
} from '../../../core/response/incidents/timeline-data.ts';
import { withheldCodes } from '../../../core/response/incidents/withheld.ts';
import { pageReasons } from '../../../core/response/paging/posted.ts';
import { changeKinds } from '../../../core/telemetry/changes/change.ts';
import { timeOf, timeSchema } from './time.ts';
import { labelsSchema, severitySchema } from './words.ts';

const numberSchema = z.number().nullable().optional();

export const timelineDataSchema = z
  .object({
    rule: z.string().optional().describe('The rule whose alert the entry is about.'),
    fingerprint: z.string().optional().describe('Fingerprint of that alert.'),
    labels: labelsSchema.optional().meta({ description: 'Labels of that alert.' }),
    severity: severitySchema.optional().meta({ description: 'Severity of that alert, or of what somebody is told.' }),
    value: numberSchema.describe('Its value.'),
    baseline: numberSchema.describe('The baseline that the value was compared with.'),
    degradation: numberSchema.describe('How far the value is from its baseline.'),
    mutedBy: z.enum(muters).optional().describe('What withholds its pages.'),
    group: labelsSchema.optional().meta({ description: 'Labels of the group that was opened, or that joined.' }),
    incident: z.string().optional().describe('The related incident.'),
    ending: z.enum(endings).optional().describe('How the incident ended.'),
    returned: z.enum(returns).optional().describe('Why the incident was reopened.'),
    stillFiring: z.int().optional().describe('How many alerts fired when a person resolved the incident.'),
    late: z.literal(true).optional().describe('Past the response-time target of the policy.'),
    policy: z.string().optional().describe('The escalation policy.'),
    tier: z.int().optional().describe('The tier of the policy, from 1.'),
    step: z.enum(escalationSteps).optional().describe('Which step of the policy is paged; `exhausted`: every step was.'),
    cause: z
      .enum(escalationCauses)
      .optional()
      .describe('Why escalation goes on; `unreachable`: nobody at the step before could be reached.'),
    restartsAt: timeSchema.optional().describe('When an exhausted policy restarts at tier 1.'),
    untold: z.literal(true).optional().describe('No step of an exhausted policy has reached anybody.'),
    reason: z.enum(pageReasons).optional().describe('Why somebody is paged.'),
    target: z.string().optional().describe('Who is paged, such as `responder/ana` or `channel/ml`.'),
    override: z.string().optional().describe('The override that put the target on call.'),
    contact: z.string().optional().describe('The contact method, such as `sns:ana`.'),
    effect: z.string().optional().describe('The outbox message.'),
    providerId: z.string().optional().describe('What the provider or the rollback hook calls it.'),
    failure: z.enum(pageFailures).optional().describe('How a page failed; `slow` is still retried.'),
    withheld: z.enum(withheldCodes).optional().describe('Why nobody is paged.'),
    deployment: z.string().optional().describe('The deployment of a rollback.'),
    from: z.string().optional().describe('The version that a rollback leaves, or that there was before a change.'),
    to: z.string().optional().describe('The version that a rollback returns to, or that there is since a change.'),
    requestId: z.string().optional().describe('The request of a rollback, which a hook carries out once.'),
    refusal: z.enum(rollbackRefusals).optional().describe('Why a rollback is refused, or left to a person.'),
    offered: z.literal(true).optional().describe('A person may still start the refused rollback.'),
    outcome: z.enum(rollbackOutcomes).optional().describe('How far a rollback got.'),
    watchMs: z.int().optional().describe('How long recovery is watched after a rollback.'),
    change: z.string().optional().describe('The change that was told of.'),
    changeKind: z.enum(changeKinds).optional().describe('What sort of change it is.'),
    link: z.string().optional().describe('An http or https URL that its sender gives.'),
    fault: z.enum(repairedFaults).optional().describe('What the consistency check repaired.'),
  })
  .meta({ id: 'TimelineData', description: 'What an entry says, as fields. Which of them it has follows from its kind.' });

type TimelineDataDto = z.infer<typeof timelineDataSchema>;

export const timelineDataDto = ({ target, restartsAt, ...data }: TimelineData): TimelineDataDto => ({
  ...data,
  ...(target === undefined ? {} : { target: targetText(target) }),
  ...(restartsAt === undefined ? {} : { restartsAt: timeOf(restartsAt) }),
});
