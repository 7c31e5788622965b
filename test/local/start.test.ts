import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { project, root } from '../cli/run.ts';

type Started = {
  child: ChildProcess;
  /** Resolves with what it has written once it has written this; rejects when it ends before. */
  says(text: RegExp): Promise<string>;
  ended: Promise<{ code: number | null; out: string; err: string }>;
};

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** `npm start` without its installing: the service alone in a folder, on a free port. */
function start(cwd: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Started {
  const script = join(root, 'scripts/start.ts');
  const all = [script, '--no-example', '--port', '0', ...args];
  const child = spawn(process.execPath, all, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended: Started['ended'] = new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  const says = (text: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.test(out)) resolve(out);
      };
      child.stdout.on('data', look);
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before it said ${text}: ${out}${err}`)));
      look();
    });
  return { child, says, ended };
}

const urlIn = (out: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';

/** Judges every second and pages the receiver at once. */
const config = (receiver: string): string => `
sources:
  sensor: { kind: samples, bucket: 1s }
rules:
  slow:
    source: sensor
    query: { samples: { metric: latency } }
    step: 1s
    category: latency
    threshold: { above: { critical: 200 } }
    runbook: latency
responders:
  ana: { name: Ana, contacts: [{ webhook: { url: ${receiver}, secret: HOOK_SECRET } }] }
policies:
  duty: { tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }] }
matrix:
  default: { warn: { policy: duty }, critical: { policy: duty } }
`;

/** A receiver of pages that takes them and never answers. */
async function silentReceiver(): Promise<{ url: string; asked: Promise<void>; server: Server }> {
  let ask: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const server = createServer(() => ask());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`, asked, server };
}

const secret = { HOOK_SECRET: 'a-secret-of-the-hook' };

async function sendTrouble(url: string): Promise<void> {
  const sample = { metric: 'latency', value: 250, timestamp: Date.now() };
  await fetch(`${url}/v1/samples`, {
    method: 'POST',
    body: JSON.stringify(sample),
    headers: { 'Content-Type': 'application/json' },
  });
}

describe.concurrent('a start that cannot be', () => {
  it('ends with one line and 1 when the port is taken', async ({ expect }) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await start(project(), ['--port', String(port)]).ended;
    other.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`tocsin: port ${port} is taken; stop what listens there, or choose another with --port\n`);
  });

  it('ends with one line and 1 when another process has the store', async ({ expect }) => {
    const folder = project();
    const store = sqliteStore({ path: join(folder, '.tocsin/tocsin.sqlite') });
    const { code, out, err } = await start(folder).ended;
    await store.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^tocsin: the store \.tocsin\/tocsin\.sqlite is in use by another process: [^\n]*\n$/);
  });

  it('ends with one line and 1 when the config is wrong, and says how to see the rest', async ({ expect }) => {
    const folder = project({ 'config/all.yaml': 'rulez: {}\nmatrix: {}\n' });
    const { code, out, err } = await start(folder).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^tocsin: the config is invalid: config\/all\.yaml:\d+:\d+: [^\n]* \(and \d more: npm run -s tocsin -- check --config \S+\)\n$/,
    );
  });

  it('ends with one line and 1 when there is no config', async ({ expect }) => {
    const { code, out, err } = await start(project(), ['--config', 'nowhere']).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('tocsin: there is no config at nowhere; name a folder of YAML files, or one, with --config\n');
  });

  it('ends with 1 and no trace when the environment names no port', async ({ expect }) => {
    const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
      cwd: project(),
      env: { ...process.env, TOCSIN_PORT: 'http' },
    });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(err).toMatch(
      /^error: option '--port <number>' value 'http' from env 'TOCSIN_PORT' is invalid\. expected a port from 0 to 65535\.\n/,
    );
    expect(err).not.toMatch(/ at .*\.ts/);
  });
});

describe.concurrent('a service that runs', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s', async (signal) => {
    const job = 'heartbeats: { nightly: { every: 1h, runbook: latency } }\n';
    const started = start(project({ 'config/jobs.yaml': job }));
    const url = urlIn(await started.says(/Tocsin watches 2 rules, 1 heartbeat\. /));
    expect(await (await fetch(url)).text()).toMatch(/rules?\b.* judged/);
    started.child.kill(signal);
    expect(await started.ended).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/\nStopped\.\n$/) });
  });

  it('stops also in the middle of a delivery, and the next start finds the incident again', async () => {
    const receiver = await silentReceiver();
    const folder = project({ 'config/all.yaml': config(receiver.url) });
    const first = start(folder, [], secret);
    await sendTrouble(urlIn(await first.says(/Tocsin watches 1 rule\./)));
    await receiver.asked;
    first.child.kill('SIGTERM');
    const { code, out, err } = await first.ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/opened[\s\S]*Stopping: finishing deliveries under way\.\n[\s\S]*Stopped\.\n$/);

    // Gone by then, so that the second try fails at once.
    receiver.server.closeAllConnections();
    receiver.server.close();
    const second = start(folder, [], secret);
    const page = await (await fetch(urlIn(await second.says(/Tocsin watches/)))).text();
    expect(page).toMatch(/Open \(1\)[\s\S]*href="\/incidents\/inc-/);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  it('ends at once when it is told a second time', async () => {
    const receiver = await silentReceiver();
    const started = start(project({ 'config/all.yaml': config(receiver.url) }), [], secret);
    await sendTrouble(urlIn(await started.says(/Tocsin watches/)));
    await receiver.asked;
    started.child.kill('SIGINT');
    await started.says(/Stopping/);
    started.child.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    receiver.server.closeAllConnections();
    receiver.server.close();
  });

  it('ends with the reason and 1 when another instance has taken its store over, for that one pages', async () => {
    const folder = project({ 'config/all.yaml': config('http://127.0.0.1:9') });
    const started = start(folder, [], secret);
    await started.says(/Tocsin watches/);
    const other = new DatabaseSync(join(folder, '.tocsin/tocsin.sqlite'), { timeout: 5000 });
    other.exec("UPDATE meta SET value = json_set(value, '$.id', 'another') WHERE key = 'owner'");
    other.close();
    const { code, err } = await started.ended;
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^tocsin: another instance has taken over [^\n]*\n$/) });
  });

  it('says so at once when its file is deleted, and stops all the same when it is told', async () => {
    const folder = project({ 'config/all.yaml': config('http://127.0.0.1:9') });
    const started = start(folder, [], secret);
    const url = urlIn(await started.says(/Tocsin watches/));
    rmSync(join(folder, '.tocsin'), { recursive: true });
    await started.says(/error: [^\n]*was deleted or moved/);
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });
});
