import type { Store } from '../../app/ports.ts';
import type { Effect, StoredEffect } from '../../core/deliveries/effect.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Sql } from './sql.ts';

type EffectRow = {
  doc: string;
  attempts: number;
  not_before: number;
  first_tried_at: number | null;
  last_error: string | null;
  done: number;
};

const columns = 'doc, attempts, not_before, first_tried_at, last_error, done';

const due = `SELECT ${columns} FROM effects WHERE done = 0 AND due_at <= ?`;

const storedEffect = (row: EffectRow): StoredEffect => ({
  effect: JSON.parse(row.doc) as Effect,
  attempts: row.attempts,
  notBefore: row.not_before,
  ...(row.first_tried_at === null ? {} : { firstTriedAt: row.first_tried_at }),
  ...(row.last_error === null ? {} : { lastError: row.last_error }),
  done: row.done === 1,
});

/** Nobody holds an effect any more; what was postponed stays so. */
export function releaseLeases(sql: Sql): void {
  sql.run('UPDATE effects SET due_at = not_before WHERE done = 0 AND due_at > not_before');
}

/** Effects on their way out, and what keeps pages to one target apart. */
export function outbox(
  sql: Sql,
  write: GroupCommit['write'],
): Pick<Store, 'dueEffects' | 'effect' | 'leaseEffect' | 'postponeEffect' | 'lastPaged' | 'claimPageSlot' | 'nextDueAt'> {
  return {
    dueEffects: async (now, limit, medium) =>
      (medium === undefined
        ? sql.all<EffectRow>(`${due} ORDER BY due_at, created_at, place LIMIT ?`, now, limit)
        : sql.all<EffectRow>(`${due} AND medium = ? ORDER BY due_at, created_at, place LIMIT ?`, now, medium, limit)
      ).map(storedEffect),
    async effect(id) {
      const row = sql.get<EffectRow>(`SELECT ${columns} FROM effects WHERE id = ?`, id);
      return row === undefined ? undefined : storedEffect(row);
    },
    async leaseEffect(id, now, until) {
      const text =
        'UPDATE effects SET due_at = ?, attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, ?) WHERE id = ? AND done = 0 AND due_at <= ?';
      // A lease ends with its holder: after a crash it is dropped, so it need not outlive the machine.
      return write(() => sql.run(text, until, now, id, now) === 1, { losable: true });
    },
    async postponeEffect(id, notBefore, { error, uncount }) {
      // What was never tried has no time of its first try, or the wait for a storm limit would count as failing.
      const text = `UPDATE effects SET not_before = :at, due_at = :at, last_error = coalesce(:error, last_error),
        attempts = iif(:uncount, max(attempts - 1, 0), attempts),
        first_tried_at = iif(:uncount AND attempts <= 1, NULL, first_tried_at) WHERE id = :id AND done = 0`;
      await write(() => sql.run(text, { at: notBefore, error: error ?? null, uncount: uncount === true ? 1 : 0, id }));
    },
    lastPaged: async (key) => sql.get<{ at: number }>('SELECT at FROM page_slots WHERE key = ?', key)?.at,
    async claimPageSlot(key, was, at) {
      // Lost with the machine, a page may follow on another within the interval; that is no reason to wait for the disk.
      const claim = (): boolean =>
        was === undefined
          ? sql.run('INSERT OR IGNORE INTO page_slots (key, at) VALUES (?, ?)', key, at) === 1
          : sql.run('UPDATE page_slots SET at = ? WHERE key = ? AND at = ?', at, key, was) === 1;
      return write(claim, { losable: true });
    },
    async nextDueAt() {
      const next = sql.get<{ at: number | null }>(
        'SELECT min(at) AS at FROM (SELECT min(next_step_at) AS at FROM incidents WHERE next_step_at IS NOT NULL UNION ALL SELECT min(due_at) FROM effects WHERE done = 0)',
      );
      return next?.at ?? undefined;
    },
  };
}
