import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { pageBlocks, pageFallback } from '../../../adapters/slack/blocks.ts';
import { terminalChannel } from '../../../adapters/terminal/index.ts';
import { evaluate, expressionFault } from '../../../core/alerting/intakes/mapping/expression.ts';
import { mappingSchema } from '../../../core/alerting/intakes/mapping/mapping-schema.ts';
import { mostElements, readMapped } from '../../../core/alerting/intakes/mapping/read-mapped.ts';
import { functionNeeds } from '../../../core/config/function-needs.ts';
import { pageOf } from '../../../core/response/paging/build.ts';
import { atOnce } from '../../../core/telemetry/samples/body.ts';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';
import { asFingerprint, asIncidentId } from '../../../core/vocabulary/ids.ts';
import { otlpRoutes } from '../../../http/otlp.ts';
import { mlflowHeaders } from '../../http/mlflow-headers.ts';
import { type Site, siteOf } from '../../http/site.ts';
import { hour, minute, type Part, t0 } from '../../scenario/harness.ts';
import { threat } from './threat.ts';

const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing', labels: { environment: 'staging' } } as const;
const sources = {
  pushed: { kind: 'samples' },
  flights: { kind: 'predictions', model: 'flights' },
  houses: { kind: 'predictions', model: 'houses' },
  prom,
  other: { ...prom, labels: { environment: 'production' } },
} as const;

const secrets = {
  FLIGHTS_KEY: 'key-of-flights',
  PROM_KEY: `sha256:${createHash('sha256').update('key-of-prom').digest('hex')}`,
  CI_KEY: 'key-of-ci',
  CD_KEY: 'key-of-cd',
  SLOW_KEY: 'key-of-slow-new\nkey-of-slow-old',
};
const ingestKeys = [
  { name: 'flights', secret: 'FLIGHTS_KEY', scope: ['predictions', 'labels'], sources: ['flights'] },
  { name: 'prom', secret: 'PROM_KEY', scope: ['alerts'], sources: ['prom'] },
  { name: 'ci', secret: 'CI_KEY', scope: ['changes'] },
  { name: 'cd', secret: 'CD_KEY', scope: ['changes'] },
  { name: 'slow', secret: 'SLOW_KEY', scope: ['samples'], ratePerMinute: 2 },
] satisfies NonNullable<Part['settings']>['ingestKeys'];

const open = (part: Part = {}): Site =>
  siteOf({ part: { sources, ...part }, settings: { ingestKeys, groupBy: ['model'] }, secrets, access: 'public' });
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const sample = { metric: 'latency', value: 1, timestamp: '2026-01-05T09:00:00Z' };
const prediction = (model: string) => ({ model, prediction: 1, timestamp: '2026-01-05T09:00:00Z' });
const alert = (labels: Record<string, string> = {}, more: Record<string, unknown> = {}) => ({
  labels: { alertname: 'Down', severity: 'critical', model: 'm', ...labels },
  ...more,
});
const sendAlerts = (site: Site, alerts: unknown[], source = 'prom') =>
  site.post(`/alerts/${source}/api/v2/alerts`, alerts, bearer('key-of-prom'));
const checked = ({ success, at, rows = {} }: { success: boolean; at: number; rows?: object }) => ({
  results: [
    {
      success,
      expectation_config: { type: 'expect_column_values_to_match_regex', kwargs: { column: 'email' }, severity: 'critical' },
      result: { element_count: 10, unexpected_count: 3, ...rows },
    },
  ],
  meta: { active_batch_definition: { data_asset_name: 'people' }, validation_time: new Date(at).toISOString() },
});
const addresses = [
  '/v1/predictions',
  '/v1/labels',
  '/v1/samples',
  '/v1/changes',
  '/api/v1/write',
  '/api/v1/push',
  '/v1/baselines',
  '/v1/baselines/promote',
  '/api/v2/alerts',
  '/alerts/prom/api/v2/alerts',
  '/v1/alerts/gx',
];

describe('senders', () => {
  threat('a stranger sends records or alerts', async () => {
    const site = open();
    for (const address of addresses) {
      for (const headers of [
        {},
        bearer('guess'),
        bearer(secrets.PROM_KEY),
        { Authorization: `Basic ${btoa('key-of-flights:guess')}` },
      ]) {
        expect((await site.post(address, [sample], headers)).status).toBe(401);
      }
      expect((await site.post(`${address}?key=key-of-flights`, [sample])).status).toBe(401);
    }
    const closed = siteOf({ part: { sources }, access: 'public' });
    for (const address of addresses) expect((await closed.post(address, [sample], bearer('guess'))).status).toBe(403);
  });

  threat('a sender uses its key for something else', async () => {
    const site = open();
    const answers = [
      await site.post('/v1/samples', [sample], bearer('key-of-flights')),
      await site.post('/api/v2/alerts', [alert()], bearer('key-of-flights')),
      await site.post('/v1/predictions?source=houses', [prediction('houses')], bearer('key-of-flights')),
      await sendAlerts(site, [alert()], 'other'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    // A record that names another model is in nobody's source as far as this key can see.
    await site.post('/v1/predictions', [prediction('houses')], bearer('key-of-flights'));
    expect(await site.ports.store.series('houses', 'predictions')).toEqual([]);
    for (const path of ['/', '/api/incidents', '/api/audit-log'])
      expect((await site.get(path, bearer('key-of-prom'))).status).toBe(403);
  });

  threat('a sender makes up what is at stake in predictions', async () => {
    const wrong = {
      ...{ source: 'flights', query: { predictions: { metric: 'accuracy' as const, over: '1h' } }, step: '1h' },
      ...{ category: 'performance' as const, threshold: { below: { warn: 0.9 } }, runbook: 'accuracy-drop' },
    };
    const paged = async (value: unknown): Promise<unknown[]> => {
      const flights = { kind: 'predictions' as const, model: 'flights', bucket: '1h', value: { unit: 'EUR' } };
      const site = open({ sources: { ...sources, flights }, rules: { wrong } });
      const { clock } = site.story;
      const own = Array.from({ length: 100 }, (_, n) => ({
        ...{ model: 'flights', prediction: 1, label: n < 60 ? 1 : 0, value },
        timestamp: new Date(clock.now() + n * 1000).toISOString(),
      }));
      const answer = await site.post('/v1/predictions', own, bearer('key-of-flights'));
      if (answer.status !== 200 || ((await answer.json()) as { accepted: number }).accepted === 0) return [];
      await site.story.pass('2h');
      return site.story.phones.rung.map(({ contact, page: { severity, reason, rollback } }) => ({
        contact,
        severity,
        reason,
        rollback,
      }));
    };
    const without = await paged(undefined);
    expect(without.length).toBeGreaterThan(0);
    expect(await paged(1e15)).toEqual(without);
    for (const value of [1e16, -1, '1e15', [1]]) expect(await paged(value)).toEqual([]);
  });

  threat('a key is read from answers, logs or the store of secrets', async () => {
    const site = open();
    expect((await sendAlerts(site, [alert()])).status).toBe(200);
    const texts = [
      await (await sendAlerts(site, [{}])).text(),
      await (await site.post('/v1/samples', [sample], bearer('key-of-promx'))).text(),
    ];
    for (const text of [...texts, ...site.story.logged]) expect(text).not.toMatch(/key-of-prom/);
    expect(Object.values(secrets).join()).not.toMatch(/key-of-prom/);
  });

  threat('a key in the body of an event is kept with it', async () => {
    const site = open();
    const enqueue = (key: string, event: object = {}) =>
      site.post('/alerts/prom/v2/enqueue', {
        routing_key: key,
        event_action: 'trigger',
        payload: { summary: 'down', source: 'ci', severity: 'critical' },
        ...event,
      });
    const answers = [
      await enqueue('key-of-prom'),
      await enqueue('key-of-prom', { event_action: 'snooze' }),
      await enqueue('key-of-promx'),
      await enqueue('key-of-slow-new'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 400, 400, 400]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const kept = JSON.stringify(await site.ports.store.alerts());
    expect(kept).toContain('down');
    for (const text of [...texts, ...site.story.logged, kept]) expect(text).not.toMatch(/key-of-/);
  });

  threat('a message is made so that a mapping takes long over it', () => {
    const long = 'a'.repeat(400_000);
    const refusalOf = (text: string, value: object): string => {
      const read = evaluate(text, value);
      return read.ok ? 'taken' : read.error;
    };
    expect(refusalOf('contains(a, b)', { a: long, b: `${long}b` })).toMatch(/at most 1000/);
    expect(refusalOf('join(a, b)', { a: long, b: ['x', 'y', 'z', 'w'] })).toMatch(/at most 1000000/);
    expect(expressionFault('pad_left(a, b)')).toMatch(/a function that there is/);
    const mapping = mappingSchema.parse({ each: 'a', fields: { alertname: 'b' } });
    const read = atOnce(readMapped(mapping, { a: Array.from({ length: mostElements + 1 }, () => 1) }, 0));
    expect(read).toMatchObject({ ok: false, error: expect.stringMatching(/nothing was taken/) });
  });

  threat('an old result of a check is sent again, to end an alert or to begin one', async () => {
    const site = open();
    const send = async (success: boolean, ago: number) =>
      (await site.post('/v1/alerts/gx?source=prom', checked({ success, at: t0 - ago }), bearer('key-of-prom'))).json();
    await send(false, minute);
    expect(await send(true, hour)).toMatchObject({ outdated: 1 });
    expect(await site.ports.store.alerts()).toMatchObject([{ state: 'firing' }]);
    await send(true, -hour);
    expect(await site.ports.store.alerts()).toMatchObject([
      { state: 'resolved', external: { judgedAt: site.story.clock.now() } },
    ]);
    expect(await send(false, minute)).toMatchObject({ outdated: 1 });
  });

  threat('a document has a text of a megabyte that each of its thousands of results repeats', async () => {
    const site = open();
    const results = Array.from({ length: 1000 }, (_, i) => ({ success: false, expectation_config: { type: `check-${i}` } }));
    const document = { suite_name: 's'.repeat(1_000_000), results };
    await site.post('/v1/alerts/gx?source=prom&dataset=orders', document, bearer('key-of-prom'));
    const suites = (await site.ports.store.alerts()).map(({ labels }) => labels['suite']?.length);
    expect(new Set(suites)).toEqual(new Set([1024]));
    const long = await site.post(`/v1/alerts/gx?source=prom&dataset=${'d'.repeat(257)}`, document, bearer('key-of-prom'));
    expect(long.status).toBe(400);
  });

  threat('results of checks bring rows of the data with them', async () => {
    const site = open();
    const rows = { partial_unexpected_list: ['ana@example.com'], details: { value: 'ana@example.com' } };
    await site.post('/v1/alerts/gx?source=prom', checked({ success: false, at: t0, rows }), bearer('key-of-prom'));
    await site.story.pass('1m');
    const kept = [
      await site.ports.store.alerts(),
      await site.ports.store.incidents({ status: 'all', limit: 9 }),
      site.story.pages(),
    ];
    expect(JSON.stringify(kept)).toMatch(/3 of 10 values/);
    expect(JSON.stringify(kept)).not.toMatch(/ana@example/);
  });

  threat('somebody who saw a webhook of MLflow sends it again, or makes one up', async () => {
    const registries = { mlflow: { kind: 'mlflow', webhookSecret: 'MLFLOW_WEBHOOK' } } as const;
    const site = open({ registries });
    const body = (version: string, at: number): string =>
      JSON.stringify({
        entity: 'model_version_alias',
        action: 'created',
        timestamp: new Date(at).toISOString(),
        data: { name: 'churn', alias: 'champion', version },
      });
    const post = async (text: string, headers: Record<string, string>): Promise<number> =>
      (await site.app.request('/v1/mlflow/mlflow', { method: 'POST', headers, body: text })).status;
    const [first, second] = [body('1', t0 - hour), body('2', t0 - minute)];
    const seen = mlflowHeaders('mlflow', first);
    expect(await post(first, seen)).toBe(200);
    expect(await post(second, mlflowHeaders('mlflow', second))).toBe(200);
    expect(await post(first, seen)).toBe(200);
    expect(await post(body('3', t0), seen)).toBe(401);
    expect(await post(first, mlflowHeaders('guessed', first))).toBe(401);
    expect(await post(first, mlflowHeaders('mlflow', first, { at: Math.trunc(Date.now() / 1000) - 901 }))).toBe(401);
    expect((await site.ports.store.changes({ limit: 9 })).map(({ from, to }) => [from, to])).toEqual([
      ['1', '2'],
      [undefined, '1'],
    ]);
  });

  threat('a page elsewhere makes a browser post metrics to the port for OTLP', async () => {
    const config = { settings: { ingestKeys: [] }, sources: { apps: sourceKinds.otlp.schema.parse({ kind: 'otlp' }) } } as never;
    const bodies: unknown[] = [];
    const app = otlpRoutes({
      ports: { config, secrets: { get: async () => undefined }, log: () => {} },
      now: () => 0,
      access: 'local',
      otlp: {
        take: async (body) => {
          bodies.push(body);
          return { kind: 'taken', rejected: 0, message: '' };
        },
      },
    });
    const Origin = 'https://elsewhere.example';
    // A browser sends these without asking, and asks leave for all others.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(
        (await app.request('/metrics', { method: 'POST', headers: { Origin, 'Content-Type': type }, body: '{}' })).status,
      ).toBe(415);
    const asked = { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
    const leave = await app.request('/metrics', { method: 'OPTIONS', headers: asked });
    expect([leave.ok, leave.headers.get('Access-Control-Allow-Origin')]).toEqual([false, null]);
    expect(bodies).toEqual([]);
  });

  threat('a key that was replaced goes on being used', async () => {
    const site = open();
    for (const key of ['key-of-slow-new', 'key-of-slow-old']) {
      expect((await site.post('/v1/samples', [sample], bearer(key))).status).toBe(200);
    }
    const later = siteOf({
      part: { sources },
      settings: { ingestKeys },
      secrets: { ...secrets, SLOW_KEY: 'key-of-slow-new' },
      access: 'public',
    });
    expect((await later.post('/v1/samples', [sample], bearer('key-of-slow-old'))).status).toBe(401);
  });

  threat('a sender floods us', async () => {
    const site = open();
    const sent = async () => site.post('/v1/samples', [sample], bearer('key-of-slow-new'));
    const answers = [await sent(), await sent(), await sent()];
    expect(answers.map(({ status, headers }) => [status, headers.get('RateLimit'), headers.get('Retry-After')])).toEqual([
      [200, '"slow";r=1;t=30', null],
      [200, '"slow";r=0;t=60', null],
      [429, '"slow";r=0;t=30', '30'],
    ]);
    expect(answers[0]?.headers.get('RateLimit-Policy')).toBe('"slow";q=2;w=60');
    // Others are not held up by it, and what a stranger sends is not counted as theirs.
    expect((await sendAlerts(site, [alert()])).status).toBe(200);
    site.story.clock.set(site.story.clock.now() + minute / 2);
    expect((await sent()).status).toBe(200);
    expect((await site.post('/v1/samples', ' '.repeat(6_000_000), bearer('key-of-slow-new'))).status).toBe(413);
  });

  threat('a sender passes its alerts off as those of another environment', async () => {
    const site = open();
    await sendAlerts(site, [alert({ environment: 'production' })]);
    expect((await site.ports.store.alerts()).map(({ labels }) => labels['environment'])).toEqual(['staging']);
  });

  threat('a sender makes up changes, or who made them', async () => {
    const site = open();
    await sendAlerts(site, [alert()]);
    await site.story.pass('1m');
    const before = await site.story.incident();
    const pages = site.story.pages().length;
    const deploy = { kind: 'deploy', labels: { model: 'm' }, version: 1, by: 'responder/ana', id: 'run-1' };
    const told = (body: unknown, key = 'key-of-ci') => site.post('/v1/changes', body, bearer(key));
    expect((await told({ ...deploy, link: 'javascript:alert(1)' })).status).toBe(400);
    expect((await told(deploy)).status).toBe(200);
    // Neither another sender, nor the same again, changes what was told.
    await told({ ...deploy, version: 2 }, 'key-of-cd');
    await told({ ...deploy, version: 3 });
    await told(Array.from({ length: 100 }, (_, id) => ({ ...deploy, id })));
    const incident = await site.story.incident();
    expect(incident).toMatchObject({ status: before.status, severity: before.severity, title: before.title });
    expect(site.story.pages()).toHaveLength(pages);
    const entries = (await site.story.store.timeline(incident.id)).filter(({ kind }) => kind === 'changed');
    expect(entries).toHaveLength(20);
    expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set(['key:ci', 'key:cd']));
    expect(entries.slice(0, 2).map(({ data }) => data?.to)).toEqual(['1', '2']);
  });

  threat('a sender ends, or changes, an alert that is not its own', async () => {
    const site = open();
    const id = await site.incident({ model: 'm' });
    const [own] = await site.ports.store.alerts();
    const labels = { ...own?.labels, alertname: own?.ruleId ?? '' };
    await sendAlerts(site, [
      { labels, endsAt: '2026-01-05T09:00:00Z' },
      { labels: own?.labels, endsAt: '2026-01-05T09:00:00Z' },
    ]);
    expect((await site.ports.store.alert(asFingerprint(own?.fingerprint ?? '')))?.state).toBe('firing');
    expect((await site.ports.store.incident(asIncidentId(id)))?.status).toBe('triggered');
  });

  threat('a sender starts a rollback', async () => {
    const site = open({
      deployments: { model: { hook: { lambdaAlias: { functionName: 'f', alias: 'live' } } } },
      rollbacks: { back: { deployment: 'model', automatic: true } },
    });
    await sendAlerts(site, [alert({ rollback: 'back', rule: 'slow' }, { annotations: { rollback: 'back' } })]);
    await site.story.pass('5m');
    expect(site.story.hook.asked).toBe(0);
    expect(await site.story.press('rollback')).toMatchObject({ ok: false, message: expect.stringMatching(/names a rollback$/) });
  });

  threat('a sender keeps an alert, or what is remembered of it, for ever', async () => {
    const site = open();
    await sendAlerts(site, [alert({}, { endsAt: '9999-12-31T23:59:59Z' })]);
    await sendAlerts(site, [alert({}, { endsAt: '2026-01-05T09:00:00Z' })]);
    await site.story.pass('2h');
    expect(await site.ports.store.alerts()).toEqual([]);
  });

  threat('a job reports the runs of another, so that nobody hears that it failed', async () => {
    const job = { every: '1h', runbook: 'a' } as const;
    const site = siteOf({
      part: { rules: {}, heartbeats: { mine: job, other: job } },
      settings: { ingestKeys: [{ name: 'mine', secret: 'MINE', scope: ['heartbeats'], heartbeats: ['mine'] }] },
      secrets: { MINE: 'm' },
    });
    const headers = { Authorization: 'Bearer m' };
    expect((await site.post('/v1/heartbeats/mine/success', '', headers)).status).toBe(200);
    const refused = await site.post('/v1/heartbeats/other/success', '', headers);
    expect([refused.status, await refused.text()]).toEqual([404, expect.not.stringContaining('mine, other')]);
    expect((await site.ports.store.heartbeats(['other']))[0]?.runs ?? []).toEqual([]);
  });

  threat('texts of an alert run as code, mention everybody, or move the cursor', async () => {
    const site = siteOf({ part: { sources: { prom } } });
    const nasty = '<script>alert(1)</script> <!channel> \u001b[2J\u0007 `x`';
    const annotations = { summary: nasty, description: nasty, runbook: 'javascript:alert(1)', runbook_url: 'data:text/html,x' };
    const labels = { alertname: nasty, __proto__: 'x', constructor: '<b>', severity: 'critical' };
    const sent = await site.post('/api/v2/alerts', [{ labels, annotations, generatorURL: 'javascript:alert(1)' }]);
    expect(sent.status).toBe(200);
    const incident = await site.story.incident();
    const html = await (await site.get(`/incidents/${incident.id}`)).text();
    expect(html).not.toMatch(/<script>|<b>|javascript:|data:/);
    const page = pageOf(incident, site.ports.config, {
      reason: 'triggered',
      why: nasty,
      target: { kind: 'channel', name: 'x' },
      tier: 1,
      now: incident.openedAt,
    });
    // Slack shows plain_text as it is written; only mrkdwn can mention and link.
    const marked = [...JSON.stringify(pageBlocks(page)).matchAll(/"type":"mrkdwn","text":"(.*?)"\}/g)].map(([, text]) => text);
    expect(marked.length).toBeGreaterThan(5);
    for (const text of [...marked, pageFallback(page)]) expect(text).not.toMatch(/<!channel>|<script>|javascript:/);
    const lines: string[] = [];
    await terminalChannel({ write: (line) => lines.push(line), colors: false }).send({ kind: 'terminal' }, page, 'key');
    expect(lines.join('\n')).not.toMatch(/\p{Cc}(?<!\n)/u);
  });
});

describe('the function that takes records', () => {
  threat('a flaw in ingest gives away other secrets', () => {
    const { config } = open().ports;
    expect(functionNeeds(config).ingest.secrets).toEqual(['CD_KEY', 'CI_KEY', 'FLIGHTS_KEY', 'PROM_KEY', 'SLOW_KEY']);
    expect(functionNeeds(config).ingest.secrets).not.toContain(config.settings.slack?.signingSecret);
  });
});
