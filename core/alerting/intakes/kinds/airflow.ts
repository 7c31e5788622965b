import type { AlertIntake, IntakeRead } from '../alert-intake.ts';
import { eventEndsAfter, isObject, jsonOf, withoutEmpty } from '../events/alert-event.ts';
import { numberIn, timeIn, wordIn } from '../members.ts';
import { alertOfRun, meaningOf, type RunMeaning } from '../run-states.ts';

const states: Readonly<Record<string, RunMeaning>> = {
  FAILED: 'failed',
  SUCCESS: 'succeeded',
  UPSTREAM_FAILED: 'neither',
  UP_FOR_RETRY: 'neither',
  SKIPPED: 'neither',
  RUNNING: 'neither',
  QUEUED: 'neither',
};

/**
 * What docs/examples/tocsin_airflow.py sends from callbacks of Airflow. One task of one DAG, or a
 * DAG as a whole, is one alert, and the next run that succeeds ends it.
 */
export const airflowIntake = {
  read(sent, now): IntakeRead {
    if (!isObject(sent)) return { ok: false, error: 'expected an object with dag_id and state, as docs/airflow.md sends it' };
    const dag = wordIn(sent, 'dag_id');
    if (dag === undefined)
      return {
        ok: false,
        error: `dag_id: expected the id of a DAG; received ${jsonOf(sent['dag_id']).slice(0, 60) || 'nothing'}`,
      };
    const told = meaningOf(states, 'state', sent['state']);
    if ('fault' in told) return { ok: false, error: told.fault };
    const none = { ok: true as const, leftOut: 0, records: [], rejected: [], unlisted: 0 };
    if (told.meaning === 'neither') return none;
    const [index, number] = [numberIn(sent, 'map_index') ?? -1, numberIn(sent, 'try_number')];
    const map = index >= 0 ? String(index) : undefined;
    const [task, run, error] = ['task_id', 'run_id', 'error'].map((name) => wordIn(sent, name));
    const what = task === undefined ? dag : `${dag}.${task}${map === undefined ? '' : `[${map}]`}`;
    const tries = number === undefined ? undefined : `try ${number}`;
    const description = [error, run === undefined ? undefined : `run ${run}`, tries]
      .filter((text) => text !== undefined)
      .join('; ');
    const value = alertOfRun(
      told.meaning,
      {
        identity: withoutEmpty({ dag, task, map_index: map }),
        labels: {
          ...withoutEmpty({
            pipeline: dag,
            dag,
            task,
            map_index: map,
            owner: wordIn(sent, 'owner'),
            severity: wordIn(sent, 'severity') ?? 'error',
          }),
          alertname: task === undefined ? 'AirflowDagFailed' : 'AirflowTaskFailed',
        },
        annotations: withoutEmpty({ summary: `${what} failed`, description }),
        generatorURL: wordIn(sent, 'log_url'),
        at: timeIn(sent, 'ended_at'),
        endsAfter: eventEndsAfter,
      },
      now,
    );
    return { ...none, records: [{ index: 0, value }] };
  },
} satisfies AlertIntake;
