import * as z from 'zod';
import { alertSeveritySchema, categorySchema, labels, name, timeZone } from '../../vocabulary/schema-parts.ts';
import { shown } from '../../vocabulary/shown.ts';
import { formatDuration, positiveDuration } from '../../vocabulary/units.ts';
import { clockTime } from '../mute-timings/mute-timing-schema.ts';
import { cronFault } from './cron-schedule.ts';
import { deadlineFault } from './deadline-fits.ts';

/** Heartbeats are looked at so often. */
const lookMs = 60_000;
const atLeastALook = positiveDuration.refine((ms) => ms >= lookMs, {
  error: ({ input }) =>
    `expected at least ${formatDuration(lookMs)}, for heartbeats are looked at so often; received ${formatDuration(Number(input))}`,
});

const cronText = z
  .string()
  .trim()
  .max(200)
  .superRefine((text, ctx) => {
    const fault = cronFault(text);
    if (fault === undefined) return;
    const message = `expected a cron expression such as "0 3 * * *"; received ${shown(text)}: ${fault}`;
    ctx.addIssue({ code: 'custom', message });
  })
  .meta({ title: 'cron expression' });

export const heartbeatSchema = z
  .strictObject({
    title: z.string().optional().describe('What a page calls the job; its name when left out.'),
    schedule: cronText
      .optional()
      .describe('When a run begins, as five fields of cron or a name such as `@daily`. This or `every`. Quote it.'),
    every: atLeastALook.optional().describe('How long after the begin of a run the next one begins, instead of `schedule`.'),
    timezone: timeZone.prefault('UTC').describe('IANA time zone of `schedule` and `deadline`.'),
    grace: atLeastALook
      .prefault('5m')
      .describe('How late a run may begin; of a job that only reports success, how late it may end.'),
    deadline: clockTime
      .optional()
      .describe(
        'The local time of day at which a run has to be done: the first one after it was due. A warning comes ahead of it if the run is predicted to miss it, and it is critical once it has. Needs `schedule`. Quote it.',
      ),
    maxDuration: positiveDuration.optional().describe('A run that takes longer is an alert.'),
    stuckAfter: positiveDuration.optional().describe('A run that reported progress, and then none for this long, is an alert.'),
    severity: alertSeveritySchema
      .prefault('warn')
      .describe('Of an alert about a run that is late, failed, took too long or is stuck.'),
    criticalAfter: positiveDuration.optional().describe('Such an alert is critical once it has lasted this long.'),
    category: categorySchema.prefault('pipeline').describe('The row of the escalation matrix.'),
    labels: labels
      .prefault({})
      .describe('Labels of its alerts, such as `dataset` or `model`, by which they are grouped, muted, routed and correlated.'),
    owner: z.string().optional().describe('Who owns the job; shown on pages.'),
    runbook: name.describe('Name of the runbook: runbooks/NAME.md.'),
  })
  .superRefine(({ schedule, every }, ctx) => {
    if ((schedule === undefined) === (every === undefined))
      ctx.addIssue({
        code: 'custom',
        message: `expected exactly one of schedule and every; received ${schedule === undefined ? 'none' : 'both'}`,
      });
  })
  .superRefine((heartbeat, ctx) => {
    const fault = deadlineFault(heartbeat);
    if (fault !== undefined) ctx.addIssue({ code: 'custom', path: ['deadline'], message: fault });
  });

export type HeartbeatConfig = z.output<typeof heartbeatSchema>;
