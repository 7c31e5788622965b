import * as z from 'zod';
import { type HeartbeatNow, heartbeatStandings } from '../../../app/query/heartbeats.ts';
import { type Run, runOutcomes } from '../../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatTroubles } from '../../../core/alerting/heartbeats/trouble.ts';
import { alertSeverities } from '../../../core/vocabulary/schema-parts.ts';
import { formatDuration } from '../../../core/vocabulary/units.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const runSchema = z.object({
  id: z.string().optional().describe('As the job calls it.'),
  startedAt: timeSchema.optional(),
  endedAt: timeSchema.optional(),
  outcome: z
    .enum(runOutcomes)
    .optional()
    .describe('Absent while it runs. `lost`: a later one began or succeeded, and it never ended.'),
  exitCode: z.int().optional(),
  done: z.number().optional().describe('How much is done, from 0 to 1.'),
  log: z.string().optional().describe('The end of what the job printed; kept of the newest three that sent it.'),
});

const heartbeatFields = {
  name: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  runbook: z.string(),
  cron: z.string().optional().describe('When it is due: a cron expression, by the clocks of `timezone`.'),
  every: z.string().optional().describe('Instead of `cron`: so long after its last run began, such as `1h`.'),
  timezone: z.string(),
  standing: z.enum(heartbeatStandings).describe('`expected`: it has not reported yet.'),
  severity: z.enum(alertSeverities).optional().describe('Of its alert, while one fires.'),
  incident: z.string().optional().describe('The incident of that alert.'),
  troubles: z
    .array(z.object({ kind: z.enum(heartbeatTroubles), since: timeSchema, text: z.string() }))
    .describe('What is wrong with it.'),
  since: timeSchema.meta({ description: 'Since when it is expected.' }),
  succeededAt: timeSchema.optional(),
  nextDueAt: timeSchema.optional().meta({ description: 'When its next run is due; in the past for one that is late.' }),
  running: runSchema.optional().describe('The run under way.'),
  deadline: z
    .object({
      at: timeSchema,
      forecast: z
        .object({
          endsAt: timeSchema,
          by: z.enum(['progress', 'earlier runs']),
          text: z.string(),
        })
        .optional(),
    })
    .optional()
    .describe('Of the run that is due next, or under way, with the time at which it is predicted to end.'),
};

export const heartbeatListSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    heartbeats: z.array(
      z.object({ ...heartbeatFields, runs: z.array(runSchema.omit({ log: true })).describe('The newest 50, oldest first.') }),
    ),
  })
  .meta({ id: 'HeartbeatList', description: 'Jobs that report their runs, those in trouble first.' });

export const heartbeatSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), ...heartbeatFields, runs: z.array(runSchema) })
  .meta({ id: 'Heartbeat', description: 'A job that reports its runs.' });

export type HeartbeatListDto = z.infer<typeof heartbeatListSchema>;
export type HeartbeatDto = z.infer<typeof heartbeatSchema>;
type RunDto = z.infer<typeof runSchema>;

const runDto = ({ id, startedAt, endedAt, outcome, exitCode, progress, log }: Run): RunDto => ({
  ...{ id, startedAt: timeIfAny(startedAt), endedAt: timeIfAny(endedAt), outcome, exitCode, done: progress?.done, log },
});

const withoutLog = (run: Run): Omit<RunDto, 'log'> => {
  const { log: _, ...rest } = runDto(run);
  return rest;
};

function fieldsOf(found: HeartbeatNow): Omit<HeartbeatListDto['heartbeats'][number], 'runs'> {
  const { name, title, owner, labels, runbook, cron, timezone, standing, severity, incidentId, deadline } = found;
  return {
    ...{ name, title, owner, labels, runbook, cron, timezone, standing, severity, incident: incidentId },
    every: found.every === undefined ? undefined : formatDuration(found.every),
    troubles: found.troubles.map(({ kind, since, text }) => ({ kind, since: timeOf(since), text })),
    since: timeOf(found.since),
    succeededAt: timeIfAny(found.succeededAt),
    nextDueAt: timeIfAny(found.nextDueAt),
    running: found.running === undefined ? undefined : withoutLog(found.running),
    deadline:
      deadline === undefined
        ? undefined
        : {
            at: timeOf(deadline.at),
            forecast:
              deadline.forecast === undefined
                ? undefined
                : {
                    endsAt: timeOf(deadline.forecast.endsAt),
                    by: deadline.forecast.from.by,
                    text: deadline.forecast.text,
                  },
          },
  };
}

export const heartbeatsDto = (all: readonly HeartbeatNow[]): HeartbeatListDto['heartbeats'] =>
  all.map((found) => ({ ...fieldsOf(found), runs: found.runs.map(withoutLog) }));

export const heartbeatDto = (found: HeartbeatNow): Omit<HeartbeatDto, 'at'> => ({
  ...fieldsOf(found),
  runs: found.runs.map(runDto),
});
