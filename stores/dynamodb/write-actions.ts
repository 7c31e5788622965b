import type { Commit, Write } from '../../app/ports/commit.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedHeartbeat } from '../../core/alerting/heartbeats/stored-heartbeat.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedAccepted } from '../../core/detection/kinds/drift/stored-accepted.ts';
import { storedDevices } from '../../core/response/devices/stored-devices.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedEntries } from '../../core/response/incidents/stored-timeline.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { groupOf, laneOf, priorityOf } from '../../core/response/outbox/lanes.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { keepChangesMs } from '../../core/telemetry/changes/change.ts';
import { storedChange } from '../../core/telemetry/changes/stored-change.ts';
import { storedServing } from '../../core/telemetry/training/stored-serving.ts';
import { storedTraining, storedTrainingPart } from '../../core/telemetry/training/stored-training.ts';
import type { GroupKey } from '../../core/vocabulary/ids.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { auditItem } from './audit-item.ts';
import { docOf, dueAttributes, dueList, type Item, keys, laneList, listAttributes, trainingList, ttlOf } from './items.ts';
import { deploymentItem, recordItem } from './records.ts';
import type { Action } from './table.ts';

/** How long a delivered effect can still be looked up. */
const keepDeliveredMs = 7 * 86_400_000;

/** A completed effect is in no index. */
const inIndexes = [tableKeys.dueIndex, tableKeys.listIndex].flatMap(({ partition, sort }) => [partition, sort]);

const isNew = 'attribute_not_exists(pk)';

/**
 * A commit as the actions of one transaction. `wallClock`: when what is done expires counts from
 * here.
 */
export function actionsOf({ writes, timeline, audit = [], effects, done }: Commit, wallClock: number): Action[] {
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
    case 'change': {
      const { id, at } = write.value;
      return {
        ...recordItem(keys.change(id), storedChange, write.value, `the change ${id}`),
        ...listAttributes('change', id, at),
        [tableKeys.ttl]: ttlOf(at + keepChangesMs),
      };
    }
    case 'accepted baseline': {
      const { fingerprint, at } = write.value;
      return {
        ...recordItem(keys.accepted(fingerprint), storedAccepted, write.value, `the accepted baseline ${fingerprint}`),
        ...listAttributes('accepted', fingerprint, at),
      };
    }
    case 'devices': {
      const { responder } = write.value;
      return recordItem(keys.devices(responder), storedDevices, write.value, `the devices of ${responder}`);
    }
    case 'heartbeat': {
      const { name } = write.value;
      return recordItem(keys.heartbeat(name), storedHeartbeat, write.value, `the heartbeat ${name}`);
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
