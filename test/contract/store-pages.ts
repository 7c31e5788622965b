import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import { changedIncident, committed, exampleEntry, exampleIncident, minute, newIncident, t0 } from './store-examples.ts';

const opened = (id: string, openedAt: number, changes: Partial<Incident> = {}): Incident =>
  exampleIncident({ id: asIncidentId(id), groupKey: asGroupKey(id), openedAt, ...changes });

/** Reading a list in pages, while it changes. */
export function pagesContract(store: () => Store): void {
  type Filter = Omit<Parameters<Store['incidents']>[0], 'before' | 'limit'>;

  /** Each page's ids; `between` happens after each. */
  async function pages(filter: Filter, limit: number, between: (page: number) => Promise<void> = async () => {}) {
    const found: string[][] = [];
    let before: Incident | undefined;
    for (;;) {
      const page = await store().incidents({ ...filter, limit, before });
      if (page.length === 0) return found;
      found.push(page.map(({ id }) => id));
      before = page.at(-1);
      await between(found.length);
    }
  }

  it('lists each incident once, also those that opened at the same time', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `inc-${String((n * 7) % 40).padStart(2, '0')}`);
    for (const id of ids) {
      const n = Number(id.slice(4));
      // Three in four opened in the same moment.
      const openedAt = n % 4 === 0 ? t0 + n : t0 + 17;
      await committed(store(), { writes: [newIncident(opened(id, openedAt, n % 2 === 0 ? {} : { status: 'resolved' }))] });
    }
    for (const status of ['all', 'open', 'resolved'] as const) {
      const whole = (await store().incidents({ status, limit: 100 })).map(({ id }) => id);
      expect(whole).toHaveLength(status === 'all' ? 40 : 20);
      for (const limit of [1, 3, 7, 100]) {
        const read = await pages({ status }, limit);
        expect(read.flat()).toEqual(whole);
        expect(read.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }
    }
  });

  it('neither repeats nor skips any that was there, while new ones open and others change', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `inc-${String(n).padStart(2, '0')}`);
    for (const [n, id] of ids.entries()) await committed(store(), { writes: [newIncident(opened(id, t0 + n))] });
    const read = await pages({ status: 'all' }, 3, async (page) => {
      await committed(store(), { writes: [newIncident(opened(`new-${page}`, t0 + minute + page))] });
      const last = opened(ids[0] ?? '', t0, { version: page });
      await committed(store(), { writes: [changedIncident(last, { title: `${page}` })] });
    });
    expect(read.flat()).toEqual(ids.toReversed());
  });

  it('goes on from a place whose incident is in the list no more', async () => {
    for (const n of [0, 1, 2, 3]) await committed(store(), { writes: [newIncident(opened(`inc-${n}`, t0 + n))] });
    const before = opened('inc-2', t0 + 2);
    await committed(store(), { writes: [changedIncident(before, { status: 'resolved' })] });
    const ids = (await store().incidents({ status: 'open', limit: 9, before })).map(({ id }) => id);
    expect(ids).toEqual(['inc-1', 'inc-0']);
    expect(await store().incidents({ status: 'all', limit: 9, before: { openedAt: t0 - 1, id: asIncidentId('z') } })).toEqual([]);
  });

  it('lists tenants in their place, where they are asked for', async () => {
    for (const n of [0, 1, 2, 3, 4, 5])
      await committed(store(), { writes: [newIncident(opened(`inc-${n}`, t0 + n, n % 2 === 0 ? { tenant: 'synthetic' } : {}))] });
    expect((await pages({ status: 'all', tenants: true }, 2)).flat()).toEqual([5, 4, 3, 2, 1, 0].map((n) => `inc-${n}`));
    expect((await pages({ status: 'all' }, 2)).flat()).toEqual([5, 3, 1].map((n) => `inc-${n}`));
  });

  it.each([1, 2, 4, 5, 50])(
    'reads a timeline from its end, %i at a time, also where a page ends within a version',
    async (limit) => {
      const incidentId = asIncidentId('inc-1');
      for (const version of [1, 2, 5, 11])
        await committed(store(), { timeline: [0, 1, 2].map((n) => exampleEntry({ version, n, text: `${version}.${n}` })) });
      await committed(store(), { timeline: [exampleEntry({ incidentId: asIncidentId('inc-10'), text: 'of another' })] });
      const whole = (await store().timeline(incidentId)).toReversed();
      expect(whole).toHaveLength(12);
      const found: TimelineEntry[] = [];
      for (let page = await store().latestEntries(incidentId, { limit }); page.length > 0; ) {
        expect(page.length).toBe(Math.min(limit, whole.length - found.length));
        found.push(...page);
        // What arrives meanwhile comes before all of them.
        await committed(store(), { timeline: [exampleEntry({ version: 100 + found.length })] });
        page = await store().latestEntries(incidentId, { limit, before: found.at(-1) });
      }
      expect(found).toEqual(whole);
    },
  );
}
