import { afterEach, describe, expect, it } from 'vitest';
import { batchesOf } from '../../cli/backfill.ts';
import type { Service } from '../../local/service.ts';
import { project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const minute = 60_000;
const now = Math.floor(Date.now() / minute) * minute;
const at = (ago: number): string => new Date(now - ago * minute).toISOString();

const latencies = ['timestamp,value', ...Array.from({ length: 30 }, (_, n) => `${at(60 - n)},${100 + n}`)].join('\n');
const predictions = [
  'timestamp,id,prediction,label,age',
  ...Array.from({ length: 30 }, (_, n) => `${at(120 - n)},p${n},${n % 2},1,${n}`),
].join('\n');

describe('tocsin backfill', () => {
  let service: Service | undefined;
  afterEach(() => service?.close());

  const started = async (files: Record<string, string>) => {
    const folder = project(files);
    service = await serviceIn(folder);
    const { url } = service;
    const send = (...args: string[]) => tocsin(['backfill', ...args, '--url', url], { cwd: folder });
    return { send, store: service.ports.store };
  };

  it('sends a file of samples as a sender would, and counts it once however often it is sent', async () => {
    const { send, store } = await started({ 'latency.csv': latencies });
    expect(await send('latency.csv', '--source', 'sensor')).toMatchObject({
      code: 0,
      out: '30 records accepted, 0 known before, 0 refused.\n',
    });
    expect((await send('latency.csv', '--source', 'sensor')).code).toBe(0);
    const [series] = await store.series('sensor', 'latency');
    if (series === undefined) throw new Error('the series is there');
    const [buckets = []] = await store.buckets([{ series, from: 0, to: now + minute }]);
    expect(buckets.length).toBe(30);
    expect(buckets.reduce((sum, { summary }) => sum + (summary.kind === 'values' ? summary.count : 0), 0)).toBe(30);
  });

  it('sends predictions with their outcomes, and pages nobody for the past', async () => {
    const { send, store } = await started({ 'history.csv': predictions });
    expect(await send('history.csv', '--source', 'churn')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^30 records acc/),
    });
    expect(await store.incidents({ status: 'all', limit: 9 })).toEqual([]);
  });

  it('counts what is too old, says why, and goes on with the rest', async () => {
    const old = `${latencies}\n${new Date(now - 400 * 86_400_000).toISOString()},5`;
    const { send } = await started({ 'latency.csv': old });
    const { code, out, err } = await send('latency.csv', '--source', 'sensor');
    expect({ code, out }).toEqual({ code: 0, out: '30 records accepted, 0 known before, 1 refused.\n' });
    expect(err).toMatch(/refused: timestamp/);
  });

  it('names a line that cannot be read by its number, sends the rest, and ends with 1', async () => {
    const { send } = await started({ 'latency.csv': `${latencies}\n${at(1)}\n${at(1)},5` });
    const { code, out, err } = await send('latency.csv', '--source', 'sensor');
    expect({ code, out }).toEqual({ code: 1, out: '31 records accepted, 0 known before, 0 refused.\n' });
    expect(err).toMatch(/1 record of latency\.csv cannot be read; the first, line 32: expected 2 cells/);
  });

  it('says which sources there are, and that a service has to run', async () => {
    const folder = project({ 'latency.csv': latencies });
    expect(await tocsin(['backfill', 'latency.csv'], { cwd: folder })).toMatchObject({
      code: 1,
      err: 'tocsin: expected --source with a source that records are sent to: sensor, churn\n',
    });
    const unreached = await tocsin(['backfill', 'latency.csv', '--source', 'sensor'], { cwd: folder });
    expect(unreached).toMatchObject({ code: 1, err: expect.stringMatching(/does not answer; start the service/) });
  });
});

it('batches keep their keys while a file grows, and predictions go before the labels that name them', () => {
  const record = (n: number) => ({ timestamp: n, prediction: 1 }) as never;
  const records = Array.from({ length: 2500 }, (_, n) => ({ kind: 'prediction' as const, at: n, record: record(n) }));
  const label = { kind: 'label' as const, at: 0, record: { id: 'a' } as never };
  const before = batchesOf('churn', [label, ...records]);
  const after = batchesOf('churn', [label, ...records, { ...(records[0] as (typeof records)[0]), record: record(9999) }]);
  expect(before.map(({ path }) => path)).toEqual(['/v1/predictions', '/v1/predictions', '/v1/labels']);
  expect(after.map(({ key }, n) => key === before[n]?.key)).toEqual([true, false, true]);
  expect(batchesOf('other', records)[0]?.key).not.toBe(before[0]?.key);
});
