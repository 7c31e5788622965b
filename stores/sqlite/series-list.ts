import { type StoredSeries, storedSeries } from '../../core/telemetry/samples/stored-series.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type SeriesRow = { id: number; key: string; doc: string };

/** Which series there are, and their ids in this file; kept in memory if `owned`. */
export type SeriesList = {
  idOf(key: string): number | undefined;
  /** The series of one metric, in the order of their keys. */
  of(source: string, metric: string): SeriesRef[];
  /** Series that a commit has added. */
  add(begun: ReadonlyMap<string, number>): void;
  forget(): void;
};

/** `moved`: a series that does not decode went to the quarantine. */
export function seriesList(sql: Sql, owned: boolean, quarantine: Quarantine, moved: (seriesId: number) => void): SeriesList {
  let ids = new Map<string, number>();
  let lists = new Map<string, SeriesRef[]>();

  function refOf({ id, key, doc }: SeriesRow): SeriesRef[] {
    const decoded = decodeAs(storedSeries, doc, { key });
    if (decoded.ok) return [frozenSeries(decoded.value)];
    // Its next sample starts it over; memory's knowledge of its place is outdated once it is moved.
    const forget = (): void => {
      ids.delete(key);
      moved(id);
      lists = new Map();
    };
    quarantine.note({ kind: 'series', id: key, reason: decoded.reason, key: [id], moved: forget });
    return [];
  }

  return {
    idOf(key) {
      let id = owned ? ids.get(key) : undefined;
      if (id === undefined) {
        id = sql.get<{ id: number }>('SELECT id FROM series WHERE key = ?', key)?.id;
        if (id !== undefined) ids.set(key, id);
      }
      return id;
    },
    of(source, metric) {
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
    add(begun) {
      for (const [key, seriesId] of begun) ids.set(key, seriesId);
      if (begun.size > 0) lists = new Map();
    },
    forget() {
      ids = new Map();
      lists = new Map();
    },
  };
}

/** Shared by all readers of the list. */
const frozenSeries = ({ source, metric, labels, key }: StoredSeries): SeriesRef =>
  Object.freeze({ source, metric, labels: Object.freeze(labels), key });
