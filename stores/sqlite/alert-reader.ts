import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { type Decoded, decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Share } from './frozen.ts';
import type { Known, KnownAlerts } from './known-alerts.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

/** If more than this many are missing from memory, the whole file is read at once. */
const maxReadsOneByOne = 50;

export type AlertReader = {
  /** undefined: there is none, or it does not decode, and is no longer listed. */
  alertOf(fingerprint: Fingerprint): Alert | undefined;
  all(): Alert[];
  /** The same of one that is about to be overwritten: what cannot be read stays where it is. */
  loaded(fingerprint: Fingerprint, one: Known): Alert | undefined;
};

/** Alerts as callers see them: from memory, else from their place in the file. */
export function alertReader(sql: Sql, known: KnownAlerts, share: Share, quarantine: Quarantine): AlertReader {
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
    const isCurrent = known.get(fingerprint) === one;
    if (decoded.ok) {
      if (isCurrent) known.set(fingerprint, { place: one.place, version: one.version, alert: decoded.value });
      return decoded.value;
    }
    if (isCurrent) {
      known.set(fingerprint, undefined);
      quarantine.note({ kind: 'alert', id: fingerprint, reason: decoded.reason, key: [one.place] });
    }
    return undefined;
  }

  function loaded(fingerprint: Fingerprint, one: Known): Alert | undefined {
    const decoded = load(fingerprint, one);
    return decoded.ok ? decoded.value : undefined;
  }

  const alertOf = (fingerprint: Fingerprint): Alert | undefined => {
    const one = known.get(fingerprint);
    return one === undefined ? undefined : read(fingerprint, one);
  };
  function all(): Alert[] {
    const docs = new Map<number, string>();
    if (known.missing() > maxReadsOneByOne) {
      for (const { place, doc } of sql.all<{ place: number; doc: string }>('SELECT place, doc FROM alerts')) docs.set(place, doc);
    }
    return known.inOrder().flatMap((fingerprint) => {
      const one = known.get(fingerprint) as Known;
      return read(fingerprint, one, docs.get(one.place)) ?? [];
    });
  }

  return { alertOf, all, loaded };
}
