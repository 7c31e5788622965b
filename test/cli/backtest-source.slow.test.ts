import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { runtimeOf } from '../app/runtime.ts';
import { type StandIn, standIn } from '../contract/stand-in.ts';
import { config, project, tocsin } from './run.ts';

const minute = 60_000;
const withAws = config.replace('rules:\n', '  aws: { kind: cloudwatch, region: eu-central-1 }\nrules:\n').replace(
  'responders:\n',
  `  scorer:
    source: aws
    query: { cloudwatch: { metric: { namespace: AWS/SageMaker, metric: ModelLatency, dimensions: { EndpointName: scorer } } } }
    step: 5m
    category: latency
    degradation: { direction: rise, baseline: { rolling: { window: 1h } }, warn: 50%, critical: 100% }
    runbook: latency
  both:
    title: Slow and wrong
    category: performance
    composite: { all: [{ rule: slow }, { rule: queue }], on: [] }
    runbook: latency
  queue:
    source: sensor
    query: { samples: { metric: queue } }
    category: latency
    threshold: { above: { warn: 10 } }
    runbook: latency
responders:
`,
);
const files = { 'config/all.yaml': withAws, 'other/all.yaml': withAws.replace('warn: 50%', 'warn: 90%') };

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('tocsin backtest --source', () => {
  it('asks CloudWatch once for the time and what its baseline needs, and judges that by two versions of the rule', async () => {
    type Asked = { StartTime: number; EndTime: number; MetricDataQueries: { Id: string }[] };
    const now = Date.now();
    // Half an hour of trouble, an hour ago: 70 % above what is usual.
    const valueAt = (at: number): number => (at > now - 90 * minute && at <= now - 60 * minute ? 170 : 100);
    const asked: Asked[] = [];
    server = await standIn(({ body }) => {
      const one = JSON.parse(body) as Asked;
      asked.push(one);
      const times: number[] = [];
      for (let at = Math.ceil(one.StartTime / 300) * 300; at < one.EndTime; at += 300) times.push(at);
      const values = times.map((at) => valueAt(at * 1000));
      const MetricDataResults = one.MetricDataQueries.map(({ Id }) => ({
        Id,
        StatusCode: 'Complete',
        Timestamps: times,
        Values: values,
      }));
      return { headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify({ MetricDataResults }) };
    });
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    const args = ['backtest', 'scorer', '--source', '--since', '3h', '--compare', 'other', '--json'];
    const { code, out, err } = await tocsin(args, { cwd: project(files), env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [rule, other, raw] = JSON.parse(out).results;
    expect(rule).toMatchObject({ name: 'this rule', alerts: 1, incidents: 1, pages: 1, days: 0.125 });
    expect(rule.firing[0]).toMatchObject({ severity: 'warn', labels: { EndpointName: 'scorer' } });
    expect(rule.firing[0].labels).not.toHaveProperty('backtested');
    expect(Date.parse(rule.firing[0].to) - Date.parse(rule.firing[0].from)).toBeGreaterThanOrEqual(25 * minute);
    expect(other).toMatchObject({ name: 'compared', alerts: 0 });
    expect(raw).toMatchObject({ name: 'plain threshold', alerts: 1 });
    // One call for each way to judge it, over three hours and more than the one of its baseline.
    expect(asked).toHaveLength(3);
    for (const { StartTime, EndTime } of asked) expect(EndTime - StartTime).toBeGreaterThan(4 * 3600);
  });

  it('says why CloudWatch cannot be asked', async () => {
    server = await standIn(() => ({
      status: 403,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ __type: 'AccessDenied', message: 'no right to cloudwatch:GetMetricData' }),
    }));
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    const { code, err } = await tocsin(['backtest', 'scorer', '--source', '--since', '3h'], { cwd: project(files), env });
    expect(code).toBe(1);
    expect(err).toMatch(/source aws of scorer cannot be queried: .*no right to cloudwatch:GetMetricData/);
  });

  it('judges what a store holds, and a composite rule with those that it names', async () => {
    const cwd = project(files);
    const path = join(cwd, 'tocsin.sqlite');
    const store = sqliteStore({ path });
    const { ports } = runtimeOf({ sources: { sensor: { kind: 'samples', bucket: '1m' } } }, { store });
    const now = Math.floor(Date.now() / minute) * minute;
    const records = Array.from({ length: 120 }, (_, i) => {
      const timestamp = now - (120 - i) * minute;
      // Slow from 40 to 60 minutes in, and a long queue from 50 to 80: both for ten.
      return [
        { metric: 'latency', value: i >= 40 && i < 60 ? 150 : 50, timestamp, labels: {} },
        { metric: 'queue', value: i >= 50 && i < 80 ? 20 : 1, timestamp, labels: {} },
      ];
    });
    await foldSamples(ports, 'sensor', records.flat(), 'history', now);
    await store.close();
    const run = async (rule: string) => {
      const { code, out, err } = await tocsin(['backtest', rule, '--source', '--store', path, '--since', '2h', '--json'], {
        cwd,
      });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const [own] = JSON.parse(out).results;
      expect(own).toMatchObject({ alerts: 1, incidents: 1, pages: 1 });
      return (Date.parse(own.firing[0].to) - Date.parse(own.firing[0].from)) / minute;
    };
    expect(await run('slow')).toBe(20);
    expect(await run('queue')).toBe(30);
    expect(await run('both')).toBe(10);
  });

  it('is said not to hold anything where it does not', async () => {
    const cwd = project(files);
    const path = join(cwd, 'empty.sqlite');
    await sqliteStore({ path }).close();
    const { code, err } = await tocsin(['backtest', 'slow', '--source', '--store', path], { cwd });
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('the source sensor holds nothing that slow asks for'),
    });
  });
});

describe('tocsin backtest of a composite rule', () => {
  const line = (metric: string, n: number, value: number): string =>
    JSON.stringify({ metric, value, timestamp: new Date(Date.UTC(2026, 0, 5) + n * minute).toISOString() });
  const data = Array.from({ length: 120 }, (_, n) => [
    line('latency', n, n >= 40 && n < 60 ? 150 : 50),
    line('queue', n, n >= 50 && n < 80 ? 20 : 1),
  ])
    .flat()
    .join('\n');

  it('reads what its rules ask from a file, and scores it alone; a replay judges it, too', async () => {
    const cwd = project({ ...files, 'data.ndjson': data });
    const { code, out, err } = await tocsin(['backtest', 'both', '--data', 'data.ndjson', '--json'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [own] = JSON.parse(out).results;
    expect(own).toMatchObject({ alerts: 1, incidents: 1, pages: 1 });
    expect(own.firing[0]).toMatchObject({ from: '2026-01-05T00:51:00.000Z', to: '2026-01-05T01:01:00.000Z' });
    const replayed = await tocsin(['replay', 'data.ndjson', '--source', 'sensor', '--json'], { cwd });
    expect(replayed.out).toContain('Slow and wrong');
  });

  it('refuses a file for rules of two sources', async () => {
    const two = withAws.replace('{ rule: queue }], on: []', '{ rule: scorer }]');
    const cwd = project({ ...files, 'config/all.yaml': two, 'data.ndjson': data });
    const { code, err } = await tocsin(['backtest', 'both', '--data', 'data.ndjson'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('a file can stand for one source') });
  });
});
