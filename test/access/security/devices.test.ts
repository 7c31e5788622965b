import { describe, expect } from 'vitest';
import { served } from '../../../adapters/console-files.ts';
import { newPrivateKey } from '../../../adapters/web-push/keys.ts';
import { webPush } from '../../../adapters/web-push/sender.ts';
import { testMessage } from '../../../core/response/devices/push-message.ts';
import { buildConsole } from '../../../scripts/build-console.ts';
import { pushBrowser, vapidClaims } from '../../adapters/push-browser.ts';
import { pushService } from '../../adapters/push-service.ts';
import { runtimeOf, t0 } from '../../app/runtime.ts';
import { guarded } from '../../http/contract/house.ts';
import { basic, type Site, siteOf } from '../../http/site.ts';
import { threat } from './threat.ts';

const ana = basic('ana', 'p');
const house = (services: string[] = []): Site =>
  siteOf({ ...guarded, settings: { ...guarded.settings, webPush: { services } }, secrets: { PASSWORD: 'p', KEY: 'k' } });

function deviceAt(endpoint: string): object {
  const { p256dh, auth } = pushBrowser(endpoint).subscription;
  return { endpoint, keys: { p256dh, auth }, name: 'Chrome' };
}

describe('devices that take pages', () => {
  threat('a person makes Tocsin call an address of its own network, as a device', async () => {
    const inside = await pushService(() => ({ status: 201 }));
    const known = await pushService(() => ({ status: 307, headers: { location: `${inside.url}/admin` } }));
    const site = house([known.url]);
    for (const endpoint of [`${inside.url}/1`, 'https://169.254.169.254/latest', 'https://localhost/', 'https://[::1]/'])
      expect((await site.post('/api/contacts/me/devices', deviceAt(endpoint), ana)).status, endpoint).toBe(400);
    const added = await site.post('/api/contacts/me/devices', deviceAt(`${known.url}/1`), ana);
    const { id } = (await added.json()) as { id: string };
    expect((await site.post(`/api/contacts/me/devices/${id}/test`, {}, ana)).status).toBe(502);
    await Promise.all([inside.close(), known.close()]);
    expect(known.received).toHaveLength(1);
    expect(inside.received).toEqual([]);
  });

  threat('somebody takes the pages of another on a device of theirs', async () => {
    const site = house();
    const endpoint = 'https://fcm.googleapis.com/fcm/send/1';
    expect((await site.post('/api/contacts/ben/devices', deviceAt(endpoint), ana)).status).toBe(403);
    expect(await site.ports.store.devices('ben')).toBeUndefined();
    expect((await site.ports.store.auditLog(10)).map(({ kind, actor }) => [kind, actor])).toContainEqual(['refused', 'web:ana']);
    expect((await site.post('/api/contacts/me/devices', deviceAt(endpoint), ana)).status).toBe(200);
    const log = (await site.ports.store.auditLog(10)).map(({ kind, actor }) => [kind, actor]);
    expect(log).toContainEqual(['device added', 'web:ana']);
  });

  threat('a push service reads pages, or makes some up', async () => {
    const service = await pushService(() => ({ status: 201 }));
    const { ports } = runtimeOf({ settings: { webPush: { services: [service.url] } } });
    const [key, browser, other] = [newPrivateKey(), pushBrowser(`${service.url}/1`), pushBrowser(`${service.url}/1`)];
    const sender = webPush({ ...ports, ownPushKey: async () => key });
    await sender.push(browser.subscription, testMessage('Chrome', t0));
    await service.close();
    const [sent] = service.received;
    if (sent === undefined) throw new Error('expected a message');
    expect(sent.body.toString('latin1')).not.toContain('Chrome');
    expect(browser.read(sent.body)).toContain('Chrome');
    expect(() => other.read(sent.body)).toThrow();
    const bent = Buffer.from(sent.body);
    bent.writeUInt8(bent.readUInt8(bent.length - 20) ^ 1, bent.length - 20);
    expect(() => browser.read(bent)).toThrow();
    expect(vapidClaims(sent.headers.authorization)?.publicKey).toBe(await sender.publicKey());
  });

  threat('a stored page, script or incident is shown as if it were of now', async () => {
    const built = buildConsole();
    const site = siteOf({ console: served(built, built.files) });
    const worker = await (await site.get('/worker.js')).text();
    // It stores the time of the last answer, and answers by nothing that it has stored.
    expect(worker.match(/\.put\(/g)).toHaveLength(1);
    expect(worker).toContain('/answered-at');
    expect(worker).not.toMatch(/\.addAll\(|\.add\(|indexedDB|importScripts/);
    const answer = await site.get('/');
    expect(answer.headers.get('cache-control')).toMatch(/no-store/);
  });
});
