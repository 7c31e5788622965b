import { maxCommitActions } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { isOlder } from '../../core/response/incidents/incident-place.ts';
import { isEarlier } from '../../core/response/incidents/timeline-place.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { dueKeys, earliest, listedAt, never, newestBelow } from './indexes.ts';
import { type Item, type Key, keys } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { itemReaders, readersOf } from './records.ts';
import { type Action, backoff, type Table } from './table.ts';

/** Incidents and their timelines. */
export function incidents(
  table: Table,
  quarantine: Quarantine,
): Pick<Store, 'incident' | 'incidentOfGroup' | 'incidents' | 'forgetOfTenant' | 'dueIncidents' | 'timeline' | 'latestEntries'> {
  const { incidentIn, entriesIn } = itemReaders(quarantine);
  const { read, readAll } = readersOf(table);
  const incident = (id: string): Promise<Incident | undefined> => read(keys.incident(id), incidentIn);
  const timelineOf = (incidentId: IncidentId): Promise<Item[]> =>
    table.query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :timeline)',
      ExpressionAttributeValues: { ':pk': keys.incident(incidentId).pk, ':timeline': 'timeline#' },
      ConsistentRead: true,
    });

  async function forsake(latest: Key, id: unknown): Promise<void> {
    const values = { ':id': id };
    try {
      await table.transact([{ delete: latest, condition: 'incident = :id', values }]);
    } catch {
      // A read-only function cannot; whoever decides about the group can.
    }
  }

  return {
    incident,
    async incidentOfGroup(groupKey) {
      const key = keys.latestOfGroup(groupKey);
      const latest = await table.get(key);
      if (latest === undefined) return undefined;
      const id = latest['incident'];
      const found = typeof id === 'string' ? await incident(id) : undefined;
      // Quarantined, or never there: the group opens another one.
      if (found === undefined) await forsake(key, id);
      return found;
    },
    async incidents({ status, limit, tenants = false, before }) {
      const lists = status === 'all' ? ['open', 'resolved'] : [status];
      const names = tenants ? lists.flatMap((list) => [list, `tenant ${list}`]) : lists;
      const items = await Promise.all(
        names.flatMap((list) => [
          newestBelow(table, `incident ${list}`, before?.openedAt ?? never, limit),
          before === undefined ? [] : listedAt(table, `incident ${list}`, before.openedAt),
        ]),
      );
      // While an incident moves between lists, both may contain it briefly.
      const found = new Map((await readAll(items.flat(), incidentIn)).map((one) => [one.id, one]));
      const wanted = [...found.values()].filter((one) => before === undefined || isOlder(one, before));
      return wanted.sort(newestFirst).slice(0, limit);
    },
    async forgetOfTenant(id) {
      for (;;) {
        const known = await incident(id);
        if (known === undefined || isOwn(known)) return;
        const entries = await timelineOf(id);
        for (let start = 0; start < entries.length; start += maxCommitActions) {
          const some = entries.slice(start, start + maxCommitActions);
          await table.transact(some.map(({ pk, sk }): Action => ({ delete: { pk, sk } as Key })));
        }
        const latest = keys.latestOfGroup(known.groupKey);
        const isLatest = (await table.get(latest))?.['incident'] === id;
        const gone = await table.transact([
          { delete: keys.incident(id), condition: 'version = :read', values: { ':read': known.version } },
          ...(isLatest ? [{ delete: latest, condition: 'incident = :id', values: { ':id': id } }] : []),
        ]);
        if (gone.stands) return;
        // Somebody decided about it meanwhile, and may have added an entry.
        await backoff(0);
      }
    },
    async dueIncidents(now, limit) {
      const due = (await dueKeys(table, 'incident', now, limit)).sort(earliest).slice(0, limit);
      const items = await table.getAll(due.map(({ pk, sk }) => ({ pk, sk }) as Key));
      const incidents = await readAll(
        items.filter((item) => item !== undefined),
        incidentIn,
      );
      return incidents.map(({ id }) => id);
    },
    async latestEntries(incidentId, { limit, before }) {
      // An item has all entries of a version.
      const items = await table.query(
        {
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':pk': keys.incident(incidentId).pk,
            ':first': keys.timeline(incidentId, 0).sk,
            ':last': keys.timeline(incidentId, before?.version ?? never - 1).sk,
          },
          ConsistentRead: true,
          ScanIndexForward: false,
        },
        limit + 1,
      );
      const entries = (await readAll(items.reverse(), (item) => entriesIn(item, incidentId))).flat().reverse();
      return entries.filter((one) => before === undefined || isEarlier(one, before)).slice(0, limit);
    },
    timeline: async (incidentId) => (await readAll(await timelineOf(incidentId), (item) => entriesIn(item, incidentId))).flat(),
  };
}
