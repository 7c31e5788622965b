import type { Store } from '../../app/ports/store.ts';
import { inAuditOrder, isBefore } from '../../core/access/audit-log.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, type TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { isOlder } from '../../core/response/incidents/incident-place.ts';
import { isEarlier } from '../../core/response/incidents/timeline-place.ts';
import { isOlderChange, newestChangeFirst } from '../../core/telemetry/changes/change.ts';
import { asIncidentId, type Fingerprint, type IncidentId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { KeptKind, MemoryRecords, ValueOf } from './memory-records.ts';

type Reads = Pick<
  Store,
  | 'incident'
  | 'incidentOfGroup'
  | 'incidents'
  | 'dueIncidents'
  | 'timeline'
  | 'latestEntries'
  | 'auditLog'
  | 'alerts'
  | 'timeSensitiveAlerts'
  | 'alert'
  | 'alertsOf'
  | 'deployment'
  | 'serving'
  | 'acceptedBaselines'
  | 'allAcceptedBaselines'
  | 'changesOf'
  | 'changes'
  | 'silences'
  | 'overrides'
  | 'devices'
  | 'heartbeats'
>;

/** What the store behind has, with what memory knows better. */
export function memoryReads(base: Store, records: MemoryRecords): Reads {
  const incident = async (id: IncidentId): Promise<Incident | undefined> => {
    const known = records.find('incident', id);
    return known === undefined ? base.incident(id) : known.value;
  };
  const alert = async (fingerprint: Fingerprint): Promise<Alert | undefined> => {
    const known = records.find('alert', fingerprint);
    return known === undefined ? base.alert(fingerprint) : known.value;
  };
  function merged<K extends KeptKind>(
    kind: K,
    stored: readonly ValueOf<K>[],
    keyOf: (value: ValueOf<K>) => string,
  ): ValueOf<K>[] {
    const mine = records.all(kind);
    const keys = new Set(mine.map(({ key }) => key));
    return [...stored.filter((value) => !keys.has(keyOf(value))), ...mine.flatMap(({ value }) => value ?? [])];
  }
  const byFingerprint = (a: Alert, b: Alert): number => (a.fingerprint < b.fingerprint ? -1 : 1);
  const sortedAlerts = (stored: readonly Alert[]): Alert[] =>
    merged('alert', stored, ({ fingerprint }) => fingerprint).sort(byFingerprint);

  return {
    incident,
    async incidentOfGroup(groupKey) {
      const id = records.latest(groupKey);
      if (id !== undefined) return incident(id);
      const stored = await base.incidentOfGroup(groupKey);
      return stored === undefined ? undefined : incident(stored.id);
    },
    async incidents(filter) {
      const { status, limit, tenants = false, before } = filter;
      const stored = await base.incidents({ ...filter, limit: limit + records.all('incident').length });
      const isListed = (one: Incident): boolean =>
        (tenants || isOwn(one)) &&
        (before === undefined || isOlder(one, before)) &&
        (status === 'all' || (one.status === 'resolved') === (status === 'resolved'));
      return merged('incident', stored, ({ id }) => id)
        .filter(isListed)
        .sort(newestFirst)
        .slice(0, limit);
    },
    async dueIncidents(now, limit) {
      const mine = records.all('incident');
      const ids = await base.dueIncidents(now, limit + mine.length);
      const all = await Promise.all([...new Set([...ids, ...mine.map(({ key }) => asIncidentId(key))])].map(incident));
      return all
        .filter((one) => one?.nextStepAt !== undefined && one.nextStepAt <= now)
        .map((one) => one as Incident)
        .sort((a, b) => (a.nextStepAt ?? 0) - (b.nextStepAt ?? 0) || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },
    timeline: async (id) =>
      [...(await base.timeline(id)), ...records.timeline(id)].sort((a, b) => a.version - b.version || a.n - b.n),
    async latestEntries(id, { limit, before }) {
      const mine = records.timeline(id).filter((one) => before === undefined || isEarlier(one, before));
      const stored = await base.latestEntries(id, { limit, before });
      return [...stored, ...mine].sort((a, b) => b.version - a.version || b.n - a.n).slice(0, limit);
    },
    async auditLog(limit, before) {
      const mine = records.audit().filter((entry) => before === undefined || isBefore(entry, before));
      return [...(await base.auditLog(limit, before)), ...mine].sort(inAuditOrder).slice(-limit);
    },

    alerts: async () => sortedAlerts(await base.alerts()),
    timeSensitiveAlerts: async (at: TimeSensitiveAt) =>
      sortedAlerts(await base.timeSensitiveAlerts(at)).filter((one) => isTimeSensitive(one, at)),
    alert,
    alertsOf: (fingerprints) => Promise.all(fingerprints.map(alert)),
    async deployment(name) {
      const known = records.find('deployment', name);
      return known === undefined ? base.deployment(name) : known.value;
    },
    async devices(responder) {
      const known = records.find('devices', responder);
      return known === undefined ? base.devices(responder) : known.value;
    },
    async heartbeats(names) {
      const stored = await base.heartbeats(names);
      return names.map((name, place) => {
        const known = records.find('heartbeat', name);
        return known === undefined ? stored[place] : known.value;
      });
    },
    async serving(source) {
      const known = records.find('serving', source);
      return known === undefined ? base.serving(source) : known.value;
    },
    async acceptedBaselines(fingerprints) {
      const stored = await base.acceptedBaselines(fingerprints);
      return fingerprints.map((one, i) => {
        const known = records.find('accepted baseline', one);
        return known === undefined ? stored[i] : known.value;
      });
    },
    allAcceptedBaselines: async () =>
      merged('accepted baseline', await base.allAcceptedBaselines(), ({ fingerprint }) => fingerprint),
    async changesOf(ids) {
      const stored = await base.changesOf(ids);
      return ids.map((id, i) => {
        const known = records.find('change', id);
        return known === undefined ? stored[i] : known.value;
      });
    },
    async changes(filter) {
      const { limit, since = 0, before } = filter;
      return merged('change', await base.changes(filter), ({ id }) => id)
        .filter((one) => one.at >= since && (before === undefined || isOlderChange(one, before)))
        .sort(newestChangeFirst)
        .slice(0, limit);
    },
    silences: async (now) =>
      merged('silence', await base.silences(now), ({ id }) => id)
        .filter(({ until }) => until > now)
        .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1)),
    overrides: async (now) =>
      merged('override', await base.overrides(now), ({ id }) => id)
        .filter(({ until }) => until > now)
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
  };
}
