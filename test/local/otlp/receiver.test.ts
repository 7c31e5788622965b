import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import type { OtlpBody } from '../../../app/ports/telemetry.ts';
import type { OtlpQuestion } from '../../../core/telemetry/otlp/answer.ts';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';
import { type Receiver, receiver } from '../../../local/otlp/receiver.ts';
import { telemetryFile } from '../../../stores/telemetry/index.ts';
import { recorded } from '../../telemetry/otlp/sent-bodies.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-otlp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A minute after the recorded bodies were sent. */
const recordedAt = Date.UTC(2026, 10, 29, 4, 0);
let files = 0;

type File = ReturnType<typeof telemetryFile>;

function opened(path: string, now: number | (() => number), over: (file: File) => File = (file) => file): Receiver {
  const file = over(telemetryFile({ path, now: 0, onDamage: (what) => expect.unreachable(what) }));
  const config = sourceKinds.otlp.schema.parse({ kind: 'otlp', labels: { team: 'ml' } });
  const clock = typeof now === 'number' ? () => now : now;
  return receiver({ file, sources: { apps: config }, maxFuture: 600_000, now: clock, log: () => {} });
}
const newPath = (): string => {
  files += 1;
  return join(folder, `${files}.sqlite`);
};

const day = 86_400_000;
const question = (metric: string, statistic: string, more: object = {}): OtlpQuestion => {
  const query = sourceKinds.otlp.query.parse({ metric, statistic, over: '1d', ...more });
  return { query, from: recordedAt - day, to: recordedAt + day, step: day };
};
/** The values of all series of one question about everything. */
function values(own: Receiver, ...asked: Parameters<typeof question>): object[] {
  const [answer] = own.query('apps', [question(...asked)]);
  if (answer === undefined || !answer.ok) throw new Error(answer?.error);
  return answer.series.map(({ labels, points }) => ({ ...labels, values: points.map(({ value }) => value) }));
}

const now = Date.UTC(2026, 10, 29, 5, 0);

it('what the Python and JavaScript SDKs sent is judged as they counted it', async () => {
  const own = opened(newPath(), now);
  for (const { name: _name, ...body } of recorded()) {
    expect(await own.take({ source: 'apps', ...body })).toEqual({ kind: 'taken', rejected: 0, message: '' });
  }
  // Two processes; the third body is what a shutdown sent again.
  const js = { by: ['service.name', 'outcome'] };
  expect(values(own, 'churn.predictions', 'sum', js)).toEqual([
    { team: 'ml', 'service.name': 'churn-api-js', outcome: 'stay', values: [6] },
    { team: 'ml', 'service.name': 'churn-api-js', outcome: 'churn', values: [4] },
  ]);
  expect(values(own, 'churn.rows.scored', 'sum')).toEqual([{ team: 'ml', values: [400] }]);
  expect(values(own, 'churn.drift.psi', 'max', { where: { feature: 'monthly_charges' } })).toEqual([
    { team: 'ml', values: [0.31] },
  ]);
  expect(values(own, 'churn.score.exp', 'count')).toEqual([{ team: 'ml', values: [400] }]);
  // Exemplars, which the Python SDK sends.
  const [score] = own.query('apps', [question('churn.score.exp', 'p95')]);
  expect(score).toMatchObject({
    series: [
      { points: [{ traces: expect.arrayContaining([expect.objectContaining({ trace: '4bf92f3577b34da6a3ce929d0e0e4736' })]) }] },
    ],
  });
  own.close();
});

it('a body that is sent again counts once, also after a restart in the middle', async () => {
  const path = newPath();
  const [body] = recorded();
  if (body === undefined) throw new Error('no recorded body');
  const first = opened(path, now);
  await first.take({ source: 'apps', ...body });
  await first.take({ source: 'apps', ...body });
  const before = values(first, 'churn.rows.scored', 'sum');
  expect(before).toEqual([{ team: 'ml', values: [200] }]);
  first.close();
  const second = opened(path, now);
  await second.take({ source: 'apps', ...body });
  expect(values(second, 'churn.rows.scored', 'sum')).toEqual(before);
  expect(values(second, 'churn.score.exp', 'p95')).toEqual(values(second, 'churn.score.exp', 'p95'));
  second.close();
});

it('a compression bomb stops early, and what is no gzip is refused', async () => {
  const own = opened(newPath(), now);
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const send = (bytes: Uint8Array) => own.take({ source: 'apps', format: 'protobuf', isCompressed: true, bytes });
  expect(await send(bomb)).toMatchObject({ kind: 'refused', why: 'size' });
  expect(await send(Buffer.from('plain'))).toMatchObject({ kind: 'refused', why: 'body' });
  expect(await send(gzipSync(Buffer.alloc(0)).subarray(0, 10))).toMatchObject({ kind: 'refused', why: 'body' });
  own.close();
});

it('a question that has no answer says why', async () => {
  const own = opened(newPath(), now);
  const [cumulative, , flask] = recorded();
  for (const body of [cumulative, flask]) if (body !== undefined) await own.take({ source: 'apps', ...body });
  const asked = (metric: string, statistic: string) => own.query('apps', [question(metric, statistic)])[0];
  expect(asked('churn.accuracy', 'p95')).toMatchObject({ ok: false, error: expect.stringContaining('which is a gauge') });
  expect(asked('churn.rows.scored', 'mean')).toMatchObject({ ok: false, error: expect.stringContaining('expected sum, rate') });
  expect(asked('never.sent', 'mean')).toEqual({ ok: true, series: [] });
  expect(asked('http.server.duration', 'max')).toMatchObject({ ok: true });
  own.close();
});

/** A counter of a process that began with `start`. */
const counted = (start: number, time: number, value: number, process = 'p'): OtlpBody => {
  const point = { startTimeUnixNano: `${start}000000`, timeUnixNano: `${time}000000`, asInt: value };
  const metrics = [{ name: 'errors', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } }];
  const attributes = [{ key: 'service.instance.id', value: { stringValue: process } }];
  const text = JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] });
  return { source: 'apps', format: 'json', isCompressed: false, bytes: new TextEncoder().encode(text) };
};
const hour = 3_600_000;

it('after hours without Tocsin the first tidying forgets nobody, and an hour later whoever was not heard', async () => {
  const path = newPath();
  const first = opened(path, now);
  await first.take(counted(now - 1000, now, 5));
  first.close();
  let clock = now + 5 * hour;
  const second = opened(path, () => clock);
  second.tidy();
  await second.take(counted(now - 1000, clock, 9));
  expect(values(second, 'errors', 'sum')).toEqual([{ team: 'ml', values: [9] }]);
  clock += hour + 1;
  second.tidy();
  expect(second.health()).toMatchObject([{ streams: 0 }]);
  second.close();
});

it('that a process was forgotten is known after a restart, and hides nothing of another', async () => {
  const path = newPath();
  let clock = now;
  const first = opened(path, () => clock);
  await first.take(counted(now - 1000, now, 5, 'gone'));
  clock += 1.5 * hour;
  first.tidy();
  expect(first.health()).toMatchObject([{ streams: 0 }]);
  first.close();
  const second = opened(path, () => clock);
  await second.take(counted(now - 2000, clock, 100, 'other'));
  await second.take(counted(now - 1000, clock, 7, 'gone'));
  expect(values(second, 'errors', 'sum')).toEqual([{ team: 'ml', values: [105] }]);
  second.close();
});

it('after a write that failed nothing is taken for five seconds, and then it is tried again', async () => {
  let clock = now;
  let tries = 0;
  const full = (file: File): File => ({
    ...file,
    append(bodies) {
      tries += 1;
      if (tries === 1) throw new Error('database or disk is full');
      file.append(bodies);
    },
  });
  const own = opened(newPath(), () => clock, full);
  const body = counted(now - 1000, now, 5);
  const later = { kind: 'later', why: 'store', seconds: 5 };
  expect(await own.take(body)).toMatchObject(later);
  expect(await own.take(body)).toMatchObject(later);
  expect(tries).toBe(1);
  clock += 5000;
  expect(await own.take(body)).toMatchObject({ kind: 'taken' });
  expect(values(own, 'errors', 'sum')).toEqual([{ team: 'ml', values: [5] }]);
  own.close();
});

it('a file from before keys had a length begins anew, and says so', () => {
  const path = newPath();
  const db = new DatabaseSync(path);
  db.exec('CREATE TABLE owner (id INTEGER PRIMARY KEY, key TEXT); PRAGMA user_version = 1');
  db.close();
  const said: string[] = [];
  const file = telemetryFile({ path, now, onDamage: (what) => said.push(what) });
  expect(file.load('apps')).toMatchObject({ since: now, streamCount: 0 });
  expect(said).toEqual([expect.stringContaining('begins anew')]);
  file.close();
});

it('with a full disk not each body tries to write all that waits', async () => {
  let clock = now;
  let isFull = false;
  const full = (file: File): File => ({
    ...file,
    append() {},
    checkpoint(sources) {
      if (isFull) throw new Error('database or disk is full');
      file.checkpoint(sources);
    },
  });
  const own = opened(newPath(), () => clock, full);
  const bytes = new TextEncoder().encode(JSON.stringify({ other: 'x'.repeat(33 * 1024 * 1024) }));
  for (let i = 0; i < 2; i += 1) await own.take({ source: 'apps', format: 'json', isCompressed: false, bytes });
  expect(own.isFull()).toBe(true);
  isFull = true;
  own.tidy();
  expect(own.isFull()).toBe(false);
  clock += 5000;
  expect(own.isFull()).toBe(true);
  isFull = false;
  own.close();
});
