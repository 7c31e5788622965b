import { type HistoryLevel, historyLevels, type JudgementStore } from '../../app/ports/judgement-store.ts';
import { storedEntry } from '../../core/alerting/judgements/history/stored-entry.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type Row = { at: number; judged_at: number; doc: string };

const codeOf = (level: HistoryLevel): number => historyLevels.indexOf(level);

/** The history of judgements, clustered by series: a chart is one range. */
export function judgementHistory(sql: Sql, write: GroupCommit['write'], quarantine: Quarantine): JudgementStore {
  return {
    async addHistory(added) {
      if (added.length === 0) return;
      const text =
        'INSERT OR REPLACE INTO judgement_history (fingerprint, level, at, judged_at, expires_at, doc) VALUES (?, ?, ?, ?, ?, ?)';
      const all = (): void => {
        for (const { fingerprint, level, entry, expiresAt } of added)
          sql.run(text, fingerprint, codeOf(level), entry.at, entry.judgedAt, expiresAt, storedEntry.encode(entry));
      };
      await write(all, { losable: true });
    },
    async history({ fingerprint, level }, { from, to }, limit) {
      const text =
        'SELECT at, judged_at, doc FROM judgement_history WHERE fingerprint = ? AND level = ? AND at >= ? AND at < ? ORDER BY at DESC, judged_at DESC LIMIT ?';
      const code = codeOf(level);
      const rows = sql.all<Row>(text, fingerprint, code, from, to, limit).reverse();
      return rows.flatMap(({ at, judged_at: judgedAt, doc }) => {
        const decoded = decodeAs(storedEntry, doc, { at, judgedAt });
        if (decoded.ok) return decoded.value;
        const id = `${fingerprint} ${level} ${at}`;
        quarantine.note({ kind: 'history entry', id, reason: decoded.reason, key: [fingerprint, code, at, judgedAt] });
        return [];
      });
    },
  };
}

/** Returns how many were dropped. */
export const pruneHistory = (sql: Sql, now: number): number =>
  sql.run('DELETE FROM judgement_history WHERE expires_at <= ?', now);
