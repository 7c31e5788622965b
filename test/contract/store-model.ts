import { type Commit, maxCommitActions, type Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { type AuditEntry, inAuditOrder, isBefore } from '../../core/access/audit-log.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive } from '../../core/alerting/alerts/external.ts';
import type { Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Devices } from '../../core/response/devices/device.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { isOlder } from '../../core/response/incidents/incident-place.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { isEarlier } from '../../core/response/incidents/timeline-place.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { laneOf, priorities, priorityOf, receiverOf } from '../../core/response/outbox/lanes.ts';
import type { PageSlot } from '../../core/response/outbox/page-slot.ts';
import { type Change, isOlderChange, newestChangeFirst } from '../../core/telemetry/changes/change.ts';
import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import { type Waiting, waitingMark } from '../../core/telemetry/samples/fold.ts';
import { mergeSummary, type SeriesRef, type Summary } from '../../core/telemetry/samples/summary.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { day } from './store-examples.ts';

const markOf = (one: Waiting | undefined): string | undefined => (one === undefined ? undefined : waitingMark(one));

type Held = { stored: StoredEffect; place: number; leasedUntil?: number };
type Kept = { series: SeriesRef; start: number; summary: Summary; expiresAt: number };

/**
 * What a store means, in plain maps and nothing else: the other stores must give the same answers.
 */
export function modelStore(): Store {
  let incidents = new Map<string, Incident>();
  let latest = new Map<string, string>();
  let timeline = new Map<string, TimelineEntry>();
  let audit = new Map<string, AuditEntry>();
  let alerts = new Map<string, Alert>();
  let deployments = new Map<string, DeploymentState>();
  let silences = new Map<string, Silence>();
  let overrides = new Map<string, Override>();
  let devices = new Map<string, Devices>();
  let changes = new Map<string, Change>();
  let heartbeats = new Map<string, Heartbeat>();
  let serving = new Map<string, ServingState>();
  let accepted = new Map<string, AcceptedBaseline>();
  let trainings = new Map<string, TrainingRecord>();
  let features = new Map<string, TrainingFeatures>();
  const trainingKey = (source: string, modelVersion: string): string => JSON.stringify([source, modelVersion]);
  let effects = new Map<string, Held>();
  const slots = new Map<string, PageSlot>();
  const batches = new Map<string, BatchMark>();
  const waiting = new Map<string, Waiting>();
  const buckets = new Map<string, Kept>();
  const meta = new Map<string, string>();
  const history = new Map<string, { of: { fingerprint: string; level: string }; entry: HistoryEntry; expiresAt: number }>();
  const dueAt = ({ stored, leasedUntil }: Held): number => leasedUntil ?? stored.notBefore;
  const undelivered = (): Held[] => [...effects.values()].filter(({ stored }) => !stored.done);

  const put = <T extends { version: number }>(map: Map<string, T>, id: string, value: T, expected: number): boolean => {
    if ((map.get(id)?.version ?? 0) !== expected) return false;
    map.set(id, value);
    return true;
  };
  const write = (one: Write): boolean => {
    if (one.kind === 'alert gone') return alerts.get(one.fingerprint)?.version === one.expected && alerts.delete(one.fingerprint);
    if (one.kind === 'alert') return put(alerts, one.value.fingerprint, one.value, one.expected);
    if (one.kind === 'deployment') return put(deployments, one.value.name, one.value, one.expected);
    if (one.kind === 'silence') return put(silences, one.value.id, one.value, one.expected);
    if (one.kind === 'override') return put(overrides, one.value.id, one.value, one.expected);
    if (one.kind === 'devices') return put(devices, one.value.responder, one.value, one.expected);
    if (one.kind === 'change') return put(changes, one.value.id, one.value, one.expected);
    if (one.kind === 'heartbeat') return put(heartbeats, one.value.name, one.value, one.expected);
    if (one.kind === 'serving') return put(serving, one.value.source, one.value, one.expected);
    if (one.kind === 'accepted baseline') return put(accepted, one.value.fingerprint, one.value, one.expected);
    if (one.kind === 'training') {
      const key = trainingKey(one.value.source, one.value.modelVersion);
      features.set(key, Object.fromEntries(one.parts.flatMap((part) => Object.entries(part))));
      return put(trainings, key, one.value, one.expected);
    }
    if (one.kind === 'training gone') {
      const key = trainingKey(one.source, one.modelVersion);
      return trainings.get(key)?.version === one.expected && trainings.delete(key);
    }
    if (one.kind === 'latest') {
      if (latest.get(one.key) !== one.previous) return false;
      latest.set(one.key, one.incidentId);
      return true;
    }
    if (one.expected === 0) {
      if (latest.get(one.value.groupKey) !== one.previous) return false;
      latest.set(one.value.groupKey, one.value.id);
    }
    return put(incidents, one.value.id, one.value, one.expected);
  };
  const writeAll = (commit: Commit): boolean => {
    if (!commit.writes.every(write)) return false;
    for (const entry of commit.timeline) {
      const key = `${entry.incidentId}#${entry.version}#${entry.n}`;
      if (timeline.has(key)) return false;
      timeline.set(key, entry);
    }
    for (const entry of commit.audit ?? []) {
      if (audit.has(entry.id)) return false;
      audit.set(entry.id, entry);
    }
    for (const effect of commit.effects) {
      if (effects.has(effect.id)) return false;
      const notBefore = effect.kind === 'timer' ? effect.at : effect.createdAt;
      effects.set(effect.id, { stored: { effect, attempts: 0, notBefore, done: false }, place: effects.size });
    }
    for (const id of commit.done) {
      const held = effects.get(id);
      if (held !== undefined) effects.set(id, { ...held, stored: { ...held.stored, done: true } });
    }
    return true;
  };

  return {
    maxActions: maxCommitActions,
    async commit(commit) {
      const before = [
        new Map(incidents),
        new Map(latest),
        new Map(timeline),
        new Map(audit),
        new Map(alerts),
        new Map(deployments),
        new Map(silences),
        new Map(overrides),
        new Map(devices),
        new Map(changes),
        new Map(heartbeats),
        new Map(serving),
        new Map(accepted),
        new Map(trainings),
        new Map(features),
        new Map(effects),
      ] as const;
      if (writeAll(commit)) return 'committed';
      [
        incidents,
        latest,
        timeline,
        audit,
        alerts,
        deployments,
        silences,
        overrides,
        devices,
        changes,
        heartbeats,
        serving,
        accepted,
        trainings,
        features,
        effects,
      ] = before;
      return 'conflict';
    },
    changesOf: async (ids) => ids.map((id) => changes.get(id)),
    changes: async ({ limit, since = 0, before }) =>
      [...changes.values()]
        .filter((one) => one.at >= since && (before === undefined || isOlderChange(one, before)))
        .sort(newestChangeFirst)
        .slice(0, limit),
    incident: async (id) => incidents.get(id),
    incidentOfGroup: async (groupKey) => incidents.get(latest.get(groupKey) ?? ''),
    incidents: async ({ status, limit, tenants: asked = false, before }) =>
      [...incidents.values()]
        .filter((one) => before === undefined || isOlder(one, before))
        .filter((incident) => asked || isOwn(incident))
        .filter((incident) => status === 'all' || (incident.status === 'resolved') === (status === 'resolved'))
        .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit),
    async forgetOfTenant(id) {
      const known = incidents.get(id);
      if (known === undefined || isOwn(known)) return;
      incidents.delete(id);
      for (const [key, { incidentId }] of timeline) if (incidentId === id) timeline.delete(key);
      for (const [group, latestId] of latest) if (latestId === id) latest.delete(group);
    },
    dueIncidents: async (now, limit) =>
      [...incidents.values()]
        .flatMap(({ id, nextStepAt }) => (nextStepAt !== undefined && nextStepAt <= now ? [{ id, nextStepAt }] : []))
        .sort((a, b) => a.nextStepAt - b.nextStepAt || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id),
    timeline: async (id) =>
      [...timeline.values()].filter(({ incidentId }) => incidentId === id).sort((a, b) => a.version - b.version || a.n - b.n),
    latestEntries: async (id, { limit, before }) =>
      [...timeline.values()]
        .filter((one) => one.incidentId === id && (before === undefined || isEarlier(one, before)))
        .sort((a, b) => b.version - a.version || b.n - a.n)
        .slice(0, limit),
    auditLog: async (limit, before) =>
      [...audit.values()]
        .filter((entry) => before === undefined || isBefore(entry, before))
        .sort(inAuditOrder)
        .slice(-limit),
    alerts: async () => [...alerts.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    timeSensitiveAlerts: async (at) =>
      [...alerts.values()].filter((alert) => isTimeSensitive(alert, at)).sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    alert: async (fingerprint) => alerts.get(fingerprint),
    alertsOf: async (fingerprints) => fingerprints.map((one) => alerts.get(one)),
    deployment: async (name) => deployments.get(name),
    silences: async (now) =>
      [...silences.values()].filter(({ until }) => until > now).sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1)),
    overrides: async (now) =>
      [...overrides.values()].filter(({ until }) => until > now).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    devices: async (responder) => devices.get(responder),
    heartbeats: async (names) => names.map((name) => heartbeats.get(name)),
    serving: async (source) => serving.get(source),
    acceptedBaselines: async (fingerprints) => fingerprints.map((one) => accepted.get(one)),
    allAcceptedBaselines: async () => [...accepted.values()],
    trainings: async (source) =>
      [...trainings.values()].filter((one) => one.source === source).sort((a, b) => (a.modelVersion < b.modelVersion ? -1 : 1)),
    training: async (source, modelVersion) => trainings.get(trainingKey(source, modelVersion)),
    async trainingFeatures({ source, modelVersion, version }) {
      const key = trainingKey(source, modelVersion);
      return trainings.get(key)?.version === version ? features.get(key) : undefined;
    },

    dueEffects: async (now, limit, { priorities: wanted = priorities, busy } = {}) =>
      undelivered()
        .filter((held) => dueAt(held) <= now && wanted.includes(priorityOf(held.stored.effect)))
        .filter(({ stored: { effect } }) => busy?.receivers.includes(receiverOf(effect)) !== true)
        .filter(({ stored: { effect } }) => busy?.lanes.includes(laneOf(effect)) !== true)
        .sort(
          (a, b) =>
            priorityOf(a.stored.effect) - priorityOf(b.stored.effect) ||
            dueAt(a) - dueAt(b) ||
            a.stored.effect.createdAt - b.stored.effect.createdAt ||
            a.place - b.place,
        )
        .slice(0, limit)
        .map(({ stored }) => stored),
    effectsOfLane: async (lane) =>
      undelivered()
        .filter(({ stored: { effect } }) => laneOf(effect) === lane)
        .sort((a, b) => a.stored.effect.createdAt - b.stored.effect.createdAt || a.place - b.place)
        .map(({ stored }) => stored),
    effect: async (id) => effects.get(id)?.stored,
    async leaseEffect(id, now, until, { early = false } = {}) {
      const held = effects.get(id);
      if (held === undefined || held.stored.done) return false;
      if (dueAt(held) > now && !(early && held.leasedUntil === undefined)) return false;
      const { stored } = held;
      const tried = {
        ...stored,
        notBefore: Math.min(stored.notBefore, now),
        attempts: stored.attempts + 1,
        firstTriedAt: stored.firstTriedAt ?? now,
      };
      effects.set(id, { ...held, stored: tried, leasedUntil: until });
      return true;
    },
    async postponeEffect(id, notBefore, { error, uncount, unlessHeldAt }) {
      const held = effects.get(id);
      if (held === undefined || held.stored.done) return;
      if (unlessHeldAt !== undefined && dueAt(held) > unlessHeldAt) return;
      const stored = { ...held.stored, notBefore, lastError: error ?? held.stored.lastError };
      if (uncount === true) stored.attempts = Math.max(0, stored.attempts - 1);
      if (uncount === true && stored.attempts === 0) stored.firstTriedAt = undefined;
      effects.set(id, { ...held, stored, leasedUntil: undefined });
    },
    pageSlot: async (lane) => slots.get(lane),
    async claimPageSlot(lane, was, next) {
      const known = slots.get(lane);
      if (known?.at !== was?.at || known?.criticalAt !== was?.criticalAt) return false;
      slots.set(lane, next);
      return true;
    },
    async pendingPages(now) {
      const pages = undelivered().filter(({ stored }) => stored.effect.kind === 'page');
      const waiting = pages.filter((held) => dueAt(held) <= now).length;
      const oldestAt = Math.min(...pages.map(({ stored }) => stored.effect.createdAt));
      return { waiting, held: pages.length - waiting, ...(pages.length === 0 ? {} : { oldestAt }) };
    },
    async nextDueAt() {
      const steps = [...incidents.values()].flatMap(({ nextStepAt }) => (nextStepAt === undefined ? [] : [nextStepAt]));
      const times = [...steps, ...undelivered().map(dueAt)];
      return times.length === 0 ? undefined : Math.min(...times);
    },

    async fold(batch) {
      const { mark } = batch;
      if (mark !== undefined && (batches.get(mark.id)?.version ?? 0) !== mark.version - 1) return 'duplicate';
      if (batch.waiting.some(({ value, was }) => markOf(waiting.get(value.key)) !== was)) return 'conflict';
      if (mark !== undefined) batches.set(mark.id, mark);
      for (const { value } of batch.waiting) waiting.set(value.key, value);
      for (const { series, bucketStart, summary, expiresAt } of batch.deltas) {
        const key = `${bucketStart}|${series.key}`;
        const known = buckets.get(key);
        const merged = known === undefined ? summary : mergeSummary(known.summary, summary);
        buckets.set(key, { series, start: bucketStart, summary: merged, expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0) });
      }
      return 'folded';
    },
    batchMark: async (id) => batches.get(id),
    waiting: async (keys) => keys.map((key) => waiting.get(key)),
    async series(source, metric) {
      const all = new Map([...buckets.values()].map(({ series }) => [series.key, series]));
      return [...all.values()]
        .filter((one) => one.source === source && one.metric === metric)
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    metrics: async () => [],
    async arrivals(source, metric) {
      const found = new Map<string, { lastAt: number }>();
      for (const { series, start } of buckets.values()) {
        if (series.source !== source || series.metric !== metric) continue;
        found.set(series.key, { lastAt: Math.max(start, found.get(series.key)?.lastAt ?? start) });
      }
      return [...found].map(([key, { lastAt }]) => ({ key, lastAt, arrival: 0 }));
    },
    buckets: async (reads) =>
      reads.map(({ series, from, to }) =>
        [...buckets.values()]
          .filter((kept) => kept.series.key === series.key && kept.start >= from && kept.start < to)
          .map(({ start, summary }) => ({ start, summary }))
          .sort((a, b) => a.start - b.start),
      ),
    // Nothing is unreadable here.
    quarantined: async () => [],
    quarantinedText: async () => undefined,
    quarantineNote: async () => {},
    quarantineTold: async () => {},
    dropQuarantined: async () => false,
    restoreQuarantined: async () => ({ outcome: 'unknown' as const }),
    meta: async (key) => meta.get(key),
    async addHistory(added) {
      for (const { rule: _, entry, expiresAt, ...of } of added)
        history.set(JSON.stringify([of.fingerprint, of.level, entry.at, entry.judgedAt]), { of, entry, expiresAt });
    },
    history: async ({ fingerprint, level }, { from, to }, limit) =>
      [...history.values()]
        .filter(({ of, entry }) => of.fingerprint === fingerprint && of.level === level && entry.at >= from && entry.at < to)
        .map(({ entry }) => entry)
        .sort((a, b) => a.at - b.at || a.judgedAt - b.judgedAt)
        .slice(-limit),
    metas: async (keys) => keys.map((key) => meta.get(key)),
    setMeta: async (key, value) => void meta.set(key, value),
    async setMetas(entries) {
      for (const [key, value] of entries) meta.set(key, value);
    },
    async prune(now) {
      let dropped = 0;
      const drop = <T>(map: Map<string, T>, isOld: (value: T) => boolean): void => {
        for (const [key, value] of map) if (isOld(value) && map.delete(key)) dropped += 1;
      };
      drop(buckets, ({ expiresAt }) => expiresAt <= now);
      drop(history, ({ expiresAt }) => expiresAt <= now);
      drop(waiting, ({ expiresAt }) => expiresAt <= now);
      drop(batches, ({ keepUntil }) => keepUntil <= now);
      drop(effects, ({ stored }) => stored.done && stored.effect.createdAt <= now - 7 * day);
      return dropped;
    },
    close: async () => {},
  };
}
