import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { laneOf } from '../../core/response/outbox/lanes.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { committed, exampleIncident, examplePageEffect, exampleWake, minute, newIncident, t0 } from './store-examples.ts';

const id = 'inc-1#1#0';

export function outboxContract(store: () => Store): void {
  const due = async (now: number, limit = 10) => (await store().dueEffects(now, limit)).map(({ effect }) => effect.id);

  it('lists effects from their time on, oldest first, as many as asked for', async () => {
    await committed(store(), {
      effects: [
        examplePageEffect({ id: asEffectId('inc-2#1#0'), createdAt: t0 + 2 }),
        examplePageEffect({ id: asEffectId('inc-1#1#0'), createdAt: t0 + 1 }),
        exampleWake({ id: asEffectId('inc-1#1#1'), createdAt: t0 + 1, at: t0 + minute }),
      ],
    });
    expect(await due(t0)).toEqual([]);
    expect(await due(t0 + 1)).toEqual(['inc-1#1#0']);
    expect(await due(t0 + minute - 1)).toEqual(['inc-1#1#0', 'inc-2#1#0']);
    expect(await due(t0 + minute)).toEqual(['inc-1#1#0', 'inc-2#1#0', 'inc-1#1#1']);
    expect(await due(t0 + minute, 1)).toEqual(['inc-1#1#0']);
  });

  it('lists the effects of one decision in the order in which it made them', async () => {
    const effects = Array.from({ length: 12 }, (_, n) => examplePageEffect({ id: asEffectId(`inc-1#9#${n}`) }));
    await committed(store(), { effects });
    expect(await due(t0, 20)).toEqual(effects.map((effect) => effect.id));
  });

  it('lists critical pages that call for somebody first, then other pages, and then the rest', async () => {
    await committed(store(), {
      effects: [
        exampleWake({ id: asEffectId('inc-1#1#0'), at: t0 }),
        examplePageEffect({ id: asEffectId('inc-1#1#1'), severity: 'warn' }),
        examplePageEffect({ id: asEffectId('inc-1#1#2'), reason: 'resolved' }),
        examplePageEffect({ id: asEffectId('inc-1#1#3'), createdAt: t0 + 1 }),
      ],
    });
    expect(await due(t0 + 1)).toEqual([3, 1, 2, 0].map((n) => `inc-1#1#${n}`));
    expect(await due(t0 + 1, 2)).toEqual([3, 1].map((n) => `inc-1#1#${n}`));
    const rest = await store().dueEffects(t0 + 1, 2, { priorities: [2, 3] });
    expect(rest.map(({ effect }) => effect.id)).toEqual([1, 2].map((n) => `inc-1#1#${n}`));
  });

  it('leaves out lanes and receivers that are busy, however many of theirs come before', async () => {
    const hook = (path: string) => [{ kind: 'webhook' as const, url: `https://hook.example/${path}`, secret: 'HOOK' }];
    const slack = [{ kind: 'slack' as const, channel: '#ml' }];
    await committed(store(), {
      effects: Array.from({ length: 40 }, (_, n) =>
        examplePageEffect({ contacts: hook('a'), id: asEffectId(`inc-1#1#${n}`), createdAt: t0 - 40 + n }),
      ),
    });
    const other = examplePageEffect({ contacts: hook('b'), id: asEffectId('inc-2#1#0'), createdAt: t0 + 1 });
    await committed(store(), {
      effects: [other, examplePageEffect({ contacts: slack, id: asEffectId('inc-2#1#1'), createdAt: t0 + 2 })],
    });
    const without = async (busy: { receivers?: string[]; lanes?: string[] }, limit: number) =>
      (await store().dueEffects(t0 + 2, limit, { busy: { receivers: [], lanes: [], ...busy } })).map(({ effect }) => effect.id);
    const lane = laneOf(examplePageEffect({ contacts: hook('a') }));
    expect(await without({ lanes: [lane] }, 5)).toEqual(['inc-2#1#0', 'inc-2#1#1']);
    expect(await without({ lanes: [lane, laneOf(other)] }, 5)).toEqual(['inc-2#1#1']);
    expect(await without({ receivers: ['webhook host hook.example'] }, 1)).toEqual(['inc-2#1#1']);
    expect(await without({ receivers: ['slack'] }, 2)).toEqual(['inc-1#1#0', 'inc-1#1#1']);
    expect(await without({ receivers: ['slack', 'webhook host hook.example'] }, 2)).toEqual([]);
  });

  it('finds everything undelivered of a lane, whether due, put off or leased', async () => {
    const pages = [0, 1, 2, 3, 4].map((n) => examplePageEffect({ id: asEffectId(`inc-1#1#${n}`), createdAt: t0 + n }));
    const elsewhere = examplePageEffect({ id: asEffectId('inc-1#1#9'), target: { kind: 'responder', name: 'ben' } });
    await committed(store(), { effects: [...pages, elsewhere] });
    await store().leaseEffect(asEffectId('inc-1#1#1'), t0 + 5, t0 + minute);
    await store().postponeEffect(asEffectId('inc-1#1#2'), t0 + 10 * minute, { uncount: true });
    await committed(store(), { done: [asEffectId('inc-1#1#3')] });
    const found = await store().effectsOfLane(laneOf(pages[0] as never));
    expect(found.map(({ effect }) => effect.id)).toEqual([0, 1, 2, 4].map((n) => `inc-1#1#${n}`));
    expect(found[1]).toMatchObject({ attempts: 1, firstTriedAt: t0 + 5 });
    expect(await store().effectsOfLane(laneOf({ ...elsewhere, target: { kind: 'responder', name: 'nobody' } }))).toEqual([]);
  });

  it('leases early what was put off, and nothing that another holds', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().postponeEffect(asEffectId(id), t0 + 10 * minute, {});
    expect(await store().leaseEffect(asEffectId(id), t0 + 1, t0 + minute)).toBe(false);
    const early = await Promise.all(
      [1, 2, 3].map(() => store().leaseEffect(asEffectId(id), t0 + 1, t0 + minute, { early: true })),
    );
    expect(early.filter(Boolean)).toHaveLength(1);
    expect(await store().leaseEffect(asEffectId(id), t0 + 2, t0 + 2 * minute, { early: true })).toBe(false);
    expect(await due(t0 + minute - 1)).toEqual([]);
    // Whoever took it has died: it is due again when the lease is over, and not when it was due
    // before.
    expect(await due(t0 + minute)).toEqual([id]);
    expect(await store().effect(asEffectId(id))).toMatchObject({ attempts: 1, firstTriedAt: t0 + 1 });
  });

  it('puts off what nobody holds, and leaves a lease alone', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(asEffectId(id), t0, t0 + minute);
    await store().postponeEffect(asEffectId(id), t0 + 5 * minute, { unlessHeldAt: t0 + 1 });
    expect(await due(t0 + minute)).toEqual([id]);
    await store().postponeEffect(asEffectId(id), t0 + 5 * minute, { unlessHeldAt: t0 + minute });
    expect(await due(t0 + 5 * minute - 1)).toEqual([]);
    expect(await due(t0 + 5 * minute)).toEqual([id]);
  });

  it('counts the pages that wait and those that are held', async () => {
    expect(await store().pendingPages(t0)).toEqual({ waiting: 0, held: 0 });
    await committed(store(), {
      effects: [
        exampleWake({ id: asEffectId('inc-1#1#0'), at: t0, createdAt: t0 - minute }),
        examplePageEffect({ id: asEffectId('inc-1#1#1'), createdAt: t0 + 1 }),
        examplePageEffect({ id: asEffectId('inc-1#1#2'), severity: 'warn', createdAt: t0 - 1 }),
        examplePageEffect({ id: asEffectId('inc-1#1#3') }),
        examplePageEffect({ id: asEffectId('inc-1#1#4'), createdAt: t0 - 5 }),
      ],
    });
    await store().postponeEffect(asEffectId('inc-1#1#2'), t0 + minute, { uncount: true });
    await store().leaseEffect(asEffectId('inc-1#1#3'), t0 + 1, t0 + minute);
    await committed(store(), { done: [asEffectId('inc-1#1#4')] });
    expect(await store().pendingPages(t0 + 1)).toEqual({ waiting: 1, held: 2, oldestAt: t0 - 1 });
  });

  it('leases an effect to one of many who ask at once, and counts one attempt', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    const leases = await Promise.all([1, 2, 3, 4].map(() => store().leaseEffect(asEffectId(id), t0 + 1, t0 + minute)));
    expect(leases.filter(Boolean)).toHaveLength(1);
    expect(await store().effect(asEffectId(id))).toEqual({
      effect: examplePageEffect(),
      attempts: 1,
      notBefore: t0,
      firstTriedAt: t0 + 1,
      done: false,
    });
  });

  it('hides a leased effect until the lease has run out, and can then lease it again', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(asEffectId(id), t0, t0 + minute);
    expect(await due(t0 + minute - 1)).toEqual([]);
    expect(await store().leaseEffect(asEffectId(id), t0 + minute - 1, t0 + 2 * minute)).toBe(false);
    expect(await due(t0 + minute)).toEqual([id]);
    expect(await store().leaseEffect(asEffectId(id), t0 + minute, t0 + 2 * minute)).toBe(true);
    expect(await store().effect(asEffectId(id))).toMatchObject({ attempts: 2, firstTriedAt: t0 });
  });

  it('leases nothing that is not due, done or unknown', async () => {
    await committed(store(), { effects: [examplePageEffect(), exampleWake()] });
    expect(await store().leaseEffect(asEffectId('inc-1#1#1'), t0, t0 + minute)).toBe(false);
    expect(await store().leaseEffect(asEffectId(id), t0 - 1, t0 + minute)).toBe(false);
    await committed(store(), { done: [asEffectId(id)] });
    expect(await store().leaseEffect(asEffectId(id), t0, t0 + minute)).toBe(false);
    expect(await store().leaseEffect(asEffectId('inc-9#1#0'), t0, t0 + minute)).toBe(false);
    expect(await store().effect(asEffectId('inc-9#1#0'))).toBeUndefined();
  });

  it('gives an effect back for a later try, with what went wrong', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(asEffectId(id), t0, t0 + 10 * minute);
    await store().postponeEffect(asEffectId(id), t0 + minute, { error: 'Größe: 503' });
    expect(await store().effect(asEffectId(id))).toMatchObject({
      attempts: 1,
      notBefore: t0 + minute,
      lastError: 'Größe: 503',
      firstTriedAt: t0,
    });
    expect(await due(t0 + minute - 1)).toEqual([]);
    expect(await due(t0 + minute)).toEqual([id]);
    await store().leaseEffect(asEffectId(id), t0 + minute, t0 + 10 * minute);
    await store().postponeEffect(asEffectId(id), t0 + 2 * minute, {});
    expect(await store().effect(asEffectId(id))).toMatchObject({ attempts: 2, lastError: 'Größe: 503', firstTriedAt: t0 });
  });

  it('does not count a try that was none', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(asEffectId(id), t0, t0 + minute);
    await store().postponeEffect(asEffectId(id), t0 + 1, { uncount: true });
    expect(await store().effect(asEffectId(id))).toEqual({
      effect: examplePageEffect(),
      attempts: 0,
      notBefore: t0 + 1,
      done: false,
    });
    await store().leaseEffect(asEffectId(id), t0 + 1, t0 + minute);
    await store().postponeEffect(asEffectId(id), t0 + 2, { error: 'busy' });
    await store().leaseEffect(asEffectId(id), t0 + 2, t0 + minute);
    await store().postponeEffect(asEffectId(id), t0 + 3, { uncount: true });
    expect(await store().effect(asEffectId(id))).toMatchObject({
      attempts: 1,
      firstTriedAt: t0 + 1,
      lastError: 'busy',
      notBefore: t0 + 3,
    });
  });

  it('leaves a delivered effect delivered when someone late gives it back', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await committed(store(), { done: [asEffectId(id)] });
    await store().postponeEffect(asEffectId(id), t0 + minute, { error: 'late' });
    await store().postponeEffect(asEffectId('inc-9#1#0'), t0 + minute, { uncount: true });
    expect(await store().effect(asEffectId(id))).toMatchObject({ done: true });
    expect(await store().effect(asEffectId('inc-9#1#0'))).toBeUndefined();
    expect(await due(t0 + 10 * minute)).toEqual([]);
  });

  it('gives the slot of a page to one of those who saw the same last page', async () => {
    const lane = 'responder/ana slack:#ml';
    expect(await store().pageSlot(lane)).toBeUndefined();
    expect(await store().claimPageSlot(lane, { at: t0 - 1 }, { at: t0 })).toBe(false);
    const first = await Promise.all([t0, t0 + 1].map((at) => store().claimPageSlot(lane, undefined, { at })));
    expect(first.filter(Boolean)).toHaveLength(1);
    const was = { at: first[0] ? t0 : t0 + 1 };
    expect(await store().pageSlot(lane)).toEqual(was);
    expect(await store().claimPageSlot(lane, undefined, { at: t0 + minute })).toBe(false);
    const critical = { at: t0 + minute, criticalAt: t0 + minute };
    expect(await store().claimPageSlot(lane, was, critical)).toBe(true);
    expect(await store().claimPageSlot(lane, was, { at: t0 + minute })).toBe(false);
    expect(await store().claimPageSlot(lane, { at: t0 + minute }, { at: t0 + 2 * minute })).toBe(false);
    expect(await store().pageSlot(lane)).toEqual(critical);
    expect(await store().claimPageSlot(lane, critical, was)).toBe(true);
    expect(await store().pageSlot(lane)).toEqual(was);
    expect(await store().pageSlot('responder/ben slack:#ml')).toBeUndefined();
  });

  it('knows when something is due next: an incident, an effect or the end of a lease', async () => {
    await committed(store(), { effects: [exampleWake()] });
    expect(await store().nextDueAt()).toBe(t0 + 15 * minute);
    await committed(store(), { writes: [newIncident(exampleIncident({ nextStepAt: t0 + 5 * minute }))] });
    expect(await store().nextDueAt()).toBe(t0 + 5 * minute);
    await committed(store(), { effects: [examplePageEffect()] });
    expect(await store().nextDueAt()).toBe(t0);
    await store().leaseEffect(asEffectId(id), t0, t0 + 2 * minute);
    expect(await store().nextDueAt()).toBe(t0 + 2 * minute);
    await committed(store(), { done: [asEffectId(id)] });
    expect(await store().nextDueAt()).toBe(t0 + 5 * minute);
  });
}
