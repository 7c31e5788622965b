import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { dbtTrimmed } from '../../core/alerting/intakes/dbt-trimmed.ts';
import { intakeOf } from '../../core/alerting/intakes/intake.ts';
import type { Service } from '../../local/service.ts';
import { standIn } from '../contract/stand-in.ts';
import { project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

/** Days ago, as a date: a result that is older than its alert would stay open begins nothing. */
const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
/** As it was sent, but two days ago. */
const fixture = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures', path), 'utf8').replaceAll('2026-11-29', dayAgo(2));
const files = {
  'config/checks.yaml': 'sources:\n  checks: { kind: alerts, category: data-quality, runbook: latency }\n',
  'fail.json': fixture('great-expectations/fail.validation.json'),
  'pass.json': fixture('great-expectations/pass.validation.json').replaceAll(dayAgo(2), dayAgo(1)),
  'earlier.json': fixture('great-expectations/pass.validation.json'),
  'target/run_results.json': fixture('dbt/build.run_results.json'),
  'target/manifest.json': fixture('dbt/build.manifest.trimmed.json'),
  'alone/run_results.json': fixture('dbt/build.run_results.json'),
  'events.ndjson': ['start', 'running', 'fail-with-assertions']
    .map((name) => fixture(`openlineage/${name}.body.json`))
    .join('\n'),
  'report.json': fixture('evidently/report-drifted.json'),
  'broken.json': '{"results": [',
  'half.json': JSON.stringify({
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' },
    results: [
      { unique_id: 'test.p.unique_id.1', status: 'fail' },
      { unique_id: 'test.p.b.2', status: 'exploded' },
    ],
  }),
};

it('says why it waits, when a service refuses for the second time', async () => {
  let refused = 0;
  const busy = await standIn(() => {
    refused += 1;
    const body = refused < 4 ? { error: 'the secret KEY has no value' } : { accepted: 1, rejected: 0, rejections: [] };
    return { status: refused < 4 ? 503 : 200, headers: { 'Retry-After': '0' }, body: JSON.stringify(body) };
  });
  const folder = project(files);
  const { err } = await tocsin(['ingest', 'fail.json', '--format', 'gx', '--url', busy.url], { cwd: folder });
  expect(err).toContain(`${busy.url} answers 503: the secret KEY has no value; it is tried again\n`);
  expect(err.match(/tried again/g)).toHaveLength(1);
  expect(busy.received).toHaveLength(4);
  await busy.close();
});

describe('tocsin ingest', () => {
  let service: Service | undefined;
  afterEach(() => service?.close());

  const started = async (more: Readonly<Record<string, string>> = {}) => {
    const folder = project({ ...files, ...more });
    service = await serviceIn(folder);
    const { url } = service;
    const { store } = service.ports;
    const firing = async () => (await store.alerts()).filter((alert) => isActive(alert) && alert.external !== undefined);
    return { firing, send: (...args: string[]) => tocsin(['ingest', ...args, '--url', url], { cwd: folder }) };
  };

  it('fires what failed, and resolves what passes', async () => {
    const { send, firing } = await started();
    expect(await send('fail.json', '--format', 'gx')).toEqual({
      code: 0,
      out: '4 results: 3 passed, 1 failed, 0 failed as warnings, 0 could not run, 0 skipped.\n',
      err: '',
    });
    expect(await firing()).toMatchObject([{ labels: { dataset: 'daily', column: 'monthly_charges' } }]);
    expect((await send('earlier.json', '--format', 'gx')).out).toMatch(
      /skipped\. 1 changed nothing: the service has newer results/,
    );
    expect(await firing()).toHaveLength(1);
    await send('pass.json', '--format', 'gx');
    expect(await firing()).toEqual([]);
  });

  it('reads the manifest beside the results of dbt, and says so where there is none', async () => {
    const { send, firing } = await started();
    expect((await send('target/run_results.json', '--format', 'dbt')).err).toBe('');
    expect((await firing()).map(({ labels }) => labels['column']).toSorted()).toEqual(['contract', 'id', 'monthly_charges']);
    expect(await send('alone/run_results.json', '--format', 'dbt')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/--manifest/),
    });
  });

  it('wants --source where the config has several sources of alerts', async () => {
    const other = 'sources:\n  runs: { kind: alerts, category: pipeline, runbook: latency }\n';
    const { send, firing } = await started({ 'config/runs.yaml': other });
    expect((await send('target/run_results.json', '--format', 'dbt')).err).toMatch(
      /name one of checks, runs with \?source= \(on the command line --source\)/,
    );
    expect(await firing()).toEqual([]);
    expect(await send('target/run_results.json', '--format', 'dbt', '--source', 'checks')).toMatchObject({ code: 0, err: '' });
    expect(await firing()).toHaveLength(3);
  });

  it('takes one document a line', async () => {
    const { send, firing } = await started();
    expect(await send('events.ndjson', '--format', 'openlineage')).toMatchObject({ code: 0, err: '' });
    expect(await firing()).toHaveLength(3);
  });

  it('says with --dry-run what would happen, and sends nothing', async () => {
    const { send, firing } = await started();
    const { code, out } = await send('fail.json', '--format', 'gx', '--dry-run');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^fires: expect_column_values_to_not_be_null on daily\.monthly_charges failed: 21 of 400/);
    expect(out).toMatch(/^resolves: expect_table_row_count_to_be_between on daily$/m);
    expect(await firing()).toEqual([]);
  });

  it('reads the file of the example', async () => {
    const { code, out } = await tocsin(['ingest', 'examples/checks/flights.json', '--format', 'gx', '--dry-run']);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'fires: expect_column_values_to_not_be_null on flights.distance failed: 120 of 1,000 values (12%) are null\nresolves: expect_table_row_count_to_be_between on flights\n',
    });
  });

  it.for([
    [['target/run_results.json', '--format', 'gx'], 1, /expected validation results of Great Expectations/],
    [['fail.json', '--format', 'dbt'], 1, /expected run_results\.json/],
    [['report.json', '--format', 'evidently'], 1, /\?dataset=NAME/],
    [['broken.json', '--format', 'gx'], 1, /broken\.json is no JSON/],
    [['nothing.json', '--format', 'gx'], 1, /nothing\.json cannot be read/],
    [['half.json', '--format', 'dbt'], 1, /refused, 1: test\.p\.b\.2: status: expected one of/],
    [['fail.json', '--format', 'soda'], 2, /Allowed choices are/],
    [['fail.json'], 2, /--format/],
    [['fail.json', '--format', 'gx', '--manifest', 'x'], 2, /--manifest goes with/],
  ] as const)('says what is wrong: %j', async ([args, code, message]) => {
    const { send } = await started();
    const ran = await send(...args);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(message);
  });

  it('sends of a manifest no more than is read', () => {
    const whole = {
      run_results: JSON.parse(files['target/run_results.json']),
      manifest: JSON.parse(files['target/manifest.json']),
    };
    const needed = dbtTrimmed(whole.run_results, whole.manifest);
    const read = (document: unknown) => intakeOf('dbt')?.read(document, Date.parse('2026-12-01'), {});
    expect(read(needed)).toEqual(read(whole));
    expect(JSON.stringify(needed)).not.toMatch(/select/);
  });
});
