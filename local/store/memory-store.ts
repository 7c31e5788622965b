import type { Commit, CommitResult } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { inAuditOrder, isBefore } from '../../core/access/audit-log.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, type TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import { asIncidentId, type Fingerprint, type IncidentId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { type Leases, memoryOutbox } from './memory-outbox.ts';
import { type KeptKind, memoryRecords, type ValueOf } from './memory-records.ts';

/** A store that keeps in memory what the store behind cannot write, and hands it over later. */
export type MemoryStore = Store & {
  /**
   * Commits everything to the store behind at once. Rethrows its errors, without losing anything.
   */
  handOver(): Promise<void>;
  isEmpty(): boolean;
};

/**
 * Wraps a store that can be read but not written. Decisions go to memory under the store's own
 * conditions, so escalation and pages continue. Lost with the process.
 */
export function memoryStore(base: Store, leases: Leases): MemoryStore {
  const records = memoryRecords(base);
  const outbox = memoryOutbox(base, leases);
  const meta = new Map<string, string>();
  /** Quarantined records reported meanwhile, and when. */
  const told = new Map<string, { of: Pick<Quarantined, 'kind' | 'id'>; at: number }>();
  const placeOf = ({ kind, id }: Pick<Quarantined, 'kind' | 'id'>): string => `${kind} ${id}`;
  let turn: Promise<unknown> = Promise.resolve();

  /** Runs one at a time: a condition must still hold when its change is applied. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  const refuse = (what: string) => async (): Promise<never> => {
    throw new StoreUnavailableError(`${what} cannot be stored now`);
  };

  async function commit({ writes, timeline, audit = [], effects, done }: Commit): Promise<CommitResult> {
    const staged = await records.stage({ writes, timeline, audit });
    if (staged === false || !(await outbox.isNew(effects))) return 'conflict';
    const applyEffects = await outbox.apply(effects, done);
    staged.apply();
    applyEffects();
    return 'committed';
  }

  async function handOver(): Promise<void> {
    if (!records.isEmpty() || !outbox.isEmpty()) {
      const all = (): Commit => ({ ...records.toCommit(), ...outbox.toCommit() });
      if ((await base.commit(all())) === 'conflict') {
        // A write reported as failed may still have reached the disk.
        await records.reconcile();
        await outbox.reconcile();
        if ((await base.commit(all())) === 'conflict')
          throw new Error('memory and store disagree; another process may have written to the store');
      }
      records.clear();
      await Promise.all(outbox.afterCommit());
      outbox.clear();
    }
    const notes = [...meta];
    await base.setMetas(notes);
    for (const [key, value] of notes) if (meta.get(key) === value) meta.delete(key);
    for (const [place, { of, at }] of [...told]) {
      await base.quarantineTold([of], at);
      told.delete(place);
    }
  }

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
    maxActions: base.maxActions,
    commit: (one) => inTurn(() => commit(one)),
    handOver: () => inTurn(handOver),
    isEmpty: () => records.isEmpty() && outbox.isEmpty() && meta.size === 0 && told.size === 0,

    incident,
    async incidentOfGroup(groupKey) {
      const id = records.latest(groupKey);
      if (id !== undefined) return incident(id);
      const stored = await base.incidentOfGroup(groupKey);
      return stored === undefined ? undefined : incident(stored.id);
    },
    async incidents(filter) {
      const { status, limit, tenants = false } = filter;
      const stored = await base.incidents({ ...filter, limit: limit + records.all('incident').length });
      const isListed = (one: Incident): boolean =>
        (tenants || isOwn(one)) && (status === 'all' || (one.status === 'resolved') === (status === 'resolved'));
      return merged('incident', stored, ({ id }) => id)
        .filter(isListed)
        .sort(newestFirst)
        .slice(0, limit);
    },
    forgetOfTenant: refuse('the end of an incident of a tenant'),
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
    silences: async (now) =>
      merged('silence', await base.silences(now), ({ id }) => id)
        .filter(({ until }) => until > now)
        .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1)),
    overrides: async (now) =>
      merged('override', await base.overrides(now), ({ id }) => id)
        .filter(({ until }) => until > now)
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    trainings: base.trainings,
    training: base.training,
    trainingFeatures: base.trainingFeatures,

    dueEffects: outbox.dueEffects,
    effectsOfLane: outbox.effectsOfLane,
    effect: outbox.effect,
    leaseEffect: (...request) => inTurn(() => outbox.leaseEffect(...request)),
    postponeEffect: (...request) => inTurn(() => outbox.postponeEffect(...request)),
    pageSlot: outbox.pageSlot,
    pendingPages: outbox.pendingPages,
    claimPageSlot: (...request) => inTurn(() => outbox.claimPageSlot(...request)),
    async nextDueAt() {
      const steps = (await Promise.all((await base.dueIncidents(Number.MAX_SAFE_INTEGER, 1000)).map(incident))).map(
        (one) => one?.nextStepAt,
      );
      const mine = records.all('incident').map(({ value }) => value?.nextStepAt);
      const times = [...steps, ...mine, await outbox.nextDueAt()].filter((at) => at !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    fold: refuse('a batch of records'),
    batchMark: base.batchMark,
    waiting: base.waiting,
    series: base.series,
    metrics: base.metrics,
    arrivals: base.arrivals,
    buckets: base.buckets,
    // It only informs, and memory is for what has to be done.
    addHistory: async () => {},
    history: base.history,
    meta: async (key) => meta.get(key) ?? (await base.meta(key)),
    async metas(keys) {
      const stored = await base.metas(keys);
      return keys.map((key, place) => meta.get(key) ?? stored[place]);
    },
    async setMeta(key, value) {
      meta.set(key, value);
    },
    async setMetas(entries) {
      for (const [key, value] of entries) meta.set(key, value);
    },
    async quarantined(limit) {
      return (await base.quarantined(limit)).map((one) => {
        const at = one.toldAt ?? told.get(placeOf(one))?.at;
        return at === undefined ? one : { ...one, toldAt: at };
      });
    },
    quarantinedText: base.quarantinedText,
    // The record is found again as soon as it can be quarantined.
    quarantineNote: async () => {},
    async quarantineTold(these, at) {
      for (const of of these) told.set(placeOf(of), { of, at });
    },
    dropQuarantined: refuse('that a record is dropped'),
    restoreQuarantined: refuse('that a record comes back from quarantine'),
    prune: async () => 0,
    close: base.close,
  };
}
