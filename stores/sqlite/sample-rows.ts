import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import { type Waiting, waitingMark } from '../../core/telemetry/samples/fold.ts';
import { storedMark } from '../../core/telemetry/samples/stored-mark.ts';
import { storedSeries } from '../../core/telemetry/samples/stored-series.ts';
import { storedWaiting } from '../../core/telemetry/samples/stored-waiting.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { keyText, type Sql } from './sql.ts';

export function insertSeries(sql: Sql, series: SeriesRef, by: string | undefined): number {
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

export type MarkRow = { version: number; expires_at: number; doc: string };

/** false: the stored mark does not have the previous version. */
export function writeMark(sql: Sql, mark: BatchMark): boolean {
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
export function writeWaiting(sql: Sql, value: Waiting, was: string | undefined): boolean {
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

/** Dropped bucket starts by series, and series with none left. */
export type Pruned = { dropped: Map<number, Set<number>>; gone: number[]; others: number };

export function prune(sql: Sql, now: number): Pruned {
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
