import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import { hour, minute, type Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const recorded = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
const source = { kind: 'alerts', category: 'drift', runbook: 'source-failing' } as const;
const house = (more: object = {}, part: Part = {}): Site =>
  siteOf({
    part: { sources: { am: { ...source, ...more } } as Part['sources'], ...part },
    settings: { groupBy: ['model'], resolveDelay: '0s' },
  });
const send = (site: Site, path: string, format = 'alertmanager') => site.post(`/v1/alerts/${format}`, recorded(path));
const firing = async (site: Site): Promise<string[]> =>
  (await site.ports.store.alerts())
    .filter((alert) => isActive(alert) && alert.external !== undefined)
    .map(({ labels }) => labels['feature'] ?? labels['alertname'] ?? '')
    .toSorted();

type Webhook = { alerts: Record<string, unknown>[]; truncatedAlerts?: number };
const group = (...alerts: object[]): Webhook => ({ alerts: alerts as Webhook['alerts'] });
const alert = (more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Down', model: 'm', severity: 'critical' },
  annotations: {},
  startsAt: '2026-01-05T09:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: '',
  ...more,
});

describe('what the webhook of a real Alertmanager sent', () => {
  test('fires, and is open until it is resolved', async () => {
    const site = house();
    expect([(await send(site, 'alertmanager/webhook-firing-group.body.json')).status, await firing(site)]).toEqual([
      200,
      ['monthly_charges', 'tenure_months'],
    ]);
    expect(await (await site.get('/api/incidents')).json()).toMatchObject({ incidents: [{ alerts: 2 }] });
  });

  test('as resolved closes what it lists and nothing else, whatever the status of its group', async () => {
    const site = house();
    await send(site, 'alertmanager/webhook-firing-group.body.json');
    await send(site, 'alertmanager/webhook-resolved-partial-after-inhibition.body.json');
    expect(await firing(site)).toEqual(['monthly_charges', 'tenure_months']);
  });

  test('again and again, after an answer that was slow, counts once', async () => {
    const site = house();
    for (let n = 0; n < 5; n += 1) await send(site, 'alertmanager/webhook-firing-group.body.json');
    await site.story.pass('1m');
    expect(await site.story.told('alert fired')).toHaveLength(2);
    expect(site.story.pages()).toHaveLength(1);
  });

  test('ends by itself five hours after it was last sent, or as the source says', async () => {
    const site = house();
    await send(site, 'alertmanager/webhook-firing-group.body.json');
    await site.story.pass('4h');
    expect(await firing(site)).toHaveLength(2);
    await site.story.pass('61m');
    expect(await firing(site)).toEqual([]);
    const short = house({ endsAfter: '1h' });
    await send(short, 'alertmanager/webhook-firing-group.body.json');
    await short.story.pass('61m');
    expect(await firing(short)).toEqual([]);
  });
});

describe('an alert that comes by the API and by a webhook', () => {
  test('is one alert, and ends when Prometheus stops sending it', async () => {
    const site = house();
    const { status: _, endsAt: __, ...posted } = alert();
    await site.post('/v1/alerts/alertmanager', group(alert()));
    const endsAt = new Date(site.story.clock.now() + 4 * minute).toISOString();
    await site.post('/api/v2/alerts', [{ ...posted, endsAt }]);
    expect(await site.ports.store.alerts()).toHaveLength(1);
    expect((await site.ports.store.alerts())[0]?.external?.endsAt).toBe(site.story.clock.now() + 4 * minute);
  });
});

describe('a webhook', () => {
  test('that left alerts out says so where people look, and in the answer', async () => {
    const site = house();
    const answer = await site.post('/v1/alerts/alertmanager', { ...group(alert()), truncatedAlerts: 7 });
    expect(await answer.json()).toEqual({ accepted: 1, leftOut: 7 });
    expect((await site.story.incident()).alerts[0]?.reason).toMatch(/^7 more alerts of its group were left out/);
  });

  test('resolves at once also if its clock is ahead', async () => {
    const site = house();
    await site.post('/v1/alerts/alertmanager', group(alert()));
    const endsAt = new Date(site.story.clock.now() + hour).toISOString();
    await site.post('/v1/alerts/alertmanager', group(alert({ status: 'resolved', endsAt })));
    expect(await firing(site)).toEqual([]);
  });

  test('with something wrong in one alert is refused for that one, and the others count', async () => {
    const site = house();
    const answer = await site.post(
      '/v1/alerts/alertmanager',
      group(alert(), alert({ status: 'pending' }), alert({ labels: {} }), alert({ labels: { alertname: 'Slow' } })),
    );
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { accepted: 2, rejected: 2, rejections: [{ index: 1, reason: expect.stringMatching(/status/) }, { index: 2 }] },
    ]);
    expect(await firing(site)).toEqual(['Down', 'Slow']);
  });

  test.each(['{', '', '[]', 'null', '7', '{"alerts":{}}', '{"alerts":null}', '{"status":"firing"}'])(
    'that is %s is refused',
    async (body) => expect((await house().post('/v1/alerts/alertmanager', body)).status).toBe(400),
  );

  test('whatever it is, is answered with 200 or 400', async () => {
    const site = house();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.anything(), fc.constant(alert()))),
        fc.anything(),
        async (alerts, truncatedAlerts) => {
          const body = JSON.stringify({ alerts, truncatedAlerts }, (_, value: unknown) =>
            typeof value === 'bigint' ? 1 : value,
          );
          expect([200, 400]).toContain((await site.app.request('/v1/alerts/grafana', { method: 'POST', body })).status);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what Grafana sends', () => {
  test('fires with its values, and resolves', async () => {
    const site = house();
    await send(site, 'grafana/firing.json', 'grafana');
    const incident = await site.story.incident();
    expect(incident).toMatchObject({ severity: 'critical', title: 'Accuracy of churn is 0.71 (churn)' });
    expect(incident.alerts[0]?.reason).toContain('value=0.71');
    await send(site, 'grafana/resolved.json', 'grafana');
    expect(await firing(site)).toEqual([]);
  });

  test('without data says that, and not what the rule would say', async () => {
    const site = house();
    await send(site, 'grafana/nodata.json', 'grafana');
    expect(await site.story.incident()).toMatchObject({ title: 'Accuracy low: no data (churn)' });
  });
});
