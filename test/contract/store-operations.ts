import fc from 'fast-check';
import { expect } from 'vitest';
import { historyLevels } from '../../app/ports/judgement-store.ts';
import type { Store } from '../../app/ports/store.ts';
import { laneOf } from '../../core/response/outbox/lanes.ts';
import { asAuditEntryId, asChangeId, asEffectId, asFingerprint, asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import {
  commitOf,
  day,
  delta,
  exampleAccepted,
  exampleAlert,
  exampleAudit,
  exampleBatch,
  exampleChange,
  exampleDevices,
  exampleEntry,
  exampleFeatures,
  exampleHeartbeat,
  exampleIncident,
  exampleMark,
  examplePageEffect,
  examplePredictions,
  exampleSeries,
  exampleServing,
  exampleTraining,
  exampleValues,
  exampleWaiting,
  minute,
  t0,
} from './store-examples.ts';
import { exampleHistoryEntry, exampleHistoryOf } from './store-history.ts';
import { modelStore } from './store-model.ts';

/** One thing that someone does to a store, and what the store says to it. */
export type Operation = { text: string; run: (store: Store) => Promise<unknown>; prunes?: boolean };

export const operation = (text: string, run: Operation['run']): Operation => ({ text, run });
export const small = fc.integer({ min: 0, max: 3 });
export const time = fc.integer({ min: 0, max: 12 }).map((n) => t0 + n * minute);
const allSeries = [0, 1].flatMap((n) => [exampleSeries({ host: `${n}` }), exampleSeries({ model: `${n}` }, 'predictions')]);
export const effectIds = [0, 1, 2, 3].flatMap((n) => [1, 2].map((version) => `inc-${n}#${version}#0`));

/**
 * No two incidents make effects at one time, for which of these goes first is nobody's promise.
 * Reads the version that is there (or, when `stale`, one too low) and writes the next, with its
 * entry and effect.
 */
const decide = fc
  .record({
    n: small,
    group: small,
    stale: fc.boolean(),
    resolved: fc.boolean(),
    at: time,
    step: fc.option(time, { nil: undefined }),
    done: fc.constantFrom(...effectIds),
  })
  .map(({ n, group, stale, resolved, at, step, done }) =>
    operation(`decide inc-${n}${stale ? ' on stale state' : ''}`, async (store) => {
      const id = `inc-${n}`;
      const before = await store.incident(asIncidentId(id));
      const version = (before?.version ?? 0) + (stale ? 0 : 1);
      const groupKey = before?.groupKey ?? `g${group}`;
      const previous = before === undefined ? (await store.incidentOfGroup(asGroupKey(groupKey)))?.id : undefined;
      const value = exampleIncident({
        id: asIncidentId(id),
        groupKey: asGroupKey(groupKey),
        version,
        openedAt: at,
        nextStepAt: step,
        status: resolved ? 'resolved' : 'triggered',
        ...(n === 3 ? { tenant: 'synthetic' as const } : {}),
      });
      return store.commit({
        writes: version === 0 ? [] : [{ kind: 'incident', value, expected: version - 1, previous }],
        timeline: [exampleEntry({ incidentId: asIncidentId(id), version, at })],
        effects:
          version <= 2
            ? [examplePageEffect({ id: asEffectId(`${id}#${version}#0`), incidentId: asIncidentId(id), createdAt: at + n })]
            : [],
        done: [asEffectId(done)],
      });
    }),
  );

const forget = small.map((n) => operation(`forget inc-${n}`, (store) => store.forgetOfTenant(asIncidentId(`inc-${n}`))));

/** Another group, or a claim, leads to an incident from now on; or, when `stale`, is refused. */
const lead = fc.record({ n: small, group: small, stale: fc.boolean() }).map(({ n, group, stale }) =>
  operation(`g${group} leads to inc-${n}${stale ? ' on stale state' : ''}`, async (store) => {
    const [incident, latest] = [
      await store.incident(asIncidentId(`inc-${n}`)),
      await store.incidentOfGroup(asGroupKey(`g${group}`)),
    ];
    if (incident === undefined || incident.tenant !== undefined) return 'no incident that others may join';
    const previous = stale ? asIncidentId('inc-9') : latest?.id;
    return store.commit(
      commitOf({ writes: [{ kind: 'latest', key: asGroupKey(`g${group}`), incidentId: incident.id, previous }] }),
    );
  }),
);

/**
 * Half of them are of another system: such a store may keep a repeat in memory, and none may tell.
 */
const alert = fc
  .record({
    n: small,
    expected: small,
    gone: fc.boolean(),
    repeat: fc.boolean(),
    muted: fc.boolean(),
    start: time,
    now: time,
    end: time,
  })
  .map(({ n, expected, gone, repeat, muted, start, now, end }) =>
    operation(`alert f${n} at ${expected}${gone ? ' gone' : ''}${repeat ? ' again' : ''}`, (store) => {
      const external = { source: 'others', title: 'Down', runbook: 'down', startsAt: start, endsAt: end + 5 * minute };
      const value = exampleAlert({
        fingerprint: asFingerprint(`f${n}`),
        version: expected + 1,
        ...(n < 2 ? {} : { external, evaluatedAt: now, reason: `until ${end}` }),
        ...(muted ? { muted: { by: 'mute timing' as const, text: 'for the night' } } : {}),
      });
      const write =
        gone && !repeat && expected > 0
          ? ({ kind: 'alert gone', fingerprint: value.fingerprint, expected } as const)
          : ({ kind: 'alert', value, expected, repeat } as const);
      return store.commit(commitOf({ writes: [write] }));
    }),
  );

const lookAt = time.map((now) =>
  operation('look at alerts', (store) => store.timeSensitiveAlerts({ now: now + 3 * minute, sources: new Set(['others']) })),
);

const deliver = fc
  .record({
    id: fc.constantFrom(...effectIds),
    now: time,
    early: fc.boolean(),
    postpone: fc.boolean(),
    uncount: fc.boolean(),
    putOff: fc.boolean(),
  })
  .map(({ id, now, early, postpone, uncount, putOff }) =>
    operation(`deliver ${id}`, async (store) => {
      if (putOff) await store.postponeEffect(asEffectId(id), now + 3 * minute, { unlessHeldAt: now });
      const leased = await store.leaseEffect(asEffectId(id), now, now + minute + 1, { early });
      if (postpone) await store.postponeEffect(asEffectId(id), now + 2 * minute, uncount ? { uncount } : { error: `at ${now}` });
      return leased;
    }),
  );

const page = fc
  .record({ key: small, was: fc.option(time, { nil: undefined }), at: time, wasCritical: fc.boolean(), critical: fc.boolean() })
  .map(({ key, was, at, wasCritical, critical }) => {
    const slot = (paged: number, isCritical: boolean) => ({ at: paged, ...(isCritical ? { criticalAt: paged } : {}) });
    return operation(`page ${key}`, (store) =>
      store.claimPageSlot(`slot ${key}`, was === undefined ? undefined : slot(was, wasCritical), slot(at, critical)),
    );
  });

const train = fc
  .record({ version: small, features: fc.constantFrom(0, 1, 9, 17), stale: fc.boolean(), gone: fc.boolean() })
  .map(({ version, features, stale, gone }) =>
    operation(`train ${version} on ${features}${stale ? ' on stale state' : ''}${gone ? ' gone' : ''}`, async (store) => {
      const before = await store.training('app', `${version}`);
      const write = exampleTraining(exampleFeatures(features, before?.version), { modelVersion: `${version}` }, before);
      const expected = Math.max(0, write.expected - (stale ? 1 : 0));
      const drop = {
        kind: 'training gone',
        source: 'app',
        modelVersion: `${version}`,
        expected,
        partsBefore: before?.parts ?? 0,
      } as const;
      return store.commit(commitOf({ writes: [gone && before !== undefined ? drop : { ...write, expected }] }));
    }),
  );

const serve = fc.record({ source: small, expected: small }).map(({ source, expected }) =>
  operation(`serve ${source} at ${expected}`, (store) =>
    store.commit(
      commitOf({
        writes: [{ kind: 'serving', value: exampleServing({ source: `s${source}`, version: expected + 1 }), expected }],
      }),
    ),
  ),
);

const takePages = fc.record({ person: small, expected: small }).map(({ person, expected }) =>
  operation(`devices of r${person} at ${expected}`, (store) => {
    const value = exampleDevices({ responder: `r${person}`, version: expected + 1 });
    return store.commit(commitOf({ writes: [{ kind: 'devices', value, expected }] }));
  }),
);

const change = fc.record({ n: small, at: time, expected: small }).map(({ n, at, expected }) =>
  operation(`change c${n} at ${expected}`, (store) => {
    const value = exampleChange({ id: asChangeId(`chg-${n}`), at, version: expected + 1 });
    return store.commit(commitOf({ writes: [{ kind: 'change', value, expected }] }));
  }),
);

const beat = fc.record({ job: small, expected: small, at: time }).map(({ job, expected, at }) =>
  operation(`heartbeat h${job} at ${expected}`, (store) => {
    const value = exampleHeartbeat({ name: `h${job}`, beganAt: at, version: expected + 1 });
    return store.commit(commitOf({ writes: [{ kind: 'heartbeat', value, expected }] }));
  }),
);

const accept = fc.record({ n: small, expected: small }).map(({ n, expected }) =>
  operation(`accept f${n} at ${expected}`, (store) => {
    const value = exampleAccepted({ fingerprint: asFingerprint(`f${n}`), version: expected + 1 });
    return store.commit(commitOf({ writes: [{ kind: 'accepted baseline', value, expected }] }));
  }),
);

const audit = fc.record({ n: small, at: time, served: small }).map(({ n, at, served }) =>
  operation(`audit a${n}`, (store) => {
    const value = exampleServing({ source: `audited ${served}`, version: 1 });
    const writes = [{ kind: 'serving', value, expected: 0 }] as const;
    return store.commit(commitOf({ writes: [...writes], audit: [exampleAudit({ id: asAuditEntryId(`a${n} ${at}`), at })] }));
  }),
);

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const name = fc.constantFrom('distance', '__proto__', 'constructor', 'ä精', '');
const features = fc.dictionary(name, fc.record({ seen: small, nulls: small }, { noNullPrototype: true }), {
  noNullPrototype: true,
});

const fold = fc
  .record({
    batch: fc.integer({ min: 0, max: 40 }),
    version: fc.constantFrom(0, 1, 1, 2),
    deltas: fc.array(fc.record({ series: fc.nat(3), at: time, value: number, features, keep: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 5,
    }),
    waiting: fc.option(
      fc.record({
        key: small,
        state: fc.constantFrom('prediction', 'label', 'joined'),
        was: fc.constantFrom(undefined, 'prediction', 'label'),
      }),
    ),
  })
  .map(({ batch, version, deltas, waiting }) =>
    operation(`fold b${batch} version ${version}`, (store) =>
      store.fold(
        exampleBatch({
          mark: version === 0 ? undefined : exampleMark({ id: `b${batch}`, version, keepUntil: t0 + batch * minute }),
          deltas: deltas.map(({ series, at, value, features: seen, keep }) => {
            const one = allSeries[series] ?? exampleSeries();
            const summary =
              one.metric === 'predictions'
                ? examplePredictions({ scoreSum: value, features: seen })
                : exampleValues({ count: 1, sum: value, min: value, max: value, last: value, lastAt: at });
            return delta(one, at, summary, at + keep * minute);
          }),
          waiting:
            waiting === null
              ? []
              : [
                  {
                    value: exampleWaiting({ key: `p${waiting.key}`, state: waiting.state, expiresAt: t0 + 5 * minute }),
                    was: waiting.was,
                  },
                ],
        }),
      ),
    ),
  );

const read = fc
  .record({ series: fc.nat(3), from: time, to: time })
  .map(({ series, from, to }) =>
    operation('read buckets', (store) => store.buckets([{ series: allSeries[series] ?? exampleSeries(), from, to }])),
  );

const judged = fc
  .record({ n: small, at: time, late: small, hours: fc.boolean(), keep: small })
  .map(({ n, at, late, hours, keep }) =>
    operation(`judged f${n} at ${at}`, (store) =>
      store.addHistory([
        {
          ...exampleHistoryOf({ fingerprint: asFingerprint(`f${n}`), level: hours ? 'hour' : 'fine' }),
          entry: exampleHistoryEntry({ at, judgedAt: at + late }),
          expiresAt: at + keep * minute,
        },
      ]),
    ),
  );

const prune = fc.record({ at: time, days: fc.constantFrom(0, 0, 0, 8) }).map(({ at, days }) => ({
  ...operation('prune', (store) => store.prune(at + days * day)),
  prunes: true,
}));

/** Operations that are one call each, so that many of them can be under way at once. */
export const singleCalls = { alert, page, fold, judged, read, prune };

/** Everything that can be read. */
export async function everything(store: Store): Promise<unknown> {
  const later = t0 + 365 * day;
  const ids = [0, 1, 2, 3];
  return {
    incidents: await Promise.all(
      (['all', 'open', 'resolved'] as const).flatMap((status) =>
        [false, true].map((synthetic) => store.incidents({ status, limit: 3, tenants: synthetic })),
      ),
    ),
    pages: await Promise.all(
      ids.flatMap((n) => {
        const id = asIncidentId(`inc-${n}`);
        const before = { openedAt: t0 + n * minute, id };
        return [
          store.incidents({ status: 'all', limit: 2, before }),
          store.incidents({ status: 'open', limit: 1, before, tenants: true }),
          store.latestEntries(id, { limit: 2 }),
          store.latestEntries(id, { limit: 2, before: { version: n + 1, n: 1 } }),
        ];
      }),
    ),
    latest: await Promise.all(ids.map((n) => store.incidentOfGroup(asGroupKey(`g${n}`)))),
    timelines: await Promise.all(ids.map((n) => store.timeline(asIncidentId(`inc-${n}`)))),
    auditLog: [
      await store.auditLog(100),
      await store.auditLog(2),
      await store.auditLog(2, { at: t0 + 5 * minute, id: asAuditEntryId('m') }),
    ],
    due: [await store.dueIncidents(t0 + 6 * minute, 10), await store.nextDueAt()],
    alerts: [await store.alerts(), await Promise.all(ids.map((n) => store.alert(asFingerprint(`f${n}`))))],
    alertsOf: await store.alertsOf([
      asFingerprint('f1'),
      asFingerprint('f9'),
      asFingerprint('f0'),
      asFingerprint('f3'),
      asFingerprint('f2'),
    ]),
    toLookAt: await Promise.all(
      [6, 10, 14].flatMap((n) =>
        [['others'], []].map((sources) => store.timeSensitiveAlerts({ now: t0 + n * minute, sources: new Set(sources) })),
      ),
    ),
    dueEffects: [
      await store.dueEffects(t0 + 6 * minute, 10),
      await store.dueEffects(later, 100),
      await store.dueEffects(later, 3, { priorities: [0, 3] }),
      await store.dueEffects(later, 3, { busy: { receivers: ['timer'], lanes: [] } }),
    ],
    effects: await Promise.all(effectIds.map((id) => store.effect(asEffectId(id)))),
    slots: await Promise.all(ids.map((n) => store.pageSlot(`slot ${n}`))),
    pending: [await store.pendingPages(t0 + 6 * minute), await store.effectsOfLane(laneOf(examplePageEffect()))],
    history: await Promise.all(
      ids.flatMap((n) =>
        historyLevels.map((level) =>
          store.history(exampleHistoryOf({ fingerprint: asFingerprint(`f${n}`), level }), { from: 0, to: later }, 100),
        ),
      ),
    ),
    waiting: await store.waiting(ids.map((n) => `p${n}`)),
    changes: await store.changes({ limit: 3 }),
    changesBefore: await store.changes({ limit: 9, since: t0, before: { at: t0 + 5 * minute, id: asChangeId('chg-1') } }),
    devices: await Promise.all(ids.map((n) => store.devices(`r${n}`))),
    heartbeats: await store.heartbeats(ids.map((n) => `h${n}`)),
    serving: await Promise.all(ids.map((n) => store.serving(`s${n}`))),
    accepted: await store.acceptedBaselines(ids.map((n) => asFingerprint(`f${n}`))),
    trainings: await Promise.all(
      (await store.trainings('app')).map(async (record) => ({ record, features: await store.trainingFeatures(record) })),
    ),
    series: [await store.series('app', 'latency'), await store.series('app', 'predictions')],
    buckets: await store.buckets(allSeries.map((series) => ({ series, from: 0, to: later }))),
  };
}

export type Subject = { store: Store; restart?: () => Promise<Store>; close: () => Promise<void> };

/**
 * Random operations give the same answers on a store and on the model, and leave the same things
 * behind.
 */
export async function behavesAsTheModel(
  open: () => Promise<Subject>,
  options: { numRuns: number; prunes: boolean },
): Promise<void> {
  const restart = fc.constant(operation('restart', async () => 'restarted'));
  const operations = fc.array(
    fc.oneof(
      decide,
      decide,
      forget,
      lead,
      alert,
      alert,
      lookAt,
      deliver,
      deliver,
      page,
      fold,
      fold,
      fold,
      read,
      train,
      serve,
      accept,
      takePages,
      change,
      beat,
      judged,
      audit,
      ...(options.prunes ? [prune] : []),
      restart,
    ),
    {
      maxLength: 40,
      size: 'max',
    },
  );
  await fc.assert(
    fc.asyncProperty(operations, async (steps) => {
      const model = modelStore();
      const subject = await open();
      let { store } = subject;
      try {
        for (const { text, run } of steps) {
          if (text === 'restart' && subject.restart !== undefined) store = await subject.restart();
          else expect(await run(store), text).toEqual(await run(model));
        }
        expect(await everything(store)).toEqual(await everything(model));
      } finally {
        await subject.close();
      }
    }),
    { numRuns: options.numRuns },
  );
}
