import { expect, it } from 'vitest';
import type { Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import {
  asAuditEntryId,
  asEffectId,
  asFingerprint,
  asGroupKey,
  asIncidentId,
  type IncidentId,
} from '../../core/vocabulary/ids.ts';
import {
  changedIncident,
  commitOf,
  committed,
  exampleAccepted,
  exampleAlert,
  exampleAudit,
  exampleChange,
  exampleDeployment,
  exampleDevices,
  exampleEntry,
  exampleHeartbeat,
  exampleIncident,
  exampleOverride,
  examplePageEffect,
  exampleServing,
  exampleSilence,
  exampleWake,
  minute,
  newIncident,
  t0,
} from './store-examples.ts';

export function commitContract(store: () => Store): void {
  it('writes state, timeline and effects together', async () => {
    const incident = exampleIncident({ nextStepAt: t0 + 15 * minute });
    const result = await store().commit({
      writes: [
        newIncident(incident),
        { kind: 'alert', value: exampleAlert(), expected: 0 },
        { kind: 'deployment', value: exampleDeployment(), expected: 0 },
        { kind: 'silence', value: exampleSilence(), expected: 0 },
        { kind: 'override', value: exampleOverride(), expected: 0 },
      ],
      timeline: [exampleEntry(), exampleEntry({ n: 1, kind: 'page', data: { effect: asEffectId('inc-1#1#0') } })],
      audit: [exampleAudit()],
      effects: [examplePageEffect(), exampleWake()],
      done: [],
    });
    expect(result).toBe('committed');
    expect(await store().incident(asIncidentId('inc-1'))).toEqual(incident);
    expect(await store().incidentOfGroup(incident.groupKey)).toEqual(incident);
    expect(await store().alert(exampleAlert().fingerprint)).toEqual(exampleAlert());
    expect(await store().deployment('flight-delays')).toEqual(exampleDeployment());
    expect(await store().silences(t0)).toEqual([exampleSilence()]);
    expect(await store().overrides(t0)).toEqual([exampleOverride()]);
    expect((await store().timeline(asIncidentId('inc-1'))).map(({ kind }) => kind)).toEqual(['opened', 'page']);
    expect(await store().auditLog(10)).toEqual([exampleAudit()]);
    expect(await store().effect(asEffectId('inc-1#1#0'))).toEqual({
      effect: examplePageEffect(),
      attempts: 0,
      notBefore: t0,
      done: false,
    });
    expect((await store().effect(asEffectId('inc-1#1#1')))?.notBefore).toBe(t0 + 15 * minute);
  });

  it('changes nothing at all when one write of it is stale', async () => {
    const before = exampleIncident();
    await committed(store(), {
      writes: [newIncident(before), { kind: 'alert', value: exampleAlert(), expected: 0 }],
      effects: [examplePageEffect()],
    });
    const result = await store().commit({
      writes: [
        changedIncident(before, { severity: 'warn' }),
        { kind: 'deployment', value: exampleDeployment(), expected: 0 },
        { kind: 'silence', value: exampleSilence(), expected: 0 },
        { kind: 'override', value: exampleOverride(), expected: 0 },
        { kind: 'alert', value: exampleAlert({ version: 6 }), expected: 5 },
      ],
      timeline: [exampleEntry({ version: 2 })],
      effects: [exampleWake()],
      done: [asEffectId('inc-1#1#0')],
    });
    expect(result).toBe('conflict');
    expect(await store().incident(asIncidentId('inc-1'))).toEqual(before);
    expect(await store().deployment('flight-delays')).toBeUndefined();
    expect(await store().silences(0)).toEqual([]);
    expect(await store().overrides(0)).toEqual([]);
    expect(await store().timeline(asIncidentId('inc-1'))).toEqual([]);
    expect(await store().effect(asEffectId('inc-1#1#1'))).toBeUndefined();
    expect((await store().effect(asEffectId('inc-1#1#0')))?.done).toBe(false);
  });

  const kinds: [string, (expected: number) => Write][] = [
    ['an incident', (expected) => ({ kind: 'incident', value: exampleIncident({ version: expected + 1 }), expected })],
    ['an alert', (expected) => ({ kind: 'alert', value: exampleAlert({ version: expected + 1 }), expected })],
    ['a deployment', (expected) => ({ kind: 'deployment', value: exampleDeployment({ version: expected + 1 }), expected })],
    ['a change', (expected) => ({ kind: 'change', value: exampleChange({ version: expected + 1 }), expected })],
    ['heartbeat', (expected) => ({ kind: 'heartbeat', value: exampleHeartbeat({ version: expected + 1 }), expected })],
    ['devices', (expected) => ({ kind: 'devices', value: exampleDevices({ version: expected + 1 }), expected })],
    ['what serves', (expected) => ({ kind: 'serving', value: exampleServing({ version: expected + 1 }), expected })],
    [
      'an accepted baseline',
      (expected) => ({ kind: 'accepted baseline', value: exampleAccepted({ version: expected + 1 }), expected }),
    ],
    ['a silence', (expected) => ({ kind: 'silence', value: exampleSilence({ version: expected + 1 }), expected })],
    ['an override', (expected) => ({ kind: 'override', value: exampleOverride({ version: expected + 1 }), expected })],
  ];

  it.each(kinds)('writes %s only over the version that was read', async (_, write) => {
    expect(await store().commit(commitOf({ writes: [write(1)] }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: [write(0)] }))).toBe('committed');
    expect(await store().commit(commitOf({ writes: [write(0)] }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: [write(2)] }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: [write(1)] }))).toBe('committed');
    expect(await store().commit(commitOf({ writes: [write(1)] }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: [write(2)] }))).toBe('committed');
  });

  it('removes an alert only at the version that was read, and lets it begin anew', async () => {
    const { fingerprint } = exampleAlert();
    await committed(store(), { writes: [{ kind: 'alert', value: exampleAlert(), expected: 0 }] });
    expect(await store().commit(commitOf({ writes: [{ kind: 'alert gone', fingerprint, expected: 2 }] }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: [{ kind: 'alert gone', fingerprint, expected: 1 }] }))).toBe('committed');
    expect(await store().alert(fingerprint)).toBeUndefined();
    expect(await store().alerts()).toEqual([]);
    expect(await store().commit(commitOf({ writes: [{ kind: 'alert gone', fingerprint, expected: 1 }] }))).toBe('conflict');
    await committed(store(), { writes: [{ kind: 'alert', value: exampleAlert(), expected: 0 }] });
  });

  it('lets one of two new incidents of a group win when both were decided at once', async () => {
    const results = await Promise.all(
      ['inc-a', 'inc-b'].map((id) =>
        store().commit(
          commitOf({
            writes: [newIncident(exampleIncident({ id: asIncidentId(id) }))],
            timeline: [exampleEntry({ incidentId: asIncidentId(id) })],
          }),
        ),
      ),
    );
    expect(results.toSorted()).toEqual(['committed', 'conflict']);
    const winner = results[0] === 'committed' ? 'inc-a' : 'inc-b';
    expect((await store().incidentOfGroup(exampleIncident().groupKey))?.id).toBe(winner);
    expect(await store().incident(asIncidentId(winner === 'inc-a' ? 'inc-b' : 'inc-a'))).toBeUndefined();
  });

  it('opens a later incident of a group only after the one that was the latest when it was decided', async () => {
    await committed(store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('inc-1'), status: 'resolved' }))] });
    expect(await store().commit(commitOf({ writes: [newIncident(exampleIncident({ id: asIncidentId('inc-2') }))] }))).toBe(
      'conflict',
    );
    expect(
      await store().commit(
        commitOf({ writes: [newIncident(exampleIncident({ id: asIncidentId('inc-2') }), asIncidentId('inc-0'))] }),
      ),
    ).toBe('conflict');
    await committed(store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('inc-2') }), asIncidentId('inc-1'))] });
    expect(
      await store().commit(
        commitOf({ writes: [newIncident(exampleIncident({ id: asIncidentId('inc-3') }), asIncidentId('inc-1'))] }),
      ),
    ).toBe('conflict');
    expect((await store().incidentOfGroup(exampleIncident().groupKey))?.id).toBe('inc-2');
  });

  it('refuses a previous incident where the group has none', async () => {
    expect(await store().commit(commitOf({ writes: [newIncident(exampleIncident(), asIncidentId('inc-0'))] }))).toBe('conflict');
  });

  it('keeps the incidents of different groups apart', async () => {
    const other = exampleIncident({ id: asIncidentId('inc-2'), groupKey: asGroupKey('model=other') });
    await committed(store(), { writes: [newIncident(exampleIncident())] });
    await committed(store(), { writes: [newIncident(other)] });
    expect(await store().incidentOfGroup(asGroupKey('model=other'))).toEqual(other);
    expect(await store().incidentOfGroup(asGroupKey('model=none'))).toBeUndefined();
  });

  it('finds an incident by other keys as well, from the commit on that says so', async () => {
    const incident = exampleIncident();
    const writes: Write[] = [
      newIncident(incident),
      { kind: 'latest', key: asGroupKey('~claim'), incidentId: asIncidentId('inc-1') },
    ];
    await committed(store(), { writes });
    expect(await store().incidentOfGroup(asGroupKey('~claim'))).toEqual(incident);
    await committed(store(), {
      writes: [
        changedIncident(incident, {}),
        { kind: 'latest', key: asGroupKey('model=other'), incidentId: asIncidentId('inc-1') },
      ],
    });
    expect(await store().incidentOfGroup(asGroupKey('model=other'))).toMatchObject({ id: 'inc-1', version: 2 });
    expect(await store().incidentOfGroup(incident.groupKey)).toMatchObject({ id: 'inc-1', version: 2 });
  });

  it('leaves a key to another incident only where it led to the one that was read, and writes nothing at all otherwise', async () => {
    await committed(store(), {
      writes: [newIncident(exampleIncident({ id: asIncidentId('inc-1'), groupKey: asGroupKey('a') }))],
    });
    await committed(store(), {
      writes: [newIncident(exampleIncident({ id: asIncidentId('inc-2'), groupKey: asGroupKey('b') }))],
    });
    const leads = (previous?: IncidentId): Write[] => [
      { kind: 'alert', value: exampleAlert(), expected: 0 },
      {
        kind: 'latest',
        key: asGroupKey('b'),
        incidentId: asIncidentId('inc-1'),
        ...(previous === undefined ? {} : { previous }),
      },
    ];
    expect(await store().commit(commitOf({ writes: leads() }))).toBe('conflict');
    expect(await store().commit(commitOf({ writes: leads(asIncidentId('inc-1')) }))).toBe('conflict');
    expect(await store().alert(exampleAlert().fingerprint)).toBeUndefined();
    expect((await store().incidentOfGroup(asGroupKey('b')))?.id).toBe('inc-2');
    await committed(store(), { writes: leads(asIncidentId('inc-2')) });
    expect((await store().incidentOfGroup(asGroupKey('b')))?.id).toBe('inc-1');
    const later = exampleIncident({ id: asIncidentId('inc-3'), groupKey: asGroupKey('b') });
    expect(await store().commit(commitOf({ writes: [newIncident(later, asIncidentId('inc-2'))] }))).toBe('conflict');
    await committed(store(), { writes: [newIncident(later, asIncidentId('inc-1'))] });
  });

  it('lets one of two win that claim the same key at once', async () => {
    const claim = (id: string): Write[] => [
      newIncident(exampleIncident({ id: asIncidentId(id), groupKey: asGroupKey(id) })),
      { kind: 'latest', key: asGroupKey('~claim'), incidentId: asIncidentId(id) },
    ];
    const results = await Promise.all(['inc-a', 'inc-b'].map((id) => store().commit(commitOf({ writes: claim(id) }))));
    expect(results.toSorted()).toEqual(['committed', 'conflict']);
    const [winner, loser] = results[0] === 'committed' ? ['inc-a', 'inc-b'] : ['inc-b', 'inc-a'];
    expect((await store().incidentOfGroup(asGroupKey('~claim')))?.id).toBe(winner);
    expect(await store().incidentOfGroup(asGroupKey(loser))).toBeUndefined();
  });

  it('gives the group its latest incident as it is now', async () => {
    const before = exampleIncident();
    await committed(store(), { writes: [newIncident(before)] });
    await committed(store(), { writes: [changedIncident(before, { status: 'resolved', resolvedAt: t0 })] });
    expect(await store().incidentOfGroup(before.groupKey)).toMatchObject({ status: 'resolved', version: 2 });
  });

  it('lets one of many decisions on the same version win', async () => {
    const before = exampleIncident();
    await committed(store(), { writes: [newIncident(before)] });
    const people = ['ana', 'ben', 'chi', 'dee', 'eva'];
    const results = await Promise.all(
      people.map((acknowledgedBy) => store().commit(commitOf({ writes: [changedIncident(before, { acknowledgedBy })] }))),
    );
    expect(results.filter((result) => result === 'committed')).toHaveLength(1);
    expect((await store().incident(asIncidentId('inc-1')))?.acknowledgedBy).toBe(people[results.indexOf('committed')]);
  });

  it('never writes over a timeline entry or an effect', async () => {
    await committed(store(), { timeline: [exampleEntry()], effects: [examplePageEffect()] });
    expect(await store().commit(commitOf({ timeline: [exampleEntry({ text: 'another story' })] }))).toBe('conflict');
    expect(await store().commit(commitOf({ effects: [examplePageEffect({ why: 'another reason' })] }))).toBe('conflict');
    expect((await store().timeline(asIncidentId('inc-1'))).map(({ text }) => text)).toEqual([exampleEntry().text]);
    expect((await store().effect(asEffectId('inc-1#1#0')))?.effect).toEqual(examplePageEffect());
  });

  it('never writes over an entry of the audit log, nor what would be committed with it', async () => {
    await committed(store(), { audit: [exampleAudit()] });
    const writes: Write[] = [{ kind: 'silence', value: exampleSilence(), expected: 0 }];
    const again = exampleAudit({ text: 'another story' });
    expect(await store().commit(commitOf({ writes, audit: [exampleAudit({ id: asAuditEntryId('other') }), again] }))).toBe(
      'conflict',
    );
    expect(await store().auditLog(10)).toEqual([exampleAudit()]);
    expect(await store().silences(t0)).toEqual([]);
    await committed(store(), { audit: [exampleAudit({ at: t0 + 1, id: asAuditEntryId('other') })] });
  });

  it('marks effects as done, once or twice, also one that it brings itself or that is not there', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await committed(store(), {
      effects: [exampleWake()],
      done: [asEffectId('inc-1#1#0'), asEffectId('inc-1#1#1'), asEffectId('inc-1#1#0'), asEffectId('inc-9#1#0')],
    });
    await committed(store(), { done: [asEffectId('inc-1#1#0')] });
    expect(await store().effect(asEffectId('inc-1#1#0'))).toMatchObject({ done: true, effect: examplePageEffect() });
    expect(await store().effect(asEffectId('inc-1#1#1'))).toMatchObject({ done: true });
    expect(await store().effect(asEffectId('inc-9#1#0'))).toBeUndefined();
    expect(await store().dueEffects(t0 + 60 * minute, 10)).toEqual([]);
  });

  it('takes an empty commit', async () => {
    expect(await store().commit(commitOf({}))).toBe('committed');
  });

  it('takes as much as one decision may bring', async () => {
    const alerts = Array.from(
      { length: 40 },
      (_, n): Write => ({ kind: 'alert', value: exampleAlert({ fingerprint: asFingerprint(`f${n}`) }), expected: 0 }),
    );
    const timeline = Array.from({ length: 29 }, (_, n) => exampleEntry({ n }));
    const effects = Array.from({ length: 20 }, (_, n) => examplePageEffect({ id: asEffectId(`inc-1#1#${n}`) }));
    await committed(store(), { writes: [newIncident(exampleIncident()), ...alerts], timeline, effects });
    expect(await store().timeline(asIncidentId('inc-1'))).toEqual(timeline);
    expect(await store().alerts()).toHaveLength(40);
  });
}
