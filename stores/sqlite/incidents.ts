import type { Write } from '../../app/ports/commit.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import type { GroupKey, IncidentId } from '../../core/vocabulary/ids.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { Share } from './frozen.ts';
import type { Quarantine } from './quarantine.ts';
import { keyText, type Sql } from './sql.ts';

type IncidentWrite = Extract<Write, { kind: 'incident' }>;

/**
 * One commit's changes of incidents. Memory uses them from `keep` on, when the commit succeeded.
 */
export type IncidentChanges = {
  /** false: it changed since it was read. */
  put(write: IncidentWrite): boolean;
  /**
   * If two incidents of one group open at once, the second finds that its `previous` is no longer
   * the latest.
   */
  putLatest(write: Extract<Write, { kind: 'latest' }>): boolean;
  keep(): void;
};

/** A row of a list; without its document where memory is likely to have it. */
export type IncidentPlaced = { id: IncidentId; version: number; resolved: number; doc?: string };
type IncidentRow = Required<IncidentPlaced>;
const placeColumns = 'id, version, resolved';
const incidentColumns = `${placeColumns}, doc`;

export type StoredIncidents = {
  incident(id: IncidentId): Incident | undefined;
  /**
   * The incident of a row, from memory if it has the same version; undefined: it does not decode.
   */
  ofRow(row: IncidentPlaced): Incident | undefined;
  /**
   * What a list reads of each row. Most of a long list is in memory: its documents would be read
   * for nothing.
   */
  listColumns: string;
  incidentOfGroup(groupKey: GroupKey): Incident | undefined;
  change(): IncidentChanges;
  /** Drops one from memory, when it is deleted from the file. */
  drop(id: IncidentId): void;
  /** Clears memory, because the file lacks what was kept. */
  forget(): void;
};

/**
 * The value of `resolved` for a tenant's incident, which is neither in the open nor in the resolved
 * list.
 */
export const unlisted = 2;

/** The weight of an incident without alerts, in briefs. */
const ownWeight = 5;

const columnsOf = (value: Incident) =>
  [!isOwn(value) ? unlisted : value.status === 'resolved' ? 1 : 0, value.openedAt, value.nextStepAt ?? null] as const;

/**
 * Incidents. A storm decides about the same ones again and again, so as many as have `limit` briefs
 * together stay in memory, the last written first. `limit` 0: always read the file.
 */
export function storedIncidents(sql: Sql, limit: number, share: Share, quarantine: Quarantine): StoredIncidents {
  /** Least recently written first. */
  const cache = new Map<IncidentId, Incident>();
  const latest = new Map<GroupKey, IncidentId>();
  let weight = 0;

  const weightOf = ({ alerts }: Incident): number => ownWeight + alerts.length;
  const evict = (id: IncidentId): void => {
    const known = cache.get(id);
    if (known === undefined) return;
    weight -= weightOf(known);
    cache.delete(id);
  };
  const add = (incident: Incident): void => {
    if (limit === 0) return;
    evict(incident.id);
    cache.set(incident.id, incident);
    weight += weightOf(incident);
    for (const id of cache.keys()) {
      if (weight <= limit) return;
      evict(id);
    }
  };
  const addLatest = (groupKey: GroupKey, id: IncidentId): void => {
    if (limit === 0) return;
    if (latest.size >= limit) latest.clear();
    latest.set(groupKey, id);
  };
  const incident = (id: IncidentId): Incident | undefined => {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const row = sql.get<IncidentRow>(`SELECT ${incidentColumns} FROM incidents WHERE id = ?`, id);
    const found = row === undefined ? undefined : ofRow(row);
    if (found !== undefined) add(found);
    return found;
  };
  function ofRow({ id, version, resolved, doc: listed }: IncidentPlaced): Incident | undefined {
    const known = cache.get(id);
    if (known?.version === version) return known;
    const doc = listed ?? sql.get<{ doc: string }>('SELECT doc FROM incidents WHERE id = ?', id)?.doc;
    if (doc === undefined) return undefined;
    const decoded = decodeAs(storedIncident, doc, { id, version });
    if (decoded.ok) {
      const found = share(decoded.value);
      // Open lists are read each minute; they must not displace what was written last.
      if (weight + weightOf(found) <= limit) add(found);
      return found;
    }
    const { reason } = decoded;
    quarantine.note({ kind: 'incident', id, reason, key: [id], urgent: resolved === 0, moved: () => forsake(id) });
    return undefined;
  }
  /** Its groups have no latest incident any more, so their next alert opens another one. */
  function forsake(id: IncidentId): void {
    sql.run('DELETE FROM latest_incidents WHERE incident_id = ?', id);
    drop(id);
  }
  function drop(id: IncidentId): void {
    evict(id);
    for (const [groupKey, latestId] of latest) if (latestId === id) latest.delete(groupKey);
  }

  function change(): IncidentChanges {
    const changed = new Map<IncidentId, Incident>();
    const latestNow = new Map<GroupKey, IncidentId>();
    const becomesLatest = (groupKey: GroupKey, id: IncidentId, previous: IncidentId | undefined): boolean => {
      latestNow.set(groupKey, id);
      const key = keyText(groupKey);
      return previous === undefined
        ? sql.run('INSERT OR IGNORE INTO latest_incidents (group_key, incident_id) VALUES (?, ?)', key, id) === 1
        : sql.run('UPDATE latest_incidents SET incident_id = ? WHERE group_key = ? AND incident_id = ?', id, key, previous) === 1;
    };
    return {
      put({ value, expected, previous }) {
        const before = changed.get(value.id) ?? cache.get(value.id);
        const doc = storedIncident.encode(value);
        changed.set(value.id, share(value));
        if (expected > 0) return update(value, expected, doc, before);
        const text =
          'INSERT OR IGNORE INTO incidents (id, version, resolved, opened_at, next_step_at, doc) VALUES (?, ?, ?, ?, ?, ?)';
        return (
          sql.run(text, value.id, value.version, ...columnsOf(value), doc) === 1 &&
          becomesLatest(value.groupKey, value.id, previous)
        );
      },
      putLatest: ({ key, incidentId, previous }) => becomesLatest(key, incidentId, previous),
      keep() {
        for (const value of changed.values()) add(value);
        for (const [groupKey, id] of latestNow) addLatest(groupKey, id);
      },
    };
  }

  /** Skips unchanged indexed columns: writing one would rewrite its index. */
  function update(value: Incident, expected: number, doc: string, before: Incident | undefined): boolean {
    const columns = columnsOf(value);
    const known = before?.version === expected ? columnsOf(before) : undefined;
    if (known?.every((column, n) => column === columns[n])) {
      return (
        sql.run(
          'UPDATE incidents SET version = ?, doc = ? WHERE id = ? AND version = ?',
          value.version,
          doc,
          value.id,
          expected,
        ) === 1
      );
    }
    const text =
      'UPDATE incidents SET version = ?, resolved = ?, opened_at = ?, next_step_at = ?, doc = ? WHERE id = ? AND version = ?';
    return sql.run(text, value.version, ...columns, doc, value.id, expected) === 1;
  }

  return {
    incident,
    ofRow,
    listColumns: limit === 0 ? incidentColumns : placeColumns,
    incidentOfGroup(groupKey) {
      const known = latest.get(groupKey);
      if (known !== undefined) return incident(known);
      const text = 'SELECT incident_id FROM latest_incidents WHERE group_key = ?';
      const id = sql.get<{ incident_id: IncidentId }>(text, keyText(groupKey))?.incident_id;
      if (id === undefined) return undefined;
      addLatest(groupKey, id);
      return incident(id);
    },
    change,
    drop,
    forget() {
      cache.clear();
      latest.clear();
      weight = 0;
    },
  };
}
