import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ScheduledEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../core/config/schema.ts';
import { isSpanAttribute } from '../../core/selfcheck/traces/attributes.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { type OtlpReceiver, otlpReceiver } from '../contract/otlp-receiver.ts';
import { type StandIn, standIn } from '../contract/stand-in.ts';
import { configOf } from './config.ts';
import { context, type Image, messages, requested, streamed } from './events.ts';
import { outside, secrets } from './outside.ts';

const missing = await whyNoDynamodb();
const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 9, 0, 30);
const senderTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const senderSpan = '00f067aa0ba902b7';

const own = { ana: { name: 'Ana Anders', at: 'token-of-ana' }, ackWithin: '10m' };

describe.runIf(missing === undefined)('the spans of the functions, received over HTTP', () => {
  let dynamodb: Dynamodb;
  let server: StandIn;
  let spans: OtlpReceiver;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-traces-'));
  const state = { refuse: false, pagerDown: false };
  const { sent, pages, answer } = outside(state);
  const records: { body: string; traceId?: string; spanId?: string; attributes: Record<string, unknown> }[] = [];
  let tables = 0;
  let table = '';

  beforeAll(async () => {
    [dynamodb, server, spans] = await Promise.all([startDynamodb(), standIn(answer), otlpReceiver()]);
    const deployed = join(folder, 'tocsin.json');
    const runbooks = [{ name: 'errors', title: 'Errors', markdown: '# Errors' }];
    writeFileSync(deployed, JSON.stringify({ config: configSchema.parse(configOf(server.url, own)), runbooks }));
    const env = {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'the AWS secret',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SQS: server.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
      TOCSIN_DEPLOYED: deployed,
      TOCSIN_SECRETS: 'tocsin/test/',
      TOCSIN_STAGE: 'test',
      TOCSIN_TRACES: spans.url,
      ...Object.fromEntries(
        ['URGENT', 'PAGES', 'SLOW', 'ROLLBACKS', 'WAKES'].map((name) => [
          `TOCSIN_${name}_QUEUE`,
          `${server.url}/1/${name.toLowerCase()}`,
        ]),
      ),
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([dynamodb?.stop(), server?.close(), spans?.close()]);
  });

  beforeEach(async () => {
    tables += 1;
    table = `tocsin-traces-${tables}`;
    await createTable(dynamodb.client, table);
    vi.stubEnv('TOCSIN_TABLE', table);
    vi.resetModules();
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    Object.assign(state, { refuse: false, pagerDown: false });
    sent.length = 0;
    pages.length = 0;
    records.length = 0;
    spans.clear();
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      if (String(line).startsWith('{')) records.push(JSON.parse(String(line)));
      return true;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.stubEnv('TOCSIN_TRACES', spans.url);
  });

  const tick = {} as ScheduledEvent;
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const headers = { authorization: 'Bearer ingest-key', 'content-type': 'application/json', ...more };
    const { handler } = await import('../../lambdas/ingest.ts');
    return handler(requested('POST', path, { headers, body: JSON.stringify(body), base64: true }), context);
  };
  const evaluate = async () => (await import('../../lambdas/evaluate.ts')).handler(tick, context);
  const dispatch = async () => {
    const items: Image[] = (await dynamodb.client.send(new ScanCommand({ TableName: table }))).Items ?? [];
    return (await import('../../lambdas/dispatch.ts')).handler(streamed(...items), context);
  };
  const queued = (queue: string) => sent.filter((one) => one.queue === queue).map(({ effect }) => effect);
  const deliver = async () => (await import('../../lambdas/deliver.ts')).handler(messages(...queued('urgent')), context);
  const samples = [{ metric: 'errors', value: 50, timestamp: start - minute, labels: { customer: 'Carla Customer' } }];
  const alerts = [
    { labels: { alertname: 'Down', severity: 'critical', customer: 'Carla Customer' }, annotations: { summary: 'call Carla' } },
  ];

  it('lead from the tick to the page, each the child of what brought it about', async () => {
    expect((await post('/v1/samples', samples)) as object).toMatchObject({ statusCode: 200 });
    // Each function is a container of its own.
    vi.resetModules();
    await evaluate();
    vi.resetModules();
    await dispatch();
    vi.resetModules();
    expect(await deliver()).toEqual({ batchItemFailures: [] });
    expect(pages).toHaveLength(1);

    const [sending] = spans.named('send a page');
    expect(spans.wayTo(sending)).toEqual([
      'evaluate',
      'decide',
      'create a message',
      'process a message',
      'deliver page',
      'send a page',
    ]);
    const functions = spans.lineOf(sending).map(({ resource }) => resource['faas.name']);
    expect([...new Set(functions)]).toEqual(['evaluate', 'dispatch', 'deliver']);
    const [invocation] = spans.named('deliver');
    expect(spans.named('process a message')[0]?.links).toEqual([{ traceId: invocation?.traceId, spanId: invocation?.spanId }]);
    expect(spans.named('evaluate')[0]).toMatchObject({
      kind: 'server',
      attributes: { 'faas.trigger': 'timer', 'faas.invocation_id': 'test', 'faas.coldstart': true },
      resource: { 'service.name': 'tocsin', 'deployment.environment.name': 'test', 'cloud.region': 'eu-central-1' },
    });
    expect(spans.named('query a source')[0]).toMatchObject({ attributes: { 'tocsin.source.name': 'app' } });
    const transactions = spans.named('TransactWriteItems');
    expect(transactions.map((one) => spans.wayTo(one).at(-2))).toEqual(['POST /v1/samples', 'decide', 'decide']);
    expect(transactions[1]).toMatchObject({ kind: 'client', attributes: { 'db.system.name': 'aws.dynamodb' } });
    expect(pages[0]?.headers['traceparent']).toBe(`00-${sending?.traceId}-${sending?.spanId}-01`);
  });

  it('continue the trace of a sender of alerts, whatever it says about sampling, down to the second tier', async () => {
    const traceparent = `00-${senderTrace}-${senderSpan}-00`;
    expect((await post('/api/v2/alerts', alerts, { traceparent })) as object).toMatchObject({ statusCode: 200 });
    await dispatch();
    await deliver();
    const [sending] = spans.named('send a page');
    expect(sending?.traceId).toBe(senderTrace);
    expect(spans.wayTo(sending).slice(0, 2)).toEqual(['POST /api/v2/alerts', 'decide']);
    expect(spans.named('POST /api/v2/alerts')[0]).toMatchObject({
      parentSpanId: senderSpan,
      attributes: { 'http.route': '/api/v2/alerts', 'http.request.method': 'POST', 'http.response.status_code': 200 },
    });

    vi.setSystemTime(start + 11 * minute);
    await (await import('../../lambdas/wake.ts')).handler(messages(...queued('wakes')), context);
    sent.length = 0;
    await dispatch();
    await deliver();
    expect(pages).toHaveLength(2);
    expect(spans.named('send a page').map(({ traceId }) => traceId)).toEqual([senderTrace, senderTrace]);
  });

  it('have the ids that the log has beside them', async () => {
    await post('/v1/samples', samples);
    await evaluate();
    await dispatch();
    await deliver();
    const said = (body: RegExp) => records.find((one) => body.test(one.body));
    const ids = ({ traceId, spanId } = { traceId: '', spanId: '' }) => ({ traceId, spanId });
    expect(said(/^evaluate$/)).toMatchObject(ids(spans.named('evaluate')[0]));
    expect(said(/^effect decided$/)).toMatchObject(ids(spans.named('decide')[0]));
    expect(said(/^effect done$/)).toMatchObject(ids(spans.named('process a message')[0]));
  });

  it('say what failed by its kind, and the log says why under the same ids', async () => {
    await post('/v1/samples', samples);
    await evaluate();
    await dispatch();
    state.pagerDown = true;
    await deliver();
    expect(spans.named('send a page')[0]).toMatchObject({ failed: true, attributes: { 'error.type': 'DeliveryError' } });
    expect(spans.named('deliver page')[0]).toMatchObject({ attributes: { 'tocsin.outcome': 'postponed' } });

    vi.stubEnv('TOCSIN_TABLE', 'no-such-table');
    vi.resetModules();
    spans.clear();
    await expect(evaluate()).rejects.toThrow();
    expect(spans.named('evaluate')[0]).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'ResourceNotFoundException' },
    });
  });

  it('hold no secret, no person, no label and no address', async () => {
    await post('/v1/samples?source=app', samples);
    await post('/api/v2/alerts', alerts);
    await evaluate();
    await dispatch();
    await deliver();
    const names = new Set(spans.all().flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names].filter((name) => !isSpanAttribute(name))).toEqual([]);
    const text = spans.bodies().join('\n');
    const hidden = [
      ...Object.values(secrets),
      'the AWS secret',
      'Ana',
      'responder/',
      'Carla',
      'token-of-ana',
      '203.0.113.1',
      'call',
    ];
    expect(hidden.filter((one) => text.includes(one))).toEqual([]);
    expect(spans.all().length).toBeGreaterThan(10);
  });

  it.each(['hang', 'cut', 'refuse'] as const)('cost no page when their receiver does nothing but %s', async (fault) => {
    spans.fail(fault);
    expect((await post('/v1/samples', samples)) as object).toMatchObject({ statusCode: 200 });
    await evaluate();
    await dispatch();
    expect(await deliver()).toEqual({ batchItemFailures: [] });
    expect(pages).toHaveLength(1);
    // Each function asks the receiver once and then leaves it alone; what hangs is given up half a
    // second later.
    expect(spans.bodies().length).toBeLessThanOrEqual(4);
  });

  it('are signed for X-Ray, with the credentials of the function', async () => {
    vi.stubEnv('TOCSIN_TRACES', 'xray');
    vi.stubEnv('AWS_ENDPOINT_URL_XRAY', new URL(spans.url).origin);
    await evaluate();
    expect(spans.named('evaluate')).toHaveLength(1);
    const [headers] = spans.headers();
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260105\/eu-central-1\/xray\/aws4_request, SignedHeaders=[\w;-]*host[\w;-]*, Signature=[0-9a-f]{64}$/,
    );
    expect(headers?.['x-amz-content-sha256'] ?? headers?.['x-amz-date']).toBeDefined();
  });

  it('are none when no receiver is named', async () => {
    vi.stubEnv('TOCSIN_TRACES', '');
    await post('/v1/samples', samples);
    await evaluate();
    await dispatch();
    await deliver();
    expect(pages).toHaveLength(1);
    expect(pages[0]?.headers['traceparent']).toBeUndefined();
    expect(spans.bodies()).toEqual([]);
    expect(records.filter(({ spanId }) => spanId !== undefined)).toEqual([]);
  });
});

if (missing !== undefined) it('the spans of the functions, received over HTTP', ({ skip }) => skip(missing));
