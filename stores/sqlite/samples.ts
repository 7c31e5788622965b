import type { Store } from '../../app/ports/store.ts';
import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import { type FoldBatch, type Waiting, waitingMark } from '../../core/telemetry/samples/fold.ts';
import { storedMark } from '../../core/telemetry/samples/stored-mark.ts';
import { type StoredSeries, storedSeries } from '../../core/telemetry/samples/stored-series.ts';
import { decodeWaiting, storedWaiting } from '../../core/telemetry/samples/stored-waiting.ts';
import { type Bucket, mergeSummary, type SeriesRef, type Summary } from '../../core/telemetry/samples/summary.ts';
import { decodeAs, type Undecodable } from '../../core/vocabulary/stored-record.ts';
import { bucketCache } from './bucket-cache.ts';
import { type BucketRow, bucketsOf, emptyRun, numbersOf, prependRows, textsOf } from './bucket-run.ts';
import type { GroupCommit } from './group-commit.ts';
import type { BadRow, Quarantine } from './quarantine.ts';
import { keyText, type Sql } from './sql.ts';

type Written = { seriesId: number; start: number; summary: Summary };
type Folded = { written: Map<string, Written>; begun: Map<string, number> };

export type Samples = Pick<Store, 'fold' | 'batchMark' | 'waiting' | 'series' | 'arrivals' | 'buckets'> & {
  pruneSamples(now: number): Promise<number>;
  /** Clears memory, because the file lacks what was kept. */
  forget(): void;
};

/**
 * Folded samples and predictions. With `cachedBuckets`, memory is authoritative; without, another
 * process owns the file and every read goes to it.
 */
export function samples(
  sql: Sql,
  write: GroupCommit['write'],
  cachedBuckets: number | undefined,
  quarantine: Quarantine,
): Samples {
  const load = (seriesId: number, from: number, to: number): BucketRow[] =>
    sql.arrays<BucketRow>(
      'SELECT start, count, n1, n2, n3, n4, n5, features, detail FROM buckets WHERE series_id = ? AND start >= ? AND start < ? ORDER BY start',
      seriesId,
      from,
      to,
    );
  const owned = cachedBuckets !== undefined;
  const badBucket = (seriesId: number, start: number, reason: Undecodable): BadRow => {
    const key = sql.get<{ key: string }>('SELECT key FROM series WHERE id = ?', seriesId)?.key ?? String(seriesId);
    return { kind: 'bucket', id: `${key} ${start}`, reason, key: [seriesId, start] };
  };
  const noteBucket = (...bad: Parameters<typeof badBucket>): void => quarantine.note(badBucket(...bad));
  const cache = bucketCache(load, cachedBuckets ?? 0, noteBucket);
  let ids = new Map<string, number>();
  let lists = new Map<string, SeriesRef[]>();

  const idOf = (key: string): number | undefined => {
    let id = owned ? ids.get(key) : undefined;
    if (id === undefined) {
      id = sql.get<{ id: number }>('SELECT id FROM series WHERE key = ?', key)?.id;
      if (id !== undefined) ids.set(key, id);
    }
    return id;
  };
  const loadOne = (seriesId: number, start: number): Summary | undefined => {
    const run = emptyRun(start);
    prependRows(
      run,
      start,
      sql.arrays<BucketRow>(
        'SELECT start, count, n1, n2, n3, n4, n5, features, detail FROM buckets WHERE series_id = ? AND start = ?',
        seriesId,
        start,
      ),
      // It is about to be overwritten.
      (at, reason) => quarantine.move(badBucket(seriesId, at, reason)),
    );
    return bucketsOf(run, start, Number.POSITIVE_INFINITY)[0]?.summary;
  };

  /** Writes the deltas; returns the buckets' new contents, and which series are new. */
  const writeDeltas = ({ deltas, by }: Pick<FoldBatch, 'deltas' | 'by'>): Folded => {
    const written = new Map<string, Written>();
    const begun = new Map<string, number>();
    for (const { series, bucketStart, summary, expiresAt } of deltas) {
      let seriesId = begun.get(series.key) ?? idOf(series.key);
      if (seriesId === undefined) {
        seriesId = insertSeries(sql, series, by);
        begun.set(series.key, seriesId);
      }
      const place = `${seriesId}@${bucketStart}`;
      const cached = cache.lookup(seriesId, bucketStart);
      const current = written.get(place)?.summary ?? (cached.known ? cached.summary : loadOne(seriesId, bucketStart));
      const merged = current === undefined ? summary : mergeSummary(current, summary);
      sql.run(
        'INSERT INTO buckets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET expires_at = max(expires_at, excluded.expires_at), count = excluded.count, n1 = excluded.n1, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4, n5 = excluded.n5, features = excluded.features, detail = excluded.detail',
        seriesId,
        bucketStart,
        expiresAt,
        ...numbersOf(merged),
        ...textsOf(merged),
      );
      written.set(place, { seriesId, start: bucketStart, summary: merged });
    }
    return { written, begun };
  };
  const remember = ({ written, begun }: Folded): void => {
    for (const [key, seriesId] of begun) {
      ids.set(key, seriesId);
      cache.begin(seriesId);
    }
    if (begun.size > 0) lists = new Map();
    for (const { seriesId, start, summary } of written.values()) cache.put(seriesId, start, summary);
  };

  return {
    async fold(batch) {
      const fold = (): 'duplicate' | 'conflict' | Folded => {
        if (batch.mark !== undefined && !writeMark(sql, batch.mark)) return 'duplicate';
        for (const { value, was } of batch.waiting) if (!writeWaiting(sql, value, was)) return 'conflict';
        return writeDeltas(batch);
      };
      const result = await write(fold, {
        stands: (outcome) => typeof outcome === 'object',
        kept: (outcome) => void (typeof outcome === 'object' && remember(outcome)),
      });
      return typeof result === 'string' ? result : 'folded';
    },
    async batchMark(id) {
      const row = sql.get<MarkRow>('SELECT version, expires_at, doc FROM batches WHERE id = ?', keyText(id));
      if (row === undefined) return undefined;
      const { version, expires_at: keepUntil, doc } = row;
      const decoded = decodeAs(storedMark, doc, { id, version, keepUntil });
      if (decoded.ok) return decoded.value;
      quarantine.note({ kind: 'batch', id, reason: decoded.reason, key: [keyText(id)] });
      return undefined;
    },
    async waiting(keys) {
      return keys.map((key) => {
        const row = sql.get<{ state: string; doc: string }>('SELECT state, doc FROM waiting WHERE key = ?', keyText(key));
        if (row === undefined) return undefined;
        const decoded = decodeWaiting(row.doc, key, row.state);
        if (decoded.ok) return decoded.value;
        quarantine.note({ kind: 'waiting', id: key, reason: decoded.reason, key: [keyText(key)] });
        return undefined;
      });
    },
    async series(source, metric) {
      const name = JSON.stringify([source, metric]);
      let list = owned ? lists.get(name) : undefined;
      if (list === undefined) {
        list = sql
          .all<SeriesRow>(`SELECT id, key, doc FROM series WHERE source = ? AND metric = ? ORDER BY key`, source, metric)
          .flatMap(refOf);
        lists.set(name, list);
      }
      return [...list];
    },
    async arrivals(source, metric) {
      // Ids are assigned in order of arrival: a new one is the highest.
      const rows = sql.arrays<[string, number, number | null, string | null]>(
        "SELECT key, id, (SELECT max(start) FROM buckets WHERE series_id = series.id), CASE WHEN json_valid(doc) THEN doc ->> 'by' END FROM series WHERE source = ? AND metric = ?",
        source,
        metric,
      );
      return rows.map(([key, arrival, lastAt, by]) => ({
        key,
        arrival,
        lastAt: lastAt ?? Number.NEGATIVE_INFINITY,
        ...(by === null ? {} : { by }),
      }));
    },
    async buckets(reads) {
      return reads.map(({ series, from, to }): Bucket[] => {
        const seriesId = idOf(series.key);
        if (seriesId === undefined) return [];
        if (owned) return cache.read(seriesId, from, to);
        const run = emptyRun(from);
        prependRows(run, from, load(seriesId, from, to), (start, reason) => noteBucket(seriesId, start, reason));
        return bucketsOf(run, from, to);
      });
    },
    async pruneSamples(now) {
      const { dropped, others } = await write(() => prune(now), { kept: forgetPruned });
      return others + dropped.values().reduce((count, starts) => count + starts.size, 0);
    },
    forget() {
      cache.clear();
      ids = new Map();
      lists = new Map();
    },
  };

  function refOf({ id, key, doc }: SeriesRow): SeriesRef[] {
    const decoded = decodeAs(storedSeries, doc, { key });
    if (decoded.ok) return [frozenSeries(decoded.value)];
    // Its next sample starts it over; memory's knowledge of its place is outdated once it is moved.
    const moved = (): void => {
      ids.delete(key);
      cache.forget(id);
      lists = new Map();
    };
    quarantine.note({ kind: 'series', id: key, reason: decoded.reason, key: [id], moved });
    return [];
  }

  function prune(now: number): Pruned {
    const dropped = new Map<number, Set<number>>();
    for (const [seriesId, start] of sql.arrays<[number, number]>(
      'DELETE FROM buckets WHERE expires_at <= ? RETURNING series_id, start',
      now,
    )) {
      const starts = dropped.get(seriesId);
      if (starts === undefined) dropped.set(seriesId, new Set([start]));
      else starts.add(start);
    }
    const gone = [...dropped.keys()].filter(
      (id) => sql.run('DELETE FROM series WHERE id = ? AND NOT EXISTS (SELECT 1 FROM buckets WHERE series_id = ?)', id, id) === 1,
    );
    const others =
      sql.run('DELETE FROM waiting WHERE expires_at <= ?', now) + sql.run('DELETE FROM batches WHERE expires_at <= ?', now);
    return { dropped, gone, others };
  }

  function forgetPruned({ dropped, gone }: Pruned): void {
    for (const [seriesId, starts] of dropped) cache.drop(seriesId, starts);
    for (const seriesId of gone) cache.forget(seriesId);
    if (gone.length === 0) return;
    ids = new Map();
    lists = new Map();
  }
}

/** Dropped bucket starts by series, and series with none left. */
type Pruned = { dropped: Map<number, Set<number>>; gone: number[]; others: number };

/** Shared by all readers of the list. */
const frozenSeries = ({ source, metric, labels, key }: StoredSeries): SeriesRef =>
  Object.freeze({ source, metric, labels: Object.freeze(labels), key });

type SeriesRow = { id: number; key: string; doc: string };

function insertSeries(sql: Sql, series: SeriesRef, by: string | undefined): number {
  const { source, metric, labels, key } = series;
  const text = 'INSERT INTO series (key, source, metric, doc) VALUES (?, ?, ?, ?) RETURNING id';
  const row = sql.get<{ id: number }>(
    text,
    key,
    source,
    metric,
    storedSeries.encode({ source, metric, labels, key, ...(by === undefined ? {} : { by }) }),
  );
  if (row === undefined) throw new Error(`the store could not add the series ${key}`);
  return row.id;
}

type MarkRow = { version: number; expires_at: number; doc: string };

/** false: the stored mark does not have the previous version. */
function writeMark(sql: Sql, mark: BatchMark): boolean {
  const { id, version, keepUntil } = mark;
  const doc = storedMark.encode(mark);
  return version === 1
    ? sql.run('INSERT OR IGNORE INTO batches (id, version, expires_at, doc) VALUES (?, 1, ?, ?)', keyText(id), keepUntil, doc) ===
        1
    : sql.run(
        'UPDATE batches SET version = ?, expires_at = ?, doc = ? WHERE id = ? AND version = ?',
        version,
        keepUntil,
        doc,
        keyText(id),
        version - 1,
      ) === 1;
}

/** false: it changed since it was read. */
function writeWaiting(sql: Sql, value: Waiting, was: string | undefined): boolean {
  const doc = storedWaiting.encode(value);
  return was === undefined
    ? sql.run(
        'INSERT OR IGNORE INTO waiting (key, state, expires_at, doc) VALUES (?, ?, ?, ?)',
        keyText(value.key),
        waitingMark(value),
        value.expiresAt,
        doc,
      ) === 1
    : sql.run(
        'UPDATE waiting SET state = ?, expires_at = ?, doc = ? WHERE key = ? AND state = ?',
        waitingMark(value),
        value.expiresAt,
        doc,
        keyText(value.key),
        was,
      ) === 1;
}
