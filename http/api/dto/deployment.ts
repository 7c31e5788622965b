import * as z from 'zod';
import type { DeploymentNow, Deployments } from '../../../app/query/deployments.ts';
import type { RollbackSeen, ServedVersion } from '../../../core/response/rollback/ledger.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt, severitySchema } from './words.ts';

const breakerSchema = z.enum(['closed', 'open', 'half-open']);

export const deploymentSchema = z
  .object({
    name: z.string(),
    model: z.string().optional(),
    hook: z.string().describe('The kind of its hook, such as `webhook`.'),
    watched: z.boolean().describe('A rule may roll it back, so its hook is asked every five minutes what serves.'),
    unanswered: z.boolean().describe('Its hook did not answer when this process asked last.'),
    recordLost: z.boolean().describe('Its record could not be read, so its known-bad versions are unknown.'),
    serves: z
      .object({
        version: z.string(),
        seenAt: timeSchema.meta({ description: 'When its hook said so last.' }),
        atLeastMs: z.int().describe('It has served for at least this long.'),
        stale: z.boolean().describe('Nobody has looked since, and another version may serve by now.'),
      })
      .optional(),
    served: z
      .array(z.object({ version: z.string(), atLeastMs: z.int(), lastAt: timeSchema }))
      .describe('Versions that were seen to serve, the latest first.'),
    knownBad: z
      .array(z.object({ version: z.string(), at: timeSchema, incident: z.string() }))
      .describe('Never a target of a rollback again, the latest first.'),
    inFlight: z
      .object({ from: z.string(), to: z.string(), incident: z.string(), startedAt: timeSchema })
      .optional()
      .describe('The rollback that is running or watched.'),
    rollbacks: z.array(
      z.object({
        name: z.string(),
        automatic: z.boolean(),
        breaker: breakerSchema,
        breakerUntil: timeSchema.optional().meta({ description: 'Until then no automatic rollback.' }),
        cooldownMs: z.int(),
        automaticToday: z.int().describe('Automatic rollbacks in the last 24 hours.'),
        dailyLimit: z.int(),
        role: z.string().describe('The lowest role that may ask for it.'),
      }),
    ),
  })
  .meta({ id: 'Deployment', description: 'What a deployment serves, and whether it may be rolled back.' });

const rollbackSeenSchema = z
  .object({
    deployment: z.string(),
    incident: z.string(),
    title: z.string(),
    state: z.enum(['inspecting', 'offered', 'refused', 'running', 'confirming', 'verifying', 'succeeded', 'failed']),
    from: z.string().optional(),
    to: z.string().optional(),
    reason: z.string(),
    at: timeSchema,
    by: z.string().optional().describe('Who asked for it: `ana`, `tocsin`; of the newest 20.'),
    unproven: z.string().optional().describe('Its alert ended in a way that proves nothing, and how.'),
  })
  .meta({ id: 'RollbackSeen', description: 'A rollback of an incident; `succeeded`: proven.' });

const servedVersionSchema = z
  .object({
    source: z.string(),
    model: z.string(),
    version: z.string(),
    from: timeSchema,
    until: timeSchema.optional().meta({ description: 'Absent for the one that serves.' }),
    how: z.enum(['promoted', 'first traffic', 'rolled back']).optional().describe('Known of the latest alone.'),
    by: actorNameSchema.optional(),
    incidents: z
      .array(z.object({ id: z.string(), title: z.string(), worst: severitySchema, openedAt: timeSchema }))
      .optional()
      .describe('Incidents about the model that opened meanwhile, at most 5; absent where they are not all known.'),
    incidentCount: z.int().optional(),
  })
  .meta({ id: 'ServedVersion', description: 'A version that served a model.' });

export const deploymentsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    deployments: z.array(deploymentSchema),
    rollbacks: z.array(rollbackSeenSchema).describe('Of the last 200 incidents, the latest first.'),
    versions: z.array(servedVersionSchema).describe('What served each model, the latest first.'),
  })
  .meta({ id: 'DeploymentList' });

export type DeploymentDto = z.infer<typeof deploymentSchema>;
export type RollbackSeenDto = z.infer<typeof rollbackSeenSchema>;
export type ServedVersionDto = z.infer<typeof servedVersionSchema>;
export type DeploymentsDto = z.infer<typeof deploymentsSchema>;

export const deploymentsDto = ({ deployments, rollbacks, versions }: Deployments): Omit<DeploymentsDto, 'at'> => ({
  deployments: deployments.map(deploymentDto),
  rollbacks: rollbacks.map(rollbackDto),
  versions: versions.map(versionDto),
});

const mostVersions = 20;

function deploymentDto({ name, config, watched, unanswered, serves, state, rollbacks }: DeploymentNow): DeploymentDto {
  const { inFlight } = state;
  return {
    ...{ name, model: config.model, hook: config.hook.kind, watched, unanswered, recordLost: state.lost === true },
    serves: serves === undefined ? undefined : { ...serves, seenAt: timeOf(serves.seenAt) },
    served: (state.served ?? [])
      .toReversed()
      .slice(0, mostVersions)
      .map(({ version, ms, lastAt }) => ({ version, atLeastMs: ms, lastAt: timeOf(lastAt) })),
    knownBad: state.knownBad
      .toReversed()
      .slice(0, mostVersions)
      .map(({ version, at, incidentId }) => ({ version, at: timeOf(at), incident: incidentId })),
    inFlight:
      inFlight === undefined
        ? undefined
        : {
            ...{ from: inFlight.from, to: inFlight.to },
            ...{ incident: inFlight.incidentId, startedAt: timeOf(inFlight.startedAt) },
          },
    rollbacks: rollbacks.map(({ name: rollbackName, rollback, breaker, breakerUntil, automaticToday }) => ({
      ...{ name: rollbackName, automatic: rollback.automatic, breaker, breakerUntil: timeIfAny(breakerUntil) },
      ...{ cooldownMs: rollback.cooldown, automaticToday, dailyLimit: rollback.dailyLimit, role: rollback.role },
    })),
  };
}

const rollbackDto = ({ at, ...seen }: RollbackSeen): RollbackSeenDto => ({ ...seen, at: timeOf(at) });

const mostNamed = 5;

const versionDto = ({ from, until, incidents, ...served }: ServedVersion): ServedVersionDto => ({
  ...served,
  ...{ from: timeOf(from), until: timeIfAny(until) },
  incidents: incidents?.slice(0, mostNamed).map(({ openedAt, ...one }) => ({ ...one, openedAt: timeOf(openedAt) })),
  incidentCount: incidents?.length,
});
