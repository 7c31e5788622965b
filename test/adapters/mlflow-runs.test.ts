import { expect, test } from 'vitest';
import { mlflowRuns } from '../../adapters/mlflow/runs.ts';
import { readMlflowRuns } from '../../core/alerting/intakes/kinds/mlflow-runs.ts';
import { mostRuns } from '../../core/telemetry/registries/asked-runs.ts';
import type { PolledMlflow } from '../../core/telemetry/registries/mlflow-schema.ts';
import { registrySchema } from '../../core/telemetry/registries/registry-schema.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';

const at = Date.parse('2026-01-05T08:00:00Z');
const info = (id: string, status: string, more: object = {}) => ({
  info: { run_id: id, run_name: `nightly-${id}`, experiment_id: '7', status, start_time: at - 1000, end_time: at, ...more },
});

async function ask(search: (place: number) => Answer, experiment: Answer = { body: '{"experiment":{"experiment_id":"7"}}' }) {
  const searches: unknown[] = [];
  const server = await standIn(({ path, body }) => {
    if (path.startsWith('/api/2.0/mlflow/experiments/get-by-name?experiment_name=churn+training')) return experiment;
    searches.push(JSON.parse(body));
    return search(searches.length);
  });
  try {
    const runs = { experiments: ['churn training'], source: 'training' };
    const registry = registrySchema.parse({ kind: 'mlflow', url: server.url, runs }) as PolledMlflow;
    return { url: server.url, searches, runs: await mlflowRuns(registry, at, { get: async () => undefined }) };
  } finally {
    await server.close();
  }
}
const page = (runs: unknown, token?: string): Answer => ({ body: JSON.stringify({ runs, next_page_token: token }) });

test('runs that failed or finished are read with their experiment and a link', async () => {
  const states = [info('a', 'FAILED'), info('b', 'RUNNING', { end_time: undefined }), info('c', 'FINISHED'), info('d', 'KILLED')];
  const { runs, searches, url } = await ask(() => page(states));
  expect(runs.map(({ id, endedAt }) => [id, endedAt])).toEqual([
    ['a', at],
    ['c', at],
  ]);
  expect(searches).toEqual([
    {
      experiment_ids: ['7'],
      filter: `attributes.start_time >= ${at}`,
      order_by: ['attributes.start_time DESC'],
      max_results: 100,
    },
  ]);
  const documents = runs.map(({ document }) => document);
  expect(readMlflowRuns(documents, at + 5)).toMatchObject({
    ok: true,
    records: [
      {
        value: {
          labels: { alertname: 'MlflowRunFailed', experiment: 'churn training' },
          annotations: { description: 'run nightly-a (a) failed' },
          generatorURL: `${url}/#/experiments/7/runs/a`,
          startsAt: at,
        },
      },
      { value: { endsAt: at } },
    ],
  });
});

test('a server whose pages never end is left after the most runs', async () => {
  const { searches } = await ask((place) => page([info(`${place}`, 'FAILED')], 'next'));
  expect(searches).toHaveLength(mostRuns / 100);
});

test.each<[string, Answer, RegExp]>([
  ['no JSON', { body: '<html>' }, /MLflow is not JSON/],
  ['another shape', page(7), /not that of MLflow's runs: runs/],
  ['a run without an id', page([info('', 'FAILED')]), /runs.0.info.run_id/],
  ['nothing', 'cut', /cannot be reached/],
])('%s is an error for people', async (_, answer, message) => {
  await expect(ask(() => answer)).rejects.toThrow(message);
});

test('an experiment that is not there is named', async () => {
  await expect(ask(() => page([]), { status: 404, body: '{}' })).rejects.toThrow(
    /the experiment churn training cannot be asked for: MLflow answered with status 404/,
  );
});

test.each([[undefined], [null], [7], ['x'], [[]], [{}], [{ status: 'FAILED' }]])(
  '%j as a run is refused, and the others are read',
  (odd) => {
    const good = {
      server: 's',
      experiment: 'e',
      runId: 'r',
      status: 'FAILED',
      endedAt: at,
      link: 'http://s/#/experiments/1/runs/r',
    };
    expect(readMlflowRuns([odd, good], at)).toMatchObject({ ok: true, records: [{ index: 1 }], rejected: [{ index: 0 }] });
  },
);

test.each([
  [
    "url: 'http://a.example', runs: { experiments: [a], source: cpu }",
    'registries.m.runs.source: expected the name of a source of kind alerts',
  ],
  ['webhookSecret: S, runs: { experiments: [a], source: cpu }', 'because runs are asked for'],
  ["url: 'http://a.example', runs: { experiments: [], source: cpu }", 'registries.m.runs.experiments'],
])('a config with %s says what is wrong', (keys, error) => {
  expect(errorsOf(`registries: { m: { kind: mlflow, ${keys} } }`).join()).toContain(error);
});
