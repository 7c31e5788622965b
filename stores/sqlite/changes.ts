import type { Write } from '../../app/ports/commit.ts';
import type { ModelStore } from '../../app/ports/model-store.ts';
import { type Change, keepChangesMs, mostKept } from '../../core/telemetry/changes/change.ts';
import { storedChange } from '../../core/telemetry/changes/stored-change.ts';
import { asChangeId, type ChangeId } from '../../core/vocabulary/ids.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import { keyText, type Sql } from './sql.ts';

type Row = { id: ChangeId; version: number; at: number; doc: string };

const columns = 'id, version, at, doc';
const latest = { at: Number.MAX_SAFE_INTEGER, id: asChangeId('') };

/** What was changed, as others said: found by id, and listed by time. */
export type StoredChanges = {
  reads: Pick<ModelStore, 'changesOf' | 'changes'>;
  /** false: it changed since it was read. */
  put(write: Extract<Write, { kind: 'change' }>): boolean;
};

export function storedChanges(sql: Sql, quarantine: Quarantine): StoredChanges {
  function read({ id, version, at, doc }: Row): Change | undefined {
    const decoded = decodeAs(storedChange, doc, { id, version, at });
    if (decoded.ok) return decoded.value;
    quarantine.note({ kind: 'change', id, reason: decoded.reason, key: [id] });
    return undefined;
  }
  const byId = (id: ChangeId): Change | undefined => {
    const row = sql.get<Row>(`SELECT ${columns} FROM changes WHERE id = ?`, keyText(id));
    return row === undefined ? undefined : read(row);
  };
  return {
    reads: {
      changesOf: async (ids) => ids.map(byId),
      async changes({ limit, since = 0, before = latest }) {
        const text = `SELECT ${columns} FROM changes WHERE at >= ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`;
        return sql.all<Row>(text, since, before.at, before.id, limit).flatMap((row) => read(row) ?? []);
      },
    },
    put({ value, expected }) {
      const { version, at } = value;
      const [id, doc] = [keyText(value.id), storedChange.encode(value)];
      return expected === 0
        ? sql.run(`INSERT OR IGNORE INTO changes (${columns}) VALUES (?, ?, ?, ?)`, id, version, at, doc) === 1
        : sql.run(
            'UPDATE changes SET version = ?, at = ?, doc = ? WHERE id = ? AND version = ?',
            version,
            at,
            doc,
            id,
            expected,
          ) === 1;
    },
  };
}

/**
 * Those that are too old, and of too many the oldest of whoever sent most, so that one sender
 * cannot make others forgotten. Returns how many were dropped.
 */
export function pruneChanges(sql: Sql, now: number): number {
  const old = sql.run('DELETE FROM changes WHERE at < ?', now - keepChangesMs);
  const beyond = (sql.get<{ count: number }>('SELECT count(*) AS count FROM changes')?.count ?? 0) - mostKept;
  if (beyond <= 0) return old;
  const sender = "CASE WHEN json_valid(doc) THEN json_extract(doc, '$.sender') END";
  const placed = `SELECT id, at, row_number() OVER (PARTITION BY ${sender} ORDER BY at DESC, id DESC) AS place FROM changes`;
  const dropped = `SELECT id FROM (${placed}) ORDER BY place DESC, at, id LIMIT ?`;
  return old + sql.run(`DELETE FROM changes WHERE id IN (${dropped})`, beyond);
}
