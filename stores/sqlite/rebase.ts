import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedHeartbeat } from '../../core/alerting/heartbeats/stored-heartbeat.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { notesWithTimes, rebasedNote } from '../../core/selfcheck/clock/notes.ts';
import {
  rebasedAlert,
  rebasedDeployment,
  rebasedEffect,
  rebasedHeartbeat,
  rebasedIncident,
  rebasedOverride,
  rebasedSilence,
} from '../../core/selfcheck/clock/rebase.ts';
import type { ClockStep } from '../../core/selfcheck/clock/step.ts';
import type { StoredRecord } from '../../core/vocabulary/stored-record.ts';
import type { Sql } from './sql.ts';

/** A resolved incident can be reopened for a while; older ones have no relevant times. */
const reopensWithinMs = 30 * 86_400_000;

type Versioned = { version: number };

/**
 * Moves every stored time that something waits for or counts from (core/selfcheck/clock/rebase.ts).
 * Versions grow, so that decisions in progress are made again. Call in a transaction; memory must
 * be cleared.
 */
export function rebase(sql: Sql, step: ClockStep): number {
  let count = 0;
  const each = <T extends Versioned>(
    record: StoredRecord<T>,
    text: string,
    values: number[],
    next: (value: T, step: ClockStep) => T,
    write: (place: number | string, value: T, doc: string) => number,
  ): void => {
    for (const { place, doc } of sql.all<{ place: number | string; doc: string }>(text, ...values)) {
      const decoded = record.decode(doc);
      // Its reader will find and quarantine it.
      if (!decoded.ok) continue;
      const { value } = decoded;
      const after = next(value, step);
      if (after === value) continue;
      const changed = { ...after, version: value.version + 1 };
      count += write(place, changed, record.encode(changed));
    }
  };
  each(storedAlert, 'SELECT place, doc FROM alerts', [], rebasedAlert, (place, { version }, doc) =>
    sql.run('UPDATE alerts SET version = ?, doc = ? WHERE place = ?', version, doc, place),
  );
  each(
    storedIncident,
    `SELECT id AS place, doc FROM incidents WHERE resolved <> 1 OR next_step_at IS NOT NULL
      OR CASE WHEN json_valid(doc) THEN doc ->> 'resolvedAt' > ? ELSE 0 END`,
    [step.from - reopensWithinMs],
    rebasedIncident,
    (id, { version, openedAt, nextStepAt }, doc) =>
      sql.run(
        'UPDATE incidents SET version = ?, opened_at = ?, next_step_at = ?, doc = ? WHERE id = ?',
        version,
        openedAt,
        nextStepAt ?? null,
        doc,
        id,
      ),
  );
  const eachUntil = <T extends Versioned & { until: number }>(
    record: StoredRecord<T>,
    table: string,
    next: (value: T, step: ClockStep) => T,
  ): void =>
    each(record, `SELECT id AS place, doc FROM ${table} WHERE until > ?`, [step.from], next, (id, { version, until }, doc) =>
      sql.run(`UPDATE ${table} SET version = ?, until = ?, doc = ? WHERE id = ?`, version, until, doc, id),
    );
  eachUntil(storedSilence, 'silences', rebasedSilence);
  eachUntil(storedOverride, 'overrides', rebasedOverride);
  each(storedDeployment, 'SELECT name AS place, doc FROM deployments', [], rebasedDeployment, (name, { version }, doc) =>
    sql.run('UPDATE deployments SET version = ?, doc = ? WHERE name = ?', version, doc, name),
  );
  each(storedHeartbeat, 'SELECT name AS place, doc FROM heartbeats', [], rebasedHeartbeat, (name, { version }, doc) =>
    sql.run('UPDATE heartbeats SET version = ?, doc = ? WHERE name = ?', version, doc, name),
  );
  count += rebaseOutbox(sql, step);
  for (const key of notesWithTimes) {
    const note = sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
    const next = note === undefined ? undefined : rebasedNote(key, note, step);
    if (next !== undefined) count += sql.run('UPDATE meta SET value = ? WHERE key = ?', next, key);
  }
  // Judgements only inform, and the next tick writes them anew.
  sql.run(`DELETE FROM meta WHERE key >= 'judged ' AND key < 'judged!'`);
  return count;
}

/** The latest time at which the runtime noted its state. */
export const lastNoted = (sql: Sql): number | undefined =>
  sql.get<{ at: number | null }>(
    `SELECT max(value ->> 'at') AS at FROM meta WHERE key IN ('tick note', 'vitals', 'consistency check') AND json_valid(value)`,
  )?.at ?? undefined;

type EffectRow = { id: string; doc: string; attempts: number; not_before: number; first_tried_at: number | null };

function rebaseOutbox(sql: Sql, step: ClockStep): number {
  let count = 0;
  const by = step.to - step.from;
  const text = 'SELECT id, doc, attempts, not_before, first_tried_at FROM effects WHERE done = 0';
  for (const { id, doc, attempts, not_before: notBefore, first_tried_at: tried } of sql.all<EffectRow>(text)) {
    const decoded = storedEffect.decode(doc);
    if (!decoded.ok) continue;
    const stored = { effect: decoded.value, attempts, notBefore, done: false };
    const after = rebasedEffect(tried === null ? stored : { ...stored, firstTriedAt: tried }, step);
    // Leases move like everything else.
    count += sql.run(
      'UPDATE effects SET doc = ?, created_at = ?, not_before = ?, due_at = due_at + ?, first_tried_at = ? WHERE id = ?',
      storedEffect.encode(after.effect),
      after.effect.createdAt,
      after.notBefore,
      by,
      after.firstTriedAt ?? null,
      id,
    );
  }
  return count + sql.run('UPDATE page_slots SET at = at + :by, critical_at = critical_at + :by', { by });
}
