import { describe, expect, it } from 'vitest';
import type { IncidentListDto } from '../../http/api/dto/incident-list.ts';
import type { TimelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import { type Site, siteOf } from './site.ts';

type Entries = { entries: TimelineEntryDto[]; next?: string };

const jsonOf = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const listOf = (site: Site, query: string): Promise<IncidentListDto> => jsonOf(site.get(`/api/incidents?${query}`));
const idsIn = ({ incidents }: IncidentListDto): string[] => incidents.map(({ id }) => id);

async function siteWith(count: number): Promise<{ site: Site; ids: string[] }> {
  const site = siteOf();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.unshift(await site.incident({ model: `m${n}` }));
  return { site, ids };
}

describe('GET /api/incidents in pages', () => {
  it('goes on where it was, while new ones open', async () => {
    const { site, ids } = await siteWith(5);
    const first = await listOf(site, 'limit=2');
    await site.incident({ model: 'later' });
    const second = await listOf(site, `limit=2&cursor=${first.next}`);
    const third = await listOf(site, `limit=2&cursor=${second.next}`);
    expect([first, second, third].map(idsIn)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(third.next).toBeUndefined();
  });

  it('has no next page where the last one is just full', async () => {
    const { site } = await siteWith(2);
    expect((await listOf(site, 'limit=2')).next).toBeUndefined();
  });

  it('finds by severity, category and part of a text', async () => {
    const { site, ids } = await siteWith(3);
    expect(idsIn(await listOf(site, 'q=M1'))).toEqual([ids[1]]);
    expect(idsIn(await listOf(site, `q=${ids[0]}`))).toEqual([ids[0]]);
    expect(idsIn(await listOf(site, 'q=m&limit=2'))).toEqual(ids.slice(0, 2));
    expect(idsIn(await listOf(site, 'severity=critical,warn'))).toEqual(ids);
    expect(idsIn(await listOf(site, 'severity=info'))).toEqual([]);
    const category = (await listOf(site, '')).incidents[0]?.category;
    expect(idsIn(await listOf(site, `category=${category}`))).toEqual(ids);
    expect(idsIn(await listOf(site, 'category=resource'))).toEqual([]);
  });

  it('finds words in any order', async () => {
    const { site, ids } = await siteWith(3);
    expect(idsIn(await listOf(site, `q=${encodeURIComponent('(M1 SLOW')}`))).toEqual([ids[1]]);
  });

  it('counts what passes on its first page, by severity whatever severity is asked for', async () => {
    const { site, ids } = await siteWith(3);
    await site.story.value('latency', 'warn', { model: 'w' });
    await site.story.pass('1m');
    const first = await listOf(site, 'limit=2');
    expect(first.found).toEqual({ total: 4, isCut: false, counts: { info: 0, warn: 1, critical: 3 } });
    const found = await listOf(site, 'severity=critical&q=m1');
    expect([idsIn(found), found.found]).toEqual([
      [ids[1]],
      { total: 1, isCut: false, counts: { info: 0, warn: 0, critical: 1 } },
    ]);
    expect((await listOf(site, `limit=2&cursor=${first.next}`)).found).toBeUndefined();
  });

  it('has of each who was paged and what comes next, but no list of its alerts', async () => {
    const { site } = await siteWith(1);
    const { incidents } = await listOf(site, '');
    expect(incidents).toMatchObject([{ alerts: 1, worst: 'critical', groupLabels: { model: 'm0' }, paged: ['ana'] }]);
    await site.story.press('resolve', 'responder/ana', incidents[0]?.id);
    expect((await listOf(site, 'status=resolved')).incidents).toMatchObject([{ status: 'resolved', resolvedBy: 'ana' }]);
  });

  it.each([
    'cursor=x',
    'cursor=',
    'cursor=-1',
    `cursor=1-${'x'.repeat(500)}`,
    'cursor=1-a%20b',
    'limit=0',
    'limit=1001',
    'limit=1.5',
    'severity=bad',
    'severity=',
    'category=drift,x',
    'q=',
    `q=${'x'.repeat(201)}`,
    'status=closed',
  ])('refuses %s', async (query) => {
    const answer = await siteOf().get(`/api/incidents?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('received') });
  });
});

describe('GET /api/incidents/ID/timeline', () => {
  it('is newest first, in pages that do not move', async () => {
    const { site, ids } = await siteWith(1);
    const path = `/api/incidents/${ids[0]}`;
    const { timeline } = await jsonOf<{ timeline: TimelineEntryDto[] }>(site.get(path));
    const first = await jsonOf<Entries>(site.get(`${path}/timeline?limit=1`));
    await site.post(`${path}/acknowledge`, { actor: 'ana' });
    const rest = await jsonOf<Entries>(site.get(`${path}/timeline?cursor=${first.next}`));
    expect([...first.entries, ...rest.entries]).toEqual(timeline.toReversed());
    expect(rest.next).toBeUndefined();
  });

  it('has only what is about people, where that is asked for', async () => {
    const { site, ids } = await siteWith(1);
    await site.post(`/api/incidents/${ids[0]}/acknowledge`, { actor: 'ana' });
    const { entries } = await jsonOf<Entries>(site.get(`/api/incidents/${ids[0]}/timeline?group=people`));
    expect(entries.map(({ kind }) => kind)).toEqual(['acknowledged']);
  });

  it.each(['cursor=x', 'cursor=1', 'cursor=1-a', 'limit=0', 'group=all'])('refuses %s', async (query) => {
    const { site, ids } = await siteWith(1);
    expect((await site.get(`/api/incidents/${ids[0]}/timeline?${query}`)).status).toBe(400);
  });
});
