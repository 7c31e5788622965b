import { expect, it } from 'vitest';
import type { Store } from '../../app/ports.ts';
import type { Medium } from '../../core/deliveries/effect.ts';
import { committed, exampleIncident, examplePageEffect, exampleWake, minute, newIncident, t0 } from './store-examples.ts';

const id = 'inc-1#1#0';

export function outboxContract(store: () => Store): void {
  const due = async (now: number, limit = 10) => (await store().dueEffects(now, limit)).map(({ effect }) => effect.id);

  it('lists effects from their time on, oldest first, as many as asked for', async () => {
    await committed(store(), {
      effects: [
        examplePageEffect({ id: 'inc-2#1#0', createdAt: t0 + 2 }),
        examplePageEffect({ id: 'inc-1#1#0', createdAt: t0 + 1 }),
        exampleWake({ id: 'inc-1#1#1', createdAt: t0 + 1, at: t0 + minute }),
      ],
    });
    expect(await due(t0)).toEqual([]);
    expect(await due(t0 + 1)).toEqual(['inc-1#1#0']);
    expect(await due(t0 + minute - 1)).toEqual(['inc-1#1#0', 'inc-2#1#0']);
    expect(await due(t0 + minute)).toEqual(['inc-1#1#0', 'inc-2#1#0', 'inc-1#1#1']);
    expect(await due(t0 + minute, 1)).toEqual(['inc-1#1#0']);
  });

  it('lists the effects of one decision in the order in which it made them', async () => {
    const effects = Array.from({ length: 12 }, (_, n) => examplePageEffect({ id: `inc-1#9#${n}` }));
    await committed(store(), { effects });
    expect(await due(t0, 20)).toEqual(effects.map((effect) => effect.id));
  });

  it('lists the effects of one medium alone, however many of another come before', async () => {
    const hook = { contacts: [{ webhook: { url: 'https://hook.example', secret: 'HOOK' } }, { terminal: true as const }] };
    await committed(store(), {
      effects: Array.from({ length: 40 }, (_, n) => examplePageEffect({ ...hook, id: `inc-1#1#${n}`, createdAt: t0 - 40 + n })),
    });
    await committed(store(), {
      effects: [
        examplePageEffect({ ...hook, id: 'inc-2#1#0', createdAt: t0 + 1, contactIndex: 1 }),
        exampleWake({ id: 'inc-2#1#1', at: t0 + 1 }),
        examplePageEffect({ id: 'inc-2#1#2', createdAt: t0 + 2 }),
      ],
    });
    const of = async (medium: Medium, limit: number) =>
      (await store().dueEffects(t0 + 2, limit, medium)).map(({ effect }) => effect.id);
    expect(await of('terminal', 5)).toEqual(['inc-2#1#0', 'inc-2#1#2']);
    expect(await of('terminal', 1)).toEqual(['inc-2#1#0']);
    expect(await of('wake', 5)).toEqual(['inc-2#1#1']);
    expect(await of('webhook', 3)).toEqual(['inc-1#1#0', 'inc-1#1#1', 'inc-1#1#2']);
    expect(await of('slack', 3)).toEqual([]);
    await store().leaseEffect('inc-1#1#0', t0 + 2, t0 + minute);
    expect(await of('webhook', 1)).toEqual(['inc-1#1#1']);
  });

  it('leases an effect to one of many who ask at once, and counts one attempt', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    const leases = await Promise.all([1, 2, 3, 4].map(() => store().leaseEffect(id, t0 + 1, t0 + minute)));
    expect(leases.filter(Boolean)).toHaveLength(1);
    expect(await store().effect(id)).toEqual({
      effect: examplePageEffect(),
      attempts: 1,
      notBefore: t0,
      firstTriedAt: t0 + 1,
      done: false,
    });
  });

  it('hides a leased effect until the lease has run out, and can then lease it again', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(id, t0, t0 + minute);
    expect(await due(t0 + minute - 1)).toEqual([]);
    expect(await store().leaseEffect(id, t0 + minute - 1, t0 + 2 * minute)).toBe(false);
    expect(await due(t0 + minute)).toEqual([id]);
    expect(await store().leaseEffect(id, t0 + minute, t0 + 2 * minute)).toBe(true);
    expect(await store().effect(id)).toMatchObject({ attempts: 2, firstTriedAt: t0 });
  });

  it('leases nothing that is not due, done or unknown', async () => {
    await committed(store(), { effects: [examplePageEffect(), exampleWake()] });
    expect(await store().leaseEffect('inc-1#1#1', t0, t0 + minute)).toBe(false);
    expect(await store().leaseEffect(id, t0 - 1, t0 + minute)).toBe(false);
    await committed(store(), { done: [id] });
    expect(await store().leaseEffect(id, t0, t0 + minute)).toBe(false);
    expect(await store().leaseEffect('inc-9#1#0', t0, t0 + minute)).toBe(false);
    expect(await store().effect('inc-9#1#0')).toBeUndefined();
  });

  it('gives an effect back for a later try, with what went wrong', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(id, t0, t0 + 10 * minute);
    await store().postponeEffect(id, t0 + minute, { error: 'Größe: 503' });
    expect(await store().effect(id)).toMatchObject({
      attempts: 1,
      notBefore: t0 + minute,
      lastError: 'Größe: 503',
      firstTriedAt: t0,
    });
    expect(await due(t0 + minute - 1)).toEqual([]);
    expect(await due(t0 + minute)).toEqual([id]);
    await store().leaseEffect(id, t0 + minute, t0 + 10 * minute);
    await store().postponeEffect(id, t0 + 2 * minute, {});
    expect(await store().effect(id)).toMatchObject({ attempts: 2, lastError: 'Größe: 503', firstTriedAt: t0 });
  });

  it('does not count a try that was none', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await store().leaseEffect(id, t0, t0 + minute);
    await store().postponeEffect(id, t0 + 1, { uncount: true });
    expect(await store().effect(id)).toEqual({ effect: examplePageEffect(), attempts: 0, notBefore: t0 + 1, done: false });
    await store().leaseEffect(id, t0 + 1, t0 + minute);
    await store().postponeEffect(id, t0 + 2, { error: 'busy' });
    await store().leaseEffect(id, t0 + 2, t0 + minute);
    await store().postponeEffect(id, t0 + 3, { uncount: true });
    expect(await store().effect(id)).toMatchObject({ attempts: 1, firstTriedAt: t0 + 1, lastError: 'busy', notBefore: t0 + 3 });
  });

  it('leaves a delivered effect delivered when someone late gives it back', async () => {
    await committed(store(), { effects: [examplePageEffect()] });
    await committed(store(), { done: [id] });
    await store().postponeEffect(id, t0 + minute, { error: 'late' });
    await store().postponeEffect('inc-9#1#0', t0 + minute, { uncount: true });
    expect(await store().effect(id)).toMatchObject({ done: true });
    expect(await store().effect('inc-9#1#0')).toBeUndefined();
    expect(await due(t0 + 10 * minute)).toEqual([]);
  });

  it('gives the slot of a page to one of those who saw the same last page', async () => {
    expect(await store().lastPaged('slack:#ml')).toBeUndefined();
    expect(await store().claimPageSlot('slack:#ml', t0 - 1, t0)).toBe(false);
    const first = await Promise.all([t0, t0 + 1].map((at) => store().claimPageSlot('slack:#ml', undefined, at)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const was = first[0] ? t0 : t0 + 1;
    expect(await store().lastPaged('slack:#ml')).toBe(was);
    expect(await store().claimPageSlot('slack:#ml', undefined, t0 + minute)).toBe(false);
    expect(await store().claimPageSlot('slack:#ml', was, t0 + minute)).toBe(true);
    expect(await store().claimPageSlot('slack:#ml', was, t0 + minute)).toBe(false);
    expect(await store().lastPaged('slack:#ml')).toBe(t0 + minute);
    expect(await store().lastPaged('slack:#other')).toBeUndefined();
  });

  it('knows when something is due next: an incident, an effect or the end of a lease', async () => {
    await committed(store(), { effects: [exampleWake()] });
    expect(await store().nextDueAt()).toBe(t0 + 15 * minute);
    await committed(store(), { writes: [newIncident(exampleIncident({ nextStepAt: t0 + 5 * minute }))] });
    expect(await store().nextDueAt()).toBe(t0 + 5 * minute);
    await committed(store(), { effects: [examplePageEffect()] });
    expect(await store().nextDueAt()).toBe(t0);
    await store().leaseEffect(id, t0, t0 + 2 * minute);
    expect(await store().nextDueAt()).toBe(t0 + 2 * minute);
    await committed(store(), { done: [id] });
    expect(await store().nextDueAt()).toBe(t0 + 5 * minute);
  });
}
