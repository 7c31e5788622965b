import type { Commit, Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import { storedHeartbeat } from '../../core/alerting/heartbeats/stored-heartbeat.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import { storedAccepted } from '../../core/detection/kinds/drift/stored-accepted.ts';
import { type DeploymentState, lostDeployment } from '../../core/remediation/deployments/deployment.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import type { Devices } from '../../core/response/devices/device.ts';
import { storedDevices } from '../../core/response/devices/stored-devices.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { isOlder } from '../../core/response/incidents/incident-place.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { laneOf, priorityOf, receiverOf } from '../../core/response/outbox/lanes.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import { storedServing } from '../../core/telemetry/training/stored-serving.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import type { AlertChanges, StoredAlerts } from './alerts.ts';
import { auditLogOf } from './audit-log.ts';
import { insertAudit } from './audit-rows.ts';
import { type StoredChanges, storedChanges } from './changes.ts';
import type { UntilList } from './expiring-records.ts';
import type { GroupCommit } from './group-commit.ts';
import { type IncidentChanges, type IncidentPlaced, type StoredIncidents, unlisted } from './incidents.ts';
import { type NamedRecords, namedRecords } from './named-record.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';
import { insertEntries, latestEntriesOf, timelineOf } from './timeline.ts';
import { type StoredTrainings, storedTrainings } from './trainings.ts';

/** A file has no limit, but a commit blocks everybody else while it runs. */
const maxActions = 1000;

/** One commit's changes of what is also in memory. */
type Changes = { alerts: AlertChanges; incidents: IncidentChanges } & Lists & Records;

/** Read from the file every time. */
type Records = {
  trainings: StoredTrainings;
  changes: StoredChanges;
  serving: NamedRecords<ServingState>;
  accepted: NamedRecords<AcceptedBaseline>;
  devices: NamedRecords<Devices>;
  heartbeats: NamedRecords<Heartbeat>;
  deployments: NamedRecords<DeploymentState>;
};

export type Lists = { silences: UntilList<Silence>; overrides: UntilList<Override> };

/** Everything that is decided, and how it is read. */
export function decisions(
  sql: Sql,
  group: GroupCommit,
  alerts: StoredAlerts,
  incidents: StoredIncidents,
  lists: Lists,
  quarantine: Quarantine,
): Pick<
  Store,
  | 'commit'
  | 'maxActions'
  | 'incident'
  | 'incidentOfGroup'
  | 'incidents'
  | 'forgetOfTenant'
  | 'dueIncidents'
  | 'timeline'
  | 'latestEntries'
  | 'auditLog'
  | 'deployment'
  | 'silences'
  | 'overrides'
  | 'devices'
  | 'heartbeats'
  | 'serving'
  | 'trainings'
  | 'training'
  | 'trainingFeatures'
  | 'acceptedBaselines'
  | 'allAcceptedBaselines'
  | 'changesOf'
  | 'changes'
> {
  const records: Records = {
    trainings: storedTrainings(sql, quarantine),
    changes: storedChanges(sql, quarantine),
    serving: namedRecords(sql, quarantine, { table: 'serving', key: 'source', record: storedServing }),
    accepted: namedRecords(sql, quarantine, { table: 'accepted_baselines', key: 'fingerprint', record: storedAccepted }),
    devices: namedRecords(sql, quarantine, { table: 'devices', key: 'responder', record: storedDevices }),
    heartbeats: namedRecords(sql, quarantine, { table: 'heartbeats', key: 'name', record: storedHeartbeat }),
    deployments: namedRecords(sql, quarantine, {
      table: 'deployments',
      key: 'name',
      record: storedDeployment,
      standIn: lostDeployment,
    }),
  };
  const listedIncidents = (where: string, ...values: (number | string)[]): Incident[] =>
    sql
      .all<IncidentPlaced>(`SELECT ${incidents.listColumns} FROM incidents WHERE ${where}`, ...values)
      .flatMap((row) => incidents.ofRow(row) ?? []);
  return {
    maxActions,
    async commit(commit) {
      quarantine.retry();
      const repeats = repeatsOnly(commit);
      // Starts when it is its turn, to compare with the results of earlier jobs.
      let changes: Changes | undefined;
      const committed = await group.write(
        () => {
          changes = { alerts: alerts.change(), incidents: incidents.change(), ...lists, ...records };
          return writeAll(sql, changes, commit);
        },
        {
          stands: (isAsFound) => isAsFound,
          patient: recordsOutcome(commit),
          ...(repeats === undefined ? {} : { inMemory: () => alerts.hold(repeats) }),
          kept: () => {
            changes?.alerts.keep();
            changes?.incidents.keep();
          },
        },
      );
      return committed ? 'committed' : 'conflict';
    },
    incident: async (id) => incidents.incident(id),
    incidentOfGroup: async (groupKey) => incidents.incidentOfGroup(groupKey),
    incidents: async ({ status, limit, tenants = false, before }) => {
      const which = status === 'all' ? 'resolved < ?' : 'resolved = ?';
      const value = status === 'all' ? unlisted : status === 'resolved' ? 1 : 0;
      const newest = 'ORDER BY opened_at DESC, id DESC LIMIT ?';
      const listed =
        before === undefined
          ? listedIncidents(`${which} ${newest}`, value, limit)
          : listedIncidents(`${which} AND (opened_at, id) < (?, ?) ${newest}`, value, before.openedAt, before.id, limit);
      if (!tenants) return listed;
      const isWanted = (incident: Incident): boolean =>
        (status === 'all' || (incident.status === 'resolved') === (status === 'resolved')) &&
        (before === undefined || isOlder(incident, before));
      const others = listedIncidents('resolved = ?', unlisted);
      return [...listed, ...others.filter(isWanted)].sort(newestFirst).slice(0, limit);
    },
    async forgetOfTenant(id) {
      await group.write(() => {
        if (sql.run('DELETE FROM incidents WHERE id = ? AND resolved = ?', id, unlisted) === 0) return;
        sql.run('DELETE FROM timeline WHERE incident_id = ?', id);
        sql.run('DELETE FROM latest_incidents WHERE incident_id = ?', id);
        incidents.drop(id);
      });
    },
    dueIncidents: async (now, limit) =>
      sql
        .all<{ id: IncidentId }>('SELECT id FROM incidents WHERE next_step_at <= ? ORDER BY next_step_at, id LIMIT ?', now, limit)
        .map(({ id }) => id),
    timeline: async (incidentId) => timelineOf(sql, quarantine, incidentId),
    latestEntries: async (incidentId, page) => latestEntriesOf(sql, quarantine, incidentId, page),
    auditLog: async (limit, before) => auditLogOf(sql, quarantine, limit, before),
    deployment: async (name) => records.deployments.read(name),
    silences: async (now) => lists.silences.list(now),
    overrides: async (now) => lists.overrides.list(now),
    devices: async (responder) => records.devices.read(responder),
    heartbeats: async (names) => names.map((name) => records.heartbeats.read(name)),
    serving: async (source) => records.serving.read(source),
    acceptedBaselines: async (fingerprints) => fingerprints.map((one) => records.accepted.read(one)),
    allAcceptedBaselines: async () => records.accepted.all(),
    ...records.trainings.reads,
    ...records.changes.reads,
  };
}

/** The resends, if a commit consists of nothing else; undefined otherwise. */
function repeatsOnly({ writes, timeline, audit = [], effects, done }: Commit): Extract<Write, { kind: 'alert' }>[] | undefined {
  if (writes.length === 0 || timeline.length + audit.length + effects.length + done.length > 0) return undefined;
  const repeats = writes.filter((write) => write.kind === 'alert' && write.repeat === true);
  return repeats.length === writes.length ? (repeats as Extract<Write, { kind: 'alert' }>[]) : undefined;
}

/**
 * It says what became of an effect, and nothing will be done because of it. Lost in a power cut, it
 * happens again under the same key, as after a crash before it was written.
 */
const recordsOutcome = ({ effects, done }: Commit): boolean => done.length > 0 && effects.length === 0;

/** false: something changed since it was read, so nothing may remain. */
function writeAll(sql: Sql, changes: Changes, { writes, timeline, audit = [], effects, done }: Commit): boolean {
  for (const write of writes) if (!writeOne(changes, write)) return false;
  if (!insertEntries(sql, timeline) || !insertAudit(sql, audit)) return false;
  for (const effect of effects) if (!insertEffect(sql, effect)) return false;
  for (const id of done) sql.run('UPDATE effects SET done = 1 WHERE id = ?', id);
  return true;
}

function writeOne(changes: Changes, write: Write): boolean {
  const { alerts, incidents, silences, overrides, trainings, serving, accepted, devices, heartbeats, deployments } = changes;
  switch (write.kind) {
    case 'incident':
      return incidents.put(write);
    case 'latest':
      return incidents.putLatest(write);
    case 'alert':
      return alerts.put(write);
    case 'alert gone':
      return alerts.remove(write);
    case 'training':
      return trainings.put(write);
    case 'training gone':
      return trainings.remove(write);
    case 'change':
      return changes.changes.put(write);
    case 'serving':
      return serving.put(write.value.source, write);
    case 'accepted baseline':
      return accepted.put(write.value.fingerprint, write);
    case 'devices':
      return devices.put(write.value.responder, write);
    case 'heartbeat':
      return heartbeats.put(write.value.name, write);
    case 'deployment':
      return deployments.put(write.value.name, write);
    case 'silence':
      return silences.put(write);
    case 'override':
      return overrides.put(write);
  }
}

function insertEffect(sql: Sql, effect: Effect): boolean {
  const notBefore = effect.kind === 'timer' ? effect.at : effect.createdAt;
  const text =
    'INSERT OR IGNORE INTO effects (id, created_at, not_before, due_at, priority, lane, receiver, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  const where = [priorityOf(effect), laneOf(effect), receiverOf(effect)] as const;
  return sql.run(text, effect.id, effect.createdAt, notBefore, notBefore, ...where, storedEffect.encode(effect)) === 1;
}
