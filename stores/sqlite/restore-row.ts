import type { SQLInputValue } from 'node:sqlite';
import type { Restored } from '../../app/ports/quarantine-store.ts';
import type { AuditEntry } from '../../core/access/audit-log.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { unreadable } from '../../core/selfcheck/quarantine/readable.ts';
import type { StoredKind } from '../../core/vocabulary/stored-record.ts';
import { insertAudit } from './audit-rows.ts';
import { type BucketRow, bucketFault } from './bucket-run.ts';
import type { Place } from './places.ts';
import { keyText, type Sql } from './sql.ts';

type Row = { place: number; others: string; doc: string };
type Columns = Record<string, SQLInputValue>;

/**
 * Moves the latest quarantined row of a kind and id back into its table, within the current job.
 */
export function restoreRow(sql: Sql, place: Place, kind: StoredKind, id: string, entry: AuditEntry): Restored {
  const text = 'SELECT place, others, doc FROM quarantine WHERE kind = ? AND id = ? ORDER BY place DESC LIMIT 1';
  const row = sql.get<Row>(text, kind, id);
  if (row === undefined) return { outcome: 'unknown' };
  const others = JSON.parse(row.others) as Columns;
  const columns: Columns = { ...others, ...documentOf(place, row.doc) };
  const reason = kind === 'bucket' ? bucketFault(bucketOf(columns))?.text : unreadable(kind, row.doc, others['version']);
  if (reason !== undefined) return { outcome: 'unreadable', reason };
  if (kind === 'deployment') dropStandIn(sql, id);
  if (isTaken(sql, kind, columns)) return { outcome: 'taken' };
  const names = Object.keys(columns);
  const insert = `INSERT OR IGNORE INTO ${place.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  if (sql.run(insert, ...Object.values(columns)) === 0) return { outcome: 'taken' };
  if (kind === 'incident') leadGroup(sql, row.doc);
  sql.run('DELETE FROM quarantine WHERE place = ?', row.place);
  insertAudit(sql, [entry]);
  return { outcome: 'restored' };
}

const bucketOf = (columns: Columns): BucketRow =>
  ['start', 'count', 'n1', 'n2', 'n3', 'n4', 'n5', 'features', 'detail'].map((name) => columns[name]) as BucketRow;

/** It is the latest of its group again, unless the group has begun another one. */
function leadGroup(sql: Sql, doc: string): void {
  const decoded = storedIncident.decode(doc);
  if (!decoded.ok) return;
  const { groupKey, id } = decoded.value;
  sql.run('INSERT OR IGNORE INTO latest_incidents (group_key, incident_id) VALUES (?, ?)', keyText(groupKey), id);
}

function documentOf({ doc }: Place, text: string): Columns {
  if (doc === "''") return {};
  return doc.startsWith('coalesce') ? { detail: text === '' ? null : text } : { [doc]: text };
}

/** The table of alerts has no index that tells; entries of one version share rows. */
function isTaken(sql: Sql, kind: StoredKind, columns: Columns): boolean {
  if (kind === 'alert')
    return sql.get('SELECT 1 FROM alerts WHERE fingerprint = ?', columns['fingerprint'] as string) !== undefined;
  if (kind !== 'timeline') return false;
  const { incident_id: incident, version, n, until } = columns as Record<string, SQLInputValue>;
  const text = 'SELECT 1 FROM timeline WHERE incident_id = ? AND version = ? AND n < ? AND until > ?';
  return sql.get(text, incident as string, version as number, until as number, n as number) !== undefined;
}

/** What stands in for a deployment that could not be read gives way to it. */
function dropStandIn(sql: Sql, name: string): void {
  const row = sql.get<{ doc: string }>('SELECT doc FROM deployments WHERE name = ?', name);
  const decoded = row === undefined ? undefined : storedDeployment.decode(row.doc);
  if (decoded?.ok === true && decoded.value.lost === true) sql.run('DELETE FROM deployments WHERE name = ?', name);
}
