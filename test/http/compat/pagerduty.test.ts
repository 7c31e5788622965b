import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import type { Part } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/pagerduty/${name}.body.json`, import.meta.url), 'utf8');
const routingKey = 'R0UT1NGKEY0000000000000000000000';

const sources = {
  pd: { kind: 'alerts', category: 'performance', runbook: 'accuracy-drop', groupBy: ['dedup_key'] },
  prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing', groupBy: ['dedup_key'] },
} as Part['sources'];
const keys = [
  { name: 'ci', secret: 'KEY', scope: ['alerts' as const, 'changes' as const, 'respond' as const], sources: ['pd'] },
  { name: 'mute', secret: 'MUTE', scope: ['alerts' as const], sources: ['pd'] },
  { name: 'prom', secret: 'PROM', scope: ['alerts' as const], sources: ['prom'] },
];
const house = (): Site =>
  siteOf({
    part: { sources, rules: {} },
    settings: { ingestKeys: keys, resolveDelay: '0s', groupWait: '0s' },
    secrets: { KEY: routingKey, MUTE: 'mute', PROM: 'prom' },
  });
const enqueue = (site: Site, body: unknown, path = '/v2/enqueue') => site.post(path, body);
const event = (more: object = {}) => ({
  routing_key: routingKey,
  event_action: 'trigger',
  dedup_key: 'churn/accuracy',
  payload: { summary: 'it is bad', source: 'churn-batch', severity: 'critical' },
  ...more,
});
const firing = async (site: Site) =>
  (await site.ports.store.alerts()).filter((one) => isActive(one) && one.external !== undefined);
const answerOf = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;

describe('what clients of PagerDuty sent', () => {
  test('triggers, is acknowledged and resolves', async () => {
    const site = house();
    const triggered = await enqueue(site, recorded('trigger-full'));
    expect([triggered.status, await triggered.json()]).toEqual([
      202,
      { status: 'success', message: 'Event processed: taken', dedup_key: 'churn/accuracy' },
    ]);
    const [alert] = await firing(site);
    expect(alert).toMatchObject({
      severity: 'critical',
      ruleId: 'pd/accuracy-drop',
      labels: { dedup_key: 'churn/accuracy', component: 'model', group: 'growth', class: 'accuracy-drop', source: 'churn-batch' },
      reason: expect.stringMatching(/accuracy: 0\.71, baseline: 0\.87/),
      external: { title: 'Accuracy of churn v7 fell to 0.71', link: 'https://runbooks.example/accuracy' },
    });
    await site.story.pass('1m');
    expect(site.story.pages()).toHaveLength(1);
    expect((await enqueue(site, recorded('acknowledge'))).status).toBe(202);
    expect(await site.story.incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'integration:ci' });
    expect((await enqueue(site, recorded('resolve'))).status).toBe(202);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  test('comes with a slash at the end, and as a warning where it says so', async () => {
    const site = house();
    await enqueue(site, recorded('pypd-v2-trigger-trailing-slash'), '/v2/enqueue/');
    expect(await firing(site)).toMatchObject([{ severity: 'warn', labels: { dedup_key: 'churn/drift' } }]);
  });

  test('without a key for the alert gets one, the same for the same words', async () => {
    const site = house();
    const first = await answerOf(await enqueue(site, recorded('trigger-no-dedup-key')));
    const second = await answerOf(await enqueue(site, recorded('trigger-no-dedup-key')));
    expect(first['dedup_key']).toMatch(/^tocsin-/);
    expect(second['dedup_key']).toBe(first['dedup_key']);
    expect(await firing(site)).toHaveLength(1);
    await enqueue(site, { ...event({ event_action: 'resolve' }), dedup_key: first['dedup_key'] });
    expect(await firing(site)).toHaveLength(0);
  });

  test('as Great Expectations does, is one alert however often it comes, and ends after a week without it', async () => {
    const site = house();
    for (let n = 0; n < 3; n += 1) await enqueue(site, recorded('great-expectations'));
    expect(await firing(site)).toHaveLength(1);
    await site.story.pass('7d');
    await site.story.pass('2m');
    expect(await firing(site)).toHaveLength(0);
  });

  test('about a change is kept once, with what its details name', async () => {
    const site = house();
    for (let n = 0; n < 2; n += 1) {
      // The story plays before it was recorded.
      const body = recorded('change-event').replace('2026-11-28', '2026-01-05');
      const answer = await enqueue(site, body, '/v2/change/enqueue');
      expect([answer.status, await answer.json()]).toMatchObject([202, { status: 'success' }]);
    }
    expect(await site.ports.store.changes({ limit: 9 })).toMatchObject([
      {
        ...{ kind: 'deploy', labels: { model: 'churn', source: 'ci' }, summary: 'Deployed churn v8', to: '8' },
        ...{ at: Date.parse('2026-01-05T03:04:05Z'), sender: 'key:ci', by: 'key:ci' },
      },
    ]);
  });
});

describe('a change event', () => {
  const change = (payload: unknown, more: object = {}) => ({ routing_key: routingKey, payload, ...more });
  const keptAfter = async (body: unknown, path = '/v2/change/enqueue') => {
    const site = house();
    const { status } = await enqueue(site, body, path);
    return { status, kept: await site.ports.store.changes({ limit: 9 }) };
  };

  test('has what its details say, a link that can be opened, and the labels of its source', async () => {
    const custom_details = { kind: 'flag', flag: 'ranker', version: true, previous_version: false, by: 'ana', id: 'f-1', n: 7 };
    const links = [{ href: 'https://flags.example/ranker', text: 'flag' }];
    const { kept } = await keptAfter(
      change({ summary: 'On', source: 'flags', custom_details }, { links }),
      '/alerts/pd/v2/change/enqueue',
    );
    expect(kept).toMatchObject([
      { kind: 'flag', labels: { flag: 'ranker', source: 'flags' }, from: 'false', to: 'true', by: 'ana', link: links[0]?.href },
    ]);
    const hostile = await keptAfter(change({ summary: 'On', source: 's' }, { links: [{ href: 'javascript:alert(1)' }] }));
    expect(hostile.kept[0]).not.toHaveProperty('link');
  });

  test('of any other shape is refused as PagerDuty does, or kept without what makes no sense', async () => {
    for (const payload of [undefined, null, 'x', [], {}, { summary: '' }, { summary: 8 }, { summary: 'x' }])
      expect((await keptAfter(change(payload))).status).toBe(400);
    for (const body of ['', '{', 'null', '[]', '"x"', '{"routing_key":"nobody","payload":{"summary":"x","source":"y"}}'])
      expect((await keptAfter(body)).status).toBe(400);
    const odd = [
      { custom_details: 'text', timestamp: 'soon' },
      { custom_details: [1], timestamp: 7 },
      { custom_details: JSON.parse('{"__proto__":"x","version":{"a":1},"by":["x"],"id":{}}') },
      { custom_details: { ['n'.repeat(200)]: 'x', kind: 'deployed', version: 'v'.repeat(300) } },
      { custom_details: Object.fromEntries(Array.from({ length: 500 }, (_one, n) => [`l${n}`, 'x'])) },
      { summary: 'x'.repeat(100_000) },
    ];
    for (const one of odd) {
      const { status, kept } = await keptAfter(change({ summary: 'x', source: 'y', ...one }));
      expect([status, kept.map(({ kind, labels }) => [kind, labels['source']])]).toEqual([202, [['other', 'y']]]);
    }
  });

  test('of anything that a sender may make up is answered, and never an error of Tocsin', async () => {
    const site = house();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), async (custom_details, value) => {
        const payload = { summary: 'x', source: value, custom_details, timestamp: value };
        expect([202, 400]).toContain((await enqueue(site, change(payload, { links: value }), '/v2/change/enqueue')).status);
      }),
      { numRuns: 60 },
    );
  });

  test('needs a key with the scope changes', async () => {
    const site = house();
    const answer = await enqueue(site, { ...change({ summary: 'x', source: 'y' }), routing_key: 'mute' }, '/v2/change/enqueue');
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [expect.stringMatching(/received changes/)] }]);
  });
});

describe('an acknowledge of an integration', () => {
  test('stops escalation where nothing of others fires, and is named on the timeline', async () => {
    const site = house();
    await enqueue(site, event());
    await enqueue(site, event({ event_action: 'acknowledge' }));
    await site.story.pass('60m');
    expect(site.story.pages().filter((line) => line.includes('escalated'))).toEqual([]);
    const { id } = await site.story.incident();
    expect(await site.ports.store.timeline(id)).toContainEqual(
      expect.objectContaining({ kind: 'acknowledged', actor: 'integration:ci' }),
    );
  });

  test('is noted alone where an alert of another source fires, and people are paged on', async () => {
    const site = house();
    await enqueue(site, event());
    await site.post(
      '/api/v2/alerts',
      [{ labels: { alertname: 'Down', dedup_key: 'churn/accuracy', severity: 'critical', category: 'performance' } }],
      { Authorization: 'Bearer prom' },
    );
    const answer = await answerOf(await enqueue(site, event({ event_action: 'acknowledge' })));
    expect(answer['message']).toMatch(/escalation goes on, for prom\/Down fires/);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    expect(await site.story.told('noted')).toHaveLength(1);
  });

  test('by a key that only sends alerts is refused, with what it would take', async () => {
    const site = house();
    await enqueue(site, event());
    const answer = await enqueue(site, event({ routing_key: 'mute', event_action: 'acknowledge' }));
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [expect.stringMatching(/scope respond/)] }]);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  test('of nothing that fires says that nothing was done', async () => {
    const answer = await enqueue(house(), event({ event_action: 'acknowledge' }));
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/no such alert fires/) });
  });
});

describe('an event', () => {
  test('that resolves is never ignored: it closes what was taken, though it has none of its labels', async () => {
    const site = siteOf({
      part: { sources: { ...sources, pd: { ...sources?.['pd'], ignore: [{ severity: 'warn' }] } } as Part['sources'], rules: {} },
      settings: { ingestKeys: keys, resolveDelay: '0s', groupWait: '0s' },
      secrets: { KEY: routingKey, MUTE: 'mute', PROM: 'prom' },
    });
    await enqueue(site, event());
    expect(await firing(site)).toHaveLength(1);
    expect(await answerOf(await enqueue(site, event({ event_action: 'resolve' })))).toMatchObject({
      message: expect.stringMatching(/resolved/),
    });
    expect(await firing(site)).toEqual([]);
  });

  test('with details nested without end is taken all the same', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = JSON.stringify(
      event({ payload: { summary: 'a', source: 's', severity: 'critical', custom_details: { deep: 0 } } }),
    );
    const site = house();
    expect((await enqueue(site, body.replace('"deep":0', `"deep":${deep}`))).status).toBe(202);
    expect(await firing(site)).toHaveLength(1);
  });

  test('that is worse the next time raises the severity of the same alert', async () => {
    const site = house();
    await enqueue(site, event({ payload: { summary: 'a', source: 's', severity: 'warning' } }));
    await enqueue(site, event({ payload: { summary: 'b', source: 't', severity: 'critical' } }));
    expect(await firing(site)).toMatchObject([{ severity: 'critical', external: { title: 'b' } }]);
  });

  test.each([
    ['no object', '[]', /routing_key/],
    ['no JSON', '{', /routing_key/],
    ['nothing', '', /routing_key/],
    ['another action', event({ event_action: 'explode' }), /event_action/],
    ['no payload', event({ payload: undefined }), /payload/],
    ['a payload that is a list', event({ payload: [] }), /payload/],
    ['no summary and no source', event({ payload: { summary: ' ', source: 7 } }), /payload\.summary.*payload\.source/],
    ['a key that is too long', event({ dedup_key: 'x'.repeat(256) }), /dedup_key/],
    ['a key that is a number', event({ dedup_key: 7 }), /dedup_key/],
    ['a resolve without a key', event({ event_action: 'resolve', dedup_key: undefined }), /dedup_key/],
    ['an unknown routing key', event({ routing_key: 'wrong' }), /routing_key/],
    ['a routing key that is no text', event({ routing_key: { $ne: '' } }), /routing_key/],
    ['no routing key', event({ routing_key: undefined }), /routing_key/],
  ])('with %s is refused in the shape that clients expect', async (_, body, why) => {
    const site = house();
    const answer = await enqueue(site, body);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { status: 'invalid event', message: 'Event object is invalid', errors: [expect.stringMatching(why)] },
    ]);
    expect(await firing(site)).toEqual([]);
  });

  test('of more than 512 KB is refused, a long summary is cut', async () => {
    const site = house();
    const long = event({ payload: { summary: 'x'.repeat(5000), source: 's' } });
    expect((await enqueue(site, long)).status).toBe(202);
    expect((await firing(site))[0]?.external?.title).toHaveLength(500);
    const huge = JSON.stringify(event({ payload: { summary: 'x'.repeat(600_000), source: 's' } }));
    const answer = await site.app.request('/v2/enqueue', {
      method: 'POST',
      body: huge,
      headers: { 'Content-Length': String(huge.length) },
    });
    expect([answer.status, await answerOf(answer)]).toMatchObject([413, { errors: [expect.stringMatching(/524288/)] }]);
  });

  test('whatever it is, is answered with 202 or 400 and changes no other alert', async () => {
    const site = house();
    await enqueue(site, event({ dedup_key: 'mine' }));
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('__proto__'), fc.constant('\0'));
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.constant(null),
      fc.dictionary(text, fc.oneof(text, fc.double(), fc.array(text))),
    );
    await fc.assert(
      fc.asyncProperty(value, value, value, value, async (summary, source, details, dedup) => {
        const payload = { summary, source, custom_details: details, severity: summary, timestamp: source, class: details };
        const answer = await enqueue(site, event({ payload, dedup_key: dedup, links: details, client_url: summary }));
        expect([202, 400]).toContain(answer.status);
      }),
      { numRuns: 100 },
    );
    expect((await firing(site)).filter(({ labels }) => labels['dedup_key'] === 'mine')).toHaveLength(1);
  });
});
