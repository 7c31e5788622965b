import type { SQLInputValue } from 'node:sqlite';
import type { QuarantineStore } from '../../app/ports/quarantine-store.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import type { StoredKind, Undecodable } from '../../core/vocabulary/stored-record.ts';
import { insertAudit } from './audit-rows.ts';
import type { GroupCommit } from './group-commit.ts';
import { places } from './places.ts';
import { restoreRow } from './restore-row.ts';
import type { Sql } from './sql.ts';

/** A row that does not decode: its name for people, and its key values. */
export type BadRow = {
  kind: StoredKind;
  id: string;
  reason: Undecodable;
  key: readonly SQLInputValue[];
  urgent?: boolean;
  /** Called after the row was moved, in the same job: memory drops it, or something replaces it. */
  moved?: () => void;
};

export type Quarantine = {
  /** Schedules a row found while reading to be moved. In a read-only store it is only listed. */
  note(row: BadRow): void;
  /** Moves a row at once, within the current job. */
  move(row: BadRow): void;
  /** Retries moves that failed, for example on a full disk, before any other write. */
  retry(): void;
  calls: QuarantineStore;
};

const placeOf = ({ kind, key }: BadRow): string => JSON.stringify([kind, ...key.map(String)]);

type Row = { kind: StoredKind; id: string; reason: string; urgent: number; told_at: number | null };

const entryOf = ({ kind, id, reason, urgent, told_at: toldAt }: Row): Quarantined => ({
  kind,
  id,
  reason,
  urgent: urgent === 1,
  ...(toldAt === null ? {} : { toldAt }),
});

/** `owned`: this process may write. `refresh`: memory reads the file anew. */
type Owner = { owned: boolean; refresh: () => void };

/** Rows that do not decode, unchanged, in a table of their own. */
export function quarantine(sql: Sql, write: GroupCommit['write'], { owned, refresh }: Owner): Quarantine {
  /** Found and not yet moved, by location. */
  const met = new Map<string, BadRow & { toldAt?: number }>();
  /**
   * Those whose move is under way. Each is asked for as it is found, so that nothing is written
   * over it before.
   */
  const asked = new Set<string>();

  function move({ kind, id, reason, key, urgent = false, moved, toldAt }: BadRow & { toldAt?: number }): void {
    const { table, key: columns, doc, others } = places[kind];
    const where = columns.map((column) => `${column} = ?`).join(' AND ');
    const kept = others.map((column) => `'${column}', ${column}`).join(', ');
    const entry = [kind, id, reason.text, urgent ? 1 : 0, toldAt ?? null] as const;
    sql.run(
      `INSERT INTO quarantine (kind, id, reason, urgent, told_at, others, doc)
        SELECT ?, ?, ?, ?, ?, json_object(${kept}), ${doc} FROM ${table} WHERE ${where}`,
      ...entry,
      ...key,
    );
    sql.run(`DELETE FROM ${table} WHERE ${where}`, ...key);
    moved?.();
  }

  function ask(): void {
    const rows = [...met].filter(([place]) => !asked.has(place));
    if (rows.length === 0 || !owned) return;
    for (const [place] of rows) asked.add(place);
    const work = (): void => {
      for (const [place, row] of rows) if (met.has(place)) move(row);
    };
    const kept = (): void => {
      for (const [place] of rows) met.delete(place);
    };
    // What could not be moved stays listed, and is retried with the next write.
    const ended = (): void => {
      for (const [place] of rows) asked.delete(place);
    };
    void write(work, { kept }).then(ended, ended);
  }

  return {
    note(row) {
      const place = placeOf(row);
      met.set(place, { ...met.get(place), ...row });
      ask();
    },
    move(row) {
      // Its place is about to be written anew, and what is written there is well.
      met.delete(placeOf(row));
      move(row);
    },
    retry: ask,
    calls: {
      async quarantined(limit) {
        ask();
        const text = 'SELECT kind, id, reason, urgent, told_at FROM quarantine ORDER BY place LIMIT ?';
        const unmoved = [...met.values()].map(
          ({ kind, id, reason, urgent = false, toldAt }): Quarantined => ({
            kind,
            id,
            reason: reason.text,
            urgent,
            ...(toldAt === undefined ? {} : { toldAt }),
          }),
        );
        return [...sql.all<Row>(text, limit).map(entryOf), ...unmoved].slice(0, limit);
      },
      async quarantinedText(kind, id) {
        const text = 'SELECT others, doc FROM quarantine WHERE kind = ? AND id = ? ORDER BY place DESC LIMIT 1';
        const row = sql.get<{ others: string; doc: string }>(text, kind, id);
        return row === undefined ? undefined : `${row.others}\n${row.doc}`;
      },
      async quarantineNote(key, reason) {
        const row: BadRow = { kind: 'note', id: key, reason, key: [key] };
        if (owned) await write(() => move(row));
        else met.set(key, row);
      },
      async quarantineTold(told, at) {
        for (const row of met.values()) if (told.some(({ kind, id }) => kind === row.kind && id === row.id)) row.toldAt ??= at;
        const text = 'UPDATE quarantine SET told_at = ? WHERE kind = ? AND id = ? AND told_at IS NULL';
        await write(() => {
          for (const { kind, id } of told) sql.run(text, at, kind, id);
        });
      },
      dropQuarantined: (kind, id, entry) =>
        write(() => {
          const isGone = sql.run('DELETE FROM quarantine WHERE kind = ? AND id = ?', kind, id) > 0;
          if (isGone && entry !== undefined) insertAudit(sql, [entry]);
          return isGone;
        }),
      async restoreQuarantined(kind, id, entry) {
        const restored = await write(() => restoreRow(sql, places[kind], kind, id, entry));
        if (restored.outcome === 'restored') refresh();
        return restored;
      },
    },
  };
}
