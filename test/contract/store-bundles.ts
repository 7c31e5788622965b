import { expect, it } from 'vitest';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { everyChannel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everyHook } from '../../app/ports/rollback-hook.ts';
import { everySource } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { asEffectId, asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import { configOf } from '../scenario/harness.ts';
import { exampleIncident, examplePageEffect, minute, newIncident, t0 } from './store-examples.ts';

/** As many deliveries as one machine has under way to one receiver. */
const atOnce = 16;
const contacts = [{ kind: 'webhook' as const, url: 'https://hook.example/ana', secret: 'HOOK' }];

/** What a person gets of many pages that come at once, whatever store is behind. */
export function bundleContract(store: () => Store): void {
  const idOf = (n: number): string => `inc-${n}#1#0`;

  function posted(n: number, severity: 'critical' | 'warn', over: Partial<Incident> = {}): Promise<unknown> {
    const incident = exampleIncident({
      id: asIncidentId(`inc-${n}`),
      groupKey: asGroupKey(`g${n}`),
      paged: false,
      pagedContacts: [],
      severity,
      ...over,
    });
    const page = examplePageEffect({ id: asEffectId(idOf(n)), incidentId: incident.id, severity, contacts });
    return store().commit({ writes: [newIncident(incident)], timeline: [], effects: [page], done: [] });
  }

  function portsOn(used: Store, refuse: () => DeliveryError | undefined = () => undefined): { ports: Ports; pages: Page[] } {
    const pages: Page[] = [];
    const channel = {
      async send(_: unknown, page: Page) {
        const refusal = refuse();
        if (refusal !== undefined) throw refusal;
        pages.push(page);
        return {};
      },
    };
    const none = { query: () => Promise.reject(new Error('no source')) };
    const hook = { describe: () => Promise.reject(new Error('no hook')), rollback: () => Promise.reject(new Error('no hook')) };
    const ports: Ports = {
      inFlight: newInFlight(),
      config: configOf({ settings: { pageInterval: '1m' } }),
      store: used,
      sources: everySource(none),
      channels: everyChannel(channel),
      hooks: everyHook(hook),
      secrets: { get: async () => undefined },
      log: () => {},
      observe: () => {},
    };
    return { ports, pages };
  }

  async function workers<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
    const queue = items.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const item of queue) await work(item);
      }),
    );
  }

  const told = (pages: readonly Page[]): string[] =>
    pages.flatMap(({ incidentId, held }) => [incidentId, ...held.map((one) => one.incidentId)]);

  it('is the first of 300 critical pages to one target at once, and all others with the next page', async () => {
    const { ports, pages } = portsOn(store());
    const all = Array.from({ length: 300 }, (_, n) => n);
    await workers(all, async (n) => {
      await posted(n, 'critical');
      await deliverEffect(ports, asEffectId(idOf(n)), t0 + n);
    });
    expect(pages).toHaveLength(1);
    const first = t0 + 300;
    await workers(all, (n) => deliverEffect(ports, asEffectId(idOf(n)), first + minute));
    expect(pages).toHaveLength(2);
    expect(told(pages).toSorted()).toEqual(all.map((n) => `inc-${n}`).toSorted());
    expect(await store().pendingPages(first + minute)).toEqual({ waiting: 0, held: 0 });
  }, 60_000);

  it('is with the next page whatever the list of its lane did not show yet, and not one a minute', async () => {
    let shown = 5;
    const lagging: Store = {
      ...store(),
      effectsOfLane: async (lane) => (await store().effectsOfLane(lane)).slice(0, shown),
    };
    const { ports, pages } = portsOn(lagging);
    const all = Array.from({ length: 40 }, (_, n) => n);
    for (const n of all) await posted(n, 'critical');
    await workers(all, (n) => deliverEffect(ports, asEffectId(idOf(n)), t0));
    expect(pages).toHaveLength(1);
    await workers(all, (n) => deliverEffect(ports, asEffectId(idOf(n)), t0 + minute));
    shown = 1000;
    await workers(all, (n) => deliverEffect(ports, asEffectId(idOf(n)), t0 + 2 * minute));
    expect(pages).toHaveLength(3);
    expect(told(pages).toSorted()).toEqual(all.map((n) => `inc-${n}`).toSorted());
  });

  it('is a critical page at once after a warning, with all warnings that are held, and the next critical one a minute later', async () => {
    const { ports, pages } = portsOn(store());
    for (const n of [0, 1, 2]) await posted(n, 'warn');
    await deliverEffect(ports, asEffectId(idOf(0)), t0);
    for (const n of [3, 4]) await posted(n, 'warn');
    for (const n of [3, 4]) await deliverEffect(ports, asEffectId(idOf(n)), t0 + 1000);
    await posted(5, 'critical');
    await deliverEffect(ports, asEffectId(idOf(5)), t0 + 2000);
    await posted(6, 'critical');
    expect(await deliverEffect(ports, asEffectId(idOf(6)), t0 + 3000)).toEqual({
      outcome: 'postponed',
      notBefore: t0 + 2000 + minute,
    });
    await posted(7, 'warn');
    expect(await deliverEffect(ports, asEffectId(idOf(7)), t0 + 2000 + minute)).toEqual({ outcome: 'done' });
    expect(pages.map(({ incidentId, held }) => [incidentId, held.map((one) => one.incidentId)])).toEqual([
      ['inc-0', ['inc-1', 'inc-2']],
      ['inc-5', ['inc-3', 'inc-4']],
      ['inc-6', ['inc-7']],
    ]);
  });

  it('fails together and is tried together, with an attempt of each', async () => {
    let refusal: DeliveryError | undefined = new DeliveryError('hook.example: HTTP status 500', { retryable: true });
    const { ports, pages } = portsOn(store(), () => refusal);
    for (const n of [0, 1, 2]) await posted(n, 'critical');
    const { notBefore } = await deliverEffect(ports, asEffectId(idOf(0)), t0);
    for (const n of [0, 1, 2])
      expect(await store().effect(asEffectId(idOf(n)))).toMatchObject({
        attempts: 1,
        notBefore,
        lastError: 'hook.example: HTTP status 500',
      });
    refusal = undefined;
    await deliverEffect(ports, asEffectId(idOf(1)), notBefore ?? 0);
    expect(pages).toHaveLength(1);
    expect(told(pages)).toEqual(['inc-0', 'inc-1', 'inc-2']);
  });

  it('is tried again as soon as its newest page would be, however often that took older ones along', async () => {
    const { ports } = portsOn(store(), () => new DeliveryError('hook.example: HTTP status 503', { retryable: true }));
    let notBefore = 0;
    for (let n = 0; n < 10; n += 1) {
      await posted(n, 'critical');
      notBefore = (await deliverEffect(ports, asEffectId(idOf(n)), t0 + 100 * n)).notBefore ?? 0;
    }
    const again = await deliverEffect(ports, asEffectId(idOf(0)), notBefore);
    // The second try of the newest page; it is the eleventh of the oldest.
    expect((again.notBefore ?? 0) - notBefore).toBeGreaterThanOrEqual(2000);
    expect((again.notBefore ?? 0) - notBefore).toBeLessThanOrEqual(2500);
    for (const n of [0, 5, 9])
      expect(await store().effect(asEffectId(idOf(n)))).toMatchObject({ attempts: 11 - n, notBefore: again.notBefore });
  });

  it('tells of a critical incident that ended by itself before anybody had heard of it, and of no warning that did', async () => {
    const { ports, pages } = portsOn(store());
    const ended = {
      status: 'resolved',
      resolvedAt: t0 + 3 * minute,
      counts: { critical: 0, warn: 0, info: 0, muted: 0, resolved: 1 },
    } as const;
    await posted(0, 'critical', { ...ended, resolvedBy: 'tocsin' });
    await posted(1, 'warn', { ...ended, worst: 'warn', resolvedBy: 'tocsin' });
    await posted(2, 'critical', { ...ended, resolvedBy: 'responder/ben' });
    await posted(3, 'critical', { ...ended, resolvedBy: 'tocsin', pagedCritical: true });
    await posted(4, 'critical', { status: 'acknowledged', acknowledgedBy: 'responder/ben' });
    await posted(5, 'critical');
    await deliverEffect(ports, asEffectId(idOf(5)), t0);
    expect(told(pages)).toEqual(['inc-5', 'inc-0']);
    expect(pages[0]?.held).toMatchObject([
      { status: 'resolved', severity: 'critical', why: expect.stringContaining('resolved after 3m, before anybody was reached') },
    ]);
    const notes = await Promise.all(
      [1, 2, 3, 4].map(async (n) => (await store().timeline(asIncidentId(`inc-${n}`))).map(({ kind }) => kind)),
    );
    expect(notes).toEqual([['page held'], ['page held'], ['page held'], ['page held']]);
    expect(await store().pendingPages(t0)).toEqual({ waiting: 0, held: 0 });
  });
}
