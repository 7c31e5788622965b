import { describe, expect, it } from 'vitest';
import type { Commit } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { laneOf } from '../../core/response/outbox/lanes.ts';
import type { Summary } from '../../core/telemetry/samples/summary.ts';
import { asAuditEntryId, asChangeId, asEffectId, asFingerprint, asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import type { StoredKind } from '../../core/vocabulary/stored-record.ts';
import {
  changedIncident,
  commitOf,
  committed,
  day,
  delta,
  exampleAccepted,
  exampleAlert,
  exampleAudit,
  exampleBatch,
  exampleChange,
  exampleDeployment,
  exampleDevices,
  exampleEntry,
  exampleFeatures,
  exampleHeartbeat,
  exampleIncident,
  exampleOverride,
  examplePageEffect,
  examplePredictions,
  exampleSeries,
  exampleServing,
  exampleSilence,
  exampleTraining,
  exampleValues,
  exampleWaiting,
  minute,
  newIncident,
  t0,
} from './store-examples.ts';

export type DamagedStore = {
  store(): Store;
  /**
   * Ends the process of the store and begins another one; between them `change` is applied to
   * documents of a kind, by their keys.
   */
  restart(damage?: { kind: StoredKind; of: string; change: (doc: string) => string }): Promise<void>;
  /** The same for documents in quarantine, as if the decoder that refused them had been mended. */
  mend(change: (doc: string) => string): Promise<void>;
  close(): Promise<void>;
};

/** A version that no Tocsin knows, and back. */
const later = (doc: string): string => doc.replaceAll(/"v":(\d+)\}/g, '"v":9$1}');
const earlier = (doc: string): string => doc.replaceAll(/"v":9(\d+)\}/g, '"v":$1}');

/** What may become of a document. */
const damages: Readonly<Record<string, (doc: string) => string>> = {
  'cut short': (doc) => doc.slice(0, -20),
  'of another type': (doc) => doc.replace(/:("[^"]*"|\d+)/, ':[[]]'),
  'of the future': (doc) => doc.replaceAll(/"v":\d+\}/g, '"v":99}'),
  'without a field': (doc) =>
    doc.replace(/"(id|incidentId|fingerprint|name|source|key|bins|count|lastAt|rows|at|content)":/, '"other":'),
  'nothing at all': () => '',
};

type Story = {
  /** Which of two records is damaged, by a text in its key. */
  of: string;
  id: string | RegExp;
  urgent?: true;
  /** Writes two records, of which one will be damaged. */
  write(store: Store): Promise<void>;
  /** What is read of both, in short; `undefined` for the one that is not there. */
  read(store: Store): Promise<unknown>;
  /** Before, and with one of them damaged. */
  before: unknown;
  after: unknown;
  /** What takes the place of the damaged one. */
  again?: (store: Store) => Promise<void>;
};

const other = { groupKey: asGroupKey('other'), groupLabels: {} };
const good = { series: exampleSeries({ host: 'good' }), from: t0, to: t0 + day };
const bad = { series: exampleSeries({ host: 'bad' }), from: t0, to: t0 + day };
const fold = (store: Store) => async (changes: Parameters<typeof exampleBatch>[0]) =>
  expect(await store.fold({ ...exampleBatch(changes), ...(changes?.id === undefined ? { mark: undefined } : {}) })).toBe(
    'folded',
  );
const twoBuckets = (store: Store, summary: Summary = exampleValues()) =>
  fold(store)({
    deltas: [delta(good.series, t0, summary), delta(bad.series, t0, summary), delta(bad.series, t0 + minute, summary)],
  });
const alertWrite = (fingerprint: string): Commit['writes'][number] => ({
  kind: 'alert',
  value: exampleAlert({ fingerprint: asFingerprint(fingerprint) }),
  expected: 0,
});

const stories: Partial<Record<StoredKind, Story>> = {
  alert: {
    of: 'bad',
    id: 'bad',
    write: (store) => committed(store, { writes: [alertWrite('bad'), alertWrite('good')] }),
    async read(store) {
      const lists = [await store.alerts(), await store.timeSensitiveAlerts({ now: t0, sources: new Set() })];
      const ones = [
        await store.alert(asFingerprint('bad')),
        ...(await store.alertsOf([asFingerprint('bad'), asFingerprint('good')])),
      ];
      expect(lists.flat().every(isActive)).toBe(true);
      return [...lists.map((list) => list.map(({ fingerprint }) => fingerprint)), ones.map((one) => one?.fingerprint)];
    },
    before: [
      ['bad', 'good'],
      ['bad', 'good'],
      ['bad', 'bad', 'good'],
    ],
    after: [['good'], ['good'], [undefined, undefined, 'good']],
    again: (store) => committed(store, { writes: [alertWrite('bad')] }),
  },
  incident: {
    of: 'bad',
    id: 'bad',
    urgent: true,
    write: (store) =>
      committed(store, {
        writes: [
          newIncident(exampleIncident({ id: asIncidentId('bad'), nextStepAt: t0 })),
          newIncident(exampleIncident({ ...other, id: asIncidentId('good') })),
        ],
      }),
    async read(store) {
      const lists = [await store.incidents({ status: 'open', limit: 9 }), await store.incidents({ status: 'all', limit: 9 })];
      const ones = [
        await store.incident(asIncidentId('bad')),
        await store.incidentOfGroup(exampleIncident().groupKey),
        await store.incident(asIncidentId('good')),
      ];
      return [...lists.map((list) => list.map(({ id }) => id).sort()), ones.map((one) => one?.id)];
    },
    before: [
      ['bad', 'good'],
      ['bad', 'good'],
      ['bad', 'bad', 'good'],
    ],
    after: [['good'], ['good'], [undefined, undefined, 'good']],
    // Its group begins another one.
    again: (store) => committed(store, { writes: [newIncident(exampleIncident({ id: asIncidentId('bad') }))] }),
  },
  timeline: {
    of: 'bad',
    id: /^bad /,
    write: (store) =>
      committed(store, {
        timeline: [exampleEntry({ incidentId: asIncidentId('bad') }), exampleEntry({ incidentId: asIncidentId('good') })],
      }),
    async read(store) {
      return [(await store.timeline(asIncidentId('bad'))).length, (await store.timeline(asIncidentId('good'))).length];
    },
    before: [1, 1],
    after: [0, 1],
  },
  'audit entry': {
    of: 'bad',
    id: 'bad',
    write: (store) => committed(store, { audit: ['bad', 'good'].map((id) => exampleAudit({ id: asAuditEntryId(id) })) }),
    read: async (store) => (await store.auditLog(9)).map(({ id }) => id).filter((id) => !id.startsWith('restored')),
    before: ['bad', 'good'],
    after: ['good'],
    again: (store) => committed(store, { audit: [exampleAudit({ id: asAuditEntryId('bad') })] }),
  },
  effect: {
    of: 'bad',
    id: 'bad#1#0',
    urgent: true,
    write: (store) =>
      committed(store, {
        effects: ['bad', 'good'].map((id) => examplePageEffect({ id: asEffectId(`${id}#1#0`), incidentId: asIncidentId(id) })),
      }),
    async read(store) {
      const lists = [await store.dueEffects(t0, 9), await store.effectsOfLane(laneOf(examplePageEffect()))];
      const ones = [await store.effect(asEffectId('bad#1#0')), await store.effect(asEffectId('good#1#0'))];
      return [
        ...lists.map((list) => list.map(({ effect }) => effect.incidentId).sort()),
        ones.map((one) => one?.effect.incidentId),
      ];
    },
    before: [
      ['bad', 'good'],
      ['bad', 'good'],
      ['bad', 'good'],
    ],
    after: [['good'], ['good'], [undefined, 'good']],
    again: (store) =>
      committed(store, { effects: [examplePageEffect({ id: asEffectId('bad#1#0'), incidentId: asIncidentId('bad') })] }),
  },
  silence: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map((id) => ({ kind: 'silence', value: exampleSilence({ id }), expected: 0 }) as const),
      }),
    read: async (store) => (await store.silences(t0)).map(({ id }) => id),
    before: ['bad', 'good'],
    after: ['good'],
    again: (store) => committed(store, { writes: [{ kind: 'silence', value: exampleSilence({ id: 'bad' }), expected: 0 }] }),
  },
  override: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map((id) => ({ kind: 'override', value: exampleOverride({ id }), expected: 0 }) as const),
      }),
    read: async (store) => (await store.overrides(t0)).map(({ id }) => id),
    before: ['bad', 'good'],
    after: ['good'],
    again: (store) => committed(store, { writes: [{ kind: 'override', value: exampleOverride({ id: 'bad' }), expected: 0 }] }),
  },
  deployment: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map((name) => ({ kind: 'deployment', value: exampleDeployment({ name }), expected: 0 }) as const),
      }),
    read: async (store) => [(await store.deployment('bad'))?.lost, (await store.deployment('good'))?.name],
    before: [undefined, 'good'],
    // What was forgotten of it must not pass for nothing.
    after: [true, 'good'],
    again: (store) =>
      committed(store, { writes: [{ kind: 'deployment', value: exampleDeployment({ name: 'bad', version: 3 }), expected: 2 }] }),
  },
  devices: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map(
          (responder) => ({ kind: 'devices', value: exampleDevices({ responder }), expected: 0 }) as const,
        ),
      }),
    read: async (store) => [(await store.devices('bad'))?.responder, (await store.devices('good'))?.responder],
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) =>
      committed(store, { writes: [{ kind: 'devices', value: exampleDevices({ responder: 'bad' }), expected: 0 }] }),
  },
  change: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map(
          (id) => ({ kind: 'change', value: exampleChange({ id: asChangeId(id) }), expected: 0 }) as const,
        ),
      }),
    read: async (store) => [
      ...(await store.changesOf([asChangeId('bad')])).map((one) => one?.id),
      ...(await store.changes({ limit: 9 })).map(({ id }) => id),
    ],
    before: ['bad', 'good', 'bad'],
    after: [undefined, 'good'],
    again: (store) =>
      committed(store, { writes: [{ kind: 'change', value: exampleChange({ id: asChangeId('bad') }), expected: 0 }] }),
  },
  heartbeat: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map((name) => ({ kind: 'heartbeat', value: exampleHeartbeat({ name }), expected: 0 }) as const),
      }),
    read: async (store) => (await store.heartbeats(['bad', 'good'])).map((one) => one?.name),
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) =>
      committed(store, { writes: [{ kind: 'heartbeat', value: exampleHeartbeat({ name: 'bad' }), expected: 0 }] }),
  },
  serving: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map((source) => ({ kind: 'serving', value: exampleServing({ source }), expected: 0 }) as const),
      }),
    read: async (store) => [(await store.serving('bad'))?.source, (await store.serving('good'))?.source],
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) => committed(store, { writes: [{ kind: 'serving', value: exampleServing({ source: 'bad' }), expected: 0 }] }),
  },
  'accepted baseline': {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      committed(store, {
        writes: ['bad', 'good'].map(
          (fingerprint) =>
            ({
              kind: 'accepted baseline',
              value: exampleAccepted({ fingerprint: asFingerprint(fingerprint) }),
              expected: 0,
            }) as const,
        ),
      }),
    read: async (store) =>
      (await store.acceptedBaselines([asFingerprint('bad'), asFingerprint('good')])).map((one) => one?.fingerprint),
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) =>
      committed(store, {
        writes: [{ kind: 'accepted baseline', value: exampleAccepted({ fingerprint: asFingerprint('bad') }), expected: 0 }],
      }),
  },
  training: {
    of: 'bad',
    id: /bad/,
    write: (store) =>
      committed(store, { writes: ['bad', 'good'].map((modelVersion) => exampleTraining(exampleFeatures(2), { modelVersion })) }),
    read: async (store) => [
      (await store.trainings('app')).map(({ modelVersion }) => modelVersion),
      (await store.training('app', 'bad'))?.modelVersion,
    ],
    before: [['bad', 'good'], 'bad'],
    after: [['good'], undefined],
  },
  'training part': {
    of: 'bad',
    id: /bad/,
    write: (store) =>
      committed(store, { writes: ['bad', 'good'].map((modelVersion) => exampleTraining(exampleFeatures(20), { modelVersion })) }),
    async read(store) {
      const records = await store.trainings('app');
      const features = await Promise.all(records.map((record) => store.trainingFeatures(record)));
      return features.map((all) => all && Object.keys(all).length);
    },
    before: [20, 20],
    // Never a part of them.
    after: [undefined, 20],
  },
  series: {
    of: 'bad',
    id: /bad/,
    write: (store) => twoBuckets(store),
    read: async (store) => (await store.series('app', 'latency')).map(({ labels }) => labels['host']),
    before: ['bad', 'good'],
    after: ['good'],
    // The next sample lists it again.
    again: (store) => twoBuckets(store),
  },
  waiting: {
    of: 'bad',
    id: 'bad',
    write: (store) =>
      fold(store)({ waiting: ['bad', 'good'].map((key) => ({ value: exampleWaiting({ key }), was: undefined })) }),
    read: async (store) => (await store.waiting(['bad', 'good'])).map((one) => one?.key),
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) => fold(store)({ waiting: [{ value: exampleWaiting({ key: 'bad' }), was: undefined }] }),
  },
  batch: {
    of: 'bad',
    id: 'bad',
    async write(store) {
      for (const id of ['bad', 'good']) await fold(store)({ id });
    },
    read: async (store) => [(await store.batchMark('bad'))?.id, (await store.batchMark('good'))?.id],
    before: ['bad', 'good'],
    after: [undefined, 'good'],
    again: (store) => fold(store)({ id: 'bad' }),
  },
};

const predictions = examplePredictions({
  scores: { probable: 1, probabilitySum: 0.5, positiveProbable: 0, positiveProbabilitySum: 0, bins: [50, 1, 0] },
});
const buckets: Story = {
  of: 'bad',
  id: /bad/,
  write: (store) => twoBuckets(store, predictions),
  read: async (store) => (await store.buckets([bad, good])).map((list) => list.length),
  before: [2, 1],
  after: [0, 1],
  // What comes next is counted from nothing.
  again: (store) => twoBuckets(store, predictions),
};

/** What every store does with a record that does not decode. */
export function quarantineContract(name: string, open: () => Promise<DamagedStore>): void {
  const all = Object.entries({ ...stories, bucket: buckets }) as [StoredKind, Story][];
  describe.each(all)(`${name}: %s`, (kind, story) => {
    it.each(Object.entries(damages))('%s is set aside once, and the others are read', async (_, change) => {
      const damaged = await open();
      await story.write(damaged.store());
      expect(await story.read(damaged.store())).toEqual(story.before);
      await damaged.restart({ kind, of: story.of, change });
      expect(await story.read(damaged.store())).toEqual(story.after);
      const entries = await damaged.store().quarantined(99);
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) {
        expect(entry).toEqual({ kind, id: entry.id, reason: expect.stringMatching(/./), urgent: story.urgent ?? false });
        expect(entry.id).toMatch(story.id);
      }
      // It is not met again: neither by the next reader nor after a restart.
      expect(await story.read(damaged.store())).toEqual(story.after);
      await damaged.restart();
      expect(await story.read(damaged.store())).toEqual(story.after);
      expect(await damaged.store().quarantined(99)).toEqual(entries);
      await damaged.store().prune(t0 + 400 * day);
      expect(await damaged.store().quarantined(99)).toEqual(entries);
      await damaged.close();
    });

    it('comes back to its place once it can be read again, and the audit log says so', async () => {
      const damaged = await open();
      await story.write(damaged.store());
      await damaged.restart({ kind, of: story.of, change: later });
      expect(await story.read(damaged.store())).toEqual(story.after);
      const entries = await damaged.store().quarantined(99);
      expect(entries.length).toBeGreaterThan(0);
      const entryOf = (n: number) => exampleAudit({ id: asAuditEntryId(`restored${n}`), kind: 'restored' });
      for (const [n, { id }] of entries.entries())
        expect(await damaged.store().restoreQuarantined(kind, id, entryOf(n))).toMatchObject({ outcome: 'unreadable' });
      expect(await damaged.store().quarantined(99)).toHaveLength(entries.length);
      await damaged.mend(earlier);
      for (const [n, { id }] of entries.entries())
        expect(await damaged.store().restoreQuarantined(kind, id, entryOf(n))).toEqual({ outcome: 'restored' });
      expect(await story.read(damaged.store())).toEqual(story.before);
      await damaged.restart();
      expect(await story.read(damaged.store())).toEqual(story.before);
      expect(await damaged.store().quarantined(99)).toEqual([]);
      const restored = (await damaged.store().auditLog(99)).filter((entry) => entry.kind === 'restored');
      expect(restored).toHaveLength(entries.length);
      expect(await damaged.store().restoreQuarantined(kind, entries[0]?.id ?? '', entryOf(99))).toEqual({ outcome: 'unknown' });
      await damaged.close();
    });

    if (story.again !== undefined)
      it('leaves its place to another one that is there by now', async () => {
        const damaged = await open();
        await story.write(damaged.store());
        await damaged.restart({ kind, of: story.of, change: later });
        await story.read(damaged.store());
        await story.again?.(damaged.store());
        const entries = await damaged.store().quarantined(99);
        await damaged.mend(earlier);
        for (const { id } of entries)
          expect(await damaged.store().restoreQuarantined(kind, id, exampleAudit({ id: asAuditEntryId('restored') }))).toEqual({
            outcome: 'taken',
          });
        expect(await damaged.store().quarantined(99)).toHaveLength(entries.length);
        expect(await story.read(damaged.store())).toEqual(story.before);
        await damaged.close();
      });

    if (story.again !== undefined)
      it('is written anew in its place, and stays in quarantine until it is dropped', async () => {
        const damaged = await open();
        await story.write(damaged.store());
        const cut = (doc: string): string => doc.slice(0, -1);
        await damaged.restart({ kind, of: story.of, change: cut });
        await story.read(damaged.store());
        await story.again?.(damaged.store());
        const entries = await damaged.store().quarantined(99);
        expect(await story.read(damaged.store())).toEqual(story.before);
        for (const { id } of entries) {
          expect(await damaged.store().quarantinedText(kind, id)).toMatch(/^\{.*\}\n/s);
          expect(await damaged.store().dropQuarantined(kind, id)).toBe(true);
          expect(await damaged.store().dropQuarantined(kind, id)).toBe(false);
        }
        expect(await damaged.store().quarantined(99)).toEqual([]);
        expect(await story.read(damaged.store())).toEqual(story.before);
        await damaged.close();
      });
  });

  describe(name, () => {
    it('calls nobody for an incident that is over, nor for a page that is delivered', async () => {
      const damaged = await open();
      const incident = exampleIncident({ id: asIncidentId('bad') });
      await committed(damaged.store(), {
        writes: [newIncident(incident)],
        effects: [examplePageEffect({ id: asEffectId('bad#1#0'), incidentId: asIncidentId('bad') })],
      });
      await committed(damaged.store(), {
        writes: [changedIncident(incident, { status: 'resolved', resolvedAt: t0 })],
        done: [asEffectId('bad#1#0')],
      });
      const change = (): string => '{';
      await damaged.restart({ kind: 'incident', of: 'bad', change });
      await damaged.restart({ kind: 'effect', of: 'bad', change });
      expect(await damaged.store().incident(asIncidentId('bad'))).toBeUndefined();
      expect(await damaged.store().effect(asEffectId('bad#1#0'))).toBeUndefined();
      expect((await damaged.store().quarantined(9)).map(({ kind, urgent }) => [kind, urgent]).sort()).toEqual([
        ['effect', false],
        ['incident', false],
      ]);
      await damaged.close();
    });

    it('remembers when somebody was told', async () => {
      const damaged = await open();
      await committed(damaged.store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('bad') }))] });
      await damaged.restart({ kind: 'incident', of: 'bad', change: () => '{' });
      expect(await damaged.store().incident(asIncidentId('bad'))).toBeUndefined();
      await damaged.store().quarantineTold([{ kind: 'incident', id: 'bad' }], t0 + 5);
      await damaged.store().quarantineTold([{ kind: 'incident', id: 'bad' }], t0 + 9);
      await damaged.restart();
      expect(await damaged.store().quarantined(9)).toMatchObject([{ kind: 'incident', id: 'bad', urgent: true, toldAt: t0 + 5 }]);
      await damaged.close();
    });

    it('sets a note aside that its reader could not read', async () => {
      const damaged = await open();
      await damaged.store().setMeta('tick', 'no json');
      await damaged.store().quarantineNote('tick', { by: 'not JSON', text: 'its 7 characters are no JSON' });
      expect(await damaged.store().meta('tick')).toBeUndefined();
      expect(await damaged.store().quarantined(9)).toEqual([
        { kind: 'note', id: 'tick', reason: 'its 7 characters are no JSON', urgent: false },
      ]);
      expect(await damaged.store().quarantinedText('note', 'tick')).toContain('no json');
      await damaged.store().setMeta('tick', '1');
      expect(await damaged.store().meta('tick')).toBe('1');
      await damaged.close();
    });

    it('says nothing of what is well', async () => {
      const damaged = await open();
      for (const { write } of Object.values(stories)) await write(damaged.store()).catch(() => {});
      for (const { read } of Object.values(stories)) await read(damaged.store());
      expect(await damaged.store().quarantined(9)).toEqual([]);
      expect(await damaged.store().quarantinedText('alert', 'good')).toBeUndefined();
      expect(await damaged.store().commit(commitOf({}))).toBe('committed');
      await damaged.close();
    });
  });
}
