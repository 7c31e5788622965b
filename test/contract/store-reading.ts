import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { asAuditEntryId, asChangeId, asEffectId, asFingerprint, asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import {
  changedIncident,
  committed,
  exampleAlert,
  exampleAudit,
  exampleChange,
  exampleEntry,
  exampleIncident,
  exampleOverride,
  examplePageEffect,
  exampleSilence,
  minute,
  newIncident,
  t0,
} from './store-examples.ts';

export function readingContract(store: () => Store): void {
  it('finds nothing in an empty store', async () => {
    expect(await store().incident(asIncidentId('inc-1'))).toBeUndefined();
    expect(await store().incidents({ status: 'all', limit: 10 })).toEqual([]);
    expect(await store().dueIncidents(t0, 10)).toEqual([]);
    expect(await store().timeline(asIncidentId('inc-1'))).toEqual([]);
    expect(await store().auditLog(10)).toEqual([]);
    expect(await store().alerts()).toEqual([]);
    expect(await store().silences(t0)).toEqual([]);
    expect(await store().overrides(t0)).toEqual([]);
    expect(await store().dueEffects(t0, 10)).toEqual([]);
    expect(await store().nextDueAt()).toBeUndefined();
    expect(await store().meta('tick')).toBeUndefined();
  });

  it('lists incidents newest first, by status, as many as asked for', async () => {
    for (const n of [2, 0, 3, 1]) {
      const status = n % 2 === 0 ? 'resolved' : 'triggered';
      await committed(store(), {
        writes: [
          newIncident(exampleIncident({ id: asIncidentId(`inc-${n}`), groupKey: asGroupKey(`g${n}`), status, openedAt: t0 + n })),
        ],
      });
    }
    const listed = async (status: 'open' | 'resolved' | 'all', limit = 10) =>
      (await store().incidents({ status, limit })).map(({ id }) => id);
    expect(await listed('all')).toEqual(['inc-3', 'inc-2', 'inc-1', 'inc-0']);
    expect(await listed('open')).toEqual(['inc-3', 'inc-1']);
    expect(await listed('resolved')).toEqual(['inc-2', 'inc-0']);
    expect(await listed('all', 3)).toEqual(['inc-3', 'inc-2', 'inc-1']);
    expect(await listed('open', 1)).toEqual(['inc-3']);
  });

  it('lists changes newest first, those since a time, and those after a place in the list', async () => {
    const at = { a: t0 + 2, b: t0 + 1, c: t0 + 1, d: t0 };
    for (const [name, time] of Object.entries(at))
      await committed(store(), {
        writes: [{ kind: 'change', value: exampleChange({ id: asChangeId(`chg-${name}`), at: time }), expected: 0 }],
      });
    const listed = async (filter: Parameters<Store['changes']>[0]) => (await store().changes(filter)).map(({ id }) => id);
    expect(await listed({ limit: 9 })).toEqual(['chg-a', 'chg-c', 'chg-b', 'chg-d']);
    expect(await listed({ limit: 2 })).toEqual(['chg-a', 'chg-c']);
    expect(await listed({ limit: 9, since: t0 + 1 })).toEqual(['chg-a', 'chg-c', 'chg-b']);
    expect(await listed({ limit: 1, before: { at: t0 + 1, id: asChangeId('chg-c') } })).toEqual(['chg-b']);
    expect(await listed({ limit: 9, before: { at: t0 + 1, id: asChangeId('chg-bb') }, since: t0 })).toEqual(['chg-b', 'chg-d']);
    expect(await store().changesOf([asChangeId('chg-d'), asChangeId('chg-x')])).toMatchObject([{ id: 'chg-d' }, undefined]);
  });

  it('lists incidents of tenants, and counts them to the limit, only where they are asked for', async () => {
    const ofTenants = { tenants: true } as const;
    const given = [
      exampleIncident({ id: asIncidentId('inc-1'), groupKey: asGroupKey('g1'), openedAt: t0 }),
      exampleIncident({ id: asIncidentId('inc-2'), groupKey: asGroupKey('g2'), openedAt: t0 + 1, status: 'resolved' }),
      exampleIncident({ id: asIncidentId('inc-3'), groupKey: asGroupKey('g3'), openedAt: t0 + 2, tenant: 'synthetic' }),
      exampleIncident({
        id: asIncidentId('inc-4'),
        groupKey: asGroupKey('g4'),
        openedAt: t0 + 3,
        status: 'resolved',
        tenant: 'synthetic',
      }),
    ];
    for (const incident of given) await committed(store(), { writes: [newIncident(incident)] });
    const listed = async (filter: Parameters<Store['incidents']>[0]) => (await store().incidents(filter)).map(({ id }) => id);
    expect(await listed({ status: 'all', limit: 1 })).toEqual(['inc-2']);
    expect(await listed({ status: 'open', limit: 10 })).toEqual(['inc-1']);
    expect(await listed({ status: 'resolved', limit: 10 })).toEqual(['inc-2']);
    expect(await listed({ status: 'all', limit: 3, ...ofTenants })).toEqual(['inc-4', 'inc-3', 'inc-2']);
    expect(await listed({ status: 'open', limit: 1, ...ofTenants })).toEqual(['inc-3']);
    expect(await listed({ status: 'resolved', limit: 10, ...ofTenants })).toEqual(['inc-4', 'inc-2']);
    expect(await store().incident(asIncidentId('inc-3'))).toEqual(given[2]);
  });

  it('keeps an incident of a tenant out of the lists when it ends, and finds it when it is due', async () => {
    const before = exampleIncident({ tenant: 'synthetic', nextStepAt: t0 });
    await committed(store(), { writes: [newIncident(before)] });
    expect(await store().dueIncidents(t0, 10)).toEqual(['inc-1']);
    await committed(store(), { writes: [changedIncident(before, { status: 'resolved', nextStepAt: undefined })] });
    expect(await store().incidents({ status: 'all', limit: 10 })).toEqual([]);
    expect(await store().incidents({ status: 'resolved', limit: 10, tenants: true })).toHaveLength(1);
  });

  it.each(['waiting', 'triggered', 'acknowledged'] as const)(
    'counts an incident that is %s as open until it is resolved',
    async (status) => {
      const before = exampleIncident({ status });
      await committed(store(), { writes: [newIncident(before)] });
      expect(await store().incidents({ status: 'open', limit: 10 })).toEqual([before]);
      await committed(store(), { writes: [changedIncident(before, { status: 'resolved' })] });
      expect(await store().incidents({ status: 'open', limit: 10 })).toEqual([]);
      expect(await store().incidents({ status: 'resolved', limit: 10 })).toHaveLength(1);
    },
  );

  it('finds the incidents whose next step is due, earliest first', async () => {
    const next: Record<string, number | undefined> = { a: t0 + 2, b: t0 + 1, c: undefined, d: t0 + 4, e: t0 + 3 };
    for (const [id, nextStepAt] of Object.entries(next)) {
      await committed(store(), {
        writes: [newIncident(exampleIncident({ id: asIncidentId(id), groupKey: asGroupKey(id), nextStepAt }))],
      });
    }
    expect(await store().dueIncidents(t0, 10)).toEqual([]);
    expect(await store().dueIncidents(t0 + 3, 10)).toEqual(['b', 'a', 'e']);
    expect(await store().dueIncidents(t0 + 3, 2)).toEqual(['b', 'a']);
  });

  it('looks again at a resolved incident that has a next step, and not at one that has none', async () => {
    const before = exampleIncident({ nextStepAt: t0 });
    await committed(store(), { writes: [newIncident(before)] });
    await committed(store(), { writes: [changedIncident(before, { status: 'resolved', nextStepAt: t0 + minute })] });
    expect(await store().dueIncidents(t0 + minute, 10)).toEqual(['inc-1']);
    expect(await store().nextDueAt()).toBe(t0 + minute);
    await committed(store(), {
      writes: [changedIncident({ ...before, version: 2 }, { status: 'resolved', nextStepAt: undefined })],
    });
    expect(await store().dueIncidents(t0 + minute, 10)).toEqual([]);
    expect(await store().nextDueAt()).toBeUndefined();
  });

  it('reads a timeline in the order in which it was decided', async () => {
    for (const version of [10, 2, 1]) {
      await committed(store(), { timeline: [11, 0, 2].map((n) => exampleEntry({ version, n, text: `${version}.${n}` })) });
    }
    await committed(store(), { timeline: [exampleEntry({ incidentId: asIncidentId('inc-10'), text: 'of another' })] });
    expect((await store().timeline(asIncidentId('inc-1'))).map(({ text }) => text)).toEqual(
      [1, 2, 10].flatMap((version) => [0, 2, 11].map((n) => `${version}.${n}`)),
    );
  });

  it('lists the newest entries of the audit log, oldest first', async () => {
    const entries = [
      exampleAudit({ id: asAuditEntryId('of long ago'), at: -minute }),
      exampleAudit({ id: asAuditEntryId('a'), at: t0 }),
      exampleAudit({ id: asAuditEntryId('b'), at: t0, kind: 'config', data: {} }),
      exampleAudit({ id: asAuditEntryId('last'), at: t0 + 12 * minute, kind: 'refused', data: { role: 'viewer' } }),
    ];
    for (const n of [2, 0, 3, 1]) await committed(store(), { audit: entries.slice(n, n + 1) });
    expect(await store().auditLog(10)).toEqual(entries);
    expect(await store().auditLog(2)).toEqual(entries.slice(2));
    for (const [place, entry] of entries.entries()) {
      expect(await store().auditLog(10, entry)).toEqual(entries.slice(0, place));
      expect(await store().auditLog(1, entry)).toEqual(entries.slice(Math.max(0, place - 1), place));
    }
    expect(await store().timeline(asIncidentId('audit-log'))).toEqual([]);
  });

  it('lists alerts in all states, by fingerprint', async () => {
    const states = ['resolved', 'firing', 'recovering', 'pending'] as const;
    const alerts = states.map((state, n) => exampleAlert({ fingerprint: asFingerprint(`f${9 - n}`), state }));
    for (const value of alerts) await committed(store(), { writes: [{ kind: 'alert', value, expected: 0 }] });
    expect(await store().alerts()).toEqual(alerts.toReversed());
  });

  it('lists silences until they end, also those that have not begun', async () => {
    const silences = [
      exampleSilence({ id: 'past', from: t0 - 2 * minute, until: t0 - minute }),
      exampleSilence({ id: 'ends now', from: t0 - minute, until: t0 }),
      exampleSilence({ id: 'present', from: t0 - minute, until: t0 + 1 }),
      exampleSilence({ id: 'future', from: t0 + minute, until: t0 + 2 * minute }),
    ];
    for (const value of silences.toReversed()) await committed(store(), { writes: [{ kind: 'silence', value, expected: 0 }] });
    expect((await store().silences(t0)).map(({ id }) => id)).toEqual(['present', 'future']);
    const ended = exampleSilence({ ...silences[3], until: t0, version: 2 });
    await committed(store(), { writes: [{ kind: 'silence', value: ended, expected: 1 }] });
    expect((await store().silences(t0)).map(({ id }) => id)).toEqual(['present']);
  });

  it('lists overrides until they end, in the order in which they were made', async () => {
    const overrides = [
      exampleOverride({ id: 'past', until: t0 }),
      exampleOverride({ id: 'made last', at: t0 + 1, until: t0 + minute }),
      exampleOverride({ id: 'made first', at: t0 - 1, from: t0 + minute, until: t0 + 2 * minute }),
      exampleOverride({ id: 'made at once with the next', until: t0 + 1 }),
      exampleOverride({ id: 'made in that moment', until: t0 + 2 }),
    ];
    for (const value of overrides) await committed(store(), { writes: [{ kind: 'override', value, expected: 0 }] });
    const ids = async () => (await store().overrides(t0)).map(({ id }) => id);
    expect(await ids()).toEqual(['made first', 'made at once with the next', 'made in that moment', 'made last']);
    const ended = exampleOverride({ ...overrides[1], until: t0, version: 2 });
    await committed(store(), { writes: [{ kind: 'override', value: ended, expected: 1 }] });
    expect(await ids()).toEqual(['made first', 'made at once with the next', 'made in that moment']);
  });

  it('gives back labels of any script and length, and optional fields that are not there', async () => {
    const labels = { model: 'Größe 精度 🛬 "quoted" \u0000\n', constructor: 'x', long: 'ä'.repeat(3000), broken: '\ud800' };
    const groupKey = JSON.stringify(labels);
    const incident = exampleIncident({
      groupKey: asGroupKey(groupKey),
      groupLabels: labels,
      acknowledgedAt: undefined,
      title: labels.model,
    });
    const alert = exampleAlert({
      fingerprint: asFingerprint('ä|🛬'),
      labels,
      groupKey: asGroupKey(groupKey),
      muted: undefined,
      value: undefined,
    });
    await committed(store(), { writes: [newIncident(incident), { kind: 'alert', value: alert, expected: 0 }] });
    expect(await store().incidentOfGroup(asGroupKey(groupKey))).toEqual(incident);
    expect(await store().incidentOfGroup(asGroupKey(`${groupKey} `))).toBeUndefined();
    const read = await store().alert(asFingerprint('ä|🛬'));
    expect(read).toEqual(alert);
    expect(read).not.toHaveProperty('muted', null);
  });

  it('keeps numbers to the last bit', async () => {
    const numbers = [0.1 + 0.2, 1 / 3, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e300, 2 ** 53 + 2, 1e21];
    for (const [n, value] of numbers.entries()) {
      await committed(store(), {
        writes: [
          {
            kind: 'alert',
            value: exampleAlert({ fingerprint: asFingerprint(`f${n}`), value, degradation: -value }),
            expected: 0,
          },
        ],
      });
    }
    expect((await store().alerts()).map(({ value }) => value)).toEqual(numbers);
    expect((await store().alerts()).map(({ degradation }) => degradation)).toEqual(numbers.map((value) => -value));
  });

  it('keeps an incident as large as they come', async () => {
    const words = Array.from({ length: 60_000 }, (_, n) => (n * 7919).toString(36)).join(' ');
    const incident = exampleIncident({ title: words });
    await committed(store(), { writes: [newIncident(incident)], effects: [examplePageEffect({ why: words })] });
    expect(await store().incident(asIncidentId('inc-1'))).toEqual(incident);
    expect(await store().incidents({ status: 'all', limit: 1 })).toEqual([incident]);
    expect((await store().dueEffects(t0, 1))[0]?.effect).toEqual(examplePageEffect({ why: words }));
  });

  it('lists a thousand alerts, incidents and effects whole and in order', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => n);
    const name = (n: number): string => String((n * 387) % 1000).padStart(4, '0');
    for (let from = 0; from < many.length; from += 25) {
      const some = many.slice(from, from + 25).map(name);
      await committed(store(), {
        writes: some.flatMap((id) => [
          newIncident(
            exampleIncident({
              id: asIncidentId(id),
              groupKey: asGroupKey(id),
              openedAt: t0 + Number(id),
              nextStepAt: t0 + Number(id),
            }),
          ),
          { kind: 'alert', value: exampleAlert({ fingerprint: asFingerprint(id) }), expected: 0 } as const,
        ]),
        effects: some.map((id) => examplePageEffect({ id: asEffectId(`${id}#1#0`), createdAt: t0 + Number(id) })),
      });
    }
    const names = many.map(name).toSorted();
    expect((await store().alerts()).map(({ fingerprint }) => fingerprint)).toEqual(names);
    expect(await store().dueIncidents(t0 + 1000, 2000)).toEqual(names);
    expect((await store().dueEffects(t0 + 1000, 2000)).map(({ effect }) => effect.id)).toEqual(names.map((id) => `${id}#1#0`));
    expect((await store().incidents({ status: 'all', limit: 2000 })).map(({ id }) => id)).toEqual(names.toReversed());
    expect((await store().incidents({ status: 'open', limit: 7 })).map(({ id }) => id)).toEqual(names.toReversed().slice(0, 7));
  });

  it('remembers small facts', async () => {
    await store().setMeta('tick', '1');
    await store().setMeta('tick', '2');
    await store().setMeta('größe', '');
    expect(await store().meta('tick')).toBe('2');
    expect(await store().meta('größe')).toBe('');
    expect(await store().metas(['größe', 'tock', 'tick', 'größe'])).toEqual(['', undefined, '2', '']);
    expect(await store().metas([])).toEqual([]);
    await store().setMetas([
      ['tick', '3'],
      ['tack', '4'],
      ['tick', '5'],
    ]);
    await store().setMetas([]);
    expect(await store().metas(['tick', 'tack', 'größe'])).toEqual(['5', '4', '']);
    expect(await store().meta('tock')).toBeUndefined();
  });
}

/** What a store that only stands in for another for a while need not do. */
export function forgettingContract(store: () => Store): void {
  it('forgets a synthetic incident whole, so that the next of its group is its first', async () => {
    const before = exampleIncident({ tenant: 'synthetic', nextStepAt: t0 });
    await committed(store(), { writes: [newIncident(before)], timeline: [exampleEntry(), exampleEntry({ n: 1 })] });
    await committed(store(), {
      writes: [changedIncident(before, { status: 'resolved' })],
      timeline: [exampleEntry({ version: 2 }), exampleEntry({ incidentId: asIncidentId('inc-10'), text: 'of another' })],
    });
    await store().forgetOfTenant(asIncidentId('inc-1'));
    expect(await store().incident(asIncidentId('inc-1'))).toBeUndefined();
    expect(await store().incidentOfGroup(before.groupKey)).toBeUndefined();
    expect(await store().timeline(asIncidentId('inc-1'))).toEqual([]);
    expect(await store().timeline(asIncidentId('inc-10'))).toHaveLength(1);
    expect(await store().incidents({ status: 'all', limit: 10, tenants: true })).toEqual([]);
    expect(await store().dueIncidents(t0, 10)).toEqual([]);
    const next = exampleIncident({ id: asIncidentId('inc-2'), tenant: 'synthetic' });
    await committed(store(), { writes: [newIncident(next)] });
    expect(await store().incidentOfGroup(before.groupKey)).toEqual(next);
  });

  it('forgets no incident that is real, and does nothing for one that is gone', async () => {
    const before = exampleIncident();
    await committed(store(), { writes: [newIncident(before)], timeline: [exampleEntry()] });
    await store().forgetOfTenant(asIncidentId('inc-1'));
    await store().forgetOfTenant(asIncidentId('inc-9'));
    expect(await store().incidentOfGroup(before.groupKey)).toEqual(before);
    expect(await store().timeline(asIncidentId('inc-1'))).toHaveLength(1);
  });
}
