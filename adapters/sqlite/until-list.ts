import type { Share } from './frozen.ts';
import type { Sql } from './sql.ts';

type Listed = { id: string; version: number; until: number };

export type UntilList<T extends Listed> = {
  /** Those that have not ended by `now`, in their order. */
  list(now: number): T[];
  /** false: it is no longer as it was read. */
  put(write: { value: T; expected: number }): boolean;
  /** Forgets what memory holds. */
  forget(): void;
};

/**
 * Records that are listed until their end, in the order of a time and then of their ids. There are few, and whoever decides anything
 * asks for them, so `owned` keeps the list in memory until one of them is written.
 */
export function untilList<T extends Listed>(
  sql: Sql,
  { table, orderedBy, owned, share }: { table: string; orderedBy: keyof T & string; owned: boolean; share: Share },
): UntilList<T> {
  /** All that had not ended by `since`. */
  let known: { since: number; list: readonly T[] } | undefined;
  const read = (now: number): T[] =>
    sql
      .all<{ doc: string }>(`SELECT doc FROM ${table} WHERE until > ? ORDER BY doc ->> '${orderedBy}', id`, now)
      .map(({ doc }) => share(JSON.parse(doc) as T));
  return {
    list(now) {
      if (!owned) return read(now);
      if (known === undefined || now < known.since) known = { since: now, list: read(now) };
      return known.list.filter(({ until }) => until > now);
    },
    put({ value, expected }) {
      known = undefined;
      const { id, version, until } = value;
      const doc = JSON.stringify(value);
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
