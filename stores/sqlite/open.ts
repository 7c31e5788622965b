import { existsSync, realpathSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { damageOf } from './damage.ts';
import { makeFolder } from './make-folder.ts';
import { type Claimed, claim } from './owner.ts';
import { applicationId, createTables, schemaVersion, upgradeTables } from './schema.ts';
import { type Sql, sqlOf } from './sql.ts';

/** Another process owns the file. */
export class StoreLockedError extends Error {
  override name = 'StoreLockedError';
  path: string;
  constructor(path: string, cause?: unknown) {
    super(`the store ${path} is in use by another process: stop that one first, or start this one with another store`, { cause });
    this.path = path;
  }
}

/** The file cannot be this store: missing, damaged, from a newer Tocsin, or something else. */
export class StoreFileError extends Error {
  override name = 'StoreFileError';
}

export type OpenOptions = {
  /** A file, or `:memory:`. Its folder is created if missing. */
  path: string;
  /** Read only; works whether or not a service owns the file. */
  readOnly?: boolean;
  /**
   * `full` (default): accepted data survives a power cut, at a flush per group of commits.
   * `normal`: it survives a process crash, but a power cut may lose the last commits.
   */
  durability?: 'full' | 'normal';
  /**
   * How long the owner waits for another writer, once open, in milliseconds. There should be none,
   * and everything else is blocked meanwhile.
   */
  patienceMs?: number;
  /** Limits the file to this many 4 kB pages, to simulate a full disk. */
  maxPages?: number;
};

export type OpenFile = {
  sql: Sql;
  /** The current and the previous owner; undefined in memory and read-only. */
  claimed: Claimed | undefined;
  close: () => void;
};

const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;
/** How long a reader, or a start, waits for a lock on the file, in milliseconds. */
const startPatienceMs = 2000;
const ownersPatienceMs = 100;

/**
 * 4 kB pages collected in the WAL before a checkpoint: 16 MB. With SQLite's default of 1,000, a hot
 * page is written into the file four times as often.
 */
const pagesPerCheckpoint = 4000;
/**
 * The owner's page cache. SQLite's default of 2 MB is smaller than the indexes each commit changes.
 */
const cacheKib = 32_000;

/** Throws StoreLockedError or StoreFileError. */
export function openFile({ path, readOnly = false, patienceMs = ownersPatienceMs, maxPages }: OpenOptions): OpenFile {
  const inMemory = path === ':memory:';
  if (readOnly && !inMemory && !existsSync(path)) {
    throw new StoreFileError(`there is no store at ${path}; start Tocsin once to make one, or name the right file`);
  }
  const unlock = inMemory || readOnly ? () => {} : lock(path);
  try {
    const db = new DatabaseSync(path, { readOnly: readOnly && !inMemory, timeout: startPatienceMs });
    try {
      const sql = sqlOf(db);
      const version = checkVersion(sql, path, readOnly);
      if (!readOnly) sql.exec('PRAGMA journal_mode = WAL');
      const claimed = readOnly || inMemory ? undefined : claimFile(sql, path);
      if (!readOnly) {
        if (version < schemaVersion) sql.transaction(() => upgradeTables(sql, version));
        // A commit does not wait for the disk; disk.ts flushes it.
        sql.exec('PRAGMA synchronous = NORMAL');
        sql.exec(`PRAGMA wal_autocheckpoint = ${pagesPerCheckpoint}; PRAGMA cache_size = -${cacheKib}`);
        sql.exec(`PRAGMA busy_timeout = ${patienceMs}`);
        if (maxPages !== undefined) sql.exec(`PRAGMA max_page_count = ${maxPages}`);
      }
      return {
        sql,
        claimed,
        close: () => {
          if (!db.isOpen) return;
          db.close();
          unlock();
        },
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw isCode(error, busy) ? new StoreLockedError(path, error) : readable(error, path);
  }
}

/**
 * One process owns a file, since it caches its contents. The lock is an open transaction on a
 * separate file beside the store: the system releases it however the process ends, and readers of
 * the store are not blocked.
 */
function lock(path: string): () => void {
  try {
    makeFolder(dirname(path));
    // Uses the real path, so that a link is not a second store.
    const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
    const db = new DatabaseSync(`${real}.lock`, { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      throw error;
    }
    return () => db.close();
  } catch (error) {
    throw isCode(error, busy) ? new StoreLockedError(path, error) : readable(error, path);
  }
}

/**
 * The lock goes by file name, so a record inside stops an owner that uses another name. Without
 * space for the record the file is opened anyway: its pages must go out.
 */
function claimFile(sql: Sql, path: string): Claimed | undefined {
  try {
    const claimed = claim(sql, path, { at: Date.now(), uptime: uptime() * 1000 });
    if (claimed === undefined) throw new StoreLockedError(path);
    // Checkpoints into the file: a process that opens it by another name does not see this WAL.
    sql.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return claimed;
  } catch (error) {
    if (isCode(error, full)) return undefined;
    throw error;
  }
}

/** Returns the version of the tables, and creates them in an empty file. */
function checkVersion(sql: Sql, path: string, readOnly: boolean): number {
  const pragma = (name: string): number => sql.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
  const version = pragma('user_version');
  const isEmpty = sql.get('SELECT 1 FROM sqlite_schema') === undefined;
  if (isEmpty && version === 0) {
    if (readOnly && path !== ':memory:') throw new StoreFileError(`the store ${path} is empty; start Tocsin once to fill it`);
    sql.transaction(() => createTables(sql));
    return schemaVersion;
  }
  if (pragma('application_id') !== applicationId) {
    throw new StoreFileError(`${path} is a database of another program; name another file for the store`);
  } else if (version > schemaVersion) {
    throw new StoreFileError(
      `the store ${path} has schema version ${version}, written by a newer Tocsin; this one knows up to ${schemaVersion}: upgrade Tocsin, or name another file`,
    );
  } else if (readOnly) {
    if (version < schemaVersion) {
      throw new StoreFileError(
        `the store ${path} has schema version ${version}, and this Tocsin reads ${schemaVersion}; start the service once, which upgrades it`,
      );
    }
  } else {
    const found = path === ':memory:' ? undefined : damageOf(sql, statSync(path).size);
    if (found !== undefined) throw damaged(path, found);
  }
  return version;
}

const damaged = (path: string, found: string, cause?: unknown): StoreFileError =>
  new StoreFileError(
    `the store ${path} is damaged: ${found}; move it away together with ${path}-wal, check the disk, and put a backup in its place; without one Tocsin starts empty, and what still fires opens new incidents`,
    { cause },
  );

/** SQLite's extended codes add higher bits. */
const isCode = (error: unknown, code: number): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === code;

function readable(error: unknown, path: string): unknown {
  if (isCode(error, corrupt)) return damaged(path, error instanceof Error ? error.message : String(error), error);
  if (isCode(error, notADatabase))
    return new StoreFileError(`${path} is not a SQLite file; name another file for the store`, { cause: error });
  if (error instanceof Error && 'code' in error && !(error instanceof StoreFileError)) {
    return new StoreFileError(`the store ${path} cannot be opened: ${error.message}; check the folder, its rights and the disk`, {
      cause: error,
    });
  }
  return error;
}
