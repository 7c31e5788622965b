import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { virtualClock } from '../../local/clock.ts';
import { virtualRun } from '../../local/run/virtual-run.ts';
import { guardStore } from '../../local/store/guard-store.ts';
import type { GuardedStore } from '../../local/store/guarded-store.ts';
import { type SqliteStore, sqliteStore } from '../../stores/sqlite/index.ts';
import { heldToDocument } from '../http/contract/held-to-document.ts';
import { configOf, minute, type Part, portsOf, ruleOn, second, t0, timeOf } from '../scenario/harness.ts';
import { fakeHook, fakePhones } from '../scenario/outside.ts';

let folder: string;
let path: string;
let closing: (() => Promise<void> | void)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-trouble-'));
  path = join(folder, 'store.db');
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** What befalls the store, and its end. */
type Trouble = {
  name: string;
  kind: string;
  open(): { store: SqliteStore; begin(guard: GuardedStore): Promise<void> | void; end(): void };
};

const withFile = (): DatabaseSync => {
  const db = new DatabaseSync(path);
  closing.push(() => db.close());
  return db;
};
/** A store all of whose writes fail as SQLite lets them fail. */
const failing = (kind: string, errcode: number): Trouble => ({
  name: `fails with code ${errcode}`,
  kind,
  open() {
    const store = sqliteStore({ path });
    let fails = false;
    const writes = ['commit', 'leaseEffect', 'postponeEffect', 'claimPageSlot', 'setMeta', 'setMetas', 'fold', 'prune'] as const;
    const disturbed: Record<string, unknown> = { ...store };
    for (const name of writes) {
      const write = store[name] as (...request: unknown[]) => Promise<unknown>;
      disturbed[name] = async (...request: unknown[]) => {
        if (fails) throw Object.assign(new Error('the disk says no'), { code: 'ERR_SQLITE_ERROR', errcode });
        return write(...request);
      };
    }
    const set = (to: boolean) => () => {
      fails = to;
    };
    return { store: disturbed as unknown as SqliteStore, begin: set(true), end: set(false) };
  },
});

const troubles: Trouble[] = [
  {
    name: 'is locked by another connection',
    kind: 'locked',
    open() {
      const store = sqliteStore({ path, patienceMs: 0 });
      const other = withFile();
      return { store, begin: () => other.exec('BEGIN IMMEDIATE'), end: () => other.exec('ROLLBACK') };
    },
  },
  {
    name: 'is full',
    kind: 'full',
    open() {
      const store = sqliteStore({ path, maxPages: 1500, patienceMs: 0 });
      const other = withFile();
      other.exec('CREATE TABLE filler (x)');
      // By its own connection the file may grow. What is larger than the room within its pages does
      // not fit then.
      const begin = async ({ asked }: GuardedStore) => {
        other.exec('INSERT INTO filler VALUES (zeroblob(8000000))');
        await expect(asked.setMeta('large', 'x'.repeat(100_000))).rejects.toThrow(/the disk is full/);
      };
      return { store, begin, end: () => other.exec('DELETE FROM filler') };
    },
  },
  failing('read-only', 8),
  failing('failing', 10 | (8 << 8)),
];

const part: Part = {
  sources: {
    pushed: { kind: 'samples' },
    prometheus: { kind: 'alerts', category: 'availability', runbook: 'latency-spike' },
  },
  rules: { slow: ruleOn('latency') },
  settings: { groupBy: ['model'], pageInterval: '0s' },
};

function serviceOn(store: SqliteStore) {
  const clock = virtualClock(t0);
  const phones = fakePhones(clock);
  const logged: string[] = [];
  const log: Ports['log'] = (level, message) => void logged.push(`${level}: ${message}`);
  const guarded = guardStore(store, { path: 'store.db', clock, log, ports: () => ports });
  const { guard } = guarded;
  const world = { config: configOf(part), clock, phones, hook: fakeHook() };
  const ports = portsOf({ ...world, store: guard.running }, { log, observe: () => {} });
  closing.push(() => store.close().catch(() => {}));
  const app = heldToDocument(
    httpApp({
      parts: allParts,
      ports: { ...ports, store: guard.asked },
      alertPorts: { ...ports, store: guard.alerts },
      condition: guarded.condition,
      now: clock.now,
      runbooks: new Map(),
      access: 'local',
    }),
  );
  const post = (at: string, body: unknown = {}) =>
    app.request(at, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  return {
    ports,
    guard,
    logged,
    app,
    post,
    clock,
    look: guarded.look,
    sample: (value: number) => post('/v1/samples', { metric: 'latency', value, timestamp: clock.now(), labels: { model: 'm' } }),
    alert: (model: string) =>
      post('/api/v2/alerts', [
        {
          labels: { alertname: 'Down', severity: 'critical', model },
          endsAt: new Date(clock.now() + 60 * minute).toISOString(),
        },
      ]),
    async pass(ms: number) {
      const until = clock.now() + ms;
      await virtualRun({ ports, clock, events: [], until });
      await guarded.look();
    },
    pages: () => phones.rung.map(({ at, contact, page }) => `${timeOf(at)} ${page.reason}: ${contact}`),
    rung: phones.rung,
    latest: async () => (await guard.running.incidents({ status: 'all', limit: 1 }))[0],
    health: async () => {
      const answer = await app.request('/healthz');
      return { code: answer.status, ...((await answer.json()) as { status: string; reasons: { kind: string; text: string }[] }) };
    },
  };
}

describe.each(troubles)('a store that $name', ({ kind, open }) => {
  const troubled = async () => {
    const { store, begin, end } = open();
    const service = serviceOn(store);
    return { ...service, store, begin: () => begin(service.guard), end };
  };

  it('holds up no page: it is sent once, and concluded without another when the store is back', async () => {
    const { sample, pass, ports, clock, begin, end, pages, look, store, guard } = await troubled();
    await sample(250);
    clock.set(t0 + minute);
    await evaluate(ports, clock.now());
    await begin();
    await pass(10 * second);
    await pass(2 * minute);
    end();
    await look();
    expect(guard.trouble()).toBeUndefined();
    await pass(minute);
    expect(pages()).toEqual(['0:01 triggered: sns:ana', '0:03:10 triggered: sns:room', '0:03:10 resolved: sns:room']);
    const id = (await store.incidents({ status: 'open', limit: 1 }))[0]?.id ?? '';
    expect((await store.timeline(asIncidentId(id))).filter(({ kind: what }) => what === 'page delivered')).toHaveLength(1);
    expect((await store.dueEffects(clock.now(), 10)).filter(({ effect }) => effect.kind === 'page')).toEqual([]);
  });

  it('lets escalation go on, each step once', async () => {
    const { alert, pass, begin, end, rung, store } = await troubled();
    expect((await alert('m')).status).toBe(200);
    await pass(0);
    await begin();
    await pass(31 * minute);
    const calls = () => rung.filter(({ page }) => page.incidentId !== 'store').map(({ contact }) => contact);
    expect(calls()).toEqual(['sns:ana', 'sns:ben', 'sns:lea']);
    end();
    await pass(minute);
    expect(calls()).toEqual(['sns:ana', 'sns:ben', 'sns:lea']);
    expect((await store.incidents({ status: 'open', limit: 1 }))[0]?.escalation).toMatchObject({ tier: 3 });
  });

  it('has what is newly critical paged at once, and told to the fallback with the reason, once a group', async () => {
    const { alert, pass, begin, rung, clock } = await troubled();
    await begin();
    const refused = await alert('m');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThan(10);
    await alert('m');
    await alert('other');
    await pass(10 * second);
    await alert('m');
    await pass(0);
    const told = rung.map(({ contact, page }) => [contact, page.groupLabels['model']]);
    expect(told.toSorted()).toEqual([
      ['sns:ana', 'm'],
      ['sns:ana', 'other'],
      ['sns:room', 'm'],
      ['sns:room', 'other'],
    ]);
    expect(rung.find(({ contact }) => contact === 'sns:room')?.page.why).toMatch(/^nothing could be stored, so nobody can ack/);
    expect(clock.now()).toBe(t0 + 10 * second);
  });

  it('refuses with words what it cannot keep, and goes on being read', async () => {
    const { alert, sample, post, app, pass, begin, latest, guard } = await troubled();
    await alert('m');
    await pass(0);
    const id = (await latest())?.id ?? '';
    await begin();
    const requests = [
      post(`/api/incidents/${id}/acknowledge`),
      post(`/api/incidents/${id}/resolve`, { force: true }),
      post('/api/silences', { match: { model: 'm' }, durationMs: minute }),
      post(`/incidents/${id}/acknowledge`),
      sample(10),
    ];
    for (const answer of await Promise.all(requests)) {
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5']);
      expect(await answer.text()).toMatch(/store|disk/);
    }
    expect(guard.trouble()?.kind).toBe(kind);
    expect((await latest())?.status).toBe('triggered');
    for (const at of ['/', `/incidents/${id}`, '/api/incidents', `/api/incidents/${id}`, '/api/silences']) {
      expect((await app.request(at)).status).toBe(200);
    }
  });

  it('is said by /healthz and the log as soon as it is met, and goes on by itself afterwards', async () => {
    const { alert, sample, post, health, begin, end, look, logged, pass, latest, store } = await troubled();
    await alert('m');
    await pass(0);
    expect((await health()).code).toBe(200);
    await begin();
    await sample(10);
    expect(await health()).toMatchObject({
      code: 503,
      status: 'failing',
      reasons: expect.arrayContaining([{ kind: 'store', text: expect.stringContaining('stored') }]),
    });
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([expect.stringContaining('store.db')]);
    await look();
    expect((await health()).code).toBe(503);
    end();
    await look();
    expect((await health()).code).toBe(200);
    expect(logged.at(-1)).toBe('warn: the store can be written again');
    expect((await sample(10)).status).toBe(200);
    expect((await alert('n')).status).toBe(200);
    const id = (await latest())?.id ?? '';
    expect((await post(`/api/incidents/${id}/acknowledge`)).status).toBe(200);
    expect((await store.incident(asIncidentId(id)))?.status).toBe('acknowledged');
  });
});

describe('a store whose file is deleted under the service', () => {
  it('is noticed by the next look: nothing is taken, what is open is escalated, and the fallback is told', async () => {
    const { alert, sample, post, health, pass, look, latest, rung, guard } = serviceOn(sqliteStore({ path }));
    await alert('m');
    await pass(0);
    const id = (await latest())?.id ?? '';
    renameSync(path, join(folder, 'moved.db'));
    await look();
    expect((await sample(10)).status).toBe(503);
    expect((await alert('n')).status).toBe(503);
    expect((await post(`/api/incidents/${id}/acknowledge`)).status).toBe(503);
    expect(await health()).toMatchObject({
      code: 503,
      reasons: expect.arrayContaining([{ kind: 'store', text: expect.stringContaining('was deleted or moved') }]),
    });
    await pass(16 * minute);
    const calls = rung.map(({ contact, page }) => `${contact} ${page.groupLabels['model'] ?? page.title}`);
    expect(calls).toContain('sns:ben m');
    expect(calls).toContain('sns:ana n');
    expect(calls).toContain('sns:room Tocsin cannot store anything');
    renameSync(join(folder, 'moved.db'), path);
    await look();
    expect(guard.trouble()).toBeUndefined();
    expect((await alert('n')).status).toBe(200);
  });

  it('pages from memory where another instance has taken it over, and writes nothing to it', async () => {
    const { alert, pass, look, guard, rung } = serviceOn(sqliteStore({ path }));
    await alert('m');
    await pass(0);
    const other = withFile();
    other.exec("UPDATE meta SET value = json_set(value, '$.id', 'another') WHERE key = 'owner'");
    await look();
    expect(guard.trouble()?.kind).toBe('taken over');
    const before = other.prepare('SELECT total_changes() AS n, (SELECT count(*) FROM timeline) AS entries').get();
    await pass(16 * minute);
    expect(other.prepare('SELECT total_changes() AS n, (SELECT count(*) FROM timeline) AS entries').get()).toEqual(before);
    expect(rung.map(({ contact }) => contact)).toContain('sns:ben');
  });
});
