import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import { httpApp } from '../../../http/app.ts';
import { ingestPart } from '../../../http/parts/ingest.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

type Json = Record<string, unknown>;
const recorded = (path: string): Json =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')) as Json;
const source = { kind: 'alerts', category: 'data-quality', runbook: 'source-failing' } as const;
const house = (more: object = {}, part: Part = {}): Site =>
  siteOf({
    part: { sources: { checks: { ...source, ...more } } as Part['sources'], rules: {}, ...part },
    settings: { groupBy: ['model'], resolveDelay: '0s', groupWait: '0s' },
  });
const firing = async (site: Site) =>
  (await site.ports.store.alerts()).filter((alert) => isActive(alert) && alert.external !== undefined);
const names = async (site: Site) =>
  (await firing(site)).map(({ labels }) => [labels['alertname'], labels['dataset'], labels['column']].join(' ')).toSorted();
const gx = (outcome: string) => recorded(`great-expectations/${outcome}.validation.json`);
const send = async (site: Site, format: string, document: unknown, query = ''): Promise<[number, Json]> => {
  const answer = await site.post(`/v1/alerts/${format}${query}`, document);
  return [answer.status, (await answer.json()) as Json];
};

describe('what a checkpoint of Great Expectations found', () => {
  test('pages about what failed, in words, and resolves when it passes', async () => {
    const site = house();
    expect(await send(site, 'gx', gx('fail'))).toEqual([
      200,
      { accepted: 4, checks: { pass: 3, warn: 0, fail: 1, error: 0, skipped: 0 } },
    ]);
    const [alert, ...others] = await firing(site);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      severity: 'critical',
      category: 'data-quality',
      labels: { dataset: 'daily', column: 'monthly_charges', suite: 'churn-suite', datasource: 'churn' },
      reason: '21 of 400 values (5.3%) are null',
      external: { title: 'expect_column_values_to_not_be_null on daily.monthly_charges failed', owner: 'growth' },
    });
    await site.story.pass('1m');
    expect(site.story.pages()).toHaveLength(1);
    expect((await send(site, 'gx', { run_results: { a: gx('pass') } }))[0]).toBe(200);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('that could not run fires with that as its reason, and a check that is not named stays as it is', async () => {
    const site = house();
    await send(site, 'gx', gx('fail-broken'));
    const broken = (await firing(site)).find(({ labels }) => labels['column'] === 'no_such_column');
    expect([broken?.external?.title, broken?.reason]).toEqual([
      'expect_column_mean_to_be_between on daily.no_such_column could not run',
      'Error: The column "no_such_column" in BatchData does not exist.',
    ]);
    await send(site, 'gx', gx('pass'));
    expect(await names(site)).toEqual(['expect_column_mean_to_be_between daily no_such_column']);
  });

  test('in its short form is taken where the data set is named, and refused where not', async () => {
    const site = house();
    const short = recorded('great-expectations/fail.describe.json');
    expect(await send(site, 'gx', short)).toMatchObject([400, { error: expect.stringMatching(/\?dataset=NAME/) }]);
    expect(await send(site, 'gx', short, '?dataset=daily')).toMatchObject([200, { checks: { fail: 1, pass: 3 } }]);
    expect(await names(site)).toEqual(['expect_column_values_to_not_be_null daily monthly_charges']);
  });

  test('stays open for a week, or as long as the source says', async () => {
    const site = house();
    await send(site, 'gx', gx('fail'));
    await site.story.pass('6d');
    expect(await firing(site)).toHaveLength(1);
    await site.story.pass('25h');
    expect(await firing(site)).toHaveLength(0);
    const short = house({ endsAfter: '2d' });
    await send(short, 'gx', gx('fail'));
    await short.story.pass('49h');
    expect(await firing(short)).toHaveLength(0);
  });

  test('and comes late, after a newer run has passed, changes nothing', async () => {
    const site = house();
    const at = (document: Json, time: string): Json => ({
      ...document,
      meta: { ...(document['meta'] as Json), validation_time: time },
    });
    const now = site.story.clock.now();
    const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
    await send(site, 'gx', at(gx('fail'), ago(30)));
    await send(site, 'gx', at(gx('pass'), ago(20)));
    expect(await send(site, 'gx', at(gx('fail'), ago(30)))).toMatchObject([200, { outdated: 1 }]);
    expect(await firing(site)).toEqual([]);
    await send(site, 'gx', at(gx('fail'), ago(10)));
    expect(await firing(site)).toHaveLength(1);
  });
});

describe('what dbt found', () => {
  const run = () => recorded('dbt/build.run_results.json');
  const manifest = () => recorded('dbt/build.manifest.trimmed.json');
  const withStatus = (document: Json, change: (status: string) => string): Json => ({
    ...document,
    results: (document['results'] as Json[]).map((result) => ({ ...result, status: change(String(result['status'])) })),
  });

  test('is an alert a test of a column, and what was skipped is none', async () => {
    const site = house();
    expect(await send(site, 'dbt', { run_results: run(), manifest: manifest() })).toEqual([
      200,
      { accepted: 6, checks: { pass: 3, warn: 1, fail: 2, error: 0, skipped: 2 } },
    ]);
    expect(await names(site)).toEqual([
      'accepted_values features contract',
      'not_null features monthly_charges',
      'unique features id',
    ]);
    expect((await firing(site)).map(({ severity }) => severity).toSorted()).toEqual(['critical', 'critical', 'warn']);
    await send(site, 'dbt', { run_results: withStatus(run(), () => 'skipped'), manifest: manifest() });
    expect(await firing(site)).toHaveLength(3);
    await send(site, 'dbt', {
      run_results: withStatus(run(), (was) => (was === 'success' ? was : 'pass')),
      manifest: manifest(),
    });
    expect(await firing(site)).toEqual([]);
  });

  test('without its manifest is named as dbt names it', async () => {
    const site = house();
    expect((await send(site, 'dbt', run()))[0]).toBe(200);
    expect(await names(site)).toContain('unique_features_id churn ');
  });

  test('of a model that could not be built is about the pipeline', async () => {
    const site = house();
    const document = {
      ...run(),
      results: [{ unique_id: 'model.churn.features', status: 'error', message: 'Runtime Error in model features' }],
    };
    await send(site, 'dbt', document);
    expect(await firing(site)).toMatchObject([
      { category: 'pipeline', severity: 'critical', reason: expect.stringMatching(/^Runtime Error/) },
    ]);
  });

  test('with a status that nobody knows is refused for that one, and the others count', async () => {
    const document = withStatus(run(), (was) => (was === 'skipped' ? 'exploded' : was));
    expect(await send(house(), 'dbt', document)).toMatchObject([
      400,
      {
        accepted: 6,
        rejected: 2,
        rejections: [{ index: 6, reason: expect.stringMatching(/received "exploded"/) }, { index: 7 }],
      },
    ]);
  });
});

describe('an old result of a check', () => {
  const at = (status: string, time: number): Json => ({
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      generated_at: new Date(time).toISOString(),
    },
    results: [{ unique_id: 'test.shop.not_null.0a1b2c3d4e', status }],
  });
  const day = 86_400_000;

  test('begins nothing, hours and days after the check has passed', async () => {
    const site = house();
    const t0 = site.story.clock.now();
    await send(site, 'dbt', at('fail', t0));
    await site.story.pass('10m');
    await send(site, 'dbt', at('pass', t0 + 600_000));
    for (const wait of ['3h', '3d', '5d']) {
      await site.story.pass(wait);
      expect(await send(site, 'dbt', at('fail', t0))).toMatchObject([200, { outdated: 1 }]);
      expect(await firing(site)).toEqual([]);
    }
    // What is remembered of it ends with the week.
    expect(await site.ports.store.alerts()).toEqual([]);
    expect(await site.ports.store.incidents({ status: 'all', limit: 9 })).toHaveLength(1);
  });

  test('begins nothing where nobody knows the check', async () => {
    const site = house();
    expect(await send(site, 'dbt', at('fail', site.story.clock.now() - 7 * day))).toMatchObject([200, { outdated: 1 }]);
    await send(site, 'dbt', at('fail', site.story.clock.now() - 7 * day + 1));
    expect(await firing(site)).toHaveLength(1);
  });

  test('is outdated sooner where the source says that its alerts end sooner', async () => {
    const site = house({ endsAfter: '1h' });
    expect(await send(site, 'dbt', at('fail', site.story.clock.now() - 3_600_000))).toMatchObject([200, { outdated: 1 }]);
  });

  test('hides no new one: a check that fails again days later is a new incident', async () => {
    const site = house();
    const t0 = site.story.clock.now();
    await send(site, 'dbt', at('fail', t0));
    await send(site, 'dbt', at('pass', t0));
    await site.story.pass('2d');
    await send(site, 'dbt', at('fail', t0 + 2 * day));
    expect(await firing(site)).toMatchObject([{ since: t0 + 2 * day }]);
    expect(await site.ports.store.incidents({ status: 'all', limit: 9 })).toHaveLength(2);
  });
});

describe('two results of dbt that share a name', () => {
  const told = (status: Record<string, string>, manifest: object, schema: string): Json => ({
    run_results: {
      metadata: { dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json` },
      results: Object.entries(status).map(([unique_id, of]) => ({ unique_id, status: of })),
    },
    manifest,
  });
  const cases: [what: string, ids: [string, string], manifest: object, schema: string][] = [
    [
      'tables of two sources',
      ['source.shop.stripe.customers', 'source.shop.shopify.customers'],
      {
        sources: {
          'source.shop.stripe.customers': { name: 'customers' },
          'source.shop.shopify.customers': { name: 'customers' },
        },
      },
      'sources/v3',
    ],
    [
      'models of two schemas',
      ['model.shop.stg_orders', 'model.shop.mart_orders'],
      { nodes: { 'model.shop.stg_orders': { alias: 'orders' }, 'model.shop.mart_orders': { alias: 'orders' } } },
      'run-results/v6',
    ],
    ['unit tests of one model', ['unit_test.shop.orders.test_a', 'unit_test.shop.orders.test_b'], {}, 'run-results/v6'],
    ['tests with names of their own', ['test.shop.complete.0a1b2c3d4e', 'test.shop.complete.f5e4d3c2b1'], {}, 'run-results/v6'],
  ];

  test.each(cases)('are two alerts (%s): that one passes says nothing of the other', async (_, [bad, good], manifest, schema) => {
    const site = house();
    await send(site, 'dbt', told({ [bad]: 'error', [good]: 'error' }, manifest, schema));
    expect(await firing(site)).toHaveLength(2);
    await send(site, 'dbt', told({ [good]: 'pass' }, manifest, schema));
    expect(await firing(site)).toHaveLength(1);
    await send(site, 'dbt', told({ [bad]: 'pass' }, manifest, schema));
    expect(await firing(site)).toEqual([]);
  });

  test('are named by their own names (unit tests)', async () => {
    const site = house();
    await send(site, 'dbt', told({ 'unit_test.shop.orders.test_a': 'fail' }, {}, 'run-results/v6'));
    expect(await names(site)).toEqual(['test_a orders ']);
  });
});

test.each(['dataset', 'model'])('%s in the address is not longer than a name', async (name) => {
  const answer = await send(house(), 'evidently', recorded('evidently/report-drifted.json'), `?${name}=${'d'.repeat(8000)}`);
  expect(answer).toEqual([400, { error: `${name}: expected at most 256 characters; received 8000` }]);
});

describe('an event of OpenLineage', () => {
  const event = (name: string) => recorded(`openlineage/${name}.body.json`);

  test('that ends a job fires for its failed assertions and for the job, and the next good run resolves both', async () => {
    const site = house();
    const failed = event('fail-with-assertions');
    for (const name of ['start', 'running']) expect((await send(site, 'openlineage', event(name)))[0]).toBe(200);
    expect(await firing(site)).toEqual([]);
    await send(site, 'openlineage', failed);
    expect(await names(site)).toEqual([
      'accepted_values churn/{date}.parquet contract',
      'job_failed  ',
      'not_null churn/{date}.parquet monthly_charges',
    ]);
    const nulls = (await firing(site)).find(({ labels }) => labels['alertname'] === 'not_null');
    expect(nulls).toMatchObject({
      external: { title: 'not_null on churn/2026-11-28.parquet.monthly_charges failed' },
      reason: expect.stringMatching(/^21 of 800 values \(2\.6%\) are null/),
      labels: { namespace: 's3://data', job: 'churn.score', pipeline: 'churn_dag' },
    });
    // Tomorrow's file.
    const inputs = JSON.parse(
      JSON.stringify(failed['inputs']).replaceAll('2026-11-28', '2026-11-29').replaceAll('false', 'true'),
    ) as unknown;
    await send(site, 'openlineage', { ...failed, eventType: 'COMPLETE', eventTime: '2026-11-30T05:00:00Z', inputs });
    expect(await firing(site)).toEqual([]);
  });

  test('of dbt counts once, though START has the results as well, and its failed tests explain the failed job', async () => {
    const site = house();
    await send(site, 'openlineage', event('ol-test-start'));
    expect(await firing(site)).toEqual([]);
    for (let n = 0; n < 3; n += 1) await send(site, 'openlineage', event('ol-test-fail'));
    expect((await names(site)).map((name) => name.split(' ')[0])).toEqual(['accepted_values', 'not_null', 'unique']);
    expect(await site.story.told('alert fired')).toHaveLength(3);
    await send(site, 'openlineage', event('ol-run-fail'));
    expect(await names(site)).toContain('job_failed  ');
    expect(await (await site.get('/api/incidents')).json()).toMatchObject({ incidents: [{ alerts: 4 }] });
  });
});

describe('a report of Evidently', () => {
  const report = (name: string) => recorded(`evidently/report-${name}.json`);

  test('fires for each test that fails, of a data set or a model that the sender names', async () => {
    const site = house();
    expect((await send(site, 'evidently', report('drifted')))[0]).toBe(400);
    expect(await send(site, 'evidently', report('drifted'), '?model=churn')).toMatchObject([
      200,
      { checks: { pass: 4, fail: 6 } },
    ]);
    const drift = (await firing(site)).find(({ labels }) => labels['column'] === 'support_calls');
    expect(drift).toMatchObject({
      category: 'drift',
      labels: { model: 'churn', feature: 'support_calls' },
      external: { title: 'ValueDrift on churn.support_calls failed' },
      reason: 'K-S p_value is 3.43e-41, threshold 0.05',
    });
    await send(site, 'evidently', report('few-drifted'), '?model=churn');
    expect((await firing(site)).length).toBeLessThan(5);
  });

  test('without tests says how to get them', async () => {
    const document = { ...report('drifted'), tests: [] };
    expect(await send(house(), 'evidently', document, '?dataset=a')).toMatchObject([
      400,
      { error: expect.stringMatching(/include_tests/) },
    ]);
  });
});

describe('the feature views of Feast', () => {
  const views = () => recorded('feast/rest-feature-views-registry.json')['answer'] as { featureViews: Json[] };
  const materialised = (endTime: string): Json => ({
    featureViews: views().featureViews.map((view) => ({
      ...view,
      meta: { ...(view['meta'] as Json), materializationIntervals: [{ endTime }] },
    })),
  });

  test('are stale when their newest materialisation is older than their ttl', async () => {
    const site = house();
    const hoursAgo = (hours: number): string => new Date(site.story.clock.now() - hours * 3_600_000).toISOString();
    expect(await send(site, 'feast', materialised(hoursAgo(47)))).toMatchObject([200, { checks: { pass: 1 } }]);
    await send(site, 'feast', materialised(hoursAgo(49)));
    expect(await firing(site)).toMatchObject([
      {
        external: { title: 'freshness on customer_features failed' },
        reason: 'materialised up to 2d1h ago, expected at most 2d',
      },
    ]);
    await send(site, 'feast', materialised(hoursAgo(1)));
    expect(await firing(site)).toEqual([]);
  });

  test('and not its statistics, which say nothing about good or bad', async () => {
    expect(await send(house(), 'feast', recorded('feast/rest-features.json')['answer'])).toMatchObject([
      400,
      { error: expect.stringMatching(/statistics and no verdict/) },
    ]);
  });
});

describe('the function that takes what senders send', () => {
  const keys = [
    { name: 'nightly', secret: 'CHECKS', scope: ['alerts' as const], sources: ['checks'] },
    { name: 'app', secret: 'APP', scope: ['predictions' as const] },
  ];

  test('takes checks by the key of their source, and by no other', async () => {
    const site = siteOf({
      part: { sources: { checks: source, flights: { kind: 'predictions', model: 'm' } } as Part['sources'], rules: {} },
      settings: { ingestKeys: keys },
      secrets: { CHECKS: 'a', APP: 'b' },
    });
    // As it is on AWS: without pages and API.
    const app = httpApp({
      parts: { ingest: ingestPart },
      ports: site.ports,
      now: site.story.clock.now,
      runbooks: new Map(),
      access: 'public',
    });
    const post = async (key?: string): Promise<number> => {
      const headers = { 'Content-Type': 'application/json', ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }) };
      return (await app.request('/v1/alerts/gx', { method: 'POST', headers, body: JSON.stringify(gx('fail')) })).status;
    };
    expect([await post(), await post('wrong'), await post('b'), await post('a')]).toEqual([401, 401, 403, 200]);
    expect(await firing(site)).toHaveLength(1);
  });
});
