import { describe, expect, test } from 'vitest';
import { basic as asUser, siteOf } from './site.ts';

const basic = (password: string) => asUser('prometheus', password);

const openMetrics = { Accept: 'application/openmetrics-text; version=1.0.0' };

/** The value of a series in the text. */
function valueIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('GET /metrics', () => {
  test('says what is open, how rules are, and how fast somebody answers', async () => {
    const site = siteOf();
    await site.story.pass('1m');
    expect(valueIn(await (await site.get('/metrics')).text(), 'tocsin_open_incidents')).toBe(0);
    const id = await site.incident();
    const opened = (await site.ports.store.incident(id as never))?.openedAt ?? Number.NaN;
    await site.story.pass('2m');
    await site.post(`/api/incidents/${id}/acknowledge`, {});
    await site.story.pass('10s');
    const text = await (await site.get('/metrics')).text();
    expect(valueIn(text, 'tocsin_open_incidents')).toBe(1);
    expect(valueIn(text, 'tocsin_incidents{severity="critical",status="acknowledged"}')).toBe(1);
    expect(valueIn(text, 'tocsin_alerts{muted="false",severity="critical",state="firing"}')).toBe(1);
    const acknowledged = (await site.ports.store.incident(id as never))?.acknowledgedAt ?? Number.NaN;
    expect(valueIn(text, 'tocsin_time_to_acknowledge_seconds{quantile="0.5"}')).toBe((acknowledged - opened) / 1000);
    expect(text).not.toContain('tocsin_rule_value');
  });

  test('shows what rules judged, if the config says so', async () => {
    const site = siteOf({ settings: { metrics: { judgements: true } } });
    await site.incident({ exported: 'x"y' });
    await site.story.pass('1m');
    const text = await (await site.get('/metrics', openMetrics)).text();
    expect(text).toMatch(/^tocsin_rule_value\{.*rule=".+"\} \d/m);
    expect(text).toMatch(/^tocsin_rule_bound\{.*\} \d/m);
    expect(text).toMatch(/^tocsin_rule_verdict\{.*exported="x\\"y".*\} 2$/m);
    expect(text).toMatch(/^tocsin_rule_series_left_out 0$/m);
    expect(text.endsWith('# EOF\n')).toBe(true);
    const cut = siteOf({ settings: { metrics: { judgements: true, maxSeries: 1 } } });
    for (const host of ['a', 'b', 'c']) await cut.incident({ host });
    await cut.story.pass('1m');
    const few = await (await cut.get('/metrics')).text();
    expect(few.match(/^tocsin_rule_verdict\{/gm)).toHaveLength(1);
    expect(valueIn(few, 'tocsin_rule_series_left_out')).toBeGreaterThan(0);
  });

  test('says how jobs are', async () => {
    const site = siteOf({ part: { heartbeats: { nightly: { every: '1h', runbook: 'latency-spike' } } } as never });
    await site.post('/v1/heartbeats/nightly/start');
    await site.story.pass('10m');
    await site.post('/v1/heartbeats/nightly/success');
    const text = await (await site.get('/metrics')).text();
    expect(valueIn(text, 'tocsin_heartbeat_duration_seconds{heartbeat="nightly"}')).toBe(600);
    expect(valueIn(text, 'tocsin_heartbeat_in_trouble{heartbeat="nightly"}')).toBe(0);
    await site.story.pass('3h');
    expect(valueIn(await (await site.get('/metrics')).text(), 'tocsin_heartbeat_in_trouble{heartbeat="nightly"}')).toBe(1);
  });

  test('shows a stranger the version and nothing else', async () => {
    const site = siteOf({ settings: { webPassword: 'WEB' }, secrets: { WEB: 'word' }, access: 'public' });
    const answer = await site.get('/metrics');
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text.match(/^[a-z]\w*/gm)).toEqual(['alertmanager_build_info']);
    expect(text).toMatch(/docs\/metrics\.md/);
    // The comment would be no line of OpenMetrics.
    expect(await (await site.get('/metrics', openMetrics)).text()).not.toMatch(/docs/);
  });

  test('is read with its key or the web password, and refuses others', async () => {
    const site = siteOf({
      settings: { webPassword: 'WEB', metrics: { key: 'METRICS' } },
      secrets: { WEB: 'word', METRICS: 'scrape' },
      access: 'public',
    });
    const seen = async (headers: Record<string, string>): Promise<boolean> => {
      const answer = await site.get('/metrics', headers);
      return answer.status === 200 && (await answer.text()).includes('tocsin_open_incidents');
    };
    expect(await seen({ Authorization: 'Bearer scrape' })).toBe(true);
    expect(await seen(basic('scrape'))).toBe(true);
    expect(await seen(basic('word'))).toBe(true);
    expect(await seen({ Authorization: 'Bearer word' })).toBe(false);
    expect((await site.get('/metrics', basic('wrong'))).status).toBe(401);
    expect((await site.get('/metrics', { Authorization: 'Bearer ' })).status).toBe(401);
    // The key opens nothing else.
    for (const path of ['/api/incidents', '/api/v2/alerts', '/api/now'])
      expect((await site.get(path, basic('scrape'))).status).toBe(401);
  });

  test('a key without a value opens nothing', async () => {
    const site = siteOf({ settings: { webPassword: 'WEB', metrics: { key: 'METRICS' } }, secrets: { WEB: 'word' } });
    expect((await site.get('/metrics', { Authorization: 'Bearer ' })).status).toBe(401);
    expect((await site.get('/metrics', basic(''))).status).toBe(401);
  });

  test('reads the store once for scrapers that come together, and again after a failure', async () => {
    let reads = 0;
    let broken = false;
    const site = siteOf({
      store: (store) => ({
        ...store,
        alerts: async () => {
          reads += 1;
          if (broken) throw new Error('x');
          return store.alerts();
        },
      }),
    });
    await Promise.all([site.get('/metrics'), site.get('/metrics'), site.get('/metrics')]);
    const once = reads;
    await site.get('/metrics');
    expect(reads).toBe(once);
    await site.story.pass('10s');
    broken = true;
    expect((await site.get('/metrics')).status).toBe(500);
    broken = false;
    expect((await site.get('/metrics')).status).toBe(200);
  });
});
