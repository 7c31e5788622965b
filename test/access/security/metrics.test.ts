import { describe, expect } from 'vitest';
import { basic, siteOf } from '../../http/site.ts';
import { threat } from './threat.ts';

const house = () =>
  siteOf({
    settings: { webPassword: 'WEB', metrics: { key: 'METRICS', judgements: true } },
    secrets: { WEB: 'word', METRICS: 'scrape' },
    access: 'public',
  });

describe('whoever reads metrics', () => {
  threat('a stranger reads metrics, and learns models and incidents by them', async () => {
    const site = house();
    await site.incident({ model: 'secret-model' });
    for (const headers of [{}, { Accept: 'application/openmetrics-text' }, { Cookie: 'x=1' }]) {
      const answer = await site.get('/metrics', headers as Record<string, string>);
      expect(await answer.text()).not.toMatch(/tocsin_|secret-model/);
    }
    expect((await site.get('/metrics', basic('x', 'guess'))).status).toBe(401);
  });

  threat('the key of a scraper is used for something else', async () => {
    const site = house();
    const id = await site.incident();
    const key = { Authorization: 'Bearer scrape' };
    expect((await site.get('/metrics', key)).status).toBe(200);
    for (const path of ['/api/incidents', `/api/incidents/${id}`, '/api/v2/alerts', '/api/audit-log'])
      for (const headers of [key, basic('x', 'scrape')]) expect((await site.get(path, headers)).status).toBe(401);
    expect((await site.post(`/api/incidents/${id}/acknowledge`, {}, basic('x', 'scrape'))).status).toBe(401);
    expect((await site.post('/v1/samples', { metric: 'm', value: 1 }, key)).status).not.toBe(200);
  });
});
