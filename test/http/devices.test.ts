import { describe, expect, it } from 'vitest';
import type { DevicesDto } from '../../http/api/dto/devices.ts';
import { pushBrowser } from '../adapters/push-browser.ts';
import { pushService } from '../adapters/push-service.ts';
import { guarded, open, part } from './contract/house.ts';
import { basic, type Site, siteOf } from './site.ts';

const endpoint = 'https://fcm.googleapis.com/fcm/send/1';

function deviceAt(at = endpoint, name = 'Chrome on Android'): object {
  const { p256dh, auth } = pushBrowser(at).subscription;
  return { endpoint: at, keys: { p256dh, auth }, name };
}

const listed = async (site: Site, name: string, headers = {}): Promise<DevicesDto> =>
  (await (await site.get(`/api/contacts/${name}/devices`, headers)).json()) as DevicesDto;

/** So that entries of the audit log have an order. */
const later = (site: Site): void => site.story.clock.set(site.story.clock.now() + 1000);

const audited = async (site: Site): Promise<object[]> =>
  (await site.ports.store.auditLog(20)).filter(({ kind }) => kind === 'device added' || kind === 'device removed');

describe('the devices of whoever signed in', () => {
  const signIn = (): Site => siteOf({ ...guarded, secrets: { PASSWORD: 'p', KEY: 'k' } });
  const ana = basic('ana', 'p');

  it('are added, listed without what could be sent by, and removed, each with an entry in the audit log', async () => {
    const site = signIn();
    expect((await site.post('/api/contacts/me/devices', deviceAt(), ana)).status).toBe(200);
    later(site);
    const again = (await (await site.post('/api/contacts/me/devices', deviceAt(), ana)).json()) as { id: string };
    const { responder, publicKey, fault, paged, devices } = await listed(site, 'me', ana);
    expect({ responder, fault, paged }).toEqual({ responder: 'ana', fault: undefined, paged: false });
    expect(Buffer.from(publicKey ?? '', 'base64url')).toHaveLength(65);
    expect(devices).toMatchObject([{ id: again.id, name: 'Chrome on Android' }]);
    expect(JSON.stringify(devices)).not.toMatch(/fcm|p256dh|auth/);
    later(site);
    expect((await site.post(`/api/contacts/me/devices/${again.id}/remove`, {}, ana)).status).toBe(200);
    expect((await site.post(`/api/contacts/me/devices/${again.id}/remove`, {}, ana)).status).toBe(404);
    expect((await listed(site, 'me', ana)).devices).toEqual([]);
    const by = { actor: 'web:ana', data: { responder: 'ana', device: again.id, name: 'Chrome on Android' } };
    expect(await audited(site)).toMatchObject([
      { kind: 'device added', ...by },
      { kind: 'device added', ...by },
      { kind: 'device removed', ...by },
    ]);
    expect(JSON.stringify(await site.ports.store.auditLog(20))).not.toContain(endpoint);
  });

  it('are nobody else’s business without an admin, and of nobody where the config knows nobody of that name', async () => {
    const site = signIn();
    expect((await site.post('/api/contacts/ben/devices', deviceAt(), ana)).status).toBe(403);
    expect(await site.ports.store.devices('ben')).toBeUndefined();
    expect((await site.ports.store.auditLog(20)).at(-1)).toMatchObject({ kind: 'refused', actor: 'web:ana' });
    const stranger = basic('zoe', 'p');
    expect((await site.get('/api/contacts/me/devices', stranger)).status).toBe(400);
    expect((await site.post('/api/contacts/me/devices', deviceAt(), stranger)).status).toBe(400);
    expect((await site.get('/api/contacts/ana/devices')).status).toBe(401);
  });

  it.each([
    'https://169.254.169.254/latest',
    'http://127.0.0.1:4319/api/incidents',
    'https://evil.example/',
    'http://fcm.googleapis.com/x',
  ])('are at no address of somebody’s choice: %s', async (at) => {
    const site = signIn();
    expect((await site.post('/api/contacts/me/devices', deviceAt(at), ana)).status).toBe(400);
    expect((await listed(site, 'me', ana)).devices).toEqual([]);
  });

  it('have names of one line', async () => {
    const site = signIn();
    await site.post('/api/contacts/me/devices', deviceAt(`${endpoint}2`, 'a\u202eb\nc'), ana);
    expect((await listed(site, 'me', ana)).devices[0]?.name).not.toMatch(/[\u202e\n]/);
  });
});

describe('devices', () => {
  it('are paged where the contacts of the person say so', async () => {
    const responders = {
      ana: { name: 'Ana', contacts: [{ webPush: 'ana' }] },
      ben: { name: 'Ben', contacts: [{ webPush: 'ana' }] },
    };
    const site = siteOf({ part: { ...part, responders: { ...responders, lea: { name: 'Lea', contacts: [{ sns: 'x' }] } } } });
    expect((await listed(site, 'ana')).paged).toBe(true);
    expect((await listed(site, 'ben')).paged).toBe(false);
  });

  it('cannot be served without a key, and the list says why', async () => {
    const site = open({ settings: { webPush: { key: 'PUSH_KEY' } } });
    const { publicKey, fault } = await listed(site, 'ana');
    expect(publicKey).toBeUndefined();
    expect(fault).toContain('PUSH_KEY');
  });

  it('that are gone are removed by a test of them', async () => {
    const service = await pushService(() => ({ status: 410 }));
    const site = open({ settings: { webPush: { services: [service.url] } } });
    const { id } = (await (await site.post('/api/contacts/ana/devices', deviceAt(`${service.url}/1`))).json()) as { id: string };
    later(site);
    expect((await site.post(`/api/contacts/ana/devices/${id}/test`)).status).toBe(502);
    await service.close();
    expect((await listed(site, 'ana')).devices).toEqual([]);
    expect((await audited(site)).at(-1)).toMatchObject({ kind: 'device removed', actor: 'tocsin' });
  });
});
