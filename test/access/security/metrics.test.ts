import { describe, expect } from 'vitest';
import { otlpMetrics } from '../../../adapters/opentelemetry/metrics.ts';
import { sendMetrics } from '../../../app/selfcheck/send-metrics.ts';
import { basic, siteOf } from '../../http/site.ts';
import { t0 } from '../../scenario/harness.ts';
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

  threat('a secret of several lines is quoted in a log by what refuses it as a header', async () => {
    const send = { endpoint: 'http://127.0.0.1:1/v1/metrics', headers: { Authorization: 'OTLP' } };
    const site = siteOf({ settings: { metrics: { send } }, secrets: { OTLP: 'Bearer first-word\nBearer second-word' } });
    const logged: unknown[] = [];
    const ports = { ...site.ports, log: (...line: unknown[]) => void logged.push(line) };
    const sender = otlpMetrics({ resource: {}, startedAt: t0 });
    expect(await sendMetrics(ports, { send: sender, version: '1' }, t0)).toMatchObject({ outcome: 'failed' });
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toMatch(/first-word|second-word/);
  });
});
