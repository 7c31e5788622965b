import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyStructuredResultV2, ScheduledEvent } from 'aws-lambda';
import { expect, it, onTestFinished, vi } from 'vitest';
import { keysOf, newPrivateKey } from '../../adapters/web-push/keys.ts';
import { configSchema } from '../../core/config/schema.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import type { DevicesDto } from '../../http/api/dto/devices.ts';
import { pushBrowser, vapidClaims } from '../adapters/push-browser.ts';
import { pushService } from '../adapters/push-service.ts';
import { createTable, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { standIn } from '../contract/stand-in.ts';
import { configOf } from './config.ts';
import { context, messages, requested, streamed } from './events.ts';
import { outside, secrets } from './outside.ts';

const missing = await whyNoDynamodb();
const start = Date.UTC(2026, 0, 5, 9, 0, 30);
const name =
  'on AWS, a page goes to the browser that was registered by one function, sent by another, with the key of the deployment';

it.runIf(missing === undefined)(
  name,
  async () => {
    const { sent, pages, answer } = outside({ refuse: false, pagerDown: false });
    let isGone = false;
    const [dynamodb, server, service] = await Promise.all([
      startDynamodb(),
      standIn(answer),
      pushService(() => ({ status: isGone ? 410 : 201 })),
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-web-push-'));
    const key = newPrivateKey();
    secrets['tocsin/test/PUSH_KEY'] = key;
    onTestFinished(async () => {
      vi.useRealTimers();
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      delete secrets['tocsin/test/PUSH_KEY'];
      rmSync(folder, { recursive: true, force: true });
      await Promise.all([dynamodb.stop(), server.close(), service.close()]);
    });
    await createTable(dynamodb.client, 'tocsin-push');
    const written = configOf(server.url, {
      settings: { webPassword: 'PASSWORD', webPush: { key: 'PUSH_KEY', services: [service.url] } },
      ana: { name: 'Ana', at: 'ana' },
      ackWithin: '20m',
    });
    const [own] = Object.values(written.responders ?? {});
    own?.contacts.unshift({ webPush: 'ana' });
    const deployed = join(folder, 'tocsin.json');
    writeFileSync(deployed, JSON.stringify({ config: configSchema.parse(written), runbooks: [] }));
    const env = {
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'example', AWS_SECRET_ACCESS_KEY: 'example' },
      ...{
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        AWS_ENDPOINT_URL_SQS: server.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
      },
      ...{
        TOCSIN_DEPLOYED: deployed,
        TOCSIN_SECRETS: 'tocsin/test/',
        TOCSIN_JUDGE_FUNCTION: 'judge',
        TOCSIN_TABLE: 'tocsin-push',
      },
      TOCSIN_PUBLIC_URL: 'https://tocsin.example.com/',
    };
    for (const [variable, value] of Object.entries(env)) vi.stubEnv(variable, value);
    for (const queue of ['URGENT', 'PAGES', 'SLOW', 'ROLLBACKS', 'WAKES'])
      vi.stubEnv(`TOCSIN_${queue}_QUEUE`, `${server.url}/1/${queue.toLowerCase()}`);
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);

    // A handler reads its config when it is imported, and another file of this worker may have
    // imported it.
    vi.resetModules();
    const { handler: web } = await import('../../lambdas/web.ts');
    const { handler: ingest } = await import('../../lambdas/ingest.ts');
    const { handler: evaluate } = await import('../../lambdas/evaluate.ts');
    const { handler: dispatch } = await import('../../lambdas/dispatch.ts');
    const { handler: deliver } = await import('../../lambdas/deliver.ts');
    const json = { 'content-type': 'application/json' };
    const authorization = `Basic ${Buffer.from('ana:the web password').toString('base64')}`;
    const asAna = async (method: string, path: string, body?: object): Promise<APIGatewayProxyStructuredResultV2> =>
      web(
        requested(method, path, {
          headers: { ...json, authorization },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
        context,
      ) as Promise<APIGatewayProxyStructuredResultV2>;
    const devices = async (): Promise<DevicesDto> =>
      JSON.parse((await asAna('GET', '/api/contacts/me/devices')).body ?? '') as DevicesDto;

    const { publicKey, paged } = await devices();
    expect({ publicKey, paged }).toEqual({ publicKey: keysOf(key)?.publicKey, paged: true });
    const { subscription, read } = pushBrowser(`${service.url}/ana`);
    const { endpoint, p256dh, auth } = subscription;
    const added = await asAna('POST', '/api/contacts/me/devices', { endpoint, keys: { p256dh, auth }, name: 'Chrome' });
    expect(added.statusCode).toBe(200);

    const deliverAll = async (): Promise<void> => {
      const images = (await dynamodb.client.send(new ScanCommand({ TableName: 'tocsin-push' }))).Items ?? [];
      await dispatch(streamed(...images), context);
      const due = sent.splice(0).flatMap(({ queue, effect }) => (queue === 'wakes' ? [] : [effect]));
      expect(await deliver(messages(...due), context)).toEqual({ batchItemFailures: [] });
    };
    const body = JSON.stringify([{ metric: 'errors', value: 50, timestamp: start - 60_000 }]);
    await ingest(requested('POST', '/v1/samples', { headers: { ...json, authorization: 'Bearer ingest-key' }, body }), context);
    await evaluate({} as ScheduledEvent, context);
    await deliverAll();
    const shown = service.received.map((one) => JSON.parse(read(one.body)) as PushMessage);
    expect(shown).toMatchObject([{ kind: 'page', urgent: true }]);
    expect(vapidClaims(service.received[0]?.headers.authorization)).toMatchObject({
      publicKey,
      claims: { sub: 'https://tocsin.example.com/' },
    });
    expect((await devices()).devices).toMatchObject([{ name: 'Chrome', takenAt: new Date(start).toISOString() }]);
    expect(pages).toEqual([]);

    isGone = true;
    const [device] = (await devices()).devices;
    expect((await asAna('POST', `/api/contacts/me/devices/${device?.id}/test`)).statusCode).toBe(502);
    expect((await devices()).devices).toEqual([]);
  },
  60_000,
);

if (missing !== undefined) it(name, ({ skip }) => skip(missing));
