import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { incidentPage } from '../../app/query/incident-pages.ts';
import type { IncidentFilter } from '../../core/response/incidents/incident-filter.ts';
import type { IncidentPlace } from '../../core/response/incidents/incident-place.ts';
import { asGroupKey, asIncidentId } from '../../core/vocabulary/ids.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { committed, exampleIncident, newIncident, t0 } from '../contract/store-examples.ts';

const count = 5000;

/** A storm: all at once, one in a thousand about another model. Counts what is read. */
async function stormy(): Promise<{ store: Store; read: () => { most: number; all: number } }> {
  const base = sqliteStore({ path: ':memory:' });
  const ids = Array.from({ length: count }, (_, n) => `inc-${String(n).padStart(4, '0')}`);
  for (let from = 0; from < count; from += 500) {
    const writes = ids.slice(from, from + 500).map((id, n) => {
      const title = (from + n) % 1000 === 500 ? 'rare' : 'common';
      return newIncident(
        exampleIncident({ id: asIncidentId(id), groupKey: asGroupKey(id), openedAt: t0, title, groupLabels: {} }),
      );
    });
    await committed(base, { writes });
  }
  let most = 0;
  let all = 0;
  const incidents: Store['incidents'] = async (filter) => {
    const found = await base.incidents(filter);
    most = Math.max(most, found.length);
    all += found.length;
    return found;
  };
  return { store: { ...base, incidents }, read: () => ({ most, all }) };
}

async function whole(store: Store, filter: IncidentFilter, limit: number): Promise<{ ids: string[]; answers: number }> {
  const ids: string[] = [];
  let before: IncidentPlace | undefined;
  for (let answers = 1; ; answers += 1) {
    const page = await incidentPage({ store }, { status: 'all', filter, limit, before });
    ids.push(...page.incidents.map(({ id }) => id));
    if (page.next === undefined) return { ids, answers };
    before = page.next;
  }
}

it('5,000 incidents are listed page by page, and each page reads no more than it shows', async () => {
  const { store, read } = await stormy();
  const { ids, answers } = await whole(store, {}, 100);
  expect(answers).toBe(count / 100);
  expect(new Set(ids).size).toBe(count);
  expect(read()).toEqual({ most: 101, all: count + answers - 1 });
  await store.close();
});

it('what is rare among 5,000 is found in few answers, none of which looks through all', async () => {
  const { store, read } = await stormy();
  const first = await incidentPage({ store }, { status: 'all', filter: { text: 'RARE' }, limit: 10 });
  expect(first.incidents).toHaveLength(2);
  expect(read().all).toBe(2000);
  const { ids, answers } = await whole(store, { text: 'RARE' }, 10);
  expect(ids).toHaveLength(5);
  expect(answers).toBe(3);
  await store.close();
});

it('what was over before a time is left out, and what was open then is not', async () => {
  const store = sqliteStore({ path: ':memory:' });
  const hour = 3_600_000;
  const one = (id: string, openedAt: number, resolvedAt?: number) =>
    newIncident({
      ...exampleIncident({ id: asIncidentId(id), groupKey: asGroupKey(id), openedAt }),
      ...(resolvedAt !== undefined && { status: 'resolved' as const, resolvedAt }),
    });
  const writes = [
    one('over', t0, t0 + hour),
    one('across', t0, t0 + 3 * hour),
    one('open', t0),
    one('later', t0 + 4 * hour, t0 + 5 * hour),
  ];
  await committed(store, { writes });
  const page = await incidentPage({ store }, { status: 'all', filter: { since: t0 + 2 * hour }, limit: 10 });
  expect(page.incidents.map(({ id }) => id).sort()).toEqual(['across', 'later', 'open']);
  await store.close();
});
