import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { asEffectId, asFingerprint, asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import { diskOf } from '../../stores/sqlite/disk.ts';
import { groupCommit } from '../../stores/sqlite/group-commit.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { sqlOf } from '../../stores/sqlite/sql.ts';
import {
  commitOf,
  committed,
  delta,
  exampleAlert,
  exampleBatch,
  exampleEntry,
  exampleIncident,
  examplePageEffect,
  exampleSeries,
  exampleValues,
  minute,
  t0,
} from '../contract/store-examples.ts';
import { modelStore } from '../contract/store-model.ts';
import { effectIds, everything, operation, singleCalls, small, time } from '../contract/store-operations.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-groups-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const alertOf = (fingerprint: string, version = 1): Write => ({
  kind: 'alert',
  value: exampleAlert({ fingerprint: asFingerprint(fingerprint), version }),
  expected: version - 1,
});
const others = { source: 'others', title: 'Down', runbook: 'down', startsAt: t0 };
const fingerprints = async (store: Store): Promise<string[]> => (await store.alerts()).map(({ fingerprint }) => fingerprint);

describe('calls of one turn, which share a transaction,', () => {
  it('stand or fall each by itself when one of them conflicts', async () => {
    const store = sqliteStore({ path });
    const results = await Promise.all([
      store.commit(commitOf({ writes: [alertOf('a')] })),
      store.commit(commitOf({ writes: [alertOf('b'), alertOf('a')], timeline: [exampleEntry()] })),
      store.commit(commitOf({ writes: [alertOf('c')] })),
      store.commit(commitOf({ writes: [alertOf('a', 2)] })),
    ]);
    expect(results).toEqual(['committed', 'conflict', 'committed', 'committed']);
    expect(await fingerprints(store)).toEqual(['a', 'c']);
    expect(await store.timeline(asIncidentId('inc-1'))).toEqual([]);
    await store.close();
  });

  it('stand or fall each by itself when one of them fails', async () => {
    const store = sqliteStore({ path });
    const unwritable = { ...exampleAlert({ fingerprint: asFingerprint('b') }), value: 1n as unknown as number };
    const results = await Promise.allSettled([
      store.commit(commitOf({ writes: [alertOf('a')] })),
      store.commit(commitOf({ writes: [alertOf('x'), { kind: 'alert', value: unwritable, expected: 0 }] })),
      store.fold(exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues({ count: 2 }))] })),
      store.fold(exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues({ count: 2 }))] })),
      store.fold(exampleBatch({ id: 'b2', deltas: [delta(exampleSeries(), t0, exampleValues({ count: 3 }))] })),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(results[3]).toMatchObject({ value: 'duplicate' });
    expect(await fingerprints(store)).toEqual(['a']);
    const read = [{ series: exampleSeries(), from: t0, to: t0 + minute }];
    expect((await store.buckets(read))[0]?.[0]?.summary.count).toBe(5);
    await store.close();
  });

  it('are seen all at once, also beside a repeat that memory alone keeps, and in the order in which they were asked for', async () => {
    const store = sqliteStore({ path });
    const repeat = (version: number): Write => ({
      kind: 'alert',
      value: exampleAlert({
        fingerprint: asFingerprint('a'),
        version,
        external: { ...others, endsAt: t0 + 5 * minute },
        evaluatedAt: t0,
      }),
      expected: version - 1,
      repeat: true,
    });
    const first = { ...repeat(1), repeat: false } as Write;
    await committed(store, { writes: [first] });
    const asked = [
      store.commit(commitOf({ writes: [repeat(2)] })),
      store.commit(commitOf({ writes: [alertOf('b')] })),
      store.commit(commitOf({ writes: [repeat(3)] })),
    ];
    expect((await store.alerts()).map(({ version }) => version)).toEqual([1]);
    expect(await Promise.all(asked)).toEqual(['committed', 'committed', 'committed']);
    expect((await store.alerts()).map(({ version }) => version)).toEqual([3, 1]);
    await store.close();
  });

  it('are seen by nobody before they are answered, and then all at once', async () => {
    const store = sqliteStore({ path });
    const commit = store.commit(commitOf({ writes: [alertOf('a')], timeline: [exampleEntry()], effects: [examplePageEffect()] }));
    const lease = store.leaseEffect(asEffectId('inc-1#1#0'), t0, t0 + minute);
    expect(await Promise.all([fingerprints(store), store.timeline(asIncidentId('inc-1')), store.dueEffects(t0, 1)])).toEqual([
      [],
      [],
      [],
    ]);
    expect(await Promise.all([commit, lease])).toEqual(['committed', true]);
    expect(await fingerprints(store)).toEqual(['a']);
    await store.close();
  });

  it('are carried out by a close that follows, which no later call is', async () => {
    const store = sqliteStore({ path });
    const commit = store.commit(commitOf({ writes: [alertOf('a')] }));
    await store.close();
    expect(await commit).toBe('committed');
    await expect(store.commit(commitOf({ writes: [alertOf('b')] }))).rejects.toThrow();
    await store.close();
    const again = sqliteStore({ path });
    expect(await fingerprints(again)).toEqual(['a']);
    await again.close();
  });

  it('are there after a kill, each whole, when they were answered', async () => {
    const adapter = new URL('../../stores/sqlite/index.ts', import.meta.url).href;
    const example = JSON.stringify({ alert: exampleAlert(), entry: exampleEntry() });
    const script = `import { sqliteStore } from ${JSON.stringify(adapter)};
      const store = sqliteStore({ path: ${JSON.stringify(path)} });
      const { alert, entry } = ${example};
      const worker = async (w) => { for (let n = 0; ; n += 1) {
        const id = w + '-' + n;
        await store.commit({ writes: [{ kind: 'alert', value: { ...alert, fingerprint: id }, expected: 0 }],
          timeline: [{ ...entry, incidentId: id }], effects: [], done: [] });
        process.stdout.write(id + '\\n');
      } };
      for (let w = 0; w < 8; w += 1) worker(w);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(other, 'close');
    let said = '';
    other.stdout.on('data', (chunk) => {
      said += String(chunk);
      if (said.length > 4000) other.kill('SIGKILL');
    });
    await gone;
    const answered = said.split('\n').slice(0, -1);
    const store = sqliteStore({ path });
    const kept = await fingerprints(store);
    expect(answered.length).toBeGreaterThan(100);
    expect(answered.filter((id) => !kept.includes(id))).toEqual([]);
    // Beyond what was answered there is at most what was under way, one a worker, and nothing is
    // there by half.
    expect(kept.length - answered.length).toBeLessThanOrEqual(8);
    for (const id of kept) expect(await store.timeline(asIncidentId(id))).toHaveLength(1);
    await store.close();
  });
});

/** `held`: each flush ends when it is told to. */
function exampleDisk(held: boolean) {
  let running = Promise.withResolvers<void>();
  let began = Promise.withResolvers<void>();
  let flushes = 0;
  let failure: Error | undefined;
  return {
    flush() {
      flushes += 1;
      began.resolve();
      if (!held) return Promise.resolve();
      running = Promise.withResolvers<void>();
      return running.promise;
    },
    failure: () => failure,
    forget() {},
    close: async () => {},
    flushes: () => flushes,
    /** Resolves when so many flushes have been asked for. */
    async asked(count: number) {
      while (flushes < count) {
        began = Promise.withResolvers<void>();
        await began.promise;
      }
    },
    end() {
      failure = undefined;
      running.resolve();
    },
    fail() {
      failure = new Error('no disk');
      running.reject(failure);
    },
  };
}

describe('a group', () => {
  const openGroup = ({ held = false } = {}) => {
    const db = new DatabaseSync(':memory:');
    db.exec('PRAGMA foreign_keys = ON; CREATE TABLE words (word TEXT PRIMARY KEY)');
    db.exec('CREATE TABLE uses (word TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)');
    const sql = sqlOf(db);
    const lost: string[] = [];
    const kept: string[] = [];
    const forget = () => {
      lost.push(...kept.splice(0));
    };
    const disk = exampleDisk(held);
    const group = groupCommit(sql, { disk, lost: forget });
    const add = (word: string, then: () => void = () => {}) =>
      group.write(
        () => {
          sql.run('INSERT INTO words (word) VALUES (?)', word);
          then();
          return word;
        },
        { kept: (one) => void kept.push(one) },
      );
    const words = () => sql.all<{ word: string }>('SELECT word FROM words ORDER BY word').map(({ word }) => word);
    return { sql, disk, group, add, words, kept, lost };
  };

  it('is carried out again without a job with which SQLite undid all of it', async () => {
    const { sql, add, words, kept, lost } = openGroup();
    const fail = () => {
      sql.exec('ROLLBACK');
      throw new Error('the disk is full');
    };
    const results = await Promise.allSettled([add('a'), add('b', fail), add('c'), add('a'), add('d', fail), add('e')]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(words()).toEqual(['a', 'c', 'e']);
    expect(kept).toEqual(['a', 'c', 'e']);
    expect(lost).toEqual(['a', 'a', 'c']);
  });

  it('that cannot be committed is undone and refused to all, and the next one stands', async () => {
    const { sql, group, add, words, kept, lost } = openGroup();
    const dangling = group.write(() => sql.run("INSERT INTO uses (word) VALUES ('nowhere')"));
    const results = await Promise.allSettled([add('a'), dangling, add('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect([kept, lost, words()]).toEqual([[], ['a', 'b'], []]);
    await add('a');
    expect([kept, words()]).toEqual([['a'], ['a']]);
  });

  it('is carried out again without a job that cannot be undone by itself', async () => {
    const { sql, add, words, kept } = openGroup();
    const fail = () => {
      sql.exec('RELEASE job');
      throw new Error('a fault of ours');
    };
    const results = await Promise.allSettled([add('a'), add('b', fail), add('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([kept, words()]).toEqual([
      ['a', 'c'],
      ['a', 'c'],
    ]);
  });

  it('is answered when it is on disk, and can be read before', async () => {
    const { disk, group, add, words } = openGroup({ held: true });
    const answered: string[] = [];
    const asked = [add('a'), add('b')].map((one) => one.then((word) => answered.push(word)));
    await disk.asked(1);
    expect([words(), answered]).toEqual([['a', 'b'], []]);
    const settled = group.unsettled();
    disk.end();
    await Promise.all([...asked, settled]);
    expect([answered, disk.flushes(), group.unsettled()]).toEqual([['a', 'b'], 1, undefined]);
  });

  it('is refused to all when it could not be flushed, and is unsettled until it is', async () => {
    const { disk, group, add, words } = openGroup({ held: true });
    const added = add('a');
    await disk.asked(1);
    disk.fail();
    await expect(added).rejects.toThrow(/no disk/);
    await expect(group.unsettled()).rejects.toThrow(/no disk/);
    const next = add('b');
    await disk.asked(2);
    disk.end();
    expect([await next, words(), group.unsettled()]).toEqual(['b', ['a', 'b'], undefined]);
  });

  it('that may be lost with the machine causes no flush, but waits for that of what came before', async () => {
    const { disk, group, add } = openGroup({ held: true });
    expect(await group.write(() => 'alone', { losable: true })).toBe('alone');
    const answered: string[] = [];
    const added = add('a').then(() => answered.push('a'));
    await disk.asked(1);
    const after = group.write(() => {}, { losable: true }).then(() => answered.push('after'));
    await group.write(() => 'undone', { stands: () => false });
    expect(answered).toEqual([]);
    disk.end();
    await Promise.all([added, after]);
    expect([answered, disk.flushes()]).toEqual([['a', 'after'], 1]);
  });

  describe('of patient jobs', () => {
    const outcome = (group: ReturnType<typeof openGroup>['group'], add: () => void, answered: string[], name = 'patient') =>
      group.write(add, { patient: true }).then(() => void answered.push(name));

    it('is written at once, and answered when another call has flushed it', async () => {
      const { sql, group, add, words } = openGroup();
      const answered: string[] = [];
      const patient = outcome(group, () => void sql.run("INSERT INTO words (word) VALUES ('a')"), answered);
      await group.write(() => {}, { losable: true });
      expect([words(), answered, group.unsettled()]).toEqual([['a'], [], undefined]);
      await add('b');
      await patient;
      expect(answered).toEqual(['patient']);
    });

    it('is flushed alone when nobody else comes, and at the latest when the store closes', async () => {
      const { sql, disk, group, words } = openGroup();
      const answered: string[] = [];
      await outcome(group, () => void sql.run("INSERT INTO words (word) VALUES ('a')"), answered, 'alone');
      const last = outcome(group, () => void sql.run("INSERT INTO words (word) VALUES ('b')"), answered, 'last');
      group.flush();
      await last;
      expect([words(), answered, disk.flushes()]).toEqual([['a', 'b'], ['alone', 'last'], 2]);
    });

    it('is answered at once when it did not stand, so that it can be decided again', async () => {
      const { disk, group } = openGroup();
      expect(await group.write(() => 'conflict', { patient: true, stands: () => false })).toBe('conflict');
      expect(disk.flushes()).toBe(0);
    });

    it('is answered by a later flush when one has failed', async () => {
      const { sql, disk, group, add } = openGroup({ held: true });
      const answered: string[] = [];
      const patient = outcome(group, () => void sql.run("INSERT INTO words (word) VALUES ('a')"), answered);
      const failed = add('b');
      await disk.asked(1);
      disk.fail();
      await expect(failed).rejects.toThrow(/no disk/);
      expect(answered).toEqual([]);
      const next = add('c');
      await disk.asked(2);
      disk.end();
      await Promise.all([next, patient]);
      expect(answered).toEqual(['patient']);
    });
  });
});

describe('the disk', () => {
  const openStore = () => {
    const db = new DatabaseSync(path);
    const sql = sqlOf(db);
    sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE words (word)');
    return { db, sql, disk: diskOf(sql, path) };
  };

  it('begins another flush for what is written while one is running, and one for all of it', async () => {
    const { db, disk } = openStore();
    const [first, second, third] = [disk.flush(), disk.flush(), disk.flush()];
    expect([second === first, third === second]).toEqual([false, true]);
    await Promise.all([first, second, third]);
    await disk.close();
    db.close();
  });

  it('writes again what a failed flush may have lost, and says so until then', async () => {
    const { db, sql, disk } = openStore();
    sql.run("INSERT INTO words (word) VALUES ('a')");
    disk.forget();
    renameSync(`${path}-wal`, `${path}-hidden`);
    await expect(disk.flush()).rejects.toMatchObject({ errcode: 10 });
    expect(disk.failure()).toMatchObject({ errcode: 10 });
    await disk.flush();
    expect(disk.failure()).toBeUndefined();
    // Without its WAL.
    const alone = join(folder, 'alone.db');
    copyFileSync(path, alone);
    const copy = sqlOf(new DatabaseSync(alone));
    expect(copy.all('SELECT word FROM words')).toEqual([{ word: 'a' }]);
    await disk.close();
    db.close();
  });

  it('flushes the WAL that is there now', async () => {
    const { db, disk } = openStore();
    await disk.flush();
    rmSync(`${path}-wal`);
    disk.forget();
    await expect(disk.flush()).rejects.toMatchObject({ errcode: 10 });
    await disk.close();
    db.close();
  });
});

const write = fc
  .record({ n: small, group: small, version: fc.integer({ min: 1, max: 3 }), at: time, open: fc.boolean() })
  .map(({ n, group, version, at, open }) =>
    operation(`write inc-${n} version ${version}`, (store) => {
      const id = `inc-${n}`;
      const status = open ? 'triggered' : 'resolved';
      const value = exampleIncident({
        id: asIncidentId(id),
        groupKey: asGroupKey(`g${group}`),
        version,
        openedAt: at,
        nextStepAt: at + minute,
        status,
      });
      return store.commit({
        writes: [{ kind: 'incident', value, expected: version - 1 }],
        timeline: [exampleEntry({ incidentId: asIncidentId(id), version })],
        effects:
          version <= 2
            ? [examplePageEffect({ id: asEffectId(`${id}#${version}#0`), incidentId: asIncidentId(id), createdAt: t0 + n })]
            : [],
        done: [],
      });
    }),
  );
const conclude = fc
  .constantFrom(...effectIds)
  .map((id) => operation(`conclude ${id}`, (s) => s.commit(commitOf({ done: [asEffectId(id)] }))));
const lease = fc
  .record({ id: fc.constantFrom(...effectIds), now: time })
  .map(({ id, now }) => operation(`lease ${id}`, (store) => store.leaseEffect(asEffectId(id), now, now + minute)));
const postpone = fc
  .record({ id: fc.constantFrom(...effectIds), at: time, uncount: fc.boolean() })
  .map(({ id, at, uncount }) => operation(`postpone ${id}`, (store) => store.postponeEffect(asEffectId(id), at, { uncount })));
const fails = fc.constant(
  operation('fail', (store) =>
    store
      .commit(commitOf({ writes: [alertOf('never'), { kind: 'alert', value: 1n as never, expected: 0 }] }))
      .catch(() => 'failed'),
  ),
);

it.each([12, 1_000_000])(
  'whatever is asked for at once is as if it had been asked for one after the other, with %i buckets in memory',
  async (cachedBuckets) => {
    const { alert, page, fold, prune } = singleCalls;
    const turn = fc.array(fc.oneof(write, write, conclude, lease, postpone, alert, page, fold, fold, prune, fails), {
      minLength: 1,
      maxLength: 8,
      size: 'max',
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 8, size: 'max' }), async (turns) => {
        const cachedAlerts = cachedBuckets === 12 ? 1 : 100;
        const options = { path: join(folder, `${runs++}.db`), durability: 'normal', cachedBuckets, cachedAlerts } as const;
        const model = modelStore();
        let store = sqliteStore(options);
        try {
          for (const calls of turns) {
            const before = await everything(model);
            const answers = calls.map(({ run }) => run(store));
            const between = everything(store);
            const expected: unknown[] = [];
            for (const { text, run } of calls) expected.push(text === 'fail' ? 'failed' : await run(model));
            expect(await Promise.all(answers)).toEqual(expected);
            expect([before, await everything(model)]).toContainEqual(await between);
            expect(await everything(store)).toEqual(await everything(model));
          }
          await store.close();
          store = sqliteStore(options);
          expect(await everything(store)).toEqual(await everything(model));
        } finally {
          await store.close();
        }
      }),
      { numRuns: 20 },
    );
  },
);

it('commits that were made at once are all in the file that another process looks at', async () => {
  const store = sqliteStore({ path });
  await Promise.all(Array.from({ length: 50 }, (_, n) => committed(store, { writes: [alertOf(`f${n}`)] })));
  const beside = sqliteStore({ path, readOnly: true });
  expect(await fingerprints(beside)).toHaveLength(50);
  await beside.close();
  await store.close();
});
