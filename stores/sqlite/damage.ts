import type { Sql } from './sql.ts';

/** Up to this size the whole file is checked: 1 to 2 s per cached GB, plus disk time. */
const wholeUpTo = 2 ** 30;
/**
 * Larger files are checked without these tables: they are most of the file, and can be measured
 * again.
 */
const measured = ['buckets', 'batches', 'waiting'];

/**
 * The first fault that `PRAGMA quick_check` finds, or undefined. Damage found at night would stop a
 * page; found here it stops a start, while somebody watches. `bytes` is the file size.
 */
export function damageOf(sql: Sql, bytes: number): string | undefined {
  const names =
    bytes <= wholeUpTo
      ? [undefined]
      : sql
          .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
          .map(({ name }) => name)
          .filter((name) => !measured.includes(name));
  for (const name of names) {
    const of = name === undefined ? '1' : `"${name}"`;
    const found = sql.get<{ quick_check: string }>(`PRAGMA quick_check(${of})`)?.quick_check;
    if (found !== undefined && found !== 'ok') return found.replaceAll('\n', ' ').trim();
  }
  return undefined;
}
