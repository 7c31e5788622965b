import type { Store } from '../../app/ports/store.ts';
import type { FoldBatch } from '../../core/telemetry/samples/fold.ts';
import { storedMark } from '../../core/telemetry/samples/stored-mark.ts';
import { decodeWaiting } from '../../core/telemetry/samples/stored-waiting.ts';
import { type Bucket, mergeSummary, type Summary } from '../../core/telemetry/samples/summary.ts';
import { decodeAs, type Undecodable } from '../../core/vocabulary/stored-record.ts';
import { bucketCache } from './bucket-cache.ts';
import { type BucketRow, bucketsOf, emptyRun, numbersOf, prependRows, textsOf } from './bucket-run.ts';
import type { GroupCommit } from './group-commit.ts';
import type { BadRow, Quarantine } from './quarantine.ts';
import { insertSeries, type MarkRow, type Pruned, prune, writeMark, writeWaiting } from './sample-rows.ts';
import { seriesList } from './series-list.ts';
import { keyText, type Sql } from './sql.ts';

type Written = { seriesId: number; start: number; summary: Summary };
type Folded = { written: Map<string, Written>; begun: Map<string, number> };

export type Samples = Pick<Store, 'fold' | 'batchMark' | 'waiting' | 'series' | 'metrics' | 'arrivals' | 'buckets'> & {
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
  const list = seriesList(sql, owned, quarantine, (seriesId) => cache.forget(seriesId));

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
      let seriesId = begun.get(series.key) ?? list.idOf(series.key);
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
    list.add(begun);
    for (const seriesId of begun.values()) cache.begin(seriesId);
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
    series: async (source, metric) => list.of(source, metric),
    async metrics(source) {
      const text = 'SELECT DISTINCT metric FROM series WHERE source = ? ORDER BY metric';
      return sql.all<{ metric: string }>(text, source).map(({ metric }) => metric);
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
        const seriesId = list.idOf(series.key);
        if (seriesId === undefined) return [];
        if (owned) return cache.read(seriesId, from, to);
        const run = emptyRun(from);
        prependRows(run, from, load(seriesId, from, to), (start, reason) => noteBucket(seriesId, start, reason));
        return bucketsOf(run, from, to);
      });
    },
    async pruneSamples(now) {
      const { dropped, others } = await write(() => prune(sql, now), { kept: forgetPruned });
      return others + dropped.values().reduce((count, starts) => count + starts.size, 0);
    },
    forget() {
      cache.clear();
      list.forget();
    },
  };

  function forgetPruned({ dropped, gone }: Pruned): void {
    for (const [seriesId, starts] of dropped) cache.drop(seriesId, starts);
    for (const seriesId of gone) cache.forget(seriesId);
    if (gone.length > 0) list.forget();
  }
}
