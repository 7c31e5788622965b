import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { notesWithTimes, rebasedNote } from '../../core/selfcheck/clock/notes.ts';
import {
  rebasedAlert,
  rebasedDeployment,
  rebasedEffect,
  rebasedIncident,
  rebasedOverride,
  rebasedSilence,
} from '../../core/selfcheck/clock/rebase.ts';
import type { ClockStep } from '../../core/selfcheck/clock/step.ts';
import type { Sql } from './sql.ts';

/** A resolved incident can be reopened for a while; of those that ended longer ago nothing counts any more. */
const reopensWithinMs = 30 * 86_400_000;

type Versioned = { version: number };

/**
 * Moves every time in the file that something waits for or counts from (core/selfcheck/clock/rebase.ts). Versions grow, so that what was being
 * decided meanwhile is decided anew. To be called in a transaction; memory has to forget what it holds.
 */
export function rebase(sql: Sql, step: ClockStep): number {
  let count = 0;
  const each = <T extends Versioned>(
    text: string,
    values: number[],
    next: (value: T, step: ClockStep) => T,
    write: (place: number | string, value: T) => number,
  ): void => {
    for (const { place, doc } of sql.all<{ place: number | string; doc: string }>(text, ...values)) {
      const value = JSON.parse(doc) as T;
      const after = next(value, step);
      if (after !== value) count += write(place, { ...after, version: value.version + 1 });
    }
  };
  each<Alert>('SELECT place, doc FROM alerts', [], rebasedAlert, (place, value) =>
    sql.run('UPDATE alerts SET version = ?, doc = ? WHERE place = ?', value.version, JSON.stringify(value), place),
  );
  each<Incident>(
    `SELECT id AS place, doc FROM incidents WHERE resolved <> 1 OR next_step_at IS NOT NULL OR doc ->> 'resolvedAt' > ?`,
    [step.from - reopensWithinMs],
    rebasedIncident,
    (id, value) =>
      sql.run(
        'UPDATE incidents SET version = ?, opened_at = ?, next_step_at = ?, doc = ? WHERE id = ?',
        value.version,
        value.openedAt,
        value.nextStepAt ?? null,
        JSON.stringify(value),
        id,
      ),
  );
  const eachUntil = <T extends Versioned & { until: number }>(table: string, next: (value: T, step: ClockStep) => T): void =>
    each<T>(`SELECT id AS place, doc FROM ${table} WHERE until > ?`, [step.from], next, (id, value) => {
      const text = `UPDATE ${table} SET version = ?, until = ?, doc = ? WHERE id = ?`;
      return sql.run(text, value.version, value.until, JSON.stringify(value), id);
    });
  eachUntil<Silence>('silences', rebasedSilence);
  eachUntil<Override>('overrides', rebasedOverride);
  each<DeploymentState>('SELECT name AS place, doc FROM deployments', [], rebasedDeployment, (name, value) =>
    sql.run('UPDATE deployments SET version = ?, doc = ? WHERE name = ?', value.version, JSON.stringify(value), name),
  );
  count += rebaseOutbox(sql, step);
  for (const key of notesWithTimes) {
    const note = sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
    const next = note === undefined ? undefined : rebasedNote(key, note, step);
    if (next !== undefined) count += sql.run('UPDATE meta SET value = ? WHERE key = ?', next, key);
  }
  return count;
}

/** The latest time by which the runtime has noted how it is. */
export const lastNoted = (sql: Sql): number | undefined =>
  sql.get<{ at: number | null }>(
    `SELECT max(value ->> 'at') AS at FROM meta WHERE key IN ('tick note', 'vitals', 'audit') AND json_valid(value)`,
  )?.at ?? undefined;

type EffectRow = { id: string; doc: string; attempts: number; not_before: number; first_tried_at: number | null };

function rebaseOutbox(sql: Sql, step: ClockStep): number {
  let count = 0;
  const by = step.to - step.from;
  const text = 'SELECT id, doc, attempts, not_before, first_tried_at FROM effects WHERE done = 0';
  for (const { id, doc, attempts, not_before: notBefore, first_tried_at: tried } of sql.all<EffectRow>(text)) {
    const stored = { effect: JSON.parse(doc) as Effect, attempts, notBefore, done: false };
    const after = rebasedEffect(tried === null ? stored : { ...stored, firstTriedAt: tried }, step);
    // The end of a lease moves with all else.
    count += sql.run(
      'UPDATE effects SET doc = ?, created_at = ?, not_before = ?, due_at = due_at + ?, first_tried_at = ? WHERE id = ?',
      JSON.stringify(after.effect),
      after.effect.createdAt,
      after.notBefore,
      by,
      after.firstTriedAt ?? null,
      id,
    );
  }
  return count + sql.run('UPDATE page_slots SET at = at + :by, critical_at = critical_at + :by', { by });
}
