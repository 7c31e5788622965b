import { afterEach, describe, expect, it } from 'vitest';
import { webPushChannel } from '../../adapters/web-push/index.ts';
import { newPrivateKey } from '../../adapters/web-push/keys.ts';
import { webPush } from '../../adapters/web-push/sender.ts';
import { addDevice } from '../../app/devices/change-devices.ts';
import { deviceBook } from '../../app/devices/device-book.ts';
import { deviceId } from '../../core/response/devices/device.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import { pushBrowser } from '../adapters/push-browser.ts';
import { type PushAnswer, pushService } from '../adapters/push-service.ts';
import { storyOf, t0 } from './harness.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/**
 * A story in which Ana is paged in her browser first, by the real channel and a push service of
 * this machine.
 */
async function told(answer: () => PushAnswer, hasDevice = true) {
  const service = await pushService(answer);
  open.push(service.close);
  const story = storyOf({
    settings: { webPush: { services: [service.url] } },
    responders: {
      ana: { name: 'Ana', contacts: [{ webPush: 'ana' }, { sns: 'ana' }] },
      ben: { name: 'Ben', contacts: [{ sns: 'ben' }] },
      lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
    },
  });
  const { ports, clock } = story;
  const key = newPrivateKey();
  const sender = webPush({ ...ports, ownPushKey: async () => key });
  ports.channels = { ...ports.channels, webPush: webPushChannel(sender, deviceBook(ports, clock.now)) };
  const { subscription, read } = pushBrowser(`${service.url}/ana`);
  const device = { id: deviceId(subscription.endpoint), ...subscription, name: 'Chrome', addedAt: t0 };
  if (hasDevice) await addDevice(ports, device, { responder: 'ana', actor: 'responder/ana', now: t0 });
  const messages = (): PushMessage[] => service.received.map(({ body }) => JSON.parse(read(body)) as PushMessage);
  await story.value('latency', 'critical');
  return { story, service, messages };
}

describe('a person who is paged in a browser', () => {
  it('gets the page there and nowhere else, and the end of the incident in its place', async () => {
    const { story, messages } = await told(() => ({ status: 201 }));
    await story.pass('2m');
    const { id } = await story.incident();
    expect(messages()).toMatchObject([{ kind: 'page', tag: id, path: `/incidents/${id}`, urgent: true }]);
    expect(story.pages()).toEqual([]);
    const [delivered] = await story.entries('page delivered');
    expect(delivered?.data).toMatchObject({ contact: 'webPush:ana' });
    await story.value('latency', 'ok');
    await story.pass('10m');
    expect(messages().at(-1)).toMatchObject({ tag: id, urgent: false });
  });

  it.each([
    ['has no device', false, 201],
    ['has a device that is gone', true, 410],
  ])('is paged by the next contact at once if she %s', async (_, hasDevice, status) => {
    const { story } = await told(() => ({ status }), hasDevice);
    await story.pass('2m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    const [failed] = await story.entries('page failed');
    expect(failed?.data).toMatchObject({ contact: 'webPush:ana', failure: 'dead' });
    expect((await story.store.devices('ana'))?.devices ?? []).toEqual([]);
  });
});
