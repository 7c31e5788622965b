import { expect, it } from 'vitest';
import type { IncidentDetailDto } from '../../http/api/dto/incident-detail.ts';
import { siteOf } from './site.ts';

const accuracy = { predictions: { metric: 'accuracy' as const, over: '1h', by: ['country'] } };
const rule = {
  ...{ source: 'shop', query: accuracy, step: '1h', category: 'performance' as const, runbook: 'accuracy-drop' },
  threshold: { below: { critical: 0.9 } },
};

/** A shop whose model judges payments, of which each says its amount. */
const shop = (more: object = { value: { unit: 'EUR' } }) =>
  siteOf({
    part: {
      sources: { shop: { kind: 'predictions', model: 'shop', bucket: '1h', segments: { country: ['DE', 'FR'] }, ...more } },
      rules: { wrong: rule },
    },
  });
type Site = ReturnType<typeof siteOf>;

/** An hour of 100 payments a country, the first so many wrong. */
async function hour(site: Site, wrong: { DE: number; FR: number }, amount: (n: number) => number | undefined): Promise<void> {
  const { clock } = site.story;
  const records = Object.entries(wrong).flatMap(([country, many]) =>
    Array.from({ length: 100 }, (_, n) => ({
      ...{ timestamp: new Date(clock.now() + n * 1000).toISOString(), features: { country } },
      ...{ prediction: 1, label: n < many ? 0 : 1, value: amount(n) },
    })),
  );
  expect((await site.post('/v1/predictions?source=shop', records)).status).toBe(200);
  await site.story.pass('1h');
}
const detailOf = async (site: Site): Promise<IncidentDetailDto> =>
  (await (await site.get(`/api/incidents/${(await site.story.incident()).id}`)).json()) as IncidentDetailDto;

it('an incident says what was at stake in the part that it is about, and what went wrong beyond the usual', async () => {
  const site = shop();
  for (let n = 0; n < 3; n += 1) await hour(site, { DE: 5, FR: 5 }, () => 10);
  for (let n = 0; n < 2; n += 1) await hour(site, { DE: 40, FR: 5 }, (at) => (at === 99 ? undefined : 20));
  const { costs, incident } = await detailOf(site);
  expect(costs).toMatchObject([
    {
      ...{ source: 'shop', unit: 'EUR', labels: { country: 'DE' }, predictions: 198, exposed: 198 * 20, unvalued: 2 },
      // 5 % was usual.
      judged: { known: 3960, wrong: 2 * 40 * 20, usual: expect.closeTo(198, 6), beyond: expect.closeTo(1402, 6) },
    },
  ]);
  expect(Date.parse(costs[0]?.from ?? '')).toBeLessThan(Date.parse(incident.since));
  expect(await (await site.get(`/incidents/${incident.id}`)).text()).toContain('3960 EUR at stake');
});

it('a page says it, and of no source that does not declare what is at stake', async () => {
  for (const [more, count] of [
    [{ value: { unit: 'EUR' } }, 1],
    [{}, 0],
  ] as const) {
    const site = shop(more);
    await hour(site, { DE: 0, FR: 0 }, () => 10);
    await hour(site, { DE: 40, FR: 0 }, () => 20);
    await site.story.pass('5m');
    const pages = site.story.phones.rung.map(({ page }) => page);
    expect(pages.length).toBeGreaterThan(0);
    expect(pages[0]?.costs ?? []).toHaveLength(count);
    expect((await detailOf(site)).costs).toHaveLength(count);
  }
});

it('a page goes without it where the store cannot tell', async () => {
  const site = shop();
  const { story } = site;
  const { buckets } = story.ports.store;
  // Only what is usual is asked of so long ago.
  const isUsual = (reads: Parameters<typeof buckets>[0]): boolean =>
    reads.some(({ from }) => from < story.clock.now() - 5 * 86_400_000);
  story.ports.store = {
    ...story.ports.store,
    buckets: (reads) => (isUsual(reads) ? Promise.reject(new Error('no such week')) : buckets(reads)),
  };
  await hour(site, { DE: 0, FR: 0 }, () => 10);
  await hour(site, { DE: 40, FR: 0 }, () => 20);
  await story.pass('5m');
  expect(story.phones.rung.map(({ page }) => page.costs)).toEqual([undefined]);
});
