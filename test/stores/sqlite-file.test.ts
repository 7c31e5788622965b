import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { laneOf } from '../../core/response/outbox/lanes.ts';
import { asAuditEntryId, asEffectId, asFingerprint, asIncidentId } from '../../core/vocabulary/ids.ts';
import { damageOf } from '../../stores/sqlite/damage.ts';
import { StoreFileError, StoreLockedError, sqliteStore } from '../../stores/sqlite/index.ts';
import { sqlOf } from '../../stores/sqlite/sql.ts';
import {
  committed,
  day,
  delta,
  exampleAlert,
  exampleAudit,
  exampleBatch,
  exampleEntry,
  exampleIncident,
  examplePageEffect,
  examplePredictions,
  exampleSeries,
  exampleValues,
  exampleWake,
  minute,
  newIncident,
  t0,
} from '../contract/store-examples.ts';

let folder: string;
let path: string;
/** Effects as versions 5 to 8 kept them. */
function withoutLanes(db: DatabaseSync): void {
  db.exec(
    `DROP TABLE judgement_history; DROP TABLE changes; DROP TABLE devices; DROP TABLE heartbeats; DROP TABLE accepted_baselines; DROP TABLE audit_log; DROP TABLE quarantine; UPDATE training_parts SET doc = doc -> 'features'`,
  );
  db.exec('DROP INDEX effects_due; DROP INDEX effects_by_lane; ALTER TABLE page_slots DROP COLUMN critical_at');
  for (const column of ['priority', 'lane', 'receiver']) db.exec(`ALTER TABLE effects DROP COLUMN ${column}`);
  db.exec(`ALTER TABLE effects ADD COLUMN medium TEXT NOT NULL DEFAULT 'terminal';
    CREATE INDEX effects_due ON effects (due_at, created_at, place) WHERE done = 0;
    CREATE INDEX effects_due_by_medium ON effects (medium, due_at, created_at, place) WHERE done = 0`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-store-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('entries of the audit log are kept for 400 days, and then dropped', async () => {
  const store = sqliteStore({ path });
  await committed(store, { audit: ['old', 'new'].map((id, n) => exampleAudit({ id: asAuditEntryId(id), at: t0 + n * day })) });
  await store.prune(t0 + 400 * day);
  expect(await store.auditLog(9)).toHaveLength(2);
  await store.prune(t0 + 400 * day + 1);
  expect((await store.auditLog(9)).map(({ id }) => id)).toEqual(['new']);
  await store.close();
});

/** A process of its own that opens the store, writes an incident and then runs `then`. */
function otherProcess(then: string): string[] {
  const adapter = new URL('../../stores/sqlite/index.ts', import.meta.url).href;
  const incident = JSON.stringify(exampleIncident());
  return [
    '--input-type=module',
    '-e',
    `import { sqliteStore } from ${JSON.stringify(adapter)};
     const store = sqliteStore({ path: ${JSON.stringify(path)} });
     await store.commit({ writes: [{ kind: 'incident', value: ${incident}, expected: 0 }], timeline: [], effects: [], done: [] });
     ${then}`,
  ];
}

describe('a SQLite file', () => {
  it('gives an effect that was under way at a crash to the next start at once, and leaves what was postponed', async () => {
    const first = sqliteStore({ path });
    const [held, later] = [
      examplePageEffect({ id: asEffectId('inc-1#1#0') }),
      examplePageEffect({ id: asEffectId('inc-1#1#1') }),
    ];
    await committed(first, { effects: [held, later] });
    expect(await first.leaseEffect(held.id, t0, t0 + minute)).toBe(true);
    await first.postponeEffect(later.id, t0 + minute, {});
    await first.close();
    const onlooker = sqliteStore({ path });
    expect(await onlooker.dueEffects(t0, 10)).toEqual([]);
    await onlooker.close();
    const second = sqliteStore({ path, releaseLeases: true });
    expect(await second.dueEffects(t0, 10)).toMatchObject([{ effect: { id: held.id }, attempts: 1 }]);
    expect(await second.dueEffects(t0 + minute, 10)).toHaveLength(2);
    await second.close();
  });

  it('is made with its folder, and read again by the next start', async () => {
    path = join(folder, 'a', 'b', 'store.db');
    const first = sqliteStore({ path });
    await committed(first, { writes: [newIncident(exampleIncident())] });
    await first.fold(exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues())] }));
    await first.close();
    await first.close();
    const second = sqliteStore({ path });
    expect(await second.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    expect(await second.series('app', 'latency')).toEqual([exampleSeries()]);
    expect(await second.buckets([{ series: exampleSeries(), from: t0, to: t0 + 1 }])).toEqual([
      [{ start: t0, summary: exampleValues() }],
    ]);
    await second.close();
  });

  it('is refused to a second owner, with its path and what to do, until the first one closes it', async () => {
    const owner = sqliteStore({ path });
    expect(() => sqliteStore({ path })).toThrow(StoreLockedError);
    expect(() => sqliteStore({ path })).toThrow(`the store ${path} is in use by another process: stop that one first`);
    const link = join(folder, 'link.db');
    symlinkSync(path, link);
    expect(() => sqliteStore({ path: link })).toThrow(StoreLockedError);
    await owner.close();
    await sqliteStore({ path: link }).close();
  });

  it('is refused while another process has it, and free with all it took once that is killed', async () => {
    const other = spawn(process.execPath, otherProcess("process.stdout.write('ready'); setInterval(() => {}, 1000);"), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(other, 'exit');
    await once(other.stdout, 'data');
    expect(() => sqliteStore({ path })).toThrow(StoreLockedError);
    const beside = sqliteStore({ path, readOnly: true });
    expect(await beside.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    await beside.close();
    other.kill('SIGKILL');
    await gone;
    const store = sqliteStore({ path });
    expect(await store.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    await store.close();
  });

  it('keeps what was committed when the process ends without closing it', async () => {
    expect(spawnSync(process.execPath, otherProcess('process.exit(7)')).status).toBe(7);
    const store = sqliteStore({ path });
    expect(await store.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    await store.close();
  });

  it('can be looked at while its owner goes on writing, and when nobody has it', async () => {
    const owner = sqliteStore({ path });
    const reader = sqliteStore({ path, readOnly: true });
    const counts = async () =>
      (await reader.buckets([{ series: exampleSeries(), from: t0, to: t0 + minute }]))[0]?.map(({ summary }) => summary.count);
    for (const [n, expected] of [2, 4, 6].entries()) {
      await owner.fold(exampleBatch({ id: `b${n}`, deltas: [delta(exampleSeries(), t0, exampleValues())] }));
      expect(await counts()).toEqual([expected]);
      expect(await reader.series('app', 'latency')).toHaveLength(1);
    }
    await expect(reader.setMeta('tick', '1')).rejects.toThrow('readonly');
    await owner.close();
    expect(await counts()).toEqual([6]);
    await reader.close();
    const alone = sqliteStore({ path, readOnly: true });
    expect(await alone.incidents({ status: 'all', limit: 1 })).toEqual([]);
    await alone.close();
  });

  it('is not made by looking', () => {
    expect(() => sqliteStore({ path, readOnly: true })).toThrow(`there is no store at ${path}; start Tocsin once`);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    expect(() => sqliteStore({ path, readOnly: true })).toThrow('is empty');
  });

  it('of the version before is brought up to date, with all that it holds', async () => {
    const store = sqliteStore({ path });
    const series = exampleSeries({ model: 'm' }, 'predictions');
    await store.fold(exampleBatch({ deltas: [delta(series, t0, examplePredictions())] }));
    const contacts = [
      { kind: 'sns' as const, topic: 'default' },
      { kind: 'webhook' as const, url: 'https://hook.example', secret: 'HOOK' },
    ];
    const pages = contacts.map((_, contactIndex) =>
      examplePageEffect({ id: asEffectId(`inc-1#1#${contactIndex}`), contacts, contactIndex }),
    );
    await committed(store, { effects: [...pages, exampleWake({ id: asEffectId('inc-1#1#2'), at: t0 })] });
    await store.close();
    const db = new DatabaseSync(path);
    withoutLanes(db);
    db.exec('DROP INDEX effects_due_by_medium; ALTER TABLE effects DROP COLUMN medium');
    db.exec('DROP TABLE overrides; DROP TABLE serving; DROP TABLE trainings; DROP TABLE training_parts');
    db.exec('ALTER TABLE buckets DROP COLUMN detail; PRAGMA user_version = 1');
    db.close();
    expect(() => sqliteStore({ path, readOnly: true })).toThrow('start the service once, which upgrades it');
    const upgraded = sqliteStore({ path });
    const read = [{ series, from: t0, to: t0 + minute }];
    expect(await upgraded.buckets(read)).toEqual([[{ start: t0, summary: examplePredictions() }]]);
    await upgraded.fold(exampleBatch({ id: 'b2', deltas: [delta(series, t0, examplePredictions({ newestAt: t0 + 1 }))] }));
    await upgraded.close();
    const again = sqliteStore({ path, readOnly: true });
    expect((await again.buckets(read))[0]?.[0]?.summary).toMatchObject({ count: 20, newestAt: t0 + 1 });
    expect(await again.overrides(0)).toEqual([]);
    const lanes = [...pages, exampleWake()].map((effect) => laneOf(effect));
    for (const [n, lane] of lanes.entries()) {
      expect((await again.effectsOfLane(lane)).map(({ effect }) => effect.id)).toEqual([`inc-1#1#${n}`]);
    }
    const wakes = await again.dueEffects(t0, 5, { busy: { lanes: [], receivers: ['sns:default', 'webhook host hook.example'] } });
    expect(wakes.map(({ effect }) => effect.kind)).toEqual(['timer']);
    expect(await again.dueEffects(t0, 5, { priorities: [0] })).toHaveLength(2);
    await again.close();
  });

  it('whose incidents and alerts were clustered by their keys keeps each of them, and finds it as before', async () => {
    const entry = exampleEntry();
    const alert = exampleAlert();
    const first = sqliteStore({ path });
    await committed(first, {
      writes: [newIncident(exampleIncident()), { kind: 'alert', value: alert, expected: 0 }],
      timeline: [entry],
    });
    await first.close();
    const db = new DatabaseSync(path);
    withoutLanes(db);
    db.exec(`ALTER TABLE incidents RENAME TO i; ALTER TABLE timeline RENAME TO t; ALTER TABLE alerts RENAME TO a;
      DROP INDEX incidents_by_time; DROP INDEX incidents_by_status; DROP INDEX incidents_due;
      CREATE TABLE incidents (id TEXT PRIMARY KEY, version INTEGER NOT NULL, resolved INTEGER NOT NULL, opened_at INTEGER NOT NULL,
        next_step_at INTEGER, doc TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX incidents_by_time ON incidents (opened_at DESC, id DESC);
      CREATE INDEX incidents_by_status ON incidents (resolved, opened_at DESC, id DESC);
      CREATE INDEX incidents_due ON incidents (next_step_at, id) WHERE next_step_at IS NOT NULL;
      CREATE TABLE timeline (incident_id TEXT NOT NULL, version INTEGER NOT NULL, n INTEGER NOT NULL, doc TEXT NOT NULL,
        PRIMARY KEY (incident_id, version, n)) WITHOUT ROWID;
      CREATE TABLE alerts (fingerprint TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
      INSERT INTO incidents SELECT * FROM i;
      INSERT INTO timeline SELECT incident_id, version, value ->> 'n', value FROM t, json_each(t.doc);
      INSERT INTO alerts SELECT fingerprint, version, doc FROM a;
      DROP TABLE i; DROP TABLE t; DROP TABLE a; PRAGMA user_version = 5`);
    db.close();
    const upgraded = sqliteStore({ path });
    expect(await upgraded.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    expect(await upgraded.incidentOfGroup(exampleIncident().groupKey)).toEqual(exampleIncident());
    expect(await upgraded.incidents({ status: 'all', limit: 5 })).toEqual([exampleIncident()]);
    expect(await upgraded.timeline(asIncidentId('inc-1'))).toEqual([entry]);
    expect(await upgraded.alerts()).toEqual([alert]);
    // A second one of the same key is still refused.
    const again = { kind: 'alert', value: alert, expected: 0 } as const;
    expect(await upgraded.commit({ writes: [again], timeline: [], effects: [], done: [] })).toBe('conflict');
    await upgraded.close();
    const names = new DatabaseSync(path, { readOnly: true })
      .prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%!_5' ESCAPE '!' OR name LIKE '%!_6' ESCAPE '!'")
      .all();
    expect(names).toEqual([]);
  });

  it('whose batches were known by digests of bodies recognises those of today', async () => {
    await sqliteStore({ path }).close();
    const db = new DatabaseSync(path);
    withoutLanes(db);
    db.exec(`DROP TABLE batches; CREATE TABLE batches (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX batches_expire ON batches (expires_at); INSERT INTO batches VALUES ('batch-1', ${t0}); PRAGMA user_version = 7`);
    db.close();
    const upgraded = sqliteStore({ path });
    expect(await upgraded.fold(exampleBatch())).toBe('folded');
    expect(await upgraded.fold(exampleBatch())).toBe('duplicate');
    expect(await upgraded.prune(t0 + day)).toBe(1);
    await upgraded.close();
  });

  it('of a newer Tocsin is refused, and left as it is', async () => {
    await sqliteStore({ path }).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    for (const readOnly of [false, true]) {
      expect(() => sqliteStore({ path, readOnly })).toThrow(StoreFileError);
      expect(() => sqliteStore({ path, readOnly })).toThrow('schema version 99, written by a newer Tocsin');
    }
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    db.close();
  });

  it('of another program, or that is no database, is refused', () => {
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    expect(() => sqliteStore({ path })).toThrow('is a database of another program');
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'not a database, but long enough to look at '.repeat(50));
    expect(() => sqliteStore({ path: text })).toThrow(`${text} is not a SQLite file`);
    expect(() => sqliteStore({ path: folder })).toThrow(StoreFileError);
  });

  it('that is damaged is refused at the start, with what to do, wherever the damage is, and free again', async () => {
    const store = sqliteStore({ path });
    const writes = Array.from({ length: 100 }, (_, n) => ({
      kind: 'alert' as const,
      value: exampleAlert({ fingerprint: asFingerprint(`f-${n}`) }),
      expected: 0,
    }));
    await committed(store, { writes });
    await store.close();
    const whole = readFileSync(path);
    const page = 4096;
    let noticed = 0;
    for (let start = 0; start < whole.length; start += page) {
      // The first page also says what kind of file it is.
      const from = start === 0 ? 100 : start;
      writeFileSync(
        path,
        Buffer.concat([whole.subarray(0, from), Buffer.alloc(start + page - from, 0xa5), whole.subarray(start + page)]),
      );
      expect(() => sqliteStore({ path }), `page ${start / page + 1}`).toThrow(StoreFileError);
      expect(() => sqliteStore({ path })).toThrow(/is damaged: .*put a backup in its place; without one Tocsin starts empty/);
      noticed += 1;
    }
    expect(noticed).toBeGreaterThan(30);
    writeFileSync(path, whole.subarray(0, 5 * page));
    expect(() => sqliteStore({ path })).toThrow('is damaged');
    writeFileSync(path, whole);
    const again = sqliteStore({ path });
    expect(await again.alerts()).toHaveLength(100);
    await again.close();
  });

  it('that is large is looked through where decisions are, and not where samples are', async () => {
    const store = sqliteStore({ path });
    await committed(store, { writes: [{ kind: 'alert', value: exampleAlert(), expected: 0 }] });
    await store.fold(exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues())] }));
    await store.close();
    const rootOf = (table: string): number => {
      const db = new DatabaseSync(path, { readOnly: true });
      const row = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
      db.close();
      return Number(row?.['rootpage']);
    };
    const whole = readFileSync(path);
    const found = (table: string, bytes: number): string | undefined => {
      const copy = Buffer.from(whole);
      copy.fill(0xa5, (rootOf(table) - 1) * 4096, rootOf(table) * 4096);
      const other = join(folder, `${table}.db`);
      writeFileSync(other, copy);
      const db = new DatabaseSync(other);
      const damage = damageOf(sqlOf(db), bytes);
      db.close();
      return damage;
    };
    expect(found('alerts', 2 ** 31)).toContain('page');
    expect(found('buckets', whole.length)).toContain('page');
    expect(found('buckets', 2 ** 31)).toBeUndefined();
  });

  it('is free again after it was refused for what is in it', async () => {
    writeFileSync(path, 'not a database, but long enough to look at '.repeat(50));
    expect(() => sqliteStore({ path })).toThrow(StoreFileError);
    rmSync(path);
    await sqliteStore({ path }).close();
  });

  it('in a folder that may not be written to says so', ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write to every folder');
    chmodSync(folder, 0o500);
    try {
      expect(() => sqliteStore({ path })).toThrow('cannot be opened');
    } finally {
      chmodSync(folder, 0o700);
    }
  });

  it('takes commits without a flush each when durability is normal', async () => {
    const store = sqliteStore({ path, durability: 'normal' });
    await committed(store, { writes: [newIncident(exampleIncident())] });
    expect(await store.incident(asIncidentId('inc-1'))).toEqual(exampleIncident());
    await store.close();
  });
});
