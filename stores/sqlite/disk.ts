import { closeSync, existsSync, fdatasync, openSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Sql } from './sql.ts';

/** Has commits on disk, in another thread than the one that serves. */
export type Disk = {
  /** Resolves when all that was written before this call is on disk. */
  flush(): Promise<void>;
  /** Why what is written may not be on disk, since a flush failed; undefined: none did. */
  failure(): Error | undefined;
  /** The WAL was replaced by another file. */
  forget(): void;
  /** Resolves when all flushes have ended. */
  close(): Promise<void>;
};

const flushFile = promisify(fdatasync);

/** As SQLite says it: its I/O error, or its full disk. */
function failed(cause: NodeJS.ErrnoException): Error {
  const errcode = cause.code === 'ENOSPC' || cause.code === 'EDQUOT' ? 13 : 10;
  return Object.assign(new Error(`the store could not be flushed to disk: ${cause.message}`, { cause }), {
    code: 'ERR_SQLITE_ERROR',
    errcode,
  });
}

/**
 * Flushes the WAL of the store at `path`, which is all that a commit writes. One flush at a time:
 * of two at once on one file, only one would hear of a fault.
 */
export function diskOf(sql: Sql, path: string): Disk {
  const wal = `${realpathSync(path)}-wal`;
  // Opened now, so that it stays the one that SQLite writes even if somebody deletes it.
  let file = existsSync(wal) ? openSync(wal, 'r+') : undefined;
  let failure: Error | undefined;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  /**
   * After a failed flush the system may count as written what is not, and the next flush would say
   * nothing. A checkpoint writes all of it again, into the file itself.
   */
  function writeAgain(): void {
    const { busy } = sql.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)') ?? { busy: 1 };
    if (busy === 0) failure = undefined;
    else throw failure;
  }

  async function flushAll(): Promise<void> {
    if (failure !== undefined) return writeAgain();
    try {
      file ??= openSync(wal, 'r+');
      await flushFile(file);
    } catch (cause) {
      failure = failed(cause as NodeJS.ErrnoException);
      throw failure;
    }
  }

  function begin(): Promise<void> {
    following = undefined;
    const one = flushAll().finally(() => {
      if (running === one) running = undefined;
    });
    running = one;
    return one;
  }

  return {
    flush() {
      // The running one may have begun before the last write.
      if (running !== undefined) following ??= running.then(begin, begin);
      return following ?? begin();
    },
    failure: () => failure,
    forget() {
      const old = file;
      file = undefined;
      if (old === undefined) return;
      const close = (): void => closeSync(old);
      if (running === undefined) close();
      else running.then(close, close);
    },
    async close() {
      while (running !== undefined) await running.catch(() => {});
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
