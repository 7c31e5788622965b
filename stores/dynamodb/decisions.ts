import type { Store } from '../../app/ports/store.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive } from '../../core/alerting/alerts/external.ts';
import { changes } from './changes.ts';
import { incidents } from './incidents.ts';
import { always, listed } from './indexes.ts';
import { auditPk, keys } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { itemReaders, readersOf } from './records.ts';
import { remembered } from './remembered.ts';
import { backoff, type Table } from './table.ts';
import { trainings } from './trainings.ts';
import { actionsOf } from './write-actions.ts';

/** Everything that is decided, and how it is read. */
export function decisions(
  table: Table,
  quarantine: Quarantine,
): Pick<
  Store,
  | 'commit'
  | 'incident'
  | 'incidentOfGroup'
  | 'incidents'
  | 'forgetOfTenant'
  | 'dueIncidents'
  | 'timeline'
  | 'latestEntries'
  | 'auditLog'
  | 'alerts'
  | 'timeSensitiveAlerts'
  | 'alert'
  | 'alertsOf'
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
  const { alertIn, auditEntryIn, silenceIn, overrideIn, deploymentIn, servingIn, acceptedIn, devicesIn, heartbeatIn } =
    itemReaders(quarantine);
  const { read, readAll } = readersOf(table);
  const readAlerts = remembered(alertIn);
  const alerts = async (): Promise<Alert[]> => {
    const found = await readAlerts(await listed(table, 'alert', always));
    return found.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  };

  return {
    ...incidents(table, quarantine),
    ...trainings(table, quarantine),
    ...changes(table, quarantine),
    async commit(commit) {
      const outcome = await table.transact(actionsOf(commit, Date.now()));
      if (outcome.stands) return 'committed';
      // The other write needs a moment; deciding again at once would only conflict again.
      if (outcome.crossed) await backoff(0);
      return 'conflict';
    },
    async auditLog(limit, before) {
      const query = {
        KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
        ExpressionAttributeValues: {
          ':pk': auditPk,
          ...(before === undefined ? {} : { ':before': keys.auditEntry(before.at, before.id).sk }),
        },
        ConsistentRead: true,
        ScanIndexForward: false,
      };
      return readAll((await table.query(query, limit)).reverse(), auditEntryIn);
    },
    alerts,
    async timeSensitiveAlerts(at) {
      return (await alerts()).filter((alert) => isTimeSensitive(alert, at));
    },
    alert: (fingerprint) => read(keys.alert(fingerprint), alertIn),
    async alertsOf(fingerprints) {
      const items = await table.getAll(fingerprints.map(keys.alert));
      return Promise.all(items.map((item) => (item === undefined ? undefined : alertIn(item))));
    },
    deployment: (name) => read(keys.deployment(name), (item) => deploymentIn(item, name)),
    async silences(now) {
      const silences = await readAll(await listed(table, 'silence', now), silenceIn);
      return silences.sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
    },
    async overrides(now) {
      const overrides = await readAll(await listed(table, 'override', now), overrideIn);
      return overrides.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },
    devices: (responder) => read(keys.devices(responder), devicesIn),
    async heartbeats(names) {
      const items = await table.getAll(names.map(keys.heartbeat));
      return Promise.all(items.map((item) => (item === undefined ? undefined : heartbeatIn(item))));
    },
    serving: (source) => read(keys.serving(source), (item) => servingIn(item, source)),
    async acceptedBaselines(fingerprints) {
      const items = await table.getAll(fingerprints.map(keys.accepted));
      return Promise.all(items.map((item) => (item === undefined ? undefined : acceptedIn(item))));
    },
    allAcceptedBaselines: async () => readAll(await listed(table, 'accepted', always), acceptedIn),
  };
}
