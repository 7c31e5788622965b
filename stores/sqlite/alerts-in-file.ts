import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive } from '../../core/alerting/alerts/external.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { AlertChanges, StoredAlerts } from './alerts.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

type Row = { place: number; fingerprint: Fingerprint; version: number; doc: string };

/** Read-only view for processes that do not own the file. */
export function alertsInFile(sql: Sql, quarantine: Quarantine): StoredAlerts {
  const change = (): AlertChanges => {
    throw new Error('the store was opened to look at it only');
  };
  const read = ({ place, fingerprint, version, doc }: Row): Alert | undefined => {
    const decoded = decodeAs(storedAlert, doc, { fingerprint, version });
    if (decoded.ok) return decoded.value;
    quarantine.note({ kind: 'alert', id: fingerprint, reason: decoded.reason, key: [place] });
    return undefined;
  };
  const columns = 'place, fingerprint, version, doc';
  const alertOf = (fingerprint: Fingerprint): Alert | undefined => {
    const row = sql.get<Row>(`SELECT ${columns} FROM alerts WHERE fingerprint = ?`, fingerprint);
    return row === undefined ? undefined : read(row);
  };
  const alerts = (): Alert[] =>
    sql.all<Row>(`SELECT ${columns} FROM alerts ORDER BY fingerprint`).flatMap((row) => read(row) ?? []);
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
