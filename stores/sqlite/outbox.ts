import type { SQLInputValue } from 'node:sqlite';
import type { Outbox } from '../../app/ports/outbox.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { type Priority, pagePriorities, priorities } from '../../core/response/outbox/lanes.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { GroupCommit } from './group-commit.ts';
import { unlisted } from './incidents.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type EffectRow = {
  place: number;
  id: string;
  doc: string;
  attempts: number;
  not_before: number;
  first_tried_at: number | null;
  last_error: string | null;
  done: number;
  priority: number;
};

const columns = 'place, id, doc, attempts, not_before, first_tried_at, last_error, done, priority';

/** For one priority, in index order; busy lanes are skipped within the index. */
const due = `SELECT ${columns} FROM effects WHERE done = 0 AND priority = ? AND due_at <= ?`;
const unlessBusy = ' AND receiver NOT IN (SELECT value FROM json_each(?)) AND lane NOT IN (SELECT value FROM json_each(?))';
const inTheirOrder = ' ORDER BY due_at, created_at, place LIMIT ?';

/** Mostly nothing is due, and one look in the index tells. */
const anyDue = (of: readonly Priority[]): string =>
  of.map((priority) => `SELECT 1 FROM effects WHERE done = 0 AND priority = ${priority} AND due_at <= ?1`).join(' UNION ALL ');

/** `incident#version#n` */
const incidentOf = (id: string): string => id.replace(/#\d+#\d+$/, '');

/** Whether somebody is waiting for it: an undelivered page that is not synthetic. */
function isUrgent(sql: Sql, { id, done, priority }: EffectRow): boolean {
  if (done === 1 || !pagePriorities.some((one) => one === priority)) return false;
  const text = 'SELECT 1 FROM incidents WHERE id = ? AND resolved = ?';
  return sql.get(text, incidentOf(id), unlisted) === undefined;
}

function storedIn(sql: Sql, quarantine: Quarantine, row: EffectRow): StoredEffect | undefined {
  const { place, id, doc } = row;
  const decoded = decodeAs(storedEffect, doc, { id });
  if (!decoded.ok) {
    quarantine.note({ kind: 'effect', id, reason: decoded.reason, key: [place], urgent: isUrgent(sql, row) });
    return undefined;
  }
  return {
    effect: decoded.value,
    attempts: row.attempts,
    notBefore: row.not_before,
    ...(row.first_tried_at === null ? {} : { firstTriedAt: row.first_tried_at }),
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
    done: row.done === 1,
  };
}

/** Releases all leases; postponed effects stay postponed. */
export function releaseLeases(sql: Sql): void {
  sql.run('UPDATE effects SET due_at = not_before WHERE done = 0 AND due_at > not_before');
}

const isSlot = ({ at, critical_at: critical }: { at: unknown; critical_at: unknown }): boolean =>
  typeof at === 'number' && (critical === null || typeof critical === 'number');

/** Outgoing effects, and the rate limit of pages. */
export function outbox(sql: Sql, write: GroupCommit['write'], quarantine: Quarantine): Outbox {
  const all = (text: string, ...values: SQLInputValue[]): StoredEffect[] =>
    sql.all<EffectRow>(text, ...values).flatMap((row) => storedIn(sql, quarantine, row) ?? []);
  return {
    async dueEffects(now, limit, { priorities: wanted = priorities, busy } = {}) {
      if (wanted.length === 0 || sql.get(`${anyDue(wanted)} LIMIT 1`, now) === undefined) return [];
      const isAnyBusy = busy !== undefined && busy.receivers.length + busy.lanes.length > 0;
      const passedOver = isAnyBusy ? [JSON.stringify(busy.receivers), JSON.stringify(busy.lanes)] : [];
      const text = due + (isAnyBusy ? unlessBusy : '') + inTheirOrder;
      const found: StoredEffect[] = [];
      for (const priority of wanted) {
        const left = limit - found.length;
        if (left <= 0) break;
        found.push(...all(text, priority, now, ...passedOver, left));
      }
      return found;
    },
    async effectsOfLane(lane) {
      const text = `SELECT ${columns} FROM effects WHERE done = 0 AND lane = ? ORDER BY created_at, place`;
      return all(text, lane);
    },
    async effect(id) {
      const row = sql.get<EffectRow>(`SELECT ${columns} FROM effects WHERE id = ?`, id);
      return row === undefined ? undefined : storedIn(sql, quarantine, row);
    },
    async leaseEffect(id, now, until, { early = false } = {}) {
      // A lease moves only due_at, so a postponed effect has due_at equal to not_before, and a
      // leased one has not.
      const text = `UPDATE effects SET due_at = ?1, not_before = min(not_before, ?2), attempts = attempts + 1,
        first_tried_at = coalesce(first_tried_at, ?2)
        WHERE id = ?3 AND done = 0 AND (due_at <= ?2 OR (?4 AND due_at = not_before))`;
      // Leases are dropped after a crash, so they need not survive a power cut.
      return write(() => sql.run(text, until, now, id, early ? 1 : 0) === 1, { losable: true });
    },
    async postponeEffect(id, notBefore, { error, uncount, unlessHeldAt }) {
      // An untried effect has no first try; otherwise waiting for the rate limit would count as
      // failing.
      const text = `UPDATE effects SET not_before = ?1, due_at = ?1, last_error = coalesce(?2, last_error),
        attempts = iif(?3, max(attempts - 1, 0), attempts),
        first_tried_at = iif(?3 AND attempts <= 1, NULL, first_tried_at)
        WHERE id = ?4 AND done = 0 AND (?5 IS NULL OR due_at <= ?5)`;
      await write(() => sql.run(text, notBefore, error ?? null, uncount === true ? 1 : 0, id, unlessHeldAt ?? null));
    },
    async pageSlot(lane) {
      const row = sql.get<{ at: number; critical_at: number | null }>(
        'SELECT at, critical_at FROM page_slots WHERE key = ?',
        lane,
      );
      if (row === undefined) return undefined;
      if (!isSlot(row)) {
        const reason = { by: 'shape', text: 'the times of the page slot are no numbers' } as const;
        quarantine.note({ kind: 'page slot', id: lane, reason, key: [lane] });
        return undefined;
      }
      return { at: row.at, ...(row.critical_at === null ? {} : { criticalAt: row.critical_at }) };
    },
    async claimPageSlot(lane, was, next) {
      const critical = next.criticalAt ?? null;
      // After a power cut a page may follow another within the interval; that is not worth a disk
      // flush.
      const claim = (): boolean =>
        was === undefined
          ? sql.run('INSERT OR IGNORE INTO page_slots (key, at, critical_at) VALUES (?, ?, ?)', lane, next.at, critical) === 1
          : sql.run(
              'UPDATE page_slots SET at = ?, critical_at = ? WHERE key = ? AND at = ? AND critical_at IS ?',
              next.at,
              critical,
              lane,
              was.at,
              was.criticalAt ?? null,
            ) === 1;
      return write(claim, { losable: true });
    },
    async pendingPages(now) {
      const text = `SELECT count(*) AS pages, total(due_at <= ?) AS waiting, min(created_at) AS oldest
        FROM effects WHERE done = 0 AND priority IN (0, 2)`;
      const { pages, waiting, oldest } = sql.get<{ pages: number; waiting: number; oldest: number | null }>(text, now) ?? {
        pages: 0,
        waiting: 0,
        oldest: null,
      };
      return { waiting, held: pages - waiting, ...(oldest === null ? {} : { oldestAt: oldest }) };
    },
    async nextDueAt() {
      const next = sql.get<{ at: number | null }>(
        'SELECT min(at) AS at FROM (SELECT min(next_step_at) AS at FROM incidents WHERE next_step_at IS NOT NULL UNION ALL SELECT min(due_at) FROM effects WHERE done = 0 AND priority = 0 UNION ALL SELECT min(due_at) FROM effects WHERE done = 0 AND priority = 1 UNION ALL SELECT min(due_at) FROM effects WHERE done = 0 AND priority = 2 UNION ALL SELECT min(due_at) FROM effects WHERE done = 0 AND priority = 3)',
      );
      return next?.at ?? undefined;
    },
  };
}
