import type { Store, Write } from '../../app/ports.ts';
import type { Alert } from '../../core/alerts/alert.ts';
import { lasts } from '../../core/alerts/external.ts';
import { frozen } from './frozen.ts';
import type { Sql } from './sql.ts';

/** An alert as callers are told of it: as it was written, until somebody reads it. */
type Known =
  | { version: number; text: string }
  | { version: number; alert: Alert /** What the file holds, where that is older. */; stored?: Alert };

type AlertWrite = Extract<Write, { kind: 'alert' }>;

/** What one commit changes of alerts. In memory it counts from `keep` on, when the commit stands. */
export type AlertChanges = {
  /** false: it is no longer as it was read. */
  put(write: AlertWrite): boolean;
  remove(write: Extract<Write, { kind: 'alert gone' }>): boolean;
  keep(): void;
};

export type StoredAlerts = Pick<Store, 'alert' | 'alerts'> & {
  change(): AlertChanges;
  /** Keeps repeats in memory, all or none of them. false: one is no longer as it was read; undefined: not all can be kept there. */
  hold(repeats: readonly AlertWrite[]): boolean | undefined;
  /** Writes the repeats that are in memory only, as the store is closed. */
  writeHeld(): void;
  /** Forgets what memory holds, for what the file holds is not what was kept. Held repeats go as they do in a crash. */
  forget(): void;
};

/**
 * Alerts. The owner of the file keeps up to `limit` of them in memory, for each tick reads them all; and a repeat, which only
 * puts the end of an alert off, in memory alone for as long as the stored end lasts. `limit` 0: the file speaks for itself.
 */
export function storedAlerts(sql: Sql, limit: number): StoredAlerts {
  const cache = new Map<string, Known>();
  /** Those of which the file holds an older version. */
  const held = new Set<string>();
  /** Fingerprints in order, with those that are gone, and then those that were added since. */
  let order: string[] = [];
  let added = false;
  /** Whether all alerts are in memory. */
  let complete = false;

  const alertOf = (fingerprint: string, known: Known): Alert => {
    if ('alert' in known) return known.alert;
    const alert = frozen(JSON.parse(known.text) as Alert);
    // One of a commit that is still under way counts only when that stands.
    if (cache.get(fingerprint) === known) cache.set(fingerprint, { version: known.version, alert });
    return alert;
  };
  const storedVersion = (known: Known): number => ('alert' in known ? (known.stored?.version ?? known.version) : known.version);
  const add = (fingerprint: string, known: Known): void => {
    if (complete && !cache.has(fingerprint)) {
      order.push(fingerprint);
      added = true;
    }
    cache.set(fingerprint, known);
    if ('alert' in known && known.stored !== undefined) held.add(fingerprint);
    else held.delete(fingerprint);
    if (cache.size > limit + held.size) makeRoom();
  };
  const makeRoom = (): void => {
    complete = false;
    for (const fingerprint of cache.keys()) if (!held.has(fingerprint)) cache.delete(fingerprint);
  };
  const update = (fingerprint: string, version: number, text: string, expected: number): boolean =>
    sql.run(
      'UPDATE alerts SET version = ?, doc = ? WHERE fingerprint = ? AND version = ?',
      version,
      text,
      fingerprint,
      expected,
    ) === 1;

  /** A repeat as memory alone can keep it; undefined where the file has to be told of it. */
  function heldAs(repeat: Alert, known: Known): Known | undefined {
    if (held.size >= limit) return undefined;
    const alert = alertOf(repeat.fingerprint, known);
    const stored = 'alert' in known ? (known.stored ?? alert) : alert;
    return lasts(stored, repeat) ? { version: repeat.version, alert: frozen(repeat), stored } : undefined;
  }

  function hold(repeats: readonly AlertWrite[]): boolean | undefined {
    const changed = new Map<string, Known>();
    for (const { value, expected } of repeats) {
      const known = changed.get(value.fingerprint) ?? cache.get(value.fingerprint);
      if (known === undefined) return undefined;
      if (known.version !== expected) return false;
      const repeated = heldAs(value, known);
      if (repeated === undefined) return undefined;
      changed.set(value.fingerprint, repeated);
    }
    for (const [fingerprint, known] of changed) add(fingerprint, known);
    return true;
  }

  function change(): AlertChanges {
    const changed = new Map<string, Known | undefined>();
    const knownOf = (fingerprint: string): Known | undefined =>
      changed.has(fingerprint) ? changed.get(fingerprint) : cache.get(fingerprint);
    return {
      put({ value, expected, repeat }) {
        const { fingerprint, version } = value;
        const known = knownOf(fingerprint);
        if (known !== undefined && known.version !== expected) return false;
        const repeated = repeat === true && known !== undefined ? heldAs(value, known) : undefined;
        if (repeated !== undefined) {
          changed.set(fingerprint, repeated);
          return true;
        }
        const text = JSON.stringify(value);
        const written =
          expected === 0
            ? sql.run('INSERT OR IGNORE INTO alerts (fingerprint, version, doc) VALUES (?, ?, ?)', fingerprint, version, text) ===
              1
            : update(fingerprint, version, text, known === undefined ? expected : storedVersion(known));
        if (written) changed.set(fingerprint, { version, text });
        return written;
      },
      remove({ fingerprint, expected }) {
        const known = knownOf(fingerprint);
        if (known !== undefined && known.version !== expected) return false;
        const version = known === undefined ? expected : storedVersion(known);
        changed.set(fingerprint, undefined);
        return sql.run('DELETE FROM alerts WHERE fingerprint = ? AND version = ?', fingerprint, version) === 1;
      },
      keep() {
        if (limit === 0) return;
        for (const [fingerprint, known] of changed) {
          if (known !== undefined) add(fingerprint, known);
          else {
            cache.delete(fingerprint);
            held.delete(fingerprint);
          }
        }
      },
    };
  }

  function allInMemory(): Alert[] {
    if (added) order.sort();
    added = false;
    const alerts: Alert[] = [];
    const kept: string[] = [];
    for (const [place, fingerprint] of order.entries()) {
      // What was gone and came again is there twice.
      if (place > 0 && order[place - 1] === fingerprint) continue;
      const known = cache.get(fingerprint);
      if (known === undefined) continue;
      alerts.push(alertOf(fingerprint, known));
      kept.push(fingerprint);
    }
    order = kept;
    return alerts;
  }

  return {
    change,
    hold,
    async alert(fingerprint) {
      const known = cache.get(fingerprint);
      if (known !== undefined) return alertOf(fingerprint, known);
      if (complete) return undefined;
      const text = sql.get<{ doc: string }>('SELECT doc FROM alerts WHERE fingerprint = ?', fingerprint)?.doc;
      if (text === undefined) return undefined;
      const alert = JSON.parse(text) as Alert;
      if (limit > 0) add(fingerprint, { version: alert.version, alert: frozen(alert) });
      return alert;
    },
    async alerts() {
      if (complete) return allInMemory();
      const rows = sql.all<{ fingerprint: string; doc: string }>('SELECT fingerprint, doc FROM alerts ORDER BY fingerprint');
      if (rows.length > limit) {
        return rows.map(({ fingerprint, doc }) => {
          const known = held.has(fingerprint) ? cache.get(fingerprint) : undefined;
          return known === undefined ? (JSON.parse(doc) as Alert) : alertOf(fingerprint, known);
        });
      }
      for (const { fingerprint, doc } of rows) {
        if (cache.has(fingerprint)) continue;
        const alert = frozen(JSON.parse(doc) as Alert);
        cache.set(fingerprint, { version: alert.version, alert });
      }
      order = rows.map(({ fingerprint }) => fingerprint);
      complete = true;
      return allInMemory();
    },
    writeHeld() {
      if (held.size === 0) return;
      sql.transaction(() => {
        for (const fingerprint of held) {
          const known = cache.get(fingerprint);
          if (known === undefined || !('alert' in known)) continue;
          update(fingerprint, known.version, JSON.stringify(known.alert), storedVersion(known));
        }
      });
      held.clear();
    },
    forget() {
      cache.clear();
      held.clear();
      complete = false;
    },
  };
}
