import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import { intakeOf } from '../../../core/alerting/intakes/intake.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const { run } = JSON.parse(readFileSync(new URL('../../fixtures/kfp/run-failed.json', import.meta.url), 'utf8')) as {
  run: Record<string, unknown>;
};
const house = (): Site =>
  siteOf({
    part: {
      sources: { runs: { kind: 'alerts', category: 'pipeline', runbook: 'source-failing' } } as Part['sources'],
      rules: {},
    },
    settings: { resolveDelay: '0s', groupWait: '0s' },
  });
const firing = async (site: Site) => (await site.ports.store.alerts()).filter(isActive);
const kfp = (site: Site, body: unknown) => site.post('/v1/alerts/kfp', body);
const airflow = (site: Site, more: object = {}) =>
  site.post('/v1/alerts/airflow', { dag_id: 'churn', task_id: 'train', state: 'failed', run_id: 'r1', ...more });
const failed = { ...run, finished_at: '2026-01-05T08:00:00Z', created_at: '2026-01-05T07:00:00Z' };
const next = { ...failed, run_id: 'another', state: 'SUCCEEDED', error: undefined, finished_at: '2026-01-05T08:30:00Z' };

describe('a run of Kubeflow Pipelines', () => {
  test('that failed is an alert about its pipeline, and the next that succeeded ends it', async () => {
    const site = house();
    expect((await kfp(site, { run: failed })).status).toBe(200);
    expect(await firing(site)).toMatchObject([
      {
        severity: 'critical',
        ruleId: 'runs/KubeflowRunFailed',
        reason: 'accuracy 0.6 under 0.8; failed: train; run 2f3a9d1e-8f6b-4a6f-9b7e-2d1c0b9a8f7e',
        labels: { pipeline_id: '9d1e2f3a-6b8f-4a6f-9b7e-2d1c0b9a8f7e' },
        external: { title: 'churn-training 2026-11-28 failed', startsAt: Date.parse('2026-01-05T08:00:00Z') },
      },
    ]);
    await kfp(site, { ...failed, state: 'RUNNING' });
    await kfp(site, { ...next, pipeline_version_reference: { pipeline_id: 'other' } });
    expect(await firing(site)).toHaveLength(1);
    await kfp(site, next);
    expect(await firing(site)).toEqual([]);
  });

  test('counts in the order in which runs ended, however they are listed', async () => {
    const site = house();
    await kfp(site, { runs: [next, failed], total_size: 2 });
    expect(await firing(site)).toEqual([]);
    await kfp(site, { runs: [{ ...failed, finished_at: '2026-01-05T08:45:00Z' }, next] });
    expect(await firing(site)).toHaveLength(1);
  });

  test('that succeeded before, and is heard of later, does not end a newer failure', async () => {
    const site = house();
    await kfp(site, { ...failed, finished_at: '2026-01-05T08:45:00Z' });
    await kfp(site, next);
    expect(await firing(site)).toHaveLength(1);
    await kfp(site, { ...next, finished_at: '2026-01-05T08:50:00Z' });
    expect(await firing(site)).toEqual([]);
    await kfp(site, failed);
    expect(await firing(site)).toEqual([]);
  });

  test('without a pipeline is known by its name, and a recurring one by that', async () => {
    const site = house();
    const bare = { ...failed, pipeline_version_reference: undefined };
    await kfp(site, bare);
    await kfp(site, { ...bare, recurring_run_id: 'nightly' });
    expect(await firing(site)).toHaveLength(2);
  });

  test.each([
    {},
    [],
    7,
    null,
    { run: 7 },
    { runs: {} },
    { run: { state: 'BROKEN' } },
    { run: { state: 'FAILED' } },
    { runs: [7] },
    { state: {} },
  ])('%j is refused', async (body) => expect((await kfp(house(), JSON.stringify(body))).status).toBe(400));

  test('that is bad is refused alone', async () => {
    const site = house();
    const answer = await kfp(site, { runs: [{ state: 'x' }, failed] });
    expect(await answer.json()).toMatchObject({
      accepted: 1,
      rejected: 1,
      rejections: [{ index: 0, reason: expect.stringMatching(/^state: expected one of FAILED/) }],
    });
  });
});

describe('a callback of Airflow', () => {
  test('of a task fires and ends by task, and one of a DAG by DAG', async () => {
    const site = house();
    await airflow(site, { error: 'no rows', try_number: 2, log_url: 'https://airflow.example/log', owner: 'growth' });
    await airflow(site, { task_id: undefined });
    expect(await firing(site)).toHaveLength(2);
    expect((await firing(site)).find(({ labels }) => labels['task'] === 'train')).toMatchObject({
      reason: 'no rows; run r1; try 2',
      labels: { dag: 'churn', pipeline: 'churn', owner: 'growth' },
      external: { title: 'churn.train failed', link: 'https://airflow.example/log', owner: 'growth' },
    });
    await airflow(site, { state: 'success', run_id: 'r2' });
    expect(await firing(site)).toMatchObject([{ ruleId: 'runs/AirflowDagFailed' }]);
    await airflow(site, { state: 'SUCCESS', task_id: null });
    expect(await firing(site)).toEqual([]);
  });

  test('of a mapped task is an alert for each of its parts', async () => {
    const site = house();
    await airflow(site, { map_index: 0 });
    await airflow(site, { map_index: 1 });
    await airflow(site, { map_index: 1, state: 'success' });
    expect(await firing(site)).toMatchObject([{ labels: { map_index: '0' } }]);
  });

  test('that is heard of after a newer one changes nothing, and a clock that is ahead does not keep the next from ending it', async () => {
    const site = house();
    await airflow(site, { ended_at: '2026-01-05T08:40:00Z' });
    await airflow(site, { state: 'success', ended_at: '2026-01-05T08:10:00Z' });
    expect(await firing(site)).toHaveLength(1);
    await airflow(site, { ended_at: '2099-01-05T08:40:00Z', run_id: 'r2' });
    await airflow(site, { state: 'success', ended_at: '2099-01-05T08:50:00Z' });
    expect(await firing(site)).toEqual([]);
  });

  test('of a try that will be repeated says nothing, and one that is sent again counts once', async () => {
    const site = house();
    expect((await airflow(site, { state: 'up_for_retry' })).status).toBe(200);
    expect(await firing(site)).toEqual([]);
    for (let n = 0; n < 3; n += 1) await airflow(site);
    expect(await site.story.told('alert fired')).toHaveLength(1);
  });

  test.each([{ dag_id: '' }, { dag_id: 7 }, { state: 'broken' }, { state: null }, { state: undefined }])(
    'with %j is refused',
    async (more) => expect((await airflow(house(), more)).status).toBe(400),
  );
});

test.each([
  ['churn 2026-01-04 03-00-00', 'churn 2026-01-05 03-00-07'],
  ['churn 20260104_030000', 'churn 20260105_030007'],
  ['churn-2026-01-04T03:00:00Z', 'churn-2026-01-05T03:00:07Z'],
  ['churn 2f3a9d1e-8f6b-4a6f-9b7e-2d1c0b9a8f7e', 'churn 9d1e2f3a-6b8f-4a6f-9b7e-2d1c0b9a8f7e'],
])('a run that only its name tells of, %s, is ended by %s', async (one, other) => {
  const site = house();
  const named = (run: object, display_name: string) => ({ ...run, display_name, pipeline_version_reference: undefined });
  await kfp(site, { runs: [named(failed, one)] });
  expect(await firing(site)).toHaveLength(1);
  await kfp(site, { runs: [named(next, 'other 2026-01-05 03-00-07')] });
  expect(await firing(site)).toHaveLength(1);
  await kfp(site, { runs: [named(next, other)] });
  expect(await firing(site)).toEqual([]);
});

test('many runs of Kubeflow Pipelines are read with turns for others', () => {
  const parts = intakeOf('kfp')?.readInParts?.({ runs: Array.from({ length: 1000 }, () => failed) }, Date.now());
  let turns = 0;
  while (parts?.next().done === false) turns += 1;
  expect(turns).toBe(10);
});

test.each(['kfp', 'airflow'])('%s never throws, whatever it is sent', (format) => {
  const value = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.constantFrom('FAILED', 'SUCCEEDED', 'success'));
  const names = [
    'state',
    'run_id',
    'dag_id',
    'task_id',
    'display_name',
    'error',
    'run_details',
    'finished_at',
    'ended_at',
    'map_index',
    'run',
    'runs',
    '__proto__',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (sent) => {
      const read = intakeOf(format)?.read(sent, 1e12);
      for (const { value: alert } of read?.ok ? read.records : []) expect(alert.endsAt ?? 0).toBeLessThanOrEqual(1e12);
    }),
  );
});
