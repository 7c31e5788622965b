import * as z from 'zod';
import type { Entry } from '../../../telemetry/samples/records.ts';
import { refusals } from '../../../telemetry/samples/refusals.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import type { IntakeRead } from '../alert-intake.ts';
import { eventEndsAfter, withoutEmpty } from '../events/alert-event.ts';
import { alertOfRun } from '../run-states.ts';

const mlflowRun = z.object({
  server: z.string(),
  experiment: z.string().min(1),
  runId: z.string().min(1),
  runName: z.string().optional(),
  status: z.enum(['FAILED', 'FINISHED']),
  endedAt: z.number(),
  link: z.string(),
});

/** A run that has ended, with the name of its experiment and the server that was asked. */
export type MlflowRun = z.output<typeof mlflowRun>;

/**
 * Runs of MLflow in the order in which they ended. One that failed is an alert of its experiment,
 * and a later one that finished ends that.
 */
export function readMlflowRuns(runs: readonly unknown[], now: number): IntakeRead {
  const refused = refusals();
  const records: Entry<AlertPayload>[] = [];
  for (const [index, run] of runs.entries()) {
    const read = mlflowRun.safeParse(run);
    if (read.success) records.push({ index, value: alertIn(read.data, now) });
    else refused.add(index, () => `expected a run of MLflow: ${read.error.issues[0]?.path.join('.') || 'its shape'}`);
  }
  return { ok: true, records, leftOut: 0, ...refused.all() };
}

function alertIn({ server, experiment, runId, runName, status, endedAt, link }: MlflowRun, now: number): AlertPayload {
  const name = runName === undefined || runName === '' ? runId : `${runName} (${runId})`;
  return alertOfRun(
    status === 'FAILED' ? 'failed' : 'succeeded',
    {
      identity: { experiment, server },
      labels: { alertname: 'MlflowRunFailed', experiment, severity: 'error' },
      annotations: withoutEmpty({ summary: `A run of the experiment ${experiment} failed`, description: `run ${name} failed` }),
      generatorURL: link,
      at: endedAt,
      endsAfter: eventEndsAfter,
    },
    now,
  );
}
