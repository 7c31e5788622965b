import type { StoredRecord } from '../../core/vocabulary/stored-record.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import { keyText, type Sql } from './sql.ts';

/** A table of few records that are read by name and not cached. */
export type NamedRecords<T> = {
  read(name: string): T | undefined;
  /** All that decode, by name. */
  all(): T[];
  /** false: it changed since it was read. */
  put(name: string, write: { value: T; expected: number }): boolean;
};

type Place<T> = {
  table: string;
  key: string;
  record: StoredRecord<T>;
  /** Replaces a record that does not decode, with the version it must have. */
  standIn?: (name: string, version: number) => T;
};

export function namedRecords<T extends { version: number }>(
  sql: Sql,
  quarantine: Quarantine,
  { table, key, record, standIn }: Place<T>,
): NamedRecords<T> {
  const columns = `(${key}, version, doc)`;
  function insert(name: string, value: T): boolean {
    return sql.run(`INSERT OR IGNORE INTO ${table} ${columns} VALUES (?, ?, ?)`, name, value.version, record.encode(value)) === 1;
  }
  const read = (name: string): T | undefined => {
    const id = keyText(name);
    const row = sql.get<{ version: number; doc: string }>(`SELECT version, doc FROM ${table} WHERE ${key} = ?`, id);
    if (row === undefined) return undefined;
    const { version, doc } = row;
    const known = { version } as Partial<Record<keyof T & string, number>>;
    const decoded = decodeAs(record, doc, known);
    if (decoded.ok) return decoded.value;
    const instead = standIn?.(name, version + 1);
    const moved = instead === undefined ? undefined : (): void => void insert(id, instead);
    quarantine.note({ kind: record.kind, id: name, reason: decoded.reason, key: [id], ...(moved && { moved }) });
    return instead;
  };
  return {
    read,
    all: () =>
      sql.all<{ name: string }>(`SELECT ${key} AS name FROM ${table} ORDER BY ${key}`).flatMap(({ name }) => read(name) ?? []),
    put(name, { value, expected }) {
      const id = keyText(name);
      if (expected === 0) return insert(id, value);
      const text = `UPDATE ${table} SET version = ?, doc = ? WHERE ${key} = ? AND version = ?`;
      return sql.run(text, value.version, record.encode(value), id, expected) === 1;
    },
  };
}
