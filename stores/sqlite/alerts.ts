import type { Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, lasts } from '../../core/alerting/alerts/external.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { type Decoded, decodeAs } from '../../core/vocabulary/stored-record.ts';
import { type AlertsToLookAt, timeSensitiveAlerts } from './alerts-to-look-at.ts';
import type { Share } from './frozen.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

/** Where the file holds an alert, and what is in memory: the alert, its text, or neither. */
type Known = {
  place: number;
  /** The version callers see. */
  version: number;
  alert?: Alert;
  text?: string;
  /** The file's version, if it is older. */
  stored?: Alert;
};

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

type Row = { place: number; fingerprint: Fingerprint; version: number };

/** If more than this many are missing from memory, the whole file is read at once. */
const maxReadsOneByOne = 50;

/**
 * Alerts of the process that owns the file. It knows each row's place, so the file needs no index:
 * fingerprints are digests, and an index would cost a page write per new alert (docs/adr/0025). Up
 * to `limit` alerts are fully in memory, because each tick reads all. A resend, which only prolongs
 * an alert, stays in memory while the stored end is late enough.
 */
export function ownedAlerts(sql: Sql, limit: number, share: Share, quarantine: Quarantine): StoredAlerts {
  let known: Map<Fingerprint, Known> | undefined;
  /** Alerts with an older version in the file. */
  const held = new Set<Fingerprint>();
  /** Alerts in memory, decoded or as text. */
  let inMemory = 0;
  let nextPlace = 1;
  /**
   * Fingerprints in order, including deleted ones, then those added since; undefined until first
   * used.
   */
  let order: Fingerprint[] | undefined;
  let added = false;
  /** undefined until first used. */
  let toLookAt: AlertsToLookAt | undefined;

  function all(): Map<Fingerprint, Known> {
    if (known !== undefined) return known;
    known = new Map();
    for (const { place, fingerprint, version } of sql.all<Row>('SELECT place, fingerprint, version FROM alerts')) {
      known.set(fingerprint, { place, version });
      nextPlace = Math.max(nextPlace, place + 1);
    }
    return known;
  }

  const isInMemory = ({ alert, text }: Known): boolean => alert !== undefined || text !== undefined;
  const set = (fingerprint: Fingerprint, next: Known | undefined): void => {
    const before = all().get(fingerprint);
    if (before !== undefined && isInMemory(before)) inMemory -= 1;
    if (next === undefined) {
      all().delete(fingerprint);
      held.delete(fingerprint);
      toLookAt?.note(fingerprint, undefined);
      return;
    }
    if (before === undefined && order !== undefined) {
      order.push(fingerprint);
      added = true;
    }
    const isKept = next.stored !== undefined || inMemory < limit;
    all().set(fingerprint, isKept ? next : { place: next.place, version: next.version });
    if (isKept && isInMemory(next)) inMemory += 1;
    if (next.stored === undefined) held.delete(fingerprint);
    else held.add(fingerprint);
    // Text in memory belongs to a rule's alert.
    if (before?.version !== next.version) toLookAt?.note(fingerprint, next.alert ?? {});
  };

  /** Text in memory was written by this process. */
  function load(fingerprint: Fingerprint, { place, version, alert, text }: Known, doc?: string): Decoded<Alert> {
    if (alert !== undefined) return { ok: true, value: alert };
    if (text !== undefined) return { ok: true, value: share(storedAlert.reread(text)) };
    const stored = doc ?? sql.get<{ doc: string }>('SELECT doc FROM alerts WHERE place = ?', place)?.doc;
    if (stored === undefined) throw new Error(`the alert ${fingerprint} is not where the file had it`);
    const decoded = decodeAs(storedAlert, stored, { fingerprint, version });
    return decoded.ok ? { ok: true, value: share(decoded.value) } : decoded;
  }

  /** undefined: it does not decode, and is no longer listed. */
  function read(fingerprint: Fingerprint, one: Known, doc?: string): Alert | undefined {
    if (one.alert !== undefined) return one.alert;
    const decoded = load(fingerprint, one, doc);
    // An alert of an unfinished commit counts only if it succeeds.
    const isCurrent = all().get(fingerprint) === one;
    if (decoded.ok) {
      if (isCurrent) set(fingerprint, { place: one.place, version: one.version, alert: decoded.value });
      return decoded.value;
    }
    if (isCurrent) {
      set(fingerprint, undefined);
      quarantine.note({ kind: 'alert', id: fingerprint, reason: decoded.reason, key: [one.place] });
    }
    return undefined;
  }

  /** What cannot be read is about to be overwritten. */
  function loaded(fingerprint: Fingerprint, one: Known): Alert | undefined {
    const decoded = load(fingerprint, one);
    return decoded.ok ? decoded.value : undefined;
  }

  /** A resend that memory alone can keep; undefined if it must be written. */
  function heldAs(repeat: Alert, one: Known): Known | undefined {
    if (held.size >= limit) return undefined;
    const stored = one.stored ?? one.alert ?? loaded(repeat.fingerprint, one);
    return stored !== undefined && lasts(stored, repeat)
      ? { place: one.place, version: repeat.version, alert: share(repeat), stored }
      : undefined;
  }

  function hold(repeats: readonly AlertWrite[]): boolean | undefined {
    const changed = new Map<Fingerprint, Known>();
    for (const { value, expected } of repeats) {
      const one = changed.get(value.fingerprint) ?? all().get(value.fingerprint);
      if (one?.version !== expected) return one === undefined ? undefined : false;
      const repeated = heldAs(value, one);
      if (repeated === undefined) return undefined;
      changed.set(value.fingerprint, repeated);
    }
    for (const [fingerprint, next] of changed) set(fingerprint, next);
    return true;
  }

  function change(): AlertChanges {
    const changed = new Map<Fingerprint, Known | undefined>();
    const knownOf = (fingerprint: Fingerprint): Known | undefined =>
      changed.has(fingerprint) ? changed.get(fingerprint) : all().get(fingerprint);
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
        const place = one?.place ?? nextPlace++;
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
        for (const [fingerprint, next] of changed) set(fingerprint, next);
      },
    };
  }

  function inOrder(): Fingerprint[] {
    if (order === undefined) order = [...all().keys()].sort();
    else if (added) order.sort();
    added = false;
    // Deleted ones are still listed, and twice if they came back.
    const kept = order.filter((fingerprint, n) => all().has(fingerprint) && (n === 0 || order?.[n - 1] !== fingerprint));
    order = kept;
    return kept;
  }

  const alertOf = (fingerprint: Fingerprint): Alert | undefined => {
    const one = all().get(fingerprint);
    return one === undefined ? undefined : read(fingerprint, one);
  };
  function allAlerts(): Alert[] {
    const docs = new Map<number, string>();
    if (all().size - inMemory > maxReadsOneByOne) {
      for (const { place, doc } of sql.all<{ place: number; doc: string }>('SELECT place, doc FROM alerts')) docs.set(place, doc);
    }
    return inOrder().flatMap((fingerprint) => {
      const one = all().get(fingerprint) as Known;
      return read(fingerprint, one, docs.get(one.place)) ?? [];
    });
  }

  return {
    change,
    hold,
    alert: async (fingerprint) => alertOf(fingerprint),
    alertsOf: async (fingerprints) => fingerprints.map(alertOf),
    alerts: async () => allAlerts(),
    async timeSensitiveAlerts(at) {
      if (toLookAt === undefined) {
        const index = timeSensitiveAlerts();
        for (const alert of allAlerts()) index.note(alert.fingerprint, alert);
        toLookAt = index;
      }
      const found = toLookAt.find(at, alertOf);
      if (found === undefined) {
        // The tick ends alerts without a source, so a fresh index has none.
        toLookAt = undefined;
        return allAlerts().filter((alert) => isTimeSensitive(alert, at));
      }
      return found.sort().flatMap((fingerprint) => alertOf(fingerprint) ?? []);
    },
    writeHeld() {
      if (held.size === 0) return;
      sql.transaction(() => {
        for (const fingerprint of held) {
          const { place, version, alert } = all().get(fingerprint) as Known & { alert: Alert };
          sql.run('UPDATE alerts SET version = ?, doc = ? WHERE place = ?', version, storedAlert.encode(alert), place);
        }
      });
      held.clear();
    },
    forget() {
      known = undefined;
      order = undefined;
      toLookAt = undefined;
      inMemory = 0;
      held.clear();
    },
  };
}

/** Read-only view for processes that do not own the file. */
export function alertsInFile(sql: Sql, quarantine: Quarantine): StoredAlerts {
  const change = (): AlertChanges => {
    throw new Error('the store was opened to look at it only');
  };
  const read = ({ place, fingerprint, version, doc }: Row & { doc: string }): Alert | undefined => {
    const decoded = decodeAs(storedAlert, doc, { fingerprint, version });
    if (decoded.ok) return decoded.value;
    quarantine.note({ kind: 'alert', id: fingerprint, reason: decoded.reason, key: [place] });
    return undefined;
  };
  const columns = 'place, fingerprint, version, doc';
  const alertOf = (fingerprint: Fingerprint): Alert | undefined => {
    const row = sql.get<Row & { doc: string }>(`SELECT ${columns} FROM alerts WHERE fingerprint = ?`, fingerprint);
    return row === undefined ? undefined : read(row);
  };
  const alerts = (): Alert[] =>
    sql.all<Row & { doc: string }>(`SELECT ${columns} FROM alerts ORDER BY fingerprint`).flatMap((row) => read(row) ?? []);
  return {
    change,
    hold: () => undefined,
    alert: async (fingerprint) => alertOf(fingerprint),
    alertsOf: async (fingerprints) => fingerprints.map(alertOf),
    alerts: async () => alerts(),
    timeSensitiveAlerts: async (at) => alerts().filter((alert) => isTimeSensitive(alert, at)),
    writeHeld: () => {},
    forget: () => {},
  };
}
