import type { Sql } from './sql.ts';

/** Up to this size the whole file is checked: 1 to 2 s for 1 GB that the system has in memory, and what the disk takes for the rest. */
const wholeUpTo = 2 ** 30;
/** Of a larger file not these, which are most of it, and can be measured again. */
const measured = ['buckets', 'batches', 'waiting'];

/**
 * What is found to be wrong with the file first, by `PRAGMA quick_check`, or undefined. Damage that is met only when it is read would
 * stop a page at night; here it stops a start, while somebody watches. `bytes` is the size of the file.
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
