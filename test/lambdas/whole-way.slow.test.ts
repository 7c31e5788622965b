import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyStructuredResultV2, ScheduledEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { QueuedEffect } from '../../adapters/sqs/index.ts';
import { readNotes } from '../../app/selfcheck/vitals.ts';
import { hmacHex } from '../../core/access/signing/hmac.ts';
import { keyHeader, signatureHeader, verifyBody } from '../../core/access/signing/sign.ts';
import { configSchema } from '../../core/config/schema.ts';
import { actionIds } from '../../core/response/slack/interaction.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { logFaults } from '../../core/vocabulary/log-faults.ts';
import { dynamodbStore } from '../../stores/dynamodb/index.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { type Received, type StandIn, standIn } from '../contract/stand-in.ts';
import { configOf } from './config.ts';
import { context, type Image, messages, requested, streamed } from './events.ts';
import { outside } from './outside.ts';

const missing = await whyNoDynamodb();
const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 9, 0, 30);

const own = {
  settings: { webPassword: 'PASSWORD', slack: { token: 'TOKEN', signingSecret: 'SIGNING' } },
  ana: { name: 'Ana', slackUser: 'U1', at: 'ana' },
  ackWithin: '20m',
};

describe.runIf(missing === undefined)('the handlers, with DynamoDB between them', () => {
  let dynamodb: Dynamodb;
  let server: StandIn;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-lambdas-'));
  const state = { refuse: false, pagerDown: false, pagerGone: false };
  const { sent, pages, answer } = outside(state);
  let tables = 0;
  let table = '';

  beforeAll(async () => {
    [dynamodb, server] = await Promise.all([startDynamodb(), standIn(answer)]);
    const deployed = join(folder, 'tocsin.json');
    writeFileSync(
      deployed,
      JSON.stringify({
        config: configSchema.parse(configOf(server.url, own)),
        runbooks: [{ name: 'errors', title: 'Errors', markdown: '# Errors\n\nRead the log.' }],
      }),
    );
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamodb.url);
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', server.url);
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', server.url);
    vi.stubEnv('TOCSIN_DEPLOYED', deployed);
    vi.stubEnv('TOCSIN_SECRETS', 'tocsin/test/');
    vi.stubEnv('TOCSIN_JUDGE_FUNCTION', 'judge');
    vi.stubEnv('TOCSIN_PUBLIC_URL', 'https://tocsin.example.com/');
    for (const name of ['URGENT', 'PAGES', 'SLOW', 'ROLLBACKS', 'WAKES'])
      vi.stubEnv(`TOCSIN_${name}_QUEUE`, `${server.url}/1/${name.toLowerCase()}`);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([dynamodb?.stop(), server?.close()]);
  });

  beforeEach(async () => {
    tables += 1;
    table = `tocsin-${tables}`;
    await createTable(dynamodb.client, table);
    vi.stubEnv('TOCSIN_TABLE', table);
    // A new container: modules are loaded again and make their clients anew.
    vi.resetModules();
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    Object.assign(state, { refuse: false, pagerDown: false, pagerGone: false });
    sent.length = 0;
    pages.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const store = () => dynamodbStore({ client: dynamodb.client, table });
  const tick = {} as ScheduledEvent;
  const handlers = {
    ingest: async (...request: Parameters<typeof requested>) =>
      (await import('../../lambdas/ingest.ts')).handler(
        requested(...request),
        context,
      ) as Promise<APIGatewayProxyStructuredResultV2>,
    slack: async (...request: Parameters<typeof requested>) =>
      (await import('../../lambdas/slack.ts')).handler(
        requested(...request),
        context,
      ) as Promise<APIGatewayProxyStructuredResultV2>,
    web: async (...request: Parameters<typeof requested>) =>
      (await import('../../lambdas/web.ts')).handler(
        requested(...request),
        context,
      ) as Promise<APIGatewayProxyStructuredResultV2>,
    evaluate: async () => (await import('../../lambdas/evaluate.ts')).handler(tick, context),
    sweep: async () => (await import('../../lambdas/sweep.ts')).handler(tick, context),
    dispatch: async (...images: Image[]) => (await import('../../lambdas/dispatch.ts')).handler(streamed(...images), context),
    deliver: async (...bodies: Parameters<typeof messages>) =>
      (await import('../../lambdas/deliver.ts')).handler(messages(...bodies), context),
    wake: async (...bodies: Parameters<typeof messages>) =>
      (await import('../../lambdas/wake.ts')).handler(messages(...bodies), context),
    rollback: async (...bodies: Parameters<typeof messages>) =>
      (await import('../../lambdas/rollback.ts')).handler(messages(...bodies), context),
    look: async () => (await import('../../lambdas/rollback.ts')).handler({ look: 'deployments' }, context),
  };

  /** Everything the stream would have told of so far. */
  const images = async (): Promise<Image[]> => (await dynamodb.client.send(new ScanCommand({ TableName: table }))).Items ?? [];
  const queued = (queue: string) => sent.filter((one) => one.queue === queue).map(({ effect }) => effect);
  const queuedPages = () => ['urgent', 'pages', 'slow'].flatMap(queued);
  const openIncident = async () => (await store().incidents({ status: 'open', limit: 1 }))[0];

  async function breach(): Promise<void> {
    const body = JSON.stringify([{ metric: 'errors', value: 50, timestamp: start - minute }]);
    const answered = await handlers.ingest('POST', '/v1/samples', {
      headers: { authorization: 'Bearer ingest-key', 'content-type': 'application/json' },
      body,
      base64: true,
    });
    expect(answered.statusCode).toBe(200);
    await handlers.evaluate();
  }

  it('bring a sample to a signed page, and the press of a button back to the incident', async () => {
    await breach();
    expect(await handlers.dispatch(...(await images()))).toEqual({ batchItemFailures: [] });
    expect(queued('urgent').map(({ kind }) => kind)).toEqual(['page']);
    const waits = sent.filter(({ queue }) => queue === 'wakes');
    expect(waits.map(({ effect, delaySeconds }) => [effect.kind, delaySeconds])).toEqual([['timer', 900]]);

    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages.map(({ path }) => path)).toEqual(['/ana']);
    const [page] = pages as [Received];
    const nowSeconds = Date.now() / 1000;
    expect(
      verifyBody({
        secret: 'the pager secret',
        header: String(page.headers[signatureHeader.toLowerCase()]),
        body: page.body,
        nowSeconds,
      }),
    ).toEqual({ ok: true });
    expect(page.headers[keyHeader.toLowerCase()]).toBeDefined();
    expect(page.body).toContain('https://tocsin.example.com/runbooks/errors');

    const incident = await openIncident();
    const payload = {
      type: 'block_actions',
      user: { id: 'U1', username: 'ana' },
      actions: [{ action_id: actionIds.acknowledge, value: incident?.id }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const timestamp = String(Math.floor(nowSeconds));
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hmacHex('the signing secret', `v0:${timestamp}:`, body)}`,
    };
    expect((await handlers.slack('POST', '/slack/interactions', { headers, body, base64: true })).statusCode).toBe(200);
    expect(await openIncident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'responder/ana' });
  });

  it('bring a change into the page of the incident that follows, onto the timeline of one that is open, and count it once', async () => {
    const change = (version: string) =>
      handlers.ingest('POST', '/v1/changes', {
        headers: { authorization: 'Bearer ingest-key', 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'deploy', labels: { model: 'scorer' }, version, id: version }),
        base64: true,
      });
    for (let n = 0; n < 2; n += 1) expect((await change('8')).statusCode).toBe(200);
    await breach();
    await handlers.dispatch(...(await images()));
    await handlers.deliver(...queuedPages());
    expect(JSON.parse(pages[0]?.body ?? '')).toMatchObject({
      whatChanged: [{ kind: 'deploy', text: 'model scorer deployed, 8' }],
    });
    expect((await change('9')).statusCode).toBe(200);
    const incident = await openIncident();
    const told = (await store().timeline(incident?.id ?? asIncidentId(''))).filter(({ kind }) => kind === 'changed');
    expect(told.map(({ data, actor }) => [data?.to, actor])).toEqual([
      ['8', 'key:ingestKey'],
      ['9', 'key:ingestKey'],
    ]);
    expect((await store().changes({ limit: 9 })).map(({ to }) => to).toSorted()).toEqual(['8', '9']);
  });

  it('bring an alert of Prometheus to a page, and end it when it is not sent again', async () => {
    const post = async (key: string, endsAt: number) => {
      const alerts = [
        { labels: { alertname: 'Down', severity: 'critical', model: 'm' }, endsAt: new Date(endsAt).toISOString() },
      ];
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      return handlers.ingest('POST', '/api/v2/alerts', { headers, body: JSON.stringify(alerts), base64: true });
    };
    expect((await post('guess', start + 4 * minute)).statusCode).toBe(401);
    expect(await post('ingest-key', start + 4 * minute)).toMatchObject({ statusCode: 200, body: '' });
    await handlers.dispatch(...(await images()));
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages.map(({ path }) => path)).toEqual(['/ana']);

    vi.setSystemTime(start + minute);
    expect((await post('ingest-key', start + 5 * minute)).statusCode).toBe(200);
    vi.setSystemTime(start + 4 * minute);
    await handlers.evaluate();
    expect((await openIncident())?.counts.critical).toBe(1);
    vi.setSystemTime(start + 5 * minute);
    await handlers.evaluate();
    expect(await openIncident()).toMatchObject({ counts: { critical: 0, resolved: 1 } });
    expect(await store().alerts()).toEqual([]);
  });

  it('send a digest once, when it is due', async () => {
    const deployed = join(folder, 'digests.json');
    const config = configOf(server.url, own);
    const digests = { morning: { tell: [{ responder: 'ana' }], every: 'day' as const, at: '08:00', timezone: 'UTC' } };
    writeFileSync(deployed, JSON.stringify({ config: configSchema.parse({ ...config, digests }), runbooks: [] }));
    const before = process.env['TOCSIN_DEPLOYED'];
    vi.stubEnv('TOCSIN_DEPLOYED', deployed);
    onTestFinished(() => void vi.stubEnv('TOCSIN_DEPLOYED', before));
    await handlers.evaluate();
    for (const hours of [22, 23, 24]) {
      vi.setSystemTime(start + hours * 60 * minute);
      vi.resetModules();
      await handlers.evaluate();
    }
    await handlers.dispatch(...(await images()));
    expect(queuedPages()).toMatchObject([{ kind: 'digest' }]);
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages.map(({ path, body }) => [path, JSON.parse(body)])).toMatchObject([
      ['/ana', { kind: 'digest', title: 'Digest morning' }],
    ]);
    expect(await store().auditLog(10)).toMatchObject([{ kind: 'digest' }]);
  });

  it('page when Prometheus no longer sends its watchdog alert, and end that when it comes again', async () => {
    const deployed = join(folder, 'watched.json');
    const watched = configOf(server.url, { ...own, watchdog: { match: { alertname: 'Watchdog' }, within: '5m' } });
    writeFileSync(deployed, JSON.stringify({ config: configSchema.parse(watched), runbooks: [] }));
    const before = process.env['TOCSIN_DEPLOYED'];
    vi.stubEnv('TOCSIN_DEPLOYED', deployed);
    onTestFinished(() => void vi.stubEnv('TOCSIN_DEPLOYED', before));
    const beat = async () => {
      const alerts = [{ labels: { alertname: 'Watchdog', severity: 'none' } }];
      const headers = { authorization: 'Bearer ingest-key', 'content-type': 'application/json' };
      return handlers.ingest('POST', '/api/v2/alerts', { headers, body: JSON.stringify(alerts), base64: true });
    };
    expect(await beat()).toMatchObject({ statusCode: 200, body: '' });
    // The first tick listens from then on.
    for (let n = 1; n <= 5; n += 1) {
      vi.setSystemTime(start + n * minute);
      // Each tick may run in a container of its own.
      vi.resetModules();
      await handlers.evaluate();
    }
    expect(await openIncident()).toBeUndefined();
    vi.setSystemTime(start + 6 * minute);
    await handlers.evaluate();
    expect(await openIncident()).toMatchObject({ severity: 'critical', counts: { critical: 1 } });
    await handlers.dispatch(...(await images()));
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages.map(({ path }) => path)).toEqual(['/ana']);
    await handlers.sweep();
    expect((await readNotes({ store: store(), config: configSchema.parse(watched) })).vitals?.watchdogs).toMatchObject([
      { source: 'prom', missing: true },
    ]);
    vi.setSystemTime(start + 7 * minute);
    expect(await beat()).toMatchObject({ statusCode: 200 });
    expect(await openIncident()).toMatchObject({ counts: { critical: 0, resolved: 1 } });
  });

  it('page when a job fails and when it does not report, and end that when it succeeds', async () => {
    const deployed = join(folder, 'heartbeats.json');
    const heartbeats = { nightly: { every: '5m', grace: '2m', severity: 'critical', runbook: 'errors' } } as const;
    const config = configSchema.parse({ ...configOf(server.url, own), heartbeats });
    writeFileSync(deployed, JSON.stringify({ config, runbooks: [] }));
    const before = process.env['TOCSIN_DEPLOYED'];
    vi.stubEnv('TOCSIN_DEPLOYED', deployed);
    onTestFinished(() => void vi.stubEnv('TOCSIN_DEPLOYED', before));
    const report = async (state: string, body = '') => {
      const headers = { authorization: 'Bearer ingest-key', 'content-type': 'text/plain' };
      return handlers.ingest('POST', `/v1/heartbeats/nightly/${state}`, { headers, body, base64: true });
    };
    expect(await report('start')).toMatchObject({ statusCode: 200 });
    expect(await report('3', 'no space left')).toMatchObject({ statusCode: 200 });
    expect(await openIncident()).toMatchObject({ severity: 'critical', counts: { critical: 1 } });
    await handlers.dispatch(...(await images()));
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages.map(({ path }) => path)).toEqual(['/ana']);
    expect(await report('success')).toMatchObject({ statusCode: 200 });
    expect(await openIncident()).toMatchObject({ counts: { critical: 0, resolved: 1 } });
    for (let n = 1; n <= 8; n += 1) {
      vi.setSystemTime(start + n * minute);
      vi.resetModules();
      await handlers.evaluate();
      expect((await openIncident())?.counts.critical ?? 0).toBe(n < 7 ? 0 : 1);
    }
    expect((await store().heartbeats(['nightly']))[0]?.runs).toHaveLength(2);
  });

  it('touch nothing over the table of a newer version, and lose nothing: what waited is done once the table is right', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const version = { pk: { S: 'table#version' }, sk: { S: 'version' } };
    const mark = async (n: number) =>
      dynamodb.client.send(new PutItemCommand({ TableName: table, Item: { ...version, version: { N: String(n) } } }));
    await mark(99);
    vi.resetModules();
    const body = JSON.stringify([{ metric: 'errors', value: 60, timestamp: start }]);
    const headers = { authorization: 'Bearer ingest-key', 'content-type': 'application/json' };
    const refused = await handlers.ingest('POST', '/v1/samples', { headers, body, base64: true });
    expect(refused).toMatchObject({
      statusCode: 503,
      body: expect.stringMatching(/the store was upgraded by a newer Tocsin/),
    });
    expect(refused.headers?.['retry-after']).toBe('60');
    await expect(handlers.evaluate()).rejects.toThrow(/version 99, written by a newer Tocsin/);
    await expect(handlers.sweep()).rejects.toThrow(/version 99/);
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(pages).toEqual([]);

    await mark(1);
    vi.resetModules();
    expect((await handlers.ingest('POST', '/v1/samples', { headers, body, base64: true })).statusCode).toBe(200);
    expect(await handlers.deliver(...queuedPages())).toEqual({ batchItemFailures: [] });
    expect(pages).toHaveLength(1);
  });

  it('deliver a page once, however often its message comes', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const [effect] = queuedPages() as [QueuedEffect];
    await handlers.deliver(effect, effect);
    await handlers.deliver(effect);
    expect(pages).toHaveLength(1);
  });

  it('watch themselves: the sweep repairs an incident that has lost its next step, and notes how Tocsin is', async () => {
    await breach();
    const incident = await openIncident();
    if (incident === undefined) throw new Error('expected an incident');
    const lost = { ...incident, deadlines: {}, nextStepAt: undefined, version: incident.version + 1 };
    const write = { kind: 'incident', value: lost, expected: incident.version } as const;
    expect(await store().commit({ writes: [write], timeline: [], effects: [], done: [] })).toBe('committed');
    await handlers.sweep();
    expect(await openIncident()).toMatchObject({ deadlines: { acknowledge: start + 20 * minute } });
    expect((await store().timeline(incident.id)).map(({ kind }) => kind)).toContain('consistency check');
    const notes = await readNotes({ store: store(), config: configSchema.parse(configOf('http://pager.example', own)) });
    expect(notes).toMatchObject({ tick: { at: start, rules: 2, skipped: 0 }, vitals: { open: 1 }, consistency: { repaired: 1 } });
  });

  it('carry a synthetic incident to its contact, its time to page into a metric, and nothing of it into the others', async () => {
    const syntheticIncident = { contact: { webhook: { url: `${server.url}/test`, secret: 'PAGER' } } };
    const given = configOf(server.url, own);
    const config = configSchema.parse({ ...given, settings: { ...given.settings, ownMetrics: true, syntheticIncident } });
    const path = join(folder, 'synthetic.json');
    writeFileSync(path, JSON.stringify({ config, runbooks: [] }));
    const before = process.env['TOCSIN_DEPLOYED'];
    vi.stubEnv('TOCSIN_DEPLOYED', path);
    onTestFinished(() => void vi.stubEnv('TOCSIN_DEPLOYED', before));
    const written = () =>
      vi.mocked(process.stdout.write).mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    await handlers.sweep();
    vi.setSystemTime(start + minute);
    await handlers.evaluate();
    vi.setSystemTime(start + minute + 2000);
    await handlers.dispatch(...(await images()));
    await handlers.deliver(...queuedPages());
    expect(pages.map(({ path: to }) => to)).toEqual(['/test']);
    expect(written().some((line) => 'SyntheticTimeToPage' in line)).toBe(false);
    vi.setSystemTime(start + 2 * minute);
    await handlers.sweep();
    expect(written().filter((line) => 'SyntheticTimeToPage' in line)).toEqual([
      expect.objectContaining({ SyntheticTimeToPage: minute + 2000 }),
    ]);
    const metrics = written().filter((line) => '_aws' in line);
    for (const line of metrics) expect(line).not.toMatchObject({ OpenIncidents: 1 });
    expect(metrics.find((line) => 'EffectsDone' in line)).toMatchObject({ EffectsDone: 0 });
    expect(metrics.find((line) => 'Rules' in line)).toMatchObject({ Rules: 2, Series: 0, SkippedRules: 0 });
    expect(await openIncident()).toBeUndefined();
    vi.setSystemTime(start + 7 * minute);
    await handlers.evaluate();
    expect(await store().incidents({ status: 'resolved', limit: 1, tenants: true })).toHaveLength(1);
    expect(await store().alerts()).toEqual([]);
  });

  it('log by the texts that alarms look for: an effect that waits, nobody told, a page that failed, a rule that is skipped', async () => {
    const bodies = () =>
      vi
        .mocked(process.stdout.write)
        .mock.calls.map(([line]) => (JSON.parse(String(line)) as { body?: string }).body)
        .filter((body) => Object.values<string | undefined>(logFaults).includes(body));
    await breach();
    await handlers.sweep();
    expect(bodies()).toEqual([]);
    vi.setSystemTime(start + 6 * minute);
    await handlers.sweep();
    const waited = [logFaults.effectLate, logFaults.nobodyTold];
    expect(bodies()).toEqual(waited);
    state.pagerGone = true;
    await handlers.dispatch(...(await images()));
    await handlers.deliver(...queuedPages().slice(0, 1));
    expect(bodies()).toEqual([...waited, logFaults.pageFailed]);
    const given = configOf(server.url, own);
    const path = join(folder, 'skipping.json');
    const { rules, ...config } = configSchema.parse(given);
    const errors = { ...rules['errors'], source: 'gone' };
    writeFileSync(path, JSON.stringify({ config: { ...config, rules: { errors } }, runbooks: [] }));
    const before = process.env['TOCSIN_DEPLOYED'];
    vi.stubEnv('TOCSIN_DEPLOYED', path);
    onTestFinished(() => void vi.stubEnv('TOCSIN_DEPLOYED', before));
    vi.resetModules();
    vi.setSystemTime(start + 10 * minute);
    await handlers.evaluate();
    expect(bodies()).toEqual([...waited, logFaults.pageFailed, logFaults.rulesSkipped]);
  });

  it('wait for a target that does not answer in the queue that waits', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const [effect] = queuedPages() as [QueuedEffect];
    state.pagerDown = true;
    expect(await handlers.deliver(effect)).toEqual({ batchItemFailures: [] });
    const again = sent.at(-1);
    expect(again?.queue).toBe('wakes');
    expect(again?.effect.id).toBe(effect.id);
    vi.setSystemTime(again?.effect.notBefore ?? 0);
    state.pagerDown = false;
    await handlers.wake(again?.effect as QueuedEffect);
    expect(sent.at(-1)).toMatchObject({ queue: 'urgent', effect: { id: effect.id } });
    await handlers.deliver(sent.at(-1)?.effect as QueuedEffect);
    expect(pages).toHaveLength(1);
  });

  it('escalate at the deadline, after waits that SQS cannot hold in one piece', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const wake = queued('wakes')[0] as QueuedEffect;
    expect(wake.notBefore - start).toBe(20 * minute);
    vi.setSystemTime(start + 15 * minute);
    await handlers.wake(wake);
    expect(sent.at(-1)).toMatchObject({ queue: 'wakes', delaySeconds: 300, effect: wake });
    vi.setSystemTime(start + 20 * minute);
    await handlers.wake(wake);
    expect(await openIncident()).toMatchObject({ escalation: { tier: 2, targets: [{ kind: 'responder', name: 'ben' }] } });
  });

  it('find in the sweep what stream and timers lost', async () => {
    await breach();
    vi.setSystemTime(start + 20 * minute);
    expect(await handlers.sweep()).toMatchObject({ incidents: 1, refused: 0 });
    expect(await openIncident()).toMatchObject({ escalation: { tier: 2 } });
    expect(sent.map(({ queue, effect }) => [queue, effect.kind])).toEqual([['urgent', 'page']]);
    vi.setSystemTime(start + 21 * minute);
    sent.length = 0;
    await handlers.sweep();
    expect(queuedPages()).toHaveLength(2);
  });

  it('leave alone in the sweep what is only seconds old', async () => {
    await breach();
    vi.setSystemTime(start + 20_000);
    expect(await handlers.sweep()).toMatchObject({ incidents: 0, effects: 0 });
    expect(sent).toEqual([]);
  });

  it('report only the message that failed, so that the others are not carried out again', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const [effect] = queuedPages() as [QueuedEffect];
    expect(await handlers.deliver('no message of ours', effect)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(pages).toHaveLength(1);
  });

  it('name the record of the stream whose effect could not be queued', async () => {
    await breach();
    const all = await images();
    state.refuse = true;
    const effects = all.flatMap((image, index) => (image['type']?.S === 'effect' ? [String(100 + index)] : []));
    const result = (await handlers.dispatch(...all)) as { batchItemFailures: { itemIdentifier: string }[] };
    expect(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual(effects.toSorted());
    expect(effects.length).toBeGreaterThan(0);
  });

  it('look at what deployments serve when the timer says so, and remember it', async () => {
    expect(await handlers.look()).toEqual({ seen: 1 });
    expect(await store().deployment('scorer')).toMatchObject({ sighting: { at: start, main: '3' } });
  });

  it('keep what they were not wired for from being done: a page in the queue for rollbacks is sent on', async () => {
    await breach();
    await handlers.dispatch(...(await images()));
    const [effect] = queuedPages() as [QueuedEffect];
    sent.length = 0;
    expect(await handlers.rollback(effect)).toEqual({ batchItemFailures: [] });
    expect(sent.map(({ queue }) => queue)).toEqual(['urgent']);
    expect(pages).toEqual([]);
  });

  it('answer each at its own address only, and refuse who has no key', async () => {
    const samples = { headers: { 'content-type': 'application/json' }, body: '[]' };
    expect((await handlers.ingest('POST', '/v1/samples', samples)).statusCode).toBe(401);
    expect((await handlers.slack('POST', '/v1/samples', samples)).statusCode).toBe(404);
    expect((await handlers.web('POST', '/v1/samples', samples)).statusCode).toBe(404);
    expect((await handlers.ingest('GET', '/runbooks/errors')).statusCode).toBe(404);
    expect((await handlers.slack('POST', '/slack/commands', { body: 'text=list' })).statusCode).toBe(401);
  });

  it('judge a rule on demand in a function of its own, and change nothing', async () => {
    const lambda = await standIn(async ({ path, body }) => {
      expect(path).toBe('/2015-03-31/functions/judge/invocations');
      const { handler } = await import('../../lambdas/judge.ts');
      return { body: JSON.stringify(await handler(JSON.parse(body), context)) };
    });
    onTestFinished(() => lambda.close());
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambda.url);
    const body = JSON.stringify([{ metric: 'errors', value: 50, timestamp: start - minute }]);
    const headers = { authorization: 'Bearer ingest-key', 'content-type': 'application/json' };
    expect((await handlers.ingest('POST', '/v1/samples', { headers, body })).statusCode).toBe(200);
    const keys = async () => (await images()).map(({ pk }) => pk?.S ?? '');
    const before = await keys();

    const authorization = `Basic ${Buffer.from('ana:the web password').toString('base64')}`;
    const ask = () => handlers.web('GET', '/api/rules/errors/verdict', { headers: { authorization } });
    const { statusCode, body: found } = await ask();
    expect([statusCode, found]).toEqual([200, expect.any(String)]);
    expect(JSON.parse(found ?? '')).toMatchObject({ rule: 'errors', verdicts: { critical: 1 } });
    // A place for the rule, and one among all.
    const written = (await keys()).filter((key) => !before.includes(key));
    expect(written.map((key) => key.split('#')[0])).toEqual(['slot', 'slot']);
    expect(await ask()).toMatchObject({ statusCode: 429, headers: { 'retry-after': '15' } });
    expect(lambda.received).toHaveLength(1);
    expect(await openIncident()).toBeUndefined();
    expect(await store().alerts()).toEqual([]);
  });

  it('show runbooks to everyone, and incidents to those who know the password', async () => {
    const runbook = await handlers.web('GET', '/runbooks/errors');
    expect(runbook.statusCode).toBe(200);
    expect(runbook.body).toContain('Read the log.');
    await breach();
    const incident = await openIncident();
    expect((await handlers.web('GET', `/incidents/${incident?.id}`)).statusCode).toBe(401);
    const authorization = `Basic ${Buffer.from('ana:the web password').toString('base64')}`;
    const page = await handlers.web('GET', `/incidents/${incident?.id}`, { headers: { authorization } });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('errors');
  });
});

if (missing !== undefined) it('the handlers, with DynamoDB between them', ({ skip }) => skip(missing));
