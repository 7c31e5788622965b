import { describe, expect, it } from 'vitest';
import { webPushChannel } from '../../adapters/web-push/index.ts';
import { keysOf, newPrivateKey } from '../../adapters/web-push/keys.ts';
import { webPush } from '../../adapters/web-push/sender.ts';
import { addDevice } from '../../app/devices/change-devices.ts';
import { deviceBook } from '../../app/devices/device-book.ts';
import type { DeliveryError } from '../../app/ports/delivery-error.ts';
import { deviceId } from '../../core/response/devices/device.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import { runtimeOf, t0 } from '../app/runtime.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { pushBrowser, vapidClaims } from './push-browser.ts';
import { type PushAnswer, pushService, type Received } from './push-service.ts';

const privateKey = newPrivateKey();
const contact = { kind: 'webPush', responder: 'ana' } as const;

/** Ana's devices at a push service of this machine, which answers each path as it is told. */
async function world(answer: (request: Received) => PushAnswer, devices = 1) {
  const service = await pushService(answer);
  const settings = { publicUrl: 'https://tocsin.example', webPush: { services: [service.url] } };
  const runtime = runtimeOf({ settings });
  const browsers = Array.from({ length: devices }, (_, n) => pushBrowser(`${service.url}/${n}`));
  for (const [n, { subscription }] of browsers.entries()) {
    const device = { id: deviceId(subscription.endpoint), ...subscription, name: `device ${n}`, addedAt: t0 };
    await addDevice(runtime.ports, device, { responder: 'ana', actor: 'responder/ana', now: t0 });
  }
  const sender = webPush({ ...runtime.ports, ownPushKey: async () => privateKey });
  const channel = webPushChannel(
    sender,
    deviceBook(runtime.ports, () => t0 + 1000),
  );
  const messageIn = ({ path, body }: Received): PushMessage =>
    JSON.parse(browsers[Number(path.slice(1))]?.read(body) ?? '') as PushMessage;
  return { service, runtime, sender, channel, browsers, messageIn };
}

const failureOf = (sending: Promise<unknown>): Promise<DeliveryError | undefined> =>
  sending.then(
    () => undefined,
    (error: unknown) => error as DeliveryError,
  );

channelContract('web push', async () => {
  let behaviour: Behaviour = 'well';
  const { channel, service, messageIn } = await world((request): PushAnswer => {
    if (behaviour === 'well') taken.push(request);
    if (behaviour === 'cut') return 'cut';
    // 410 would take the device away, and is below.
    if (behaviour === 'dead') return { status: 403 };
    if (behaviour === 'well') return { status: 201 };
    const { status, retryAfter } = behaviour;
    return { status, ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }) };
  });
  const taken: Received[] = [];
  return {
    channel,
    contact,
    behave: (next) => {
      behaviour = next;
    },
    delivered: () => taken.map(messageIn).map(({ title, body, key }) => ({ text: `${title}\n${body}`, key })),
    close: service.close,
  };
});

describe('a page by web push', () => {
  it('reaches every device, encrypted for each, and says so by whom it is sent', async () => {
    const { channel, service, messageIn, runtime } = await world(() => ({ status: 201 }), 2);
    await channel.send(contact, examplePage(), 'inc-1#1#0');
    await service.close();
    expect(service.received.map(({ path }) => path).toSorted()).toEqual(['/0', '/1']);
    for (const request of service.received) {
      expect(messageIn(request)).toMatchObject({
        v: 1,
        kind: 'page',
        key: 'inc-1#1#0',
        tag: 'inc-0123456789',
        path: '/incidents/inc-0123456789',
        urgent: true,
      });
      const { headers } = request;
      expect(headers).toMatchObject({ ttl: '3600', urgency: 'high', 'content-encoding': 'aes128gcm' });
      expect(headers['topic']).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
      const proof = vapidClaims(headers.authorization);
      expect(proof).toMatchObject({
        publicKey: keysOf(privateKey)?.publicKey,
        claims: { aud: service.url, sub: 'https://tocsin.example' },
      });
      const lasts = Number(proof?.claims['exp']) - Date.now() / 1000;
      expect(lasts > 0 && lasts <= 86_400).toBe(true);
    }
    const known = await runtime.ports.store.devices('ana');
    expect(known?.devices.map(({ takenAt }) => takenAt)).toEqual([t0 + 1000, t0 + 1000]);
  });

  it('gives updates of an incident the topic of its first message, and another incident another', async () => {
    const { channel, service } = await world(() => ({ status: 201 }));
    await channel.send(contact, examplePage(), 'k1');
    await channel.send(contact, examplePage({ status: 'resolved' }), 'k2');
    await channel.send(contact, examplePage({ incidentId: 'inc-other' as never }), 'k3');
    await service.close();
    const [first, second, third] = service.received.map(({ headers }) => headers['topic']);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it.each([404, 410])('forgets a device whose push service answers %i, with an entry in the audit log', async (status) => {
    const { channel, service, runtime } = await world(({ path }) => ({ status: path === '/0' ? status : 201 }), 2);
    await channel.send(contact, examplePage(), 'k');
    expect((await runtime.ports.store.devices('ana'))?.devices.map(({ name }) => name)).toEqual(['device 1']);
    const log = await runtime.ports.store.auditLog(10);
    expect(log.at(-1)).toMatchObject({
      kind: 'device removed',
      actor: 'tocsin',
      data: { responder: 'ana', name: 'device 0' },
    });
    await service.close();
  });

  it('fails for good, at once, when the last device is gone or there is none', async () => {
    const { channel, service, runtime } = await world(() => ({ status: 410 }));
    expect(await failureOf(channel.send(contact, examplePage(), 'k'))).toMatchObject({ retryable: false });
    expect((await runtime.ports.store.devices('ana'))?.devices).toEqual([]);
    expect(await failureOf(channel.send(contact, examplePage(), 'k'))).toMatchObject({ retryable: false });
    expect(await failureOf(channel.send({ kind: 'webPush', responder: 'ben' }, examplePage(), 'k'))).toMatchObject({
      retryable: false,
    });
    expect(service.received).toHaveLength(1);
    await service.close();
  });

  it('has arrived when one device has it, and is tried again when none has it and one may take it later', async () => {
    const one = await world(({ path }) => ({ status: path === '/0' ? 503 : 201 }), 2);
    await one.channel.send(contact, examplePage(), 'k');
    await one.service.close();
    const none = await world(({ path }) => ({ status: path === '/0' ? 403 : 503 }), 2);
    expect(await failureOf(none.channel.send(contact, examplePage(), 'k'))).toMatchObject({ retryable: true });
    await none.service.close();
  });

  it('does not go where a redirect leads', async () => {
    const { channel, service } = await world(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    expect(await failureOf(channel.send(contact, examplePage(), 'k'))).toMatchObject({ retryable: false });
    expect(service.received.map(({ path }) => path)).toEqual(['/0']);
    await service.close();
  });

  it('is sent to no address that the config no longer allows', async () => {
    const { service, runtime, browsers } = await world(() => ({ status: 201 }));
    const config = { ...runtime.ports.config, settings: { ...runtime.ports.config.settings, webPush: { services: [] } } };
    const sender = webPush({ ...runtime.ports, config, ownPushKey: async () => privateKey });
    const channel = webPushChannel(
      sender,
      deviceBook(runtime.ports, () => t0),
    );
    expect(await failureOf(channel.send(contact, examplePage(), 'k'))).toMatchObject({ retryable: false });
    expect(await sender.fault(browsers[0]?.subscription ?? { endpoint: '', p256dh: '', auth: '' })).toBeDefined();
    expect(service.received).toEqual([]);
    await service.close();
  });

  it('says what is missing when there is no key, and whether another try is of use', async () => {
    const { runtime, service } = await world(() => ({ status: 201 }));
    const withKey = (text: string | undefined) =>
      webPush({
        config: { settings: { ...runtime.ports.config.settings, webPush: { key: 'PUSH_KEY', services: [service.url] } } },
        secrets: { get: async () => text },
      });
    await service.close();
    expect(await failureOf(withKey(undefined).publicKey())).toMatchObject({ retryable: false });
    expect(await failureOf(withKey('hush').publicKey())).toMatchObject({ retryable: false });
    expect(await failureOf(withKey(Buffer.alloc(32).toString('base64')).publicKey())).toMatchObject({ retryable: false });
    expect(await failureOf(webPush(runtime.ports).publicKey())).toMatchObject({ retryable: false });
    const broken = webPush({
      config: { settings: { ...runtime.ports.config.settings, webPush: { key: 'PUSH_KEY', services: [] } } },
      secrets: { get: () => Promise.reject(new Error('no network')) },
    });
    expect(await failureOf(broken.publicKey())).toMatchObject({ retryable: true });
    const standard = Buffer.from(privateKey, 'base64url').toString('base64');
    expect(await withKey(`${standard}\n`).publicKey()).toBe(keysOf(privateKey)?.publicKey);
  });

  it('signs with a key that begins with zeros', async () => {
    const zeros = Buffer.concat([Buffer.alloc(2), Buffer.alloc(30, 7)]).toString('base64url');
    const { service, runtime, browsers } = await world(() => ({ status: 201 }));
    const sender = webPush({ ...runtime.ports, ownPushKey: async () => zeros });
    const channel = webPushChannel(
      sender,
      deviceBook(runtime.ports, () => t0),
    );
    await channel.send(contact, examplePage(), 'k');
    await service.close();
    expect(browsers).toHaveLength(1);
    expect(vapidClaims(service.received[0]?.headers.authorization)?.publicKey).toBe(keysOf(zeros)?.publicKey);
  });

  it('takes only subscriptions that something can be encrypted for', async () => {
    const { sender, browsers, service } = await world(() => ({ status: 201 }));
    await service.close();
    const good = browsers[0]?.subscription ?? { endpoint: '', p256dh: '', auth: '' };
    expect(await sender.fault(good)).toBeUndefined();
    for (const bad of [
      { ...good, auth: 'short' },
      { ...good, auth: '' },
      { ...good, p256dh: '<script>' },
      { ...good, p256dh: Buffer.alloc(65, 4).toString('base64url') },
      { ...good, endpoint: 'https://192.168.1.1/' },
    ])
      expect(await sender.fault(bad), JSON.stringify(bad)).toBeDefined();
  });
});
