import { decodeAs, type StoredRecord } from '../../core/vocabulary/stored-record.ts';
import type { Share } from './frozen.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type Listed = { id: string; version: number; until: number };

export type UntilList<T extends Listed> = {
  /** Those that have not ended by `now`, in order. */
  list(now: number): T[];
  /** false: it changed since it was read. */
  put(write: { value: T; expected: number }): boolean;
  /** Clears memory. */
  forget(): void;
};

type Place<T> = { table: string; record: StoredRecord<T>; orderedBy: (value: T) => number; owned: boolean; share: Share };

/**
 * Records listed until they end, ordered by time, then id. They are few, and every decision needs
 * them, so `owned` keeps the list in memory until one is written.
 */
export function expiringRecords<T extends Listed>(
  sql: Sql,
  { table, record, orderedBy, owned, share }: Place<T>,
  quarantine: Quarantine,
): UntilList<T> {
  /** All that had not ended by `since`. */
  let known: { since: number; list: readonly T[] } | undefined;
  const read = (now: number): T[] =>
    sql
      .all<{ id: string; version: number; doc: string }>(`SELECT id, version, doc FROM ${table} WHERE until > ? ORDER BY id`, now)
      .flatMap(({ id, version, doc }) => {
        const expected = { id, version } as Partial<Record<keyof T & string, string | number>>;
        const decoded = decodeAs(record, doc, expected);
        if (decoded.ok) return share(decoded.value);
        quarantine.note({ kind: record.kind, id, reason: decoded.reason, key: [id] });
        return [];
      })
      .sort((a, b) => orderedBy(a) - orderedBy(b));
  return {
    list(now) {
      if (!owned) return read(now);
      if (known === undefined || now < known.since) known = { since: now, list: read(now) };
      return known.list.filter(({ until }) => until > now);
    },
    put({ value, expected }) {
      known = undefined;
      const { id, version, until } = value;
      const doc = record.encode(value);
      return expected === 0
        ? sql.run(`INSERT OR IGNORE INTO ${table} (id, version, until, doc) VALUES (?, ?, ?, ?)`, id, version, until, doc) === 1
        : sql.run(
            `UPDATE ${table} SET version = ?, until = ?, doc = ? WHERE id = ? AND version = ?`,
            version,
            until,
            doc,
            id,
            expected,
          ) === 1;
    },
    forget() {
      known = undefined;
    },
  };
}
