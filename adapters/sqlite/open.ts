import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { damageOf } from './damage.ts';
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

/** The file cannot be this store: it is missing, damaged, of a newer Tocsin, or something else altogether. */
export class StoreFileError extends Error {
  override name = 'StoreFileError';
}

export type OpenOptions = {
  /** A file, or `:memory:`. Its folder is made when it is missing. */
  path: string;
  /** Only look; works whether or not a service owns the file. */
  readOnly?: boolean;
  /**
   * `full` (the default): what was accepted survives a power cut, for one flush to disk a commit. `normal`: it survives
   * the end of the process, but the last commits may be lost when the machine goes down.
   */
  durability?: 'full' | 'normal';
};

export type OpenFile = { sql: Sql; close: () => void };

const busy = 5;
const corrupt = 11;
const notADatabase = 26;
/** How long a reader waits for the service to let go of the file, in milliseconds. */
const patienceMs = 2000;

/**
 * Pages of 4 kB that the WAL gathers before they go into the file: 16 MB. A page that changes often is then written into the
 * file once and not four times as often, as with SQLite's default of 1,000.
 */
const pagesPerCheckpoint = 4000;
/** What the owner keeps of the file in memory, at most; SQLite's default of 2 MB is less than the indexes that each commit changes. */
const cacheKib = 32_000;

/** Throws StoreLockedError or StoreFileError. */
export function openFile({ path, readOnly = false, durability = 'full' }: OpenOptions): OpenFile {
  const inMemory = path === ':memory:';
  if (readOnly && !inMemory && !existsSync(path)) {
    throw new StoreFileError(`there is no store at ${path}; start Tocsin once to make one, or name the right file`);
  }
  const unlock = inMemory || readOnly ? () => {} : lock(path);
  try {
    const db = new DatabaseSync(path, { readOnly: readOnly && !inMemory, timeout: patienceMs });
    try {
      const sql = sqlOf(db);
      checkVersion(sql, path, readOnly);
      if (!readOnly) {
        sql.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
        sql.exec(`PRAGMA wal_autocheckpoint = ${pagesPerCheckpoint}; PRAGMA cache_size = -${cacheKib}`);
      }
      return {
        sql,
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
 * One process owns a file, since it keeps in memory what the file holds. The lock is an open transaction on a file of its
 * own beside the store: the system drops it however the process ends, and readers of the store itself are not kept out.
 */
function lock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  // By its real path, so that a link to the file is no second store.
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  try {
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

function checkVersion(sql: Sql, path: string, readOnly: boolean): void {
  const pragma = (name: string): number => sql.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
  const version = pragma('user_version');
  const isEmpty = sql.get('SELECT 1 FROM sqlite_schema') === undefined;
  if (isEmpty && version === 0) {
    if (readOnly && path !== ':memory:') throw new StoreFileError(`the store ${path} is empty; start Tocsin once to fill it`);
    sql.transaction(() => createTables(sql));
  } else if (pragma('application_id') !== applicationId) {
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
    if (version < schemaVersion) sql.transaction(() => upgradeTables(sql, version));
  }
}

const damaged = (path: string, found: string, cause?: unknown): StoreFileError =>
  new StoreFileError(
    `the store ${path} is damaged: ${found}; move it away together with ${path}-wal, check the disk, and put a backup in its place; without one Tocsin starts empty, and what still fires opens new incidents`,
    { cause },
  );

/** Errors of SQLite may say more in their higher bits. */
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
