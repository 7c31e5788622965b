import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, linkSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreLockedError, sqliteStore } from '../../stores/sqlite/index.ts';
import { beatEveryMs, claim, isAlive, type Process, readOwner, thisProcess } from '../../stores/sqlite/owner.ts';
import { sqlOf } from '../../stores/sqlite/sql.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-owner-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { at: 1000, uptime: 1000 };

/** A process that owns the store until it is killed. */
async function ownedElsewhere() {
  const adapter = new URL('../../stores/sqlite/index.ts', import.meta.url).href;
  const script = `import { sqliteStore } from ${JSON.stringify(adapter)};
    sqliteStore({ path: ${JSON.stringify(path)} }); process.stdout.write('open'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid as number,
    async kill() {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('a second instance', () => {
  it('is kept out under every name of the file, also when the lock beside it is deleted', async () => {
    const other = await ownedElsewhere();
    try {
      linkSync(path, join(folder, 'hard.db'));
      symlinkSync(path, join(folder, 'soft.db'));
      rmSync(`${path}.lock`);
      for (const name of ['store.db', 'hard.db', 'soft.db']) {
        expect(() => sqliteStore({ path: join(folder, name) })).toThrow(StoreLockedError);
      }
    } finally {
      await other.kill();
    }
  });

  it('gets the file at once when its owner was killed, though the record is still in it', async () => {
    const other = await ownedElsewhere();
    await other.kill();
    const store = sqliteStore({ path });
    expect(store.file.ownedBefore?.pid).toBe(other.pid);
    await store.close();
  });

  it('gets a copy of a file that is in use, for the copy is nobody’s', async () => {
    const store = sqliteStore({ path });
    copyFileSync(path, join(folder, 'copy.db'));
    const copy = sqliteStore({ path: join(folder, 'copy.db') });
    await copy.close();
    await store.close();
  });
});

describe('the record of an owner', () => {
  const self = thisProcess();
  const opened = () => {
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
    return sqlOf(db);
  };
  const never = (): never => {
    throw new Error('it can be told at once');
  };

  it('names a process by more than its pid, which another one may have by now', () => {
    expect(isAlive(self, self)).toBe(true);
    expect(isAlive({ ...self, started: '1' }, self)).toBe(false);
    expect(isAlive({ ...self, pid: 2 ** 22 + 1 }, self)).toBe(false);
    expect(isAlive({ ...self, boot: 'an earlier one' }, self)).toBe(false);
  });

  it('cannot be told from another machine or container, where the pid means nothing', () => {
    expect(isAlive({ ...self, boot: 'other', host: 'other' }, self)).toBeUndefined();
    expect(isAlive({ ...self, pidSpace: 'pid:[1]' }, self)).toBeUndefined();
  });

  it('keeps others out while it lives', () => {
    const sql = opened();
    expect(claim(sql, path, clock, { self, sleep: never })?.before).toBeUndefined();
    expect(claim(sql, path, clock, { self, sleep: never })).toBeUndefined();
  });

  it('goes to the next one when the pid in it is of another process by now', () => {
    const sql = opened();
    claim(sql, path, clock, { self: { ...self, started: 'earlier' }, sleep: never });
    expect(claim(sql, path, clock, { self, sleep: never })?.before?.started).toBe('earlier');
  });

  it('is watched where its process cannot be asked: one that goes on beating keeps the file, one that is still loses it', () => {
    const sql = opened();
    const elsewhere: Process = { ...self, pidSpace: 'pid:[1]' };
    const owner = claim(sql, path, clock, { self: elsewhere, sleep: never })?.owner;
    let waited = 0;
    const beating = (ms: number): void => {
      waited += ms;
      if (waited >= beatEveryMs) sql.run("UPDATE meta SET value = json_set(value, '$.beat', 2) WHERE key = 'owner'");
    };
    expect(claim(sql, path, clock, { self, sleep: beating })).toBeUndefined();
    expect(readOwner(sql)?.id).toBe(owner?.id);
    let still = 0;
    expect(
      claim(sql, path, clock, {
        self,
        sleep: (ms) => {
          still += ms;
        },
      })?.before?.id,
    ).toBe(owner?.id);
    expect(still).toBeGreaterThan(2 * beatEveryMs);
  });

  it('that cannot be read is as none', () => {
    const sql = opened();
    for (const value of ['', 'no json', '{}', '{"id":3}']) {
      sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', 'owner', value);
      expect(claim(sql, path, clock, { self, sleep: never })?.before).toBeUndefined();
    }
  });
});

describe('a file that is in use', () => {
  const noted = { at: 5000, uptime: 5000 };

  it('is the one that was opened, also after it has grown and its owner has shown that it lives', async () => {
    const store = sqliteStore({ path });
    expect(store.file.look()).toBeUndefined();
    await store.setMeta('much', 'x'.repeat(1_000_000));
    await store.file.beat(noted);
    expect([store.file.look(), store.file.healed()]).toEqual([undefined, false]);
    await store.close();
    const next = sqliteStore({ path });
    expect(next.file.ownedBefore).toMatchObject(noted);
    await next.close();
  });

  it('is found to be deleted, and to be there again when it is put back', async () => {
    const store = sqliteStore({ path });
    renameSync(path, join(folder, 'away'));
    expect(store.file.look()).toBe('deleted');
    await store.setMeta('still', 'taken');
    renameSync(join(folder, 'away'), path);
    expect(store.file.look()).toBeUndefined();
    await store.close();
  });

  it('is found to be deleted with its folder', async () => {
    const store = sqliteStore({ path });
    rmSync(folder, { recursive: true });
    expect(store.file.look()).toBe('deleted');
    await store.close();
  });

  it('is found to be replaced by another one', async () => {
    const store = sqliteStore({ path });
    copyFileSync(path, join(folder, 'backup'));
    renameSync(join(folder, 'backup'), path);
    expect(store.file.look()).toBe('replaced');
    await store.close();
  });

  it('is found to be overwritten where it lies, by a smaller file or by something else', async () => {
    const store = sqliteStore({ path });
    truncateSync(path, 0);
    expect(store.file.look()).toBe('overwritten');
    writeFileSync(path, 'no database '.repeat(100_000));
    expect(store.file.look()).toBe('overwritten');
    await store.close().catch(() => {});
  });

  it('is the same after somebody has compacted it', async () => {
    const store = sqliteStore({ path });
    await store.setMeta('much', 'x'.repeat(1_000_000));
    await store.setMeta('much', '');
    const other = new DatabaseSync(path);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(store.file.look()).toBeUndefined();
    other.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    other.close();
    expect(store.file.look()).toBeUndefined();
    await store.file.beat(noted);
    expect(store.file.look()).toBeUndefined();
    await store.close();
  });

  it('waits with making its WAL anew for a reader that is in the way', async () => {
    const store = sqliteStore({ path, patienceMs: 0 });
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN; SELECT * FROM meta');
    rmSync(`${path}-wal`);
    expect([store.file.look(), store.file.healed()]).toEqual([undefined, false]);
    await store.setMeta('meanwhile', 'x');
    reader.close();
    expect([store.file.look(), store.file.healed()]).toEqual([undefined, true]);
    expect(await store.meta('meanwhile')).toBe('x');
    await store.close();
  });

  it('is found to be taken over when the record in it is of another owner', async () => {
    const store = sqliteStore({ path });
    const other = new DatabaseSync(path);
    other.exec("UPDATE meta SET value = json_set(value, '$.id', 'another') WHERE key = 'owner'");
    expect(store.file.look()).toBe('taken over');
    other.close();
    await store.close();
  });

  it.each(['-wal', '-shm'])('loses nothing when its %s is deleted: that is made anew, and holds what comes', async (end) => {
    const store = sqliteStore({ path });
    await store.setMeta('before', 'x');
    rmSync(`${path}${end}`);
    expect([store.file.look(), store.file.healed(), store.file.healed()]).toEqual([undefined, true, false]);
    await store.setMeta('after', 'y');
    const beside = sqliteStore({ path, readOnly: true });
    expect([await beside.meta('before'), await beside.meta('after')]).toEqual(['x', 'y']);
    await beside.close();
    expect(store.file.look()).toBeUndefined();
    await store.close();
  });
});
