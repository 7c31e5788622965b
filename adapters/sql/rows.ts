import type { Point, Series } from '../../core/telemetry/series.ts';
import type { SqlQuery } from '../../core/telemetry/sources/kinds/sql.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';

/** What a column holds, as far as it matters here. `zoneless`: a time without its zone. */
export type ColumnType = 'time' | 'zoneless' | 'number' | 'text' | 'other';
export type Column = { name: string; type: ColumnType /** As the database calls it. */; typeName: string };
/** Texts as the database writes them; null for NULL. */
export type Row = readonly (string | null)[];

/** How an engine writes what a message advises. `seconds`: of a step. */
export type Dialect = { zoned(column: string): string; truncated(seconds: number): string };

/** `scanned`: bytes that are billed for it, if that is known. */
export type Read = { ok: true; series: Series[]; notes: string[]; scanned?: number } | { ok: false; error: string };

const maxLabel = 200;

/**
 * The rows of a result as series. A row is about [time, time + step), so its point is at the end of
 * that.
 */
export function seriesOf(
  columns: readonly Column[],
  rows: readonly Row[],
  query: SqlQuery,
  step: number,
  dialect: Dialect,
): Read {
  const found = placesOf(columns, query, dialect);
  if ('error' in found) return { ok: false, error: found.error };
  const { time, value, count, labels } = found;
  const series = new Map<string, { labels: Series['labels']; points: Map<number, Point> }>();
  const dropped = { nulls: 0, infinite: 0, apart: 0, timeless: 0 };
  for (const row of rows) {
    const own: Series['labels'] = {};
    for (const { name, place } of labels) {
      const text = row[place];
      if (text === null || text === undefined) continue;
      if (text.length > maxLabel)
        return {
          ok: false,
          error: `the column ${name} has a value of ${text.length} characters; a label has at most ${maxLabel}: select less`,
        };
      own[name] = text;
    }
    const key = labelsKey(own);
    const known = series.get(key) ?? { labels: own, points: new Map<number, Point>() };
    series.set(key, known);
    const at = Date.parse(row[time] ?? '');
    const number = Number(row[value] ?? Number.NaN);
    if (row[time] === null || Number.isNaN(at)) dropped.timeless += 1;
    else if (row[value] === null) dropped.nulls += 1;
    else if (!Number.isFinite(number)) dropped.infinite += 1;
    else if (at % step !== 0) dropped.apart += 1;
    else {
      if (known.points.has(at + step)) return { ok: false, error: twice(own, at) };
      const samples = count === undefined ? Number.NaN : Number(row[count] ?? Number.NaN);
      known.points.set(at + step, { at: at + step, value: number, ...(samples >= 0 && { count: samples }) });
    }
  }
  return {
    ok: true,
    series: [...series.values()].map(({ labels: own, points }) => ({
      labels: own,
      points: [...points.values()].sort((a, b) => a.at - b.at),
    })),
    notes: notesOf(dropped, query, step, dialect),
  };
}

const twice = (labels: Series['labels'], at: number): string =>
  `two rows are about ${new Date(at).toISOString()} and the labels ${shown(JSON.stringify(labels))}; group by the time and all label columns`;

type Places = { time: number; value: number; count: number | undefined; labels: { name: string; place: number }[] };

function placesOf(columns: readonly Column[], query: SqlQuery, dialect: Dialect): Places | { error: string } {
  const names = columns.map(({ name }) => name);
  const second = names.find((name, place) => names.indexOf(name) !== place);
  if (second !== undefined) return { error: `two columns are called ${second}; give each a name of its own` };
  const asked = [query.time, query.value, ...(query.count === undefined ? [] : [query.count])];
  const missing = asked.find((name) => !names.includes(name));
  if (missing !== undefined)
    return { error: `the result has no column ${missing}; it has ${names.slice(0, 20).join(', ') || 'none'}` };
  const of = (name: string): Column => columns[names.indexOf(name)] as Column;
  const time = of(query.time);
  if (time.type === 'zoneless')
    return {
      error: `the column ${query.time} is a ${time.typeName}, which has no time zone; write its zone: ${dialect.zoned(query.time)}`,
    };
  if (time.type !== 'time') return { error: `the column ${query.time} is a ${time.typeName}; expected a time with its zone` };
  for (const name of asked.slice(1))
    if (of(name).type !== 'number') return { error: `the column ${name} is a ${of(name).typeName}; expected a number` };
  const labels = columns.flatMap(({ name }, place) => (asked.includes(name) ? [] : [{ name, place }]));
  const odd = labels.find(({ name }) => of(name).type === 'other');
  if (odd !== undefined)
    return { error: `the column ${odd.name} is a ${of(odd.name).typeName}, which is no label; leave it out, or cast it to text` };
  return {
    time: names.indexOf(query.time),
    value: names.indexOf(query.value),
    count: query.count === undefined ? undefined : names.indexOf(query.count),
    labels,
  };
}

function notesOf(
  dropped: { nulls: number; infinite: number; apart: number; timeless: number },
  { time, value }: SqlQuery,
  step: number,
  dialect: Dialect,
): string[] {
  const rows = (count: number): string => `${count} row${count === 1 ? '' : 's'}`;
  const notes: string[] = [];
  if (dropped.timeless > 0) notes.push(`${rows(dropped.timeless)} without a ${time} dropped`);
  if (dropped.nulls > 0) notes.push(`${rows(dropped.nulls)} whose ${value} is NULL dropped`);
  if (dropped.infinite > 0) notes.push(`${rows(dropped.infinite)} whose ${value} is not a finite number dropped`);
  if (dropped.apart > 0)
    notes.push(
      `${rows(dropped.apart)} whose ${time} is no multiple of the step ${formatDuration(step)} dropped; truncate it, as with ${dialect.truncated(step / 1000)}`,
    );
  return notes;
}
