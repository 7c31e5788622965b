import type { Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, lasts } from '../../core/alerting/alerts/external.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { alertReader } from './alert-reader.ts';
import { type AlertsToLookAt, timeSensitiveAlerts } from './alerts-to-look-at.ts';
import type { Share } from './frozen.ts';
import { type Known, knownAlerts } from './known-alerts.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type AlertWrite = Extract<Write, { kind: 'alert' }>;

/** One commit's changes of alerts. Memory uses them from `keep` on, when the commit succeeded. */
export type AlertChanges = {
  /** false: it changed since it was read. */
  put(write: AlertWrite): boolean;
  remove(write: Extract<Write, { kind: 'alert gone' }>): boolean;
  keep(): void;
};

export type StoredAlerts = Pick<Store, 'alert' | 'alertsOf' | 'alerts' | 'timeSensitiveAlerts'> & {
  change(): AlertChanges;
  /**
   * Keeps resends in memory, all or none. false: one changed since it was read; undefined: not all
   * can be kept.
   */
  hold(repeats: readonly AlertWrite[]): boolean | undefined;
  /** Writes resends that are only in memory, when the store closes. */
  writeHeld(): void;
  /**
   * Clears memory, because the file lacks what was kept. Resends in memory are lost as in a crash.
   */
  forget(): void;
};

/**
 * Alerts of the process that owns the file. It knows each row's place, so the file needs no index:
 * fingerprints are digests, and an index would cost a page write per new alert (docs/adr/0025). Up
 * to `limit` alerts are fully in memory, because each tick reads all. A resend, which only prolongs
 * an alert, stays in memory while the stored end is late enough.
 */
export function ownedAlerts(sql: Sql, limit: number, share: Share, quarantine: Quarantine): StoredAlerts {
  /** undefined until first used. */
  let toLookAt: AlertsToLookAt | undefined;
  // Text in memory belongs to a rule's alert.
  const known = knownAlerts(sql, limit, (fingerprint, alert) => toLookAt?.note(fingerprint, alert));
  const reader = alertReader(sql, known, share, quarantine);

  /** A resend that memory alone can keep; undefined if it must be written. */
  function heldAs(repeat: Alert, one: Known): Known | undefined {
    if (known.held.size >= limit) return undefined;
    const stored = one.stored ?? one.alert ?? reader.loaded(repeat.fingerprint, one);
    return stored !== undefined && lasts(stored, repeat)
      ? { place: one.place, version: repeat.version, alert: share(repeat), stored }
      : undefined;
  }

  function hold(repeats: readonly AlertWrite[]): boolean | undefined {
    const changed = new Map<Fingerprint, Known>();
    for (const { value, expected } of repeats) {
      const one = changed.get(value.fingerprint) ?? known.get(value.fingerprint);
      if (one?.version !== expected) return one === undefined ? undefined : false;
      const repeated = heldAs(value, one);
      if (repeated === undefined) return undefined;
      changed.set(value.fingerprint, repeated);
    }
    for (const [fingerprint, next] of changed) known.set(fingerprint, next);
    return true;
  }

  function change(): AlertChanges {
    const changed = new Map<Fingerprint, Known | undefined>();
    const knownOf = (fingerprint: Fingerprint): Known | undefined =>
      changed.has(fingerprint) ? changed.get(fingerprint) : known.get(fingerprint);
    return {
      put({ value, expected, repeat }) {
        const { fingerprint, version } = value;
        const one = knownOf(fingerprint);
        if ((one?.version ?? 0) !== expected) return false;
        const repeated = repeat === true && one !== undefined ? heldAs(value, one) : undefined;
        if (repeated !== undefined) {
          changed.set(fingerprint, repeated);
          return true;
        }
        const text = storedAlert.encode(value);
        const place = one?.place ?? known.newPlace();
        if (one === undefined) {
          sql.run('INSERT INTO alerts (place, fingerprint, version, doc) VALUES (?, ?, ?, ?)', place, fingerprint, version, text);
        } else sql.run('UPDATE alerts SET version = ?, doc = ? WHERE place = ?', version, text, place);
        // External data is text and whole numbers, which memory keeps exactly like the file.
        changed.set(
          fingerprint,
          value.external === undefined ? { place, version, text } : { place, version, alert: share(value) },
        );
        return true;
      },
      remove({ fingerprint, expected }) {
        const one = knownOf(fingerprint);
        if (one === undefined || one.version !== expected) return false;
        sql.run('DELETE FROM alerts WHERE place = ?', one.place);
        changed.set(fingerprint, undefined);
        return true;
      },
      keep() {
        for (const [fingerprint, next] of changed) known.set(fingerprint, next);
      },
    };
  }

  return {
    change,
    hold,
    alert: async (fingerprint) => reader.alertOf(fingerprint),
    alertsOf: async (fingerprints) => fingerprints.map(reader.alertOf),
    alerts: async () => reader.all(),
    async timeSensitiveAlerts(at) {
      if (toLookAt === undefined) {
        const index = timeSensitiveAlerts();
        for (const alert of reader.all()) index.note(alert.fingerprint, alert);
        toLookAt = index;
      }
      const found = toLookAt.find(at, reader.alertOf);
      if (found === undefined) {
        // The tick ends alerts without a source, so a fresh index has none.
        toLookAt = undefined;
        return reader.all().filter((alert) => isTimeSensitive(alert, at));
      }
      return found.sort().flatMap((fingerprint) => reader.alertOf(fingerprint) ?? []);
    },
    writeHeld() {
      if (known.held.size === 0) return;
      sql.transaction(() => {
        for (const fingerprint of known.held) {
          const { place, version, alert } = known.get(fingerprint) as Known & { alert: Alert };
          sql.run('UPDATE alerts SET version = ?, doc = ? WHERE place = ?', version, storedAlert.encode(alert), place);
        }
      });
      known.written();
    },
    forget() {
      known.forget();
      toLookAt = undefined;
    },
  };
}
