import { expect, it } from 'vitest';
import type { SearchDto } from '../../http/api/dto/search.ts';
import { foundOf } from '../../web/frame/found-thing.ts';
import { siteOf } from '../http/site.ts';
import { ruleOn } from '../scenario/harness.ts';

const site = (rules = 1) =>
  siteOf({
    part: {
      sources: {
        pushed: { kind: 'samples' },
        churn: { kind: 'predictions', model: 'churn', bucket: '1h', profiles: ['price', 'age'] },
        staging: { kind: 'predictions', model: 'churn', labels: { environment: 'staging' }, bucket: '1h', profiles: ['price'] },
      },
      rules: Object.fromEntries(
        Array.from({ length: rules }, (_, n) => [`slow-${n}`, ruleOn('latency', { title: `Latency ${n}` })]),
      ),
      schedules: { ml: { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } },
    },
    runbooks: [{ name: 'price-drop', title: 'What to do when prices drop', markdown: '' }],
  });
const found = async (on: ReturnType<typeof site>, q: string, limit = 8) =>
  ((await (await on.get(`/api/search?q=${encodeURIComponent(q)}&limit=${limit}`)).json()) as SearchDto).things;

it('finds features in each model and source, and runbooks, by part of their names', async () => {
  expect((await found(site(), 'price')).map((thing) => foundOf(thing).address)).toEqual([
    '/features/churn/price?source=churn',
    '/features/churn/price?source=staging',
    '/runbooks/price-drop',
  ]);
  expect((await found(site(), 'age churn')).map(({ kind, id }) => [kind, id])).toEqual([['feature', 'age']]);
});

it('finds people by name and schedule, with what they are on call for', async () => {
  const things = await found(site(), 'ana');
  expect(things).toMatchObject([
    { kind: 'person', id: 'ana', note: 'ana, on call for ml', schedule: 'ml' },
    { kind: 'schedule', id: 'ml', note: 'ana is on call' },
  ]);
  expect(things.map((thing) => foundOf(thing).address)).toEqual(['/oncall/ml', '/oncall/ml']);
  const [lea] = await found(site(), 'lea');
  expect(lea && foundOf(lea).address).toBe('/oncall');
});

it('without words answers open incidents alone; a closed one is found by its id', async () => {
  const on = site();
  const id = await on.incident();
  expect((await found(on, '')).map((thing) => [thing.kind, thing.id])).toEqual([['incident', id]]);
  await on.post(`/api/incidents/${id}/resolve`, { force: true });
  expect(await found(on, '')).toEqual([]);
  expect(await found(on, id)).toMatchObject([{ kind: 'incident', id, note: 'resolved' }]);
});

it('answers no more of a kind than was asked for', async () => {
  expect(await found(site(50), 'latency', 3)).toHaveLength(3);
});
