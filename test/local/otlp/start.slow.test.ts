import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it, vi } from 'vitest';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';
import { otlpLine } from '../../../local/main.ts';
import { startReceiver } from '../../../local/otlp/start.ts';
import { telemetryVersion } from '../../../stores/telemetry/schema.ts';
import { freePort } from '../free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-otlp-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const timeout = 60_000;

async function started(path: string, { otlpPort = 'off', ...more }: { startWithinMs?: number; otlpPort?: number | 'off' } = {}) {
  const logged: string[] = [];
  const config = {
    settings: { otlpPort, maxFuture: 600_000, ingestKeys: [] },
    sources: { apps: sourceKinds.otlp.schema.parse({ kind: 'otlp' }) },
  } as never;
  const own = await startReceiver({
    config,
    path,
    secrets: { get: async () => undefined },
    log: (level, message, fields) => logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
    now: Date.now,
    retryMs: 100,
    ...more,
  });
  if (own === undefined) throw new Error('no receiver');
  return { own, config, logged };
}
const empty = () => ({ source: 'apps', format: 'json' as const, isCompressed: false, bytes: new TextEncoder().encode('{}') });

it('a damaged file stops nothing: it is logged once, shown, and received again when the file is well', { timeout }, async () => {
  const path = join(folder, 'damaged.sqlite');
  writeFileSync(path, 'this is no database, and longer than the header of one. '.repeat(100));
  const { own, config, logged } = await started(path);
  expect(own.notReceived).toMatch('not a database');
  expect(otlpLine({ url: 'http://x', otlp: own, ports: { config } as never })).toMatch('not received yet');
  expect(own.health()).toMatchObject([{ source: 'apps', notReceived: expect.stringContaining(path) }]);
  expect(await own.take(empty())).toMatchObject({ kind: 'later', why: 'store' });
  await expect(own.query('apps', [])).rejects.toThrow('not a database');
  rmSync(path);
  await vi.waitFor(() => expect(own.notReceived).toBeUndefined(), { timeout: 20_000 });
  expect(await own.take(empty())).toMatchObject({ kind: 'taken' });
  expect(own.health()).toEqual([expect.not.objectContaining({ notReceived: expect.anything() })]);
  expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
  await own.close();
});

it('the file of a newer Tocsin, and one that somebody else has locked, are said', { timeout }, async () => {
  const path = join(folder, 'newer.sqlite');
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA user_version = ${telemetryVersion + 1}`);
  const newer = await started(path);
  expect(newer.own.notReceived).toMatch('newer Tocsin');
  await newer.own.close();
  db.exec('PRAGMA user_version = 0; PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE');
  const locked = await started(path);
  expect(locked.own.notReceived).toMatch('locked');
  await locked.own.close();
  db.close();
});

it('a start that takes long goes on beside the service, and closing ends its thread', { timeout }, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { own, logged } = await started(join(folder, 'slow.sqlite'), { startWithinMs: 0, otlpPort: port });
  expect(own.notReceived).toMatch('being loaded');
  await vi.waitFor(() => expect(own.notReceived).toBeUndefined(), { timeout: 20_000 });
  expect(logged).toEqual([expect.stringMatching('something else listens there')]);
  taken.close();
  await own.close();
  const early = await started(join(folder, 'slow.sqlite'), { startWithinMs: 0 });
  await early.own.close();
  // The file is free.
  const again = await started(join(folder, 'slow.sqlite'));
  expect(again.own.notReceived).toBeUndefined();
  await again.own.close();
});

it('a page in a browser cannot post to the port of its own, whatever its name leads to', { timeout }, async () => {
  const port = await freePort();
  const { own } = await started(join(folder, 'guarded.sqlite'), { otlpPort: port });
  const statusWith = async (headers: Record<string, string>): Promise<number | undefined> => {
    const sent = request({ port, host: '127.0.0.1', path: '/v1/metrics', method: 'POST', headers });
    sent.end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  const json = { 'content-type': 'application/json' };
  expect(await statusWith(json)).toBe(200);
  expect(await statusWith({ ...json, host: 'localhost' })).toBe(200);
  expect(await statusWith({ ...json, host: `rebound.example:${port}` })).toBe(403);
  expect(await statusWith({ ...json, origin: 'https://elsewhere.example' })).toBe(403);
  await own.close();
});
