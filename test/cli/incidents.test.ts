import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import { virtualClock } from '../../local/clock.ts';
import type { Service } from '../../local/service.ts';
import { StartError } from '../../local/start-error.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { config, project, tocsin, understood } from './run.ts';
import { serviceIn } from './service.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 9);
const clock = virtualClock(start);
const cwd = project();

const open = (folder: string, secrets: Record<string, string> = {}): Promise<Service> =>
  serviceIn(folder, { clock, secrets: { get: async (name) => secrets[name] } });

/** Latency goes critical; the id of the incident that follows. */
async function trouble({ url, ports }: Service, host: string): Promise<string> {
  const sample = { metric: 'latency', value: 250, timestamp: clock.now(), labels: { model: host, hint: '\u001b[2J' } };
  const sent = await fetch(`${url}/v1/samples`, {
    method: 'POST',
    body: JSON.stringify(sample),
    headers: { 'Content-Type': 'application/json' },
  });
  expect(sent.status).toBe(200);
  clock.set(clock.now() + minute);
  await evaluate(ports, clock.now());
  await deliverDue(ports, clock.now());
  const [incident] = await ports.store.incidents({ status: 'open', limit: 1 });
  return incident?.id ?? '';
}

describe('a running service', () => {
  let service: Service;
  let id = '';
  const ask = (...args: string[]) => tocsin([...args, '--url', service.url], { cwd });

  beforeAll(async () => {
    service = await open(cwd);
    id = await trouble(service, 'a');
  });
  afterAll(() => service.close());

  it('is asked for its incidents and for one of them', async () => {
    const [list, lines, shown, asLines, none] = await Promise.all([
      ask('incidents'),
      ask('incidents', '--json', '--status', 'all', '--limit', '5'),
      ask('show', id),
      ask('show', id, '--json'),
      ask('incidents', '--status', 'resolved'),
    ]);
    expect(list).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(new RegExp(`${id}.*critical.*triggered.*2026-01-05 09:01 UTC`)),
    });
    expect(JSON.parse(lines.out)).toMatchObject({ id, status: 'triggered' });
    expect(shown).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(new RegExp(`^${id} {2}critical {2}triggered\n`)),
    });
    expect(shown.out).toMatch(/since 2026-01-05 09:01 UTC; latency; runbook latency\n[\s\S]*opened[\s\S]*page delivered/);
    expect(shown.out).not.toContain('\u001b');
    const [incident, ...timeline] = asLines.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(incident).toMatchObject({ id });
    const kept = await service.ports.store.timeline(asIncidentId(id));
    expect(timeline).toMatchObject(kept.map(({ at, kind, text }) => ({ at: new Date(at).toISOString(), kind, text })));
    expect(Object.keys(timeline[0])).not.toContain('version');
    expect(none).toEqual({ code: 0, out: '', err: 'No resolved incident; --status all lists every one.\n' });
  });

  it('does what it is told in the name of who tells it, and says why not', async () => {
    expect(await ask('ack', id, '--by', 'cli:ana')).toEqual({ code: 0, out: `${id} acknowledged by cli:ana\n`, err: '' });
    expect(await ask('ack', id)).toEqual({ code: 1, out: '', err: `tocsin: ${id} was already acknowledged by cli:ana\n` });
    expect(await ask('escalate', id)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/escalated by cli:\w+; cli:ana had acknowledged it( .+ ago)?\n$/),
    });
    const refused = await ask('resolve', id);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/^tocsin: inc-\w+ was not resolved: 1 critical alert still fires:\n {2}critical: slow {/);
    expect(refused.err).toMatch(
      /since 2026-01-05 09:01 UTC \(as of 2026-01-05 09:01 UTC\)\nsilence them if that is known, or resolve all the same with --force\n$/,
    );
    expect(refused.err).not.toContain('\u001b');
    expect(await ask('resolve', id, '--force')).toMatchObject({ code: 0, out: expect.stringMatching(/resolved by cli:\w+; it/) });
    expect(await ask('resolve', id)).toMatchObject({ code: 1, err: expect.stringMatching(/was already resolved by cli:/) });
  });

  it('silences', async () => {
    const { code, out } = await ask('silence', 'model=~a|b', '2h', 'we', 'know', '--by', 'ana');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^silence sil-\w+: no pages for model=~"a\|b" until 2026-01-05 11:01 UTC; it matches the only alert firing now\n$/,
    );
    expect(await service.ports.store.silences(clock.now())).toMatchObject([
      { match: matchersOf({ model: ['a', 'b'] }), comment: 'we know', by: 'ana' },
    ]);
    expect(await ask('silence', 'model=a', '100d')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/a silence lasts from 1s to 90d/),
    });
  });

  it('shows silences, and in the audit log who made them and why', async () => {
    const [silences, auditLog, lines] = await Promise.all([ask('silences'), ask('audit-log'), ask('audit-log', '--json')]);
    expect(silences).toMatchObject({ code: 0, out: expect.stringMatching(/model=~"a\|b".*2026-01-05 11:01 UTC.*ana.*we know/) });
    expect(auditLog).toMatchObject({ code: 0, out: expect.stringMatching(/silenced.*no pages for model=~"a\|b".*we know.*ana/) });
    expect(JSON.parse(lines.out)).toMatchObject({ kind: 'silenced', actor: 'ana', at: expect.stringMatching(/^2026-01-05T/) });
  });

  it('ends a silence early', async () => {
    const [silence] = await service.ports.store.silences(clock.now());
    const id = silence?.id ?? '';
    expect(await ask('end', id)).toMatchObject({
      code: 0,
      out: `the silence ${id} ends; model=~"a|b" pages again, with the next evaluation\n`,
    });
    expect(await ask('end', id)).toMatchObject({ code: 1, err: `tocsin: there is no silence "${id}" that has not ended\n` });
    expect(await ask('end', '../x')).toMatchObject({ code: 2, err: expect.stringMatching(/expected the id of a silence/) });
  });

  it('pages through the audit log by the cursor that each answer names', async () => {
    const all = (await ask('audit-log', '--json')).out.trim().split('\n');
    expect(all.length).toBeGreaterThan(1);
    const read: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await ask('audit-log', '--json', '--limit', '1', ...(cursor === '' ? [] : ['--before', cursor]));
      read.unshift(page.out.trim());
      cursor = /older entries: tocsin audit-log --before (\S+)/.exec(page.err)?.[1];
    }
    expect(read).toEqual(all);
    expect(await ask('audit-log', '--before', 'x')).toMatchObject({ code: 1, err: expect.stringMatching(/before/) });
  });

  it('does not know every incident', async () => {
    const [shown, acknowledged] = await Promise.all([ask('show', 'inc-none'), ask('ack', '../x')]);
    expect(shown).toEqual({
      code: 1,
      out: '',
      err: 'tocsin: there is no incident inc-none; list them with: tocsin incidents --status all\n',
    });
    expect(acknowledged).toMatchObject({ code: 1, err: expect.stringMatching(/there is no incident \.\.\/x/) });
  });

  it('is found by TOCSIN_URL, and keeps its store to itself', async () => {
    const store = join(cwd, '.tocsin/tocsin.sqlite');
    const [found, read, written] = await Promise.all([
      tocsin(['incidents', '--status', 'all', '--json'], { cwd, env: { TOCSIN_URL: service.url } }),
      tocsin(['incidents', '--status', 'all', '--json', '--store', store], { cwd }),
      tocsin(['ack', id, '--store', store], { cwd }),
    ]);
    expect(JSON.parse(found.out)).toMatchObject({ id });
    expect(read.out).toBe(found.out);
    expect(written).toEqual({
      code: 1,
      out: '',
      err: `tocsin: the service runs on the store ${store}; name its address with --url\n`,
    });
  });
});

describe('who is on call', () => {
  const rota =
    'schedules: { ml: { timezone: Europe/Berlin, start: 2026-01-05T09:00, rotation: weekly, responders: [ana, ben] } }';
  const withRota = config
    .replace('responders:', `${rota}\nresponders:\n  ben: { name: Ben, contacts: [{ terminal: true }] }`)
    .replaceAll('responder: ana', 'schedule: ml');

  it('is told and changed, and route counts it in', async () => {
    const cwd = project({ 'config/all.yaml': withRota });
    const service = await open(cwd);
    const ask = (...args: string[]) => tocsin([...args, '--url', service.url], { cwd });
    const made = await ask('override', 'ml', 'ben', '4h', 'Ana', 'is', 'ill', '--by', 'cli:max');
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^override ovr-\w+: ben is on call for ml until .*, in place of ana\n$/),
    });
    const id = /ovr-\w+/.exec(made.out)?.[0] ?? '';
    const at = new Date(clock.now()).toISOString();
    const [oncall, route, auditLog, wrong] = await Promise.all([
      ask('oncall'),
      ask('route', '--labels', 'rule=slow,severity=critical', '--at', at),
      ask('audit-log'),
      ask('override', 'ml', 'bem', '4h'),
    ]);
    expect(oncall.out).toMatch(new RegExp(`ml +│ ben .* ana .*${id} by cli:max: Ana is ill`));
    expect(route.out).toMatch(new RegExp(`schedule/ml \\(ben\\), by ${id} of cli:max`));
    expect(auditLog.out).toMatch(/override .*ben is on call for ml.*Ana is ill.*cli:max/);
    expect(wrong).toMatchObject({ code: 1, err: 'tocsin: there is no responder "bem"; did you mean ben?\n' });
    await service.close();
  });

  it('is changed, and changed back, on the store of a service that does not run', async () => {
    const cwd = project({ 'config/all.yaml': withRota });
    await sqliteStore({ path: join(cwd, '.tocsin/tocsin.sqlite') }).close();
    const made = await tocsin(['override', 'ml', 'ben', '2h', '--from', '30m'], { cwd });
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/ben is on call for ml from .* until /) });
    const id = /ovr-\w+/.exec(made.out)?.[0] ?? '';
    expect(await tocsin(['end', id], { cwd })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^the override ovr-\w+ ends; /),
    });
  });
});

describe('a start with another config', () => {
  it('is in the audit log, with who started it', async () => {
    const cwd = project();
    await (await open(cwd)).close();
    const changed = project({ 'config/all.yaml': config.replace('ackWithin: 15m', 'ackWithin: 20m') });
    const service = await serviceIn(changed, { store: join(cwd, '.tocsin/tocsin.sqlite'), clock });
    const auditLog = await service.ports.store.auditLog(100);
    await service.close();
    expect(auditLog).toMatchObject([{ kind: 'config', text: 'policies.duty changed', actor: expect.stringMatching(/^cli:/) }]);
  });
});

describe('a store without a service', () => {
  it('is read and written, and the next start goes on from there', async () => {
    const folder = project();
    const before = await open(folder);
    const id = await trouble(before, 'b');
    await before.close();

    const [list, done] = await Promise.all([
      tocsin(['incidents'], { cwd: folder }),
      tocsin(['ack', id, '--by', 'ana'], { cwd: folder }),
    ]);
    expect(list).toMatchObject({ code: 0, out: expect.stringContaining(id) });
    expect(done).toEqual({
      code: 0,
      out: `${id} acknowledged by ana\n`,
      err: expect.stringMatching(/^No service answers at .*; this is what its store .* holds/),
    });
    expect(await tocsin(['ack', 'inc-none'], { cwd: folder })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^tocsin: there is no incident inc-none/m),
    });

    const after = await open(folder);
    expect(await after.ports.store.incident(asIncidentId(id))).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'ana' });
    await after.close();
  });

  it('that was never made is one line and 1', async () => {
    expect(await tocsin(['incidents'], { cwd: project() })).toEqual({
      code: 1,
      out: '',
      err: 'tocsin: no service answers at http://127.0.0.1:9, and there is no store at .tocsin/tocsin.sqlite; start one with: tocsin start (in a clone: npm start)\n',
    });
  });

  it('that was never made leaves who is on call to the config', async () => {
    const rota = 'schedules: { ml: { timezone: UTC, start: 2026-01-05T09:00, rotation: weekly, responders: [ana] } }';
    const cwd = project({ 'config/rota.yaml': rota });
    expect(await tocsin(['oncall'], { cwd })).toEqual({
      code: 0,
      out: expect.stringMatching(/ml +│ ana/),
      err: 'No service answers and there is no store: this is what the config alone says.\n',
    });
  });

  it.each([
    ['is not there', 'nowhere.sqlite', /^there is no store at .*nowhere\.sqlite; [^\n]*$/],
    ['is something else', 'config/all.yaml', /all\.yaml is not a SQLite file; [^\n]*$/],
  ])('that %s is told so', async (_, file, message) => {
    const asked = understood(['incidents', '--store', join(project(), file)]);
    await expect(asked).rejects.toThrow(StartError);
    await expect(asked).rejects.toThrow(message);
  });

  it('that another process holds is read all the same', async () => {
    const folder = project();
    const path = join(folder, 'held.sqlite');
    const store = sqliteStore({ path });
    expect(await tocsin(['incidents', '--store', 'held.sqlite'], { cwd: folder })).toEqual({
      code: 0,
      out: '',
      err: 'No open incident; --status all lists every one.\n',
    });
    await store.close();
  });
});

describe('an address', () => {
  it('where nothing answers, or something else does, is told apart from a service', async () => {
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    for (const [url, address] of [
      ['http://127.0.0.1:9', 'http://127.0.0.1:9'],
      [elsewhere, elsewhere],
      ['nonsense', 'https://nonsense'],
    ] as const) {
      await expect(understood(['incidents', '--url', url])).rejects.toThrow(new StartError(`no Tocsin answers at ${address}`));
    }
    await new Promise((resolve) => other.close(resolve));
  });

  it('that asks for the web password gets it from the environment', async () => {
    const folder = project({ 'config/all.yaml': config.replace('publicUrl:', 'webPassword: WEB_PASSWORD, publicUrl:') });
    const service = await open(folder, { WEB_PASSWORD: 'hunter2' });
    const ask = (env: Record<string, string>) => tocsin(['incidents', '--url', service.url], { cwd: folder, env });
    const [without, wrong, right] = await Promise.all([
      ask({}),
      ask({ TOCSIN_WEB_PASSWORD: 'hunter3' }),
      ask({ TOCSIN_WEB_PASSWORD: 'hunter2' }),
    ]);
    await service.close();
    for (const refused of [without, wrong]) {
      expect(refused).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(/the password goes into TOCSIN_WEB_PASSWORD, .*\n$/),
      });
    }
    expect(right.code).toBe(0);
  });
});
