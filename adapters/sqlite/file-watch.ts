import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Owner, readOwner } from './owner.ts';
import { type Sql, sqlOf } from './sql.ts';
import { fileTroubleOf } from './trouble.ts';

/** What became of the file under its name: it is gone, another file is there, or the file has other contents. */
export type FileLoss = 'deleted' | 'replaced' | 'overwritten' | 'taken over';

export type FileWatch = {
  /** undefined: it is the file that was opened, and holds what was written. `owner`: the record that was written last. */
  look(owner: Owner | undefined): FileLoss | undefined;
  /** Whether files beside the store were deleted and have been made anew since this was asked last. */
  healed(): boolean;
};

const identityOf = (path: string): { key: string; size: number } | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { key: `${stat.dev}/${stat.ino}`, size: stat.size };
};

/**
 * Compares the file at `path` with the one that is open. Writes to a file that was deleted succeed, and are lost with the
 * process. A WAL that was deleted is made anew: what it held is still in reach of this process, and goes into the file.
 */
export function fileWatch(sql: Sql, path: string): FileWatch {
  const opened = identityOf(path);
  const besides = [`${path}-wal`, `${path}-shm`];
  const keysBeside = (): string => besides.map((one) => identityOf(one)?.key ?? 'none').join(' ');
  let beside = keysBeside();
  let size = opened?.size ?? 0;
  let wasHealed = false;

  /** false: a reader, or a full disk, is in the way; it is tried again by the next look. */
  function heal(): boolean {
    try {
      // Leaving the mode writes everything into the file, and entering it makes a new WAL.
      sql.exec('PRAGMA journal_mode = DELETE');
      sql.exec('PRAGMA journal_mode = WAL');
      // The WAL is made by the first write.
      sql.transaction(() => sql.run('UPDATE meta SET value = value WHERE key = (SELECT min(key) FROM meta)'));
    } catch (error) {
      if (fileTroubleOf(error) === undefined) throw error;
      return false;
    }
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
    // Only somebody who compacts it makes the file smaller, and then it is as small as the open one knows.
    if (found.size < size && found.size !== knownSize()) return 'overwritten';
    size = found.size;
    if (keysBeside() !== beside && !heal()) return undefined;
    return owner === undefined ? undefined : lookInside(owner);
  }

  function lookInside(owner: Owner): FileLoss | undefined {
    // By a connection of its own, for the one that is open may have the page in memory.
    let inside: Owner | undefined;
    try {
      const db = new DatabaseSync(path, { readOnly: true, timeout: 0 });
      try {
        inside = readOwner(sqlOf(db));
      } finally {
        db.close();
      }
    } catch (error) {
      // Locked, or out of handles: it says nothing of what is inside. Anything else is no store of ours any more.
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
