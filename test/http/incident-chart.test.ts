import { expect, it } from 'vitest';
import type { ChartDto } from '../../http/api/dto/chart.ts';
import { hour, minute, t0 } from '../scenario/harness.ts';
import { siteOf } from './site.ts';

const chartOf = async (answer: Response | Promise<Response>): Promise<ChartDto> => (await answer).json() as Promise<ChartDto>;

/** A model that is right on 9 of 10 until version b comes, which is right on 4 of 10. */
async function brokenModel() {
  const site = siteOf({
    part: {
      sources: { churn: { kind: 'predictions', model: 'churn', bucket: '1m' } },
      rules: {
        accuracy: {
          ...{ title: 'Accuracy of churn', source: 'churn', query: { predictions: { metric: 'accuracy', over: '10m' } } },
          degradation: { direction: 'drop', baseline: { fixed: 0.9 }, warn: '5%', critical: '10%' },
          ...{ samples: { minCount: 20, confidence: '95%' }, step: '1m', category: 'performance', runbook: 'accuracy-drop' },
        },
      },
    },
  });
  site.story.ports.historyEvery = minute;
  for (let n = 0; n < 40; n += 1) {
    const right = n < 20 ? 9 : 4;
    const timestamp = new Date(site.story.clock.now()).toISOString();
    const records = Array.from({ length: 10 }, (_, one) => ({
      ...{ id: `${n}-${one}`, timestamp, version: n < 20 ? 'a' : 'b', prediction: 1, label: one < right ? 1 : 0 },
    }));
    await site.post('/v1/predictions?source=churn', records);
    await site.story.pass('1m');
  }
  const [incident] = await site.story.store.incidents({ status: 'open', limit: 1 });
  return { site, path: `/api/incidents/${incident?.id}/chart` };
}

it('has the interval of each value, the pinned baseline and the bounds, pages and deploys', async () => {
  const { site, path } = await brokenModel();
  const chart = await chartOf(site.get(path));
  expect(chart).toMatchObject({
    confidence: 0.95,
    of: { rule: 'accuracy' },
    title: expect.stringContaining('Accuracy of churn'),
  });
  const last = chart.points.at(-1);
  expect(last).toMatchObject({ status: 'critical', baseline: 0.9, warn: 0.855, critical: 0.81 });
  expect(last?.interval?.low).toBeLessThan(last?.value ?? 0);
  expect(last?.interval?.high).toBeGreaterThan(last?.value ?? 1);
  expect(chart.marks.filter(({ kind }) => kind === 'page').length).toBeGreaterThan(0);
  expect(chart.marks.filter(({ kind }) => kind === 'deploy').map(({ text }) => text)).toEqual(['b serves']);
  const svg = await (await site.get(path.replace('/api', '').concat('.svg'))).text();
  expect(svg).toContain('▶ b serves');
});

it('shows the asked range or span, and refuses others', async () => {
  const { site, path } = await brokenModel();
  const day = await chartOf(site.get(`${path}?range=24h`));
  expect(Date.parse(day.to) - Date.parse(day.from)).toBe(24 * hour);
  const span = { from: new Date(t0 + 5 * minute).toISOString(), to: new Date(t0 + 15 * minute).toISOString() };
  const cut = await chartOf(site.get(`${path}?from=${span.from}&to=${span.to}`));
  expect(cut).toMatchObject(span);
  expect(cut.points.every(({ at }) => at >= span.from && at <= span.to)).toBe(true);
  for (const query of ['range=1y', 'from=x', `from=${span.to}&to=${span.from}`])
    expect((await site.get(`${path}?${query}`)).status).toBe(400);
  expect((await site.get(`${path}?series=0000000000000000`)).status).toBe(404);
});
