import type { Store } from '../../app/ports/store.ts';
import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import { type FoldBatch, waitingMark } from '../../core/telemetry/samples/fold.ts';
import { storedMark } from '../../core/telemetry/samples/stored-mark.ts';
import { type StoredSeries, storedSeries } from '../../core/telemetry/samples/stored-series.ts';
import { storedSummary } from '../../core/telemetry/samples/stored-summary.ts';
import { decodeWaiting, storedWaiting } from '../../core/telemetry/samples/stored-waiting.ts';
import { type Bucket, mergeSummary, type SeriesRef, type Summary } from '../../core/telemetry/samples/summary.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { docOf, type Item, keys, timeKey, ttlOf } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { type Action, backoff, inParallel, type Table } from './table.ts';

/** How often concurrent batches on one bucket are merged again before the sender must retry. */
const maxTries = 10;

/** A series stays listed this long after its last bucket. */
const keepSeriesMs = 86_400_000;
const maxRegistered = 50_000;

/** A bucket that was read, with its item. */
type Read = { item: Item; bucket: Bucket };

/** A series, listed until then; `lastAt`: start of its newest bucket. */
type Listed = { series: SeriesRef; until: number; lastAt: number };

/**
 * Folded samples and predictions: one item per bucket, merged here and written over the revision
 * that was read.
 */
export function samples(
  table: Table,
  quarantine: Quarantine,
): Pick<Store, 'fold' | 'batchMark' | 'waiting' | 'series' | 'metrics' | 'arrivals' | 'buckets'> {
  /** Until when this process knows a series to be listed. */
  const registered = new Map<string, number>();

  /** A quarantined series is listed again with its next sample. */
  const seriesIn = async (item: Item): Promise<StoredSeries | undefined> => {
    const series = await quarantine.read(item, storedSeries, { kind: 'series', id: String(item['sk']).replace(/^series#/, '') });
    if (series === undefined) registered.clear();
    return series;
  };

  const bucketIn = async (item: Item, of: string): Promise<Bucket | undefined> => {
    const { start } = item;
    const known = { kind: 'bucket', id: `${of} ${String(start)}` } as const;
    if (typeof start !== 'number') {
      await quarantine.setAside(item, known, { by: 'shape', text: 'the bucket has no start' });
      return undefined;
    }
    const summary = await quarantine.read(item, storedSummary, known);
    return summary === undefined ? undefined : { start, summary };
  };

  const unlisted = (deltas: FoldBatch['deltas']): Map<string, Listed> => {
    const found = new Map<string, Listed>();
    for (const { series, bucketStart, expiresAt } of deltas) {
      if ((registered.get(series.key) ?? Number.NEGATIVE_INFINITY) >= expiresAt) continue;
      const before = found.get(series.key);
      found.set(series.key, {
        series,
        until: Math.max(before?.until ?? 0, expiresAt + keepSeriesMs),
        lastAt: Math.max(before?.lastAt ?? bucketStart, bucketStart),
      });
    }
    return found;
  };

  const register = async ({ series, until, lastAt }: Listed, { at, by }: Pick<FoldBatch, 'at' | 'by'>): Promise<void> => {
    const { source, metric, labels, key } = series;
    await table.update(keys.series(source, metric, key), {
      UpdateExpression: `SET doc = :doc, #type = :type, #ttl = :expires, lastAt = :last, firstAt = if_not_exists(firstAt, :at)${by === undefined ? '' : ', #by = if_not_exists(#by, :by)'}`,
      ConditionExpression: 'attribute_not_exists(#ttl) OR #ttl < :expires',
      ExpressionAttributeNames: {
        '#ttl': tableKeys.ttl,
        '#type': tableKeys.type,
        ...(by === undefined ? {} : { '#by': 'by' }),
      },
      ExpressionAttributeValues: {
        ':doc': docOf(storedSeries.encode({ source, metric, labels, key }), `the series ${key.slice(0, 200)}`),
        ':type': 'series',
        ':expires': ttlOf(until),
        ':last': lastAt,
        ':at': at,
        ...(by === undefined ? {} : { ':by': by }),
      },
    });
    if (registered.size >= maxRegistered) registered.clear();
    registered.set(key, until);
  };

  /** Until when this process knows a metric to be listed. */
  const listedMetrics = new Map<string, number>();

  const registerMetrics = async (series: readonly Listed[]): Promise<void> => {
    const latest = new Map<string, Listed>();
    for (const one of series) {
      const name = JSON.stringify([one.series.source, one.series.metric]);
      if (one.until > Math.max(listedMetrics.get(name) ?? 0, latest.get(name)?.until ?? 0)) latest.set(name, one);
    }
    await inParallel(
      [...latest],
      async ([
        name,
        {
          series: { source, metric },
          until,
        },
      ]) => {
        await table.update(keys.metric(source, metric), {
          UpdateExpression: 'SET metric = :metric, #type = :type, #ttl = :expires',
          ConditionExpression: 'attribute_not_exists(#ttl) OR #ttl < :expires',
          ExpressionAttributeNames: { '#ttl': tableKeys.ttl, '#type': tableKeys.type },
          ExpressionAttributeValues: { ':metric': metric, ':type': 'metric', ':expires': ttlOf(until) },
        });
        if (listedMetrics.size >= maxRegistered) listedMetrics.clear();
        listedMetrics.set(name, until);
      },
    );
  };

  const foldOnce = async (batch: FoldBatch): Promise<'folded' | 'duplicate' | 'conflict' | 'again'> => {
    const places = [...new Map(batch.deltas.map((delta) => [placeOf(delta), delta])).values()];
    const { mark } = batch;
    const bucketKeys = places.map(({ series, bucketStart }) => keys.bucket(series.key, bucketStart));
    const items = await table.getAll(mark === undefined ? bucketKeys : [...bucketKeys, keys.batch(mark.id)]);
    if (mark !== undefined && (items[bucketKeys.length]?.['version'] ?? 0) !== mark.version - 1) return 'duplicate';
    const read = new Map<string, Read | undefined>();
    for (const [n, delta] of places.entries()) {
      const item = items[n];
      const bucket = item === undefined ? undefined : await bucketIn(item, delta.series.key);
      // A bucket that did not decode was quarantined, and starts over.
      read.set(placeOf(delta), item === undefined || bucket === undefined ? undefined : { item, bucket });
    }
    const buckets = mergedBuckets(batch.deltas, read);
    // New series are listed before their buckets, in a separate write: one transaction would be too
    // large. If the fold then loses a race, a series without buckets remains; the other order could
    // hide samples.
    const newSeries = [...unlisted(batch.deltas).values()];
    if (newSeries.length > 0 && (await isStale(table, batch.waiting))) return 'conflict';
    await inParallel(newSeries, (one) => register(one, batch));
    await registerMetrics(newSeries);
    const marks = mark === undefined ? [] : [markAction(mark)];
    const outcome = await table.transact([...marks, ...batch.waiting.map(waitingAction), ...buckets]);
    if (outcome.stands) return 'folded';
    if (outcome.failed.some((index) => index < marks.length)) return 'duplicate';
    return outcome.failed.some((index) => index < marks.length + batch.waiting.length) ? 'conflict' : 'again';
  };

  const listed = (source: string, metric: string): Promise<Item[]> =>
    table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.series(source, metric, '').pk },
    });

  return {
    async fold(batch) {
      for (let tries = 0; tries < maxTries; tries += 1) {
        const result = await foldOnce(batch);
        if (result !== 'again') return result;
        await backoff(tries);
      }
      return 'conflict';
    },
    async batchMark(id) {
      const item = await table.get(keys.batch(id));
      return item === undefined
        ? undefined
        : quarantine.read(item, storedMark, { kind: 'batch', id }, { id, version: item['version'] as number });
    },
    async waiting(wanted) {
      const items = await table.getAll(wanted.map(keys.waiting));
      return Promise.all(
        items.map((item, n) => {
          const key = wanted[n] ?? '';
          if (item === undefined) return undefined;
          const record = { kind: storedWaiting.kind, decode: (text: string) => decodeWaiting(text, key, item['state']) };
          return quarantine.read(item, record, { kind: 'waiting', id: key });
        }),
      );
    },
    async series(source, metric) {
      const found = await Promise.all((await listed(source, metric)).map(seriesIn));
      return found.filter((one) => one !== undefined).sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async metrics(source) {
      const items = await table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.metric(source, '').pk },
      });
      return items.flatMap(({ metric }) => (typeof metric === 'string' ? [metric] : [])).sort();
    },
    async arrivals(source, metric) {
      const arrivals = await Promise.all(
        (await listed(source, metric)).map(async (item) => {
          const series = await seriesIn(item);
          // Items of an earlier version have neither, and count as oldest.
          const arrival = (item['firstAt'] as number | undefined) ?? 0;
          const lastAt = (item['lastAt'] as number | undefined) ?? Number.POSITIVE_INFINITY;
          const by = typeof item['by'] === 'string' ? { by: item['by'] } : {};
          return series === undefined ? undefined : { key: series.key, arrival, lastAt, ...by };
        }),
      );
      return arrivals.filter((one) => one !== undefined);
    },
    buckets: (reads) =>
      inParallel(reads, async ({ series, from, to }): Promise<Bucket[]> => {
        if (!(from < to)) return [];
        const items = await table.query({
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': keys.bucket(series.key, 0).pk, ':from': timeKey(from), ':to': timeKey(to) },
        });
        const found = await Promise.all(items.map((item) => bucketIn(item, series.key)));
        return found.filter((one) => one !== undefined && one.start < to) as Bucket[];
      }),
  };
}

const placeOf = ({ series, bucketStart }: { series: SeriesRef; bucketStart: number }): string => `${bucketStart}|${series.key}`;

function mergedBuckets(deltas: FoldBatch['deltas'], read: ReadonlyMap<string, Read | undefined>): Action[] {
  const merged = new Map<string, { delta: FoldBatch['deltas'][number]; summary: Summary; expires: number }>();
  for (const delta of deltas) {
    const place = placeOf(delta);
    const known = read.get(place);
    const before =
      merged.get(place) ??
      (known === undefined ? undefined : { summary: known.bucket.summary, expires: known.item[tableKeys.ttl] as number });
    merged.set(place, {
      delta,
      summary: before === undefined ? delta.summary : mergeSummary(before.summary, delta.summary),
      expires: Math.max(before?.expires ?? 0, ttlOf(delta.expiresAt)),
    });
  }
  return [...merged].map(([place, { delta, summary, expires }]): Action => {
    const revision = read.get(place)?.item['revision'] as number | undefined;
    const put: Item = {
      ...keys.bucket(delta.series.key, delta.bucketStart),
      [tableKeys.type]: 'bucket',
      start: delta.bucketStart,
      revision: (revision ?? 0) + 1,
      [tableKeys.ttl]: expires,
      doc: docOf(storedSummary.encode(summary), `a bucket of ${delta.series.key.slice(0, 200)}`),
    };
    return revision === undefined
      ? { put, condition: 'attribute_not_exists(pk)' }
      : { put, condition: 'revision = :revision', values: { ':revision': revision } };
  });
}

function markAction(mark: BatchMark): Action {
  const { id, version, keepUntil } = mark;
  const put: Item = {
    ...keys.batch(id),
    [tableKeys.type]: 'batch',
    version,
    [tableKeys.ttl]: ttlOf(keepUntil),
    doc: docOf(storedMark.encode(mark), `the mark of the batch ${id.slice(0, 200)}`),
  };
  return version === 1
    ? { put, condition: 'attribute_not_exists(pk)' }
    : { put, condition: '#version = :was', names: { '#version': 'version' }, values: { ':was': version - 1 } };
}

/** Whether a waiting record changed since it was read; the transaction checks again. */
async function isStale(table: Table, waiting: FoldBatch['waiting']): Promise<boolean> {
  const items = await table.getAll(waiting.map(({ value }) => keys.waiting(value.key)));
  return waiting.some(({ was }, n) => items[n]?.['state'] !== was);
}

function waitingAction({ value, was }: FoldBatch['waiting'][number]): Action {
  const put: Item = {
    ...keys.waiting(value.key),
    [tableKeys.type]: 'waiting',
    state: waitingMark(value),
    [tableKeys.ttl]: ttlOf(value.expiresAt),
    doc: docOf(storedWaiting.encode(value), `the waiting record ${value.key.slice(0, 200)}`),
  };
  return was === undefined
    ? { put, condition: 'attribute_not_exists(pk)' }
    : { put, condition: '#state = :was', names: { '#state': 'state' }, values: { ':was': was } };
}
