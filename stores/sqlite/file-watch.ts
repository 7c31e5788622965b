import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Owner, readOwner } from './owner.ts';
import { type Sql, sqlOf } from './sql.ts';
import { fileTroubleOf } from './trouble.ts';

/** What happened to the file under its name: deleted, replaced by another, or overwritten. */
export type FileLoss = 'deleted' | 'replaced' | 'overwritten' | 'taken over';

export type FileWatch = {
  /** undefined: it is still the opened file with our data. `owner`: the last record written. */
  look(owner: Owner | undefined): FileLoss | undefined;
  /** Whether files beside the store were deleted and recreated since the last call. */
  healed(): boolean;
};

const identityOf = (path: string): { key: string; size: number } | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { key: `${stat.dev}/${stat.ino}`, size: stat.size };
};

/**
 * Compares the file at `path` with the open one. Writes to a deleted file succeed, and are lost
 * with the process. A deleted WAL is recreated: this process can still read its contents, and
 * writes them into the file. `walReplaced` is called once there is another one.
 */
export function fileWatch(sql: Sql, path: string, walReplaced: () => void): FileWatch {
  const opened = identityOf(path);
  const besides = [`${path}-wal`, `${path}-shm`];
  const keysBeside = (): string => besides.map((one) => identityOf(one)?.key ?? 'none').join(' ');
  let beside = keysBeside();
  let size = opened?.size ?? 0;
  let wasHealed = false;

  /** false: blocked by a reader or a full disk; the next check retries. */
  function heal(): boolean {
    try {
      // Leaving WAL mode writes everything into the file; entering it creates a new WAL.
      sql.exec('PRAGMA journal_mode = DELETE');
      sql.exec('PRAGMA journal_mode = WAL');
      // The first write creates the WAL.
      sql.transaction(() => sql.run('UPDATE meta SET value = value WHERE key = (SELECT min(key) FROM meta)'));
    } catch (error) {
      if (fileTroubleOf(error) === undefined) throw error;
      return false;
    }
    walReplaced();
    if (!besides.every((one) => existsSync(one))) return false;
    beside = keysBeside();
    wasHealed = true;
    return true;
  }

  const pragma = (name: string): number => sql.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
  const knownSize = (): number => pragma('page_count') * pragma('page_size');

  function look(owner: Owner | undefined): FileLoss | undefined {
    const found = identityOf(path);
    if (found === undefined) return 'deleted';
    if (found.key !== opened?.key) return 'replaced';
    // Only compaction shrinks the file, and then to the size the open one knows.
    if (found.size < size && found.size !== knownSize()) return 'overwritten';
    size = found.size;
    if (keysBeside() !== beside && !heal()) return undefined;
    return owner === undefined ? undefined : lookInside(owner);
  }

  function lookInside(owner: Owner): FileLoss | undefined {
    // On a separate connection: the open one may have the page cached.
    let inside: Owner | undefined;
    try {
      const db = new DatabaseSync(path, { readOnly: true, timeout: 0 });
      try {
        inside = readOwner(sqlOf(db));
      } finally {
        db.close();
      }
    } catch (error) {
      // Locked, or out of handles: says nothing about the content. Any other error means it is not
      // our store any more.
      const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
      return code === 11 || code === 26 || code === 1 ? 'overwritten' : undefined;
    }
    if (inside?.id === owner.id && inside.beat === owner.beat) return undefined;
    return inside !== undefined && inside.id !== owner.id && inside.inode === owner.inode ? 'taken over' : 'overwritten';
  }

  return {
    look,
    healed() {
      const was = wasHealed;
      wasHealed = false;
      return was;
    },
  };
}
