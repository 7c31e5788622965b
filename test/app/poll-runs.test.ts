import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pollRegistries } from '../../app/ingest/poll-registries.ts';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { type AskedRun, mostRuns, newRuns } from '../../core/telemetry/registries/asked-runs.ts';
import { errorsOf } from '../config/errors-of.ts';
import { day, hour, minute, runtimeOf, t0 } from './runtime.ts';

const { run } = JSON.parse(readFileSync(new URL('../fixtures/kfp/run-failed.json', import.meta.url), 'utf8')) as {
  run: Record<string, unknown>;
};
const pipelines = { kind: 'kfp', url: 'http://kfp.example', source: 'runs', labels: { environment: 'prod' } } as const;

/** A server whose runs a test sets. */
function house() {
  let runs: AskedRun[] = [];
  let fault: Error | undefined;
  const { ports } = runtimeOf(
    {
      sources: { runs: { kind: 'alerts', category: 'pipeline', runbook: 'source-failing', groupBy: ['pipeline'] } },
      registries: { pipelines },
    },
    { askRuns: async () => (fault === undefined ? runs : Promise.reject(fault)) },
  );
  let now = t0;
  return {
    ports,
    now: () => now,
    async poll(answer: AskedRun[] | Error) {
      now += 5 * minute;
      if (answer instanceof Error) fault = answer;
      else [runs, fault] = [answer, undefined];
      await pollRegistries(ports, now);
    },
    ended(id: string, state: 'FAILED' | 'SUCCEEDED', { at = now, pipeline = 'churn' } = {}): AskedRun {
      const finished_at = new Date(at).toISOString();
      const document = { ...run, run_id: id, state, finished_at, pipeline_version_reference: { pipeline_id: pipeline } };
      return { id, endedAt: at, document };
    },
    firing: async () => (await ports.store.alerts()).filter(isActive),
  };
}

test('a run that failed is an alert of its pipeline, and the next one that succeeded ends it', async () => {
  const site = house();
  await site.poll([]);
  const failed = site.ended('1', 'FAILED');
  await site.poll([failed]);
  expect(await site.firing()).toMatchObject([
    { ruleId: 'runs/KubeflowRunFailed', labels: { pipeline_id: 'churn', environment: 'prod' }, category: 'pipeline' },
  ]);
  const other = site.ended('2', 'SUCCEEDED', { pipeline: 'fraud' });
  await site.poll([other, failed]);
  expect(await site.firing()).toHaveLength(1);
  await site.poll([site.ended('3', 'SUCCEEDED'), other, failed]);
  expect(await site.firing()).toEqual([]);
  await site.poll([other, failed]);
  expect(await site.firing()).toEqual([]);
});

test('the first answer is remembered and is no news', async () => {
  const site = house();
  const old = site.ended('1', 'FAILED');
  await site.poll([old]);
  await site.poll([old]);
  expect(await site.firing()).toEqual([]);
  await site.poll([site.ended('2', 'FAILED'), old]);
  expect(await site.firing()).toHaveLength(1);
});

test('a run that fails between two that are newer counts by the time at which it ended', async () => {
  const site = house();
  await site.poll([]);
  const [early, late] = [site.ended('early', 'FAILED', { at: t0 }), site.ended('late', 'SUCCEEDED', { at: t0 + minute })];
  await site.poll([late, early]);
  expect(await site.firing()).toEqual([]);
});

test('a run whose alert was kept before a crash makes no second alert', async () => {
  const site = house();
  await site.poll([]);
  const { setMeta } = site.ports.store;
  site.ports.store.setMeta = async (key, value) => {
    if (key.includes('runs')) throw new Error('the power is gone');
    return setMeta(key, value);
  };
  const failed = site.ended('1', 'FAILED');
  await site.poll([failed]);
  site.ports.store.setMeta = setMeta;
  await site.poll([failed]);
  expect(await site.firing()).toHaveLength(1);
});

test('a server that was away is asked again, and what it missed counts', async () => {
  const site = house();
  await site.poll([]);
  await site.poll(new Error('Kubeflow Pipelines cannot be reached'));
  await site.poll([site.ended('1', 'FAILED')]);
  expect(await site.firing()).toHaveLength(1);
});

test('runs of long ago that come up again, as when newer ones were deleted, are no news', async () => {
  const site = house();
  await site.poll([]);
  await site.poll([site.ended('1', 'FAILED', { at: t0 - 3 * day })]);
  expect(await site.firing()).toEqual([]);
});

test('whatever a run looks like, the next answer is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (documents) => {
      const site = house();
      await site.poll([]);
      await site.poll(documents.map((document, place) => ({ id: `${place}`, endedAt: site.now(), document })));
      await site.poll([site.ended('good', 'FAILED')]);
      expect((await site.firing()).length).toBeGreaterThan(0);
      await site.ports.store.close();
    }),
    { numRuns: 20 },
  );
});

test('each run is new once, and what is remembered is bounded', () => {
  const runs = fc.array(
    fc.record({ id: fc.string(), endedAt: fc.integer({ min: t0, max: t0 + hour }), document: fc.constant({}) }),
  );
  fc.assert(
    fc.property(runs, runs, (first, second) => {
      const at = { now: t0 + hour, lookback: day };
      const one = newRuns(undefined, first, at);
      const two = newRuns(one.after, second, at);
      const ids = new Set(first.map(({ id }) => id));
      expect(one.fresh).toEqual([]);
      expect(two.fresh.map(({ id }) => id).toSorted()).toEqual(
        second
          .map(({ id }) => id)
          .filter((id) => !ids.has(id))
          .toSorted(),
      );
      expect(newRuns(two.after, second, at).fresh).toEqual([]);
    }),
  );
  const many = Array.from({ length: mostRuns + 5 }, (_, n) => ({ id: 'x'.repeat(5000) + n, endedAt: t0, document: {} }));
  expect(JSON.stringify(newRuns(undefined, many, { now: t0, lookback: day })).length).toBeLessThan(100_000);
});

test.each([
  ['source: nowhere', 'expected the name of a source of kind alerts'],
  ['source: cpu', 'expected the name of a source of kind alerts'],
  ["source: cpu, url: 'http://a.example/apis/v2beta1'", 'without /apis/'],
])('a config with %s says what is wrong', (keys, error) => {
  const url = keys.includes('url') ? '' : ", url: 'http://a.example'";
  expect(errorsOf(`registries: { kfp: { kind: kfp, ${keys}${url} } }`).join()).toContain(error);
});
