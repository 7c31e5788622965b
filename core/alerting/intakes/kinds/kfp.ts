import { atOnce } from '../../../telemetry/samples/body.ts';
import type { Entry } from '../../../telemetry/samples/records.ts';
import { refusals } from '../../../telemetry/samples/refusals.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import type { AlertIntake, IntakeRead } from '../alert-intake.ts';
import { eventEndsAfter, isObject, withoutEmpty } from '../events/alert-event.ts';
import { listIn, objectIn, shortWord, timeIn, wholeWordIn, wordIn } from '../members.ts';
import { alertOfRun, meaningOf, type RunMeaning } from '../run-states.ts';
import { untimed } from '../undated.ts';

const states: Readonly<Record<string, RunMeaning>> = {
  FAILED: 'failed',
  SUCCEEDED: 'succeeded',
  PENDING: 'neither',
  RUNNING: 'neither',
  SKIPPED: 'neither',
  CANCELING: 'neither',
  CANCELED: 'neither',
  PAUSED: 'neither',
  RUNTIME_STATE_UNSPECIFIED: 'neither',
};
const mostTasks = 5;
/** Runs that are read before others have a turn. */
const inARow = 100;

/**
 * Runs of Kubeflow Pipelines as its API answers them (v2beta1): `{ "run": {...} }`, one run, or `{
 * "runs": [...] }`. A run that failed is an alert about its pipeline, and a later one that
 * succeeded ends that.
 */
export const kfpIntake = {
  lists: ['runs', 'task_details'],
  objects: ['run', 'run_details'],
  many: true,
  read: (document, now) => atOnce(runsInParts(document, now)),
  readInParts: (document, now) => runsInParts(document, now),
} satisfies AlertIntake;

function* runsInParts(document: unknown, now: number): Generator<void, IntakeRead> {
  const runs = runsIn(document);
  if (runs === undefined) return { ok: false, error: 'expected a run of Kubeflow Pipelines (v2beta1), or {"runs": [...]}' };
  const refused = refusals();
  const alerts: (Entry<AlertPayload> & { at: number })[] = [];
  for (const [index, run] of runs.entries()) {
    const read = alertIn(run, now);
    if (typeof read === 'string') refused.add(index, () => read);
    else if (read !== undefined) alerts.push({ index, value: read, at: read.endsAt ?? read.startsAt ?? now });
    if (index % inARow === inARow - 1) yield;
  }
  // The newest run is listed first, and the last word about a pipeline counts.
  const records = alerts.toSorted((a, b) => a.at - b.at).map(({ index, value }) => ({ index, value }));
  return { ok: true, records, leftOut: 0, ...refused.all() };
}

function runsIn(document: unknown): unknown[] | undefined {
  if (!isObject(document)) return undefined;
  const { run, runs } = document;
  if (Array.isArray(runs)) return runs as unknown[];
  if (run !== undefined) return [run];
  return 'run_id' in document || 'state' in document ? [document] : undefined;
}

/** Undefined for a run of which nothing can be said yet; a text for what is no run. */
function alertIn(run: unknown, now: number): AlertPayload | string | undefined {
  if (!isObject(run)) return 'expected a run, an object';
  const told = meaningOf(states, 'state', run['state']);
  if ('fault' in told) return told.fault;
  if (told.meaning === 'neither') return undefined;
  const pipeline = wordIn(objectIn(run, 'pipeline_version_reference'), 'pipeline_id');
  const [runId, experiment, display] = [wordIn(run, 'run_id'), wordIn(run, 'experiment_id'), wholeWordIn(run, 'display_name')];
  // SDKs put the time of a run into its name.
  const named = display === undefined ? undefined : shortWord(untimed(display));
  const recurring = wordIn(run, 'recurring_run_id');
  const about = recurring ?? pipeline ?? named;
  if (about === undefined)
    return 'expected a recurring_run_id, a pipeline_version_reference.pipeline_id or a display_name, which says of what it is a run';
  const description = [wordIn(objectIn(run, 'error'), 'message'), tasksOf(run), runId === undefined ? undefined : `run ${runId}`];
  const name = display ?? `Pipeline ${about}`;
  return alertOfRun(
    told.meaning,
    {
      identity: withoutEmpty({ run_of: about, experiment }),
      labels: {
        ...withoutEmpty({
          pipeline: pipeline ?? named,
          pipeline_id: pipeline,
          recurring_run: recurring,
          experiment,
          severity: 'error',
        }),
        alertname: 'KubeflowRunFailed',
      },
      annotations: withoutEmpty({
        summary: `${name} failed`,
        description: description.filter((text) => text !== undefined).join('; '),
      }),
      generatorURL: undefined,
      at: timeIn(run, 'finished_at', 'created_at'),
      endsAfter: eventEndsAfter,
    },
    now,
  );
}

/** Which steps failed. */
function tasksOf(run: Record<string, unknown>): string | undefined {
  const failed = listIn(objectIn(run, 'run_details'), 'task_details').flatMap((task) =>
    wordIn(task, 'state') === 'FAILED' ? (wordIn(task, 'display_name') ?? []) : [],
  );
  if (failed.length === 0) return undefined;
  const more = failed.length > mostTasks ? ` and ${failed.length - mostTasks} more` : '';
  return `failed: ${failed.slice(0, mostTasks).join(', ')}${more}`;
}
