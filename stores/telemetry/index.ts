/**
 * What OTLP sources took, in a file of its own, so that it has neither locks nor flushes in common
 * with the store of incidents. One thread owns it.
 *
 * A body is appended to `inbox` and flushed before it is answered. `checkpoint` writes what it
 * changed and empties `inbox` in the same transaction, so that after a crash each body counts
 * exactly once: in the tables, or from the inbox.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Content, mergeContent } from '../../core/telemetry/otlp/content.ts';
import type { StreamState } from '../../core/telemetry/otlp/stream.ts';
import {
  addSeries,
  addStream,
  newTelemetry,
  type SeriesState,
  type Stream,
  type Telemetry,
} from '../../core/telemetry/otlp/take.ts';
import { beginAnew, schema, telemetryVersion } from './schema.ts';

export type InboxBody = { source: string; at: number; format: 'protobuf' | 'json'; isCompressed: boolean; bytes: Uint8Array };

export type TelemetryFile = ReturnType<typeof telemetryFile>;

/**
 * `now`: when the file is made, if there is none. Throws if it cannot be opened or is of a newer
 * Tocsin.
 */
export function telemetryFile({ path, now, onDamage }: { path: string; now: number; onDamage: (what: string) => void }) {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 2000; PRAGMA locking_mode = exclusive; PRAGMA journal_mode = wal; PRAGMA synchronous = full');
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > telemetryVersion) throw new Error(`it was written by a newer Tocsin (version ${version} of the file)`);
    if (version === 1) onDamage('all of it: the file is of Tocsin before keys had a length, and begins anew');
    db.exec(`BEGIN; ${version === 1 ? beginAnew : ''} ${schema} PRAGMA user_version = ${telemetryVersion}; COMMIT`);
  } catch (error) {
    db.close();
    throw error;
  }
  const sql = statements(db);
  let ids = noIds();

  const within = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      db.exec('COMMIT');
      return done;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      // Some may be of rows that are not there now.
      ids = noIds();
      throw error;
    }
  };

  const ownerId = (source: string, key: string): number => {
    const name = `${source} ${key}`;
    const known = ids.owner.get(name);
    if (known !== undefined) return known;
    sql.addOwner.run(source, key);
    const id = Number((sql.owner.get(source, key) as { id: number }).id);
    ids.owner.set(name, id);
    return id;
  };
  const seriesId = (source: string, series: SeriesState): number => {
    const known = ids.series.get(series);
    if (known !== undefined) return known;
    const { metric, unit, form, labels } = series;
    sql.addSeries.run(source, series.key, JSON.stringify({ metric, unit, form, labels }));
    const id = Number((sql.series.get(source, series.key) as { id: number }).id);
    ids.series.set(series, id);
    return id;
  };

  const storedBucket = (id: number, start: number): Content | undefined => {
    const row = sql.bucket.get(id, start) as { body: string } | undefined;
    return row === undefined ? undefined : readContent(row.body);
  };
  const readContent = (body: string): Content | undefined => read<Content>(body, ({ form }) => form !== undefined);
  function read<T>(body: string, fits: (value: T) => boolean): T | undefined {
    try {
      const value = JSON.parse(body) as T;
      if (fits(value)) return value;
    } catch {
      // Reported below.
    }
    onDamage(body.slice(0, 100));
    return undefined;
  }

  return {
    load(source: string): Telemetry {
      const key = `since ${source}`;
      sql.addMeta.run(key, now);
      const telemetry = newTelemetry(Number((sql.meta.get(key) as { value: number }).value));
      const byId = new Map<number, SeriesState>();
      for (const row of sql.allSeries.iterate(source) as Iterable<{ id: number; key: string; body: string }>) {
        const body = read<Omit<SeriesState, 'key' | 'fresh'>>(row.body, ({ labels }) => labels !== undefined);
        if (body === undefined) continue;
        const series: SeriesState = { ...body, key: row.key, fresh: new Map() };
        addSeries(telemetry, series);
        ids.series.set(series, row.id);
        byId.set(row.id, series);
      }
      type Row = { of: string; key: string; series: number; seenAt: number; state: string };
      for (const row of sql.allStreams.iterate(source) as unknown as Iterable<Row>) {
        const series = byId.get(row.series);
        const state = read<StreamState>(row.state, ({ kind }) => kind !== undefined);
        if (series !== undefined && state !== undefined)
          addStream(telemetry, { of: row.of, key: row.key, series, seenAt: row.seenAt, state });
      }
      for (const { key, since } of sql.allSince.iterate(source) as unknown as Iterable<{ key: string; since: number }>)
        telemetry.sinceOf.set(key, since);
      return telemetry;
    },

    *inbox(): Generator<InboxBody> {
      type Row = Omit<InboxBody, 'isCompressed'> & { compressed: number };
      for (const { compressed, ...row } of sql.inbox.iterate() as unknown as Iterable<Row>)
        yield { ...row, isCompressed: compressed === 1 };
    },

    /** On disk when it returns. */
    append(bodies: readonly InboxBody[]): void {
      within(() => {
        for (const { source, at, format, isCompressed, bytes } of bodies)
          sql.append.run(source, at, format, isCompressed ? 1 : 0, bytes);
      });
    },

    /** Everything that was folded so far, in place of the bodies it came from. */
    checkpoint(sources: ReadonlyMap<string, Telemetry>): void {
      within(() => {
        for (const [source, telemetry] of sources) {
          sql.setMeta.run(`since ${source}`, telemetry.since);
          for (const series of telemetry.changedSeries) {
            const id = seriesId(source, series);
            for (const [start, content] of series.fresh) {
              const before = storedBucket(id, start);
              sql.setBucket.run(id, start, JSON.stringify(before === undefined ? content : mergeContent(before, content)));
            }
          }
          for (const { of, key, series, seenAt, state } of telemetry.changedStreams) {
            sql.setStream.run(ownerId(source, of), key, seriesId(source, series), seenAt, JSON.stringify(state));
          }
        }
        sql.emptyInbox.run();
      });
      for (const telemetry of sources.values()) {
        for (const series of telemetry.changedSeries) series.fresh.clear();
        telemetry.freshBuckets = 0;
        telemetry.changedSeries.clear();
        telemetry.changedStreams.clear();
      }
    },

    /** Stored buckets that start in [from, to), and what is new. */
    *buckets(source: string, series: SeriesState, from: number, to: number): Generator<[number, Content]> {
      const id = ids.series.get(series) ?? (sql.series.get(source, series.key) as { id: number } | undefined)?.id;
      if (id !== undefined) {
        ids.series.set(series, id);
        for (const { start, body } of sql.buckets.all(id, from, to) as { start: number; body: string }[]) {
          const content = readContent(body);
          if (content !== undefined) yield [start, content];
        }
      }
      for (const [start, content] of series.fresh) if (start >= from && start < to) yield [start, content];
    },

    forgetStreams(source: string, gone: readonly Stream[], { since, sinceOf }: Telemetry): void {
      within(() => {
        sql.setMeta.run(`since ${source}`, since);
        for (const { of, key } of gone) {
          const id = ownerId(source, of);
          sql.dropStream.run(id, key);
          sql.setSince.run(sinceOf.get(of) ?? null, id);
        }
        sql.dropSince.run(source, since);
        sql.dropOwners.run();
      });
      ids.owner.clear();
    },

    /** Deletes buckets that started before, and says which series have none left. */
    prune(source: string, before: number): string[] {
      return within(() => {
        sql.dropBuckets.run(source, before);
        return (sql.emptySeries.all(source) as { key: string }[]).map(({ key }) => key);
      });
    },

    forgetSeries(source: string, gone: readonly SeriesState[]): void {
      within(() => {
        for (const { key } of gone) sql.dropSeries.run(source, key);
      });
    },

    close: () => db.close(),
  };
}

const noIds = () => ({ owner: new Map<string, number>(), series: new WeakMap<SeriesState, number>() });

const statements = (db: DatabaseSync) => ({
  addMeta: db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING'),
  setMeta: db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
  meta: db.prepare('SELECT value FROM meta WHERE key = ?'),
  append: db.prepare('INSERT INTO inbox (source, at, format, compressed, body) VALUES (?, ?, ?, ?, ?)'),
  inbox: db.prepare('SELECT source, at, format, compressed, body AS bytes FROM inbox ORDER BY id'),
  emptyInbox: db.prepare('DELETE FROM inbox'),
  addOwner: db.prepare('INSERT INTO owner (source, key) VALUES (?, ?) ON CONFLICT DO NOTHING'),
  owner: db.prepare('SELECT id FROM owner WHERE source = ? AND key = ?'),
  dropOwners: db.prepare(
    'DELETE FROM owner WHERE since IS NULL AND NOT EXISTS (SELECT 1 FROM stream WHERE stream.owner = owner.id)',
  ),
  allSince: db.prepare('SELECT key, since FROM owner WHERE source = ? AND since IS NOT NULL ORDER BY since'),
  setSince: db.prepare('UPDATE owner SET since = ? WHERE id = ?'),
  dropSince: db.prepare('UPDATE owner SET since = NULL WHERE source = ? AND since <= ?'),
  addSeries: db.prepare('INSERT INTO series (source, key, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
  series: db.prepare('SELECT id FROM series WHERE source = ? AND key = ?'),
  allSeries: db.prepare('SELECT id, key, body FROM series WHERE source = ? ORDER BY id'),
  emptySeries: db.prepare(
    'SELECT key FROM series WHERE source = ? AND NOT EXISTS (SELECT 1 FROM bucket WHERE bucket.series = series.id)',
  ),
  dropSeries: db.prepare('DELETE FROM series WHERE source = ? AND key = ?'),
  allStreams: db.prepare(
    'SELECT owner.key AS of, stream.key AS key, series, seen_at AS seenAt, state FROM stream JOIN owner ON owner.id = stream.owner WHERE owner.source = ?',
  ),
  setStream: db.prepare(
    'INSERT INTO stream (owner, key, series, seen_at, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET series = excluded.series, seen_at = excluded.seen_at, state = excluded.state',
  ),
  dropStream: db.prepare('DELETE FROM stream WHERE owner = ? AND key = ?'),
  bucket: db.prepare('SELECT body FROM bucket WHERE series = ? AND start = ?'),
  buckets: db.prepare('SELECT start, body FROM bucket WHERE series = ? AND start >= ? AND start < ? ORDER BY start'),
  setBucket: db.prepare(
    'INSERT INTO bucket (series, start, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  ),
  dropBuckets: db.prepare('DELETE FROM bucket WHERE series IN (SELECT id FROM series WHERE source = ?) AND start < ?'),
});
