import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedHeartbeat } from '../../core/alerting/heartbeats/stored-heartbeat.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedAccepted } from '../../core/detection/kinds/drift/stored-accepted.ts';
import { type DeploymentState, lostDeployment } from '../../core/remediation/deployments/deployment.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import { storedDevices } from '../../core/response/devices/stored-devices.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedEntries } from '../../core/response/incidents/stored-timeline.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import { storedChange } from '../../core/telemetry/changes/stored-change.ts';
import { storedServing } from '../../core/telemetry/training/stored-serving.ts';
import { storedTraining, storedTrainingPart } from '../../core/telemetry/training/stored-training.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import type { StoredRecord } from '../../core/vocabulary/stored-record.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { docOf, type Item, type Key, keys } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import type { Table } from './table.ts';

/** The item of a versioned record. */
export const recordItem = <T extends { version: number }>(key: Key, record: StoredRecord<T>, value: T, what: string): Item => ({
  ...key,
  [tableKeys.type]: record.kind,
  version: value.version,
  doc: docOf(record.encode(value), what),
});

export const deploymentItem = (value: DeploymentState): Item =>
  recordItem(keys.deployment(value.name), storedDeployment, value, `the deployment ${value.name}`);

/** The part of a key after its first `#`. */
const nameIn = ({ pk }: Item): string => String(pk).replace(/^[^#]*#/, '');

/** The document must say the same: decisions are conditioned on it. */
const versionOf = ({ version }: Item) => ({ version: version as number });

const isOpen = (item: Item): boolean => String(item[tableKeys.listIndex.partition] ?? '').startsWith('incident open#');

/** Reads one record by its key, or those of items; what does not decode is left out. */
export const readersOf = (table: Table) => ({
  read: async <T>(key: Key, from: (item: Item) => Promise<T | undefined>): Promise<T | undefined> => {
    const item = await table.get(key);
    return item === undefined ? undefined : from(item);
  },
  readAll: async <T>(items: readonly Item[], from: (item: Item) => Promise<T | undefined>): Promise<T[]> =>
    (await Promise.all(items.map(from))).filter((one) => one !== undefined),
});

/** Each reads the record of an item; undefined: it did not decode and was quarantined. */
export function itemReaders({ read }: Quarantine) {
  return {
    alertIn: (item: Item) => read(item, storedAlert, { kind: 'alert', id: nameIn(item) }, versionOf(item)),
    incidentIn: (item: Item) =>
      read(item, storedIncident, { kind: 'incident', id: nameIn(item), urgent: isOpen(item) }, versionOf(item)),
    entriesIn: (item: Item, incidentId: IncidentId) =>
      read(item, storedEntries, { kind: 'timeline', id: `${incidentId} ${String(item['sk'])}` }),
    auditEntryIn: (item: Item) => {
      const [at, id] = [item['at'] as number, item['id'] as string];
      return read(item, storedAuditEntry, { kind: 'audit entry', id }, { at, id });
    },
    silenceIn: (item: Item) => read(item, storedSilence, { kind: 'silence', id: nameIn(item) }, versionOf(item)),
    overrideIn: (item: Item) => read(item, storedOverride, { kind: 'override', id: nameIn(item) }, versionOf(item)),
    devicesIn: (item: Item) => read(item, storedDevices, { kind: 'devices', id: nameIn(item) }, versionOf(item)),
    heartbeatIn: (item: Item) => read(item, storedHeartbeat, { kind: 'heartbeat', id: nameIn(item) }, versionOf(item)),
    servingIn: (item: Item, source: string) => read(item, storedServing, { kind: 'serving', id: source }, versionOf(item)),
    acceptedIn: (item: Item) => read(item, storedAccepted, { kind: 'accepted baseline', id: nameIn(item) }, versionOf(item)),
    changeIn: (item: Item) => read(item, storedChange, { kind: 'change', id: nameIn(item) }, versionOf(item)),
    trainingIn: (item: Item) => read(item, storedTraining, { kind: 'training', id: nameIn(item) }, versionOf(item)),
    partIn: (item: Item, of: string) =>
      read(item, storedTrainingPart, { kind: 'training part', id: `${of} ${String(item['sk'])}` }),
    async deploymentIn(item: Item, name: string): Promise<DeploymentState | undefined> {
      const { version } = item;
      const instead = lostDeployment(name, typeof version === 'number' ? version + 1 : 1);
      return (
        (await read(item, storedDeployment, { kind: 'deployment', id: name }, versionOf(item), deploymentItem(instead))) ??
        instead
      );
    },
  };
}
