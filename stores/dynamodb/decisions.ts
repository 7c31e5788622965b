import { type Commit, maxCommitActions, type Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { AuditEntry } from '../../core/access/audit-log.ts';
import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive } from '../../core/alerting/alerts/external.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedAccepted } from '../../core/detection/kinds/drift/stored-accepted.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedEntries } from '../../core/response/incidents/stored-timeline.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { groupOf, laneOf, priorityOf } from '../../core/response/outbox/lanes.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { storedServing } from '../../core/telemetry/training/stored-serving.ts';
import { storedTraining, storedTrainingPart } from '../../core/telemetry/training/stored-training.ts';
import type { GroupKey, IncidentId } from '../../core/vocabulary/ids.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { dueKeys, listed } from './indexes.ts';
import {
  auditPk,
  docOf,
  dueAttributes,
  dueList,
  type Item,
  type Key,
  keys,
  keyText,
  laneList,
  listAttributes,
  ttlOf,
} from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { deploymentItem, itemReaders, recordItem } from './records.ts';
import { type Action, backoff, type Table } from './table.ts';

/** How long a delivered effect can still be looked up. */
const keepDeliveredMs = 7 * 86_400_000;

/** Below every possible time. */
const always = -8.64e15;

/** A completed effect is in no index. */
const inIndexes = [tableKeys.dueIndex, tableKeys.listIndex].flatMap(({ partition, sort }) => [partition, sort]);

const isNew = 'attribute_not_exists(pk)';

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
  | 'auditLog'
  | 'alerts'
  | 'timeSensitiveAlerts'
  | 'alert'
  | 'alertsOf'
  | 'deployment'
  | 'silences'
  | 'overrides'
  | 'serving'
  | 'trainings'
  | 'training'
  | 'trainingFeatures'
  | 'acceptedBaselines'
> {
  const {
    alertIn,
    incidentIn,
    entriesIn,
    auditEntryIn,
    silenceIn,
    overrideIn,
    deploymentIn,
    servingIn,
    acceptedIn,
    trainingIn,
    partIn,
  } = itemReaders(quarantine);
  const read = async <T>(key: Key, from: (item: Item) => Promise<T | undefined>): Promise<T | undefined> => {
    const item = await table.get(key);
    return item === undefined ? undefined : from(item);
  };
  const readAll = async <T>(items: readonly Item[], from: (item: Item) => Promise<T | undefined>): Promise<T[]> =>
    (await Promise.all(items.map(from))).filter((one) => one !== undefined);
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

  const alerts = async (): Promise<Alert[]> => {
    const found = await readAll(await listed(table, 'alert', always), alertIn);
    return found.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  };

  return {
    async commit(commit) {
      const outcome = await table.transact(actionsOf(commit, Date.now()));
      if (outcome.stands) return 'committed';
      // The other write needs a moment; deciding again at once would only conflict again.
      if (outcome.crossed) await backoff(0);
      return 'conflict';
    },
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
    async incidents({ status, limit, tenants = false }) {
      const lists = status === 'all' ? ['open', 'resolved'] : [status];
      const names = tenants ? lists.flatMap((list) => [list, `tenant ${list}`]) : lists;
      const items = await Promise.all(names.map((list) => listed(table, `incident ${list}`, always, limit)));
      // While an incident moves between lists, both may contain it briefly.
      const found = new Map((await readAll(items.flat(), incidentIn)).map((one) => [one.id, one]));
      return [...found.values()].sort(newestFirst).slice(0, limit);
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
    timeline: async (incidentId) => (await readAll(await timelineOf(incidentId), (item) => entriesIn(item, incidentId))).flat(),
    async auditLog(limit) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': auditPk },
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
    serving: (source) => read(keys.serving(source), (item) => servingIn(item, source)),
    async acceptedBaselines(fingerprints) {
      const items = await table.getAll(fingerprints.map(keys.accepted));
      return Promise.all(items.map((item) => (item === undefined ? undefined : acceptedIn(item))));
    },
    async trainings(source) {
      const trainings = await readAll(await listed(table, trainingList(source), always), trainingIn);
      return trainings.sort((a, b) => (a.modelVersion < b.modelVersion ? -1 : 1));
    },
    training: (source, modelVersion) => read(keys.training(source, modelVersion), trainingIn),
    async trainingFeatures({ source, modelVersion, version, parts }) {
      const items = await table.getAll(Array.from({ length: parts }, (_, n) => keys.trainingPart(source, modelVersion, n)));
      // Each part names its record, so that two pushes never mix.
      if (items.some((item) => item?.['version'] !== version)) return undefined;
      if (parts === 0 && (await read(keys.training(source, modelVersion), trainingIn))?.version !== version) return undefined;
      const found = await readAll(
        items.filter((item) => item !== undefined),
        (item) => partIn(item, `${source} ${modelVersion}`),
      );
      // Some parts alone would look like everything.
      return found.length < parts ? undefined : Object.fromEntries(found.flatMap(({ features }) => Object.entries(features)));
    },
  };
}

export const earliest = (a: Item, b: Item): number =>
  (a['dueAt'] as number) - (b['dueAt'] as number) || (String(a['pk']) < String(b['pk']) ? -1 : 1);

function actionsOf({ writes, timeline, audit = [], effects, done }: Commit, wallClock: number): Action[] {
  const concluded = new Set(done);
  const expires = ttlOf(wallClock + keepDeliveredMs);
  const brought = new Set(effects.map(({ id }) => id));
  return [
    ...writes.flatMap(writeActions),
    ...timelineItems(timeline).map((put): Action => ({ put, condition: isNew })),
    ...audit.map((entry): Action => ({ put: auditItem(entry), condition: isNew })),
    ...effects.map(
      (effect): Action => ({
        put: effectItem(effect, concluded.has(effect.id) ? expires : undefined),
        condition: 'attribute_not_exists(doc)',
      }),
    ),
    // Unconditional: completing an effect that is completed or gone must not fail the decision. For
    // one that is gone, it leaves an item without `doc`, which no reader takes for an effect and
    // which expires.
    ...[...concluded]
      .filter((id) => !brought.has(id))
      .map(
        (id): Action => ({
          update: keys.effect(id),
          expression: `SET done = :true, #ttl = :expires REMOVE ${inIndexes.join(', ')}`,
          names: { '#ttl': tableKeys.ttl },
          values: { ':true': true, ':expires': expires },
        }),
      ),
  ];
}

function writeActions(write: Write): Action[] {
  if (write.kind === 'alert gone') {
    return [{ delete: keys.alert(write.fingerprint), condition: 'version = :read', values: { ':read': write.expected } }];
  }
  if (write.kind === 'training') return trainingActions(write);
  if (write.kind === 'training gone') {
    const { source, modelVersion, expected, partsBefore } = write;
    const head: Action = {
      delete: keys.training(source, modelVersion),
      condition: 'version = :read',
      values: { ':read': expected },
    };
    return [head, ...partsGone(source, modelVersion, 0, partsBefore)];
  }
  if (write.kind === 'latest') return [becomesLatest(write.key, write.incidentId, write.previous)];
  const put = writtenItem(write);
  if (write.expected > 0) return [{ put, condition: 'version = :read', values: { ':read': write.expected } }];
  const actions: Action[] = [{ put, condition: isNew }];
  if (write.kind === 'incident') actions.push(becomesLatest(write.value.groupKey, write.value.id, write.previous));
  return actions;
}

/** The record's condition also guards its parts. */
function trainingActions(write: Extract<Write, { kind: 'training' }>): Action[] {
  const { value, expected, parts, partsBefore } = write;
  const { source, modelVersion, version } = value;
  const what = `the training profile of version ${modelVersion}`;
  const put = {
    ...recordItem(keys.training(source, modelVersion), storedTraining, value, what),
    ...listAttributes(trainingList(source), modelVersion, value.pushedAt),
  };
  return [
    expected > 0 ? { put, condition: 'version = :read', values: { ':read': expected } } : { put, condition: isNew },
    ...parts.map(
      (part, n): Action => ({
        put: {
          ...keys.trainingPart(source, modelVersion, n),
          [tableKeys.type]: 'training part',
          version,
          doc: docOf(storedTrainingPart.encode({ features: part }), `part ${n} of ${what}`),
        },
      }),
    ),
    ...partsGone(source, modelVersion, parts.length, partsBefore),
  ];
}

const partsGone = (source: string, modelVersion: string, from: number, to: number): Action[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ delete: keys.trainingPart(source, modelVersion, from + n) }));

const trainingList = (source: string): string => `training ${keyText(source)}`;

/**
 * If two incidents of one group open at once, the second finds that its `previous` is no longer the
 * latest.
 */
function becomesLatest(groupKey: GroupKey, id: string, previous: string | undefined): Action {
  const put = { ...keys.latestOfGroup(groupKey), [tableKeys.type]: 'latest', incident: id };
  return previous === undefined
    ? { put, condition: isNew }
    : { put, condition: 'incident = :previous', values: { ':previous': previous } };
}

function writtenItem(write: Exclude<Write, { kind: 'alert gone' | 'training' | 'training gone' | 'latest' }>): Item {
  switch (write.kind) {
    case 'incident': {
      const { id, status, openedAt, nextStepAt } = write.value;
      const list = `${isOwn(write.value) ? '' : 'tenant '}${status === 'resolved' ? 'resolved' : 'open'}`;
      return {
        ...recordItem(keys.incident(id), storedIncident, write.value, `the incident ${id}`),
        ...listAttributes(`incident ${list}`, id, openedAt),
        ...(nextStepAt === undefined ? {} : dueAttributes('incident', id, nextStepAt)),
      };
    }
    case 'alert': {
      const { fingerprint, since } = write.value;
      return {
        ...recordItem(keys.alert(fingerprint), storedAlert, write.value, `the alert ${fingerprint}`),
        ...listAttributes('alert', fingerprint, since),
      };
    }
    case 'serving':
      return recordItem(keys.serving(write.value.source), storedServing, write.value, `what serves of ${write.value.source}`);
    case 'accepted baseline': {
      const { fingerprint } = write.value;
      return recordItem(keys.accepted(fingerprint), storedAccepted, write.value, `the accepted baseline ${fingerprint}`);
    }
    case 'deployment':
      return deploymentItem(write.value);
    case 'silence': {
      const { id, until } = write.value;
      return {
        ...recordItem(keys.silence(id), storedSilence, write.value, `the silence ${id}`),
        ...listAttributes('silence', id, until),
      };
    }
    case 'override': {
      const { id, until } = write.value;
      return {
        ...recordItem(keys.override(id), storedOverride, write.value, `the override ${id}`),
        ...listAttributes('override', id, until),
      };
    }
  }
}

const auditItem = (entry: AuditEntry): Item => ({
  ...keys.auditEntry(entry.at, entry.id),
  [tableKeys.type]: storedAuditEntry.kind,
  at: entry.at,
  id: entry.id,
  doc: docOf(storedAuditEntry.encode(entry), 'an entry of the audit log'),
});

/** Entries of one version share an item, so that a decision with many fits into one transaction. */
function timelineItems(timeline: readonly TimelineEntry[]): Item[] {
  const grouped = Map.groupBy(timeline, ({ incidentId, version }) => `${incidentId}#${version}`);
  return [...grouped.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const key = keys.timeline(first.incidentId, first.version);
    const doc = docOf(
      storedEntries.encode(entries.toSorted((a, b) => a.n - b.n)),
      `the timeline of ${first.incidentId} at version ${first.version}`,
    );
    return [{ ...key, [tableKeys.type]: 'timeline', doc }];
  });
}

/** `doneUntil`: already completed by the commit that adds it, and kept until then. */
function effectItem(effect: Effect, doneUntil: number | undefined): Item {
  const notBefore = effect.kind === 'timer' ? effect.at : effect.createdAt;
  const group = groupOf(effect);
  return {
    ...keys.effect(effect.id),
    [tableKeys.type]: tableKeys.effectType,
    id: effect.id,
    kind: effect.kind,
    notBefore,
    attempts: 0,
    done: doneUntil !== undefined,
    // The stream consumer forwards the effect without reading the document.
    priority: priorityOf(effect),
    ...(group === undefined ? {} : { group }),
    ...(effect.trace === undefined ? {} : { trace: effect.trace }),
    ...(doneUntil === undefined
      ? {
          ...dueAttributes(dueList(priorityOf(effect)), effect.id, notBefore),
          ...listAttributes(laneList(laneOf(effect)), effect.id, effect.createdAt),
        }
      : { [tableKeys.ttl]: doneUntil }),
    doc: docOf(storedEffect.encode(effect), `the effect ${effect.id}`),
  };
}
