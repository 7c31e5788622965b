import { describe, expect, it } from 'vitest';
import { siteOf } from '../site.ts';
import { type Browser, browserOn } from './browser.ts';

const publicUrl = 'https://tocsin.example.com';
type Options = NonNullable<Parameters<typeof siteOf>[0]>;

const house = (signIn: NonNullable<Options['settings']>['signIn'] = { secret: 'KEY' }, secret?: Options['secret']) =>
  siteOf({
    settings: { publicUrl, webPassword: 'WEB_PASSWORD', signIn },
    secrets: { WEB_PASSWORD: 'open-sesame', KEY: 'k'.repeat(32) },
    access: 'public',
    ...(secret !== undefined && { secret }),
  });

type Made = { url: string; until: string; error?: string };

async function madeBy(browser: Browser, id: string, body: object = { for: '24h' }): Promise<{ status: number; made: Made }> {
  await browser.send('/signin', { name: 'ana', password: 'open-sesame' });
  const answer = await browser.json(`/api/incidents/${id}/link`, body);
  return { status: answer.status, made: (await answer.json()) as Made };
}

/** Follows a link as a browser does, and gives where it leads. */
async function follow(browser: Browser, url: string): Promise<string | null> {
  return (await browser.get(url.replace(publicUrl, ''))).headers.get('Location');
}

describe('a link to an incident', () => {
  it('opens its page, its chart and its answer to whoever has it, for its time; and nothing else', async () => {
    const site = house();
    const id = await site.incident();
    const { status, made } = await madeBy(browserOn(site), id);
    expect(status).toBe(200);
    expect(made.until).toBe(new Date(site.story.clock.now() + 86_400_000).toISOString());
    const guest = browserOn(site);
    expect(await follow(guest, made.url)).toBe(`/incidents/${id}`);
    const page = await guest.get(`/incidents/${id}`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/<form|<script/);
    expect((await guest.get(`/api/incidents/${id}`)).status).toBe(200);
    expect([200, 404]).toContain((await guest.get(`/incidents/${id}/chart.svg`)).status);
    expect(await (await guest.get('/api/session')).json()).toMatchObject({
      person: { actor: `link:${id}` },
      role: 'viewer',
      how: 'link',
      incident: id,
      until: made.until,
      may: [],
    });
    const others = [
      '/api/incidents',
      '/api/incidents/inc-0',
      `/api/incidents/${id}/..`,
      '/api/silences',
      '/api/audit-log',
      '/api/oncall',
      '/api/rules',
      '/api/events',
    ];
    for (const path of others) expect((await guest.get(path, { Accept: 'application/json' })).status).toBe(401);
    for (const path of ['/', '/incidents/inc-0']) expect((await guest.get(path)).headers.get('Location')).toMatch(/^\/signin/);
    for (const what of ['acknowledge', 'resolve', 'link', 'escalate'])
      expect((await guest.json(`/api/incidents/${id}/${what}`, what === 'link' ? { for: '24h' } : {})).status).toBe(401);
    expect((await guest.send(`/incidents/${id}/acknowledge`)).status).toBe(303);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    await site.story.pass('1d');
    expect((await guest.get(`/api/incidents/${id}`)).status).toBe(401);
    expect((await browserOn(site).get(made.url.replace(publicUrl, ''))).status).toBe(403);
  });

  it('is in the audit log with who made it, and without what opens it', async () => {
    const site = house();
    const id = await site.incident();
    const { made } = await madeBy(browserOn(site), id);
    const log = await site.ports.store.auditLog(10);
    expect(log).toMatchObject([{ kind: 'signed in' }, { kind: 'link', actor: 'web:ana', data: { incident: id } }]);
    expect(JSON.stringify([log, site.story.logged])).not.toContain(made.url.split('/').at(-1));
  });

  it('is no session, and a session is no link', async () => {
    const site = house();
    const id = await site.incident();
    const ana = browserOn(site);
    const { made } = await madeBy(ana, id);
    const token = made.url.split('/').at(-1) ?? '';
    expect((await site.get('/api/session', { Cookie: `__Host-tocsin=${token}` })).status).toBe(401);
    const session = ana.cookies.get('__Host-tocsin') ?? '';
    expect((await site.get('/api/session', { Cookie: `__Host-tocsin-link=${session}` })).status).toBe(401);
    expect((await site.get(`/link/${session}`)).status).toBe(403);
    const [payload = '', signature = ''] = token.split('.');
    const link = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    for (const wrong of [
      { ...link, until: 9e15 },
      { ...link, incident: 'inc-0' },
    ]) {
      const bent = `${Buffer.from(JSON.stringify(wrong)).toString('base64url')}.${signature}`;
      expect((await site.get(`/link/${bent}`)).status).toBe(403);
    }
    // Whoever is signed in stays so, whatever links they follow.
    await follow(ana, made.url);
    expect(await (await ana.get('/api/session')).json()).toMatchObject({ how: 'password' });
  });

  it('takes a key of its own: without one there is none, and who made it is told what to do', async () => {
    const site = house({});
    const id = await site.incident();
    const { status, made } = await madeBy(browserOn(site), id);
    expect([status, made.error]).toEqual([409, expect.stringMatching(/settings\.signIn\.secret/)]);
    expect((await site.ports.store.auditLog(10)).map(({ kind }) => kind)).toEqual(['signed in']);
  });

  it('opens nothing once the key has changed', async () => {
    const secrets = { WEB_PASSWORD: 'open-sesame', KEY: 'k'.repeat(32) };
    const site = house({ secret: 'KEY' }, async (name) => Reflect.get(secrets, name));
    const id = await site.incident();
    const { made } = await madeBy(browserOn(site), id);
    const guest = browserOn(site);
    await follow(guest, made.url);
    secrets.KEY = 'n'.repeat(32);
    expect((await guest.get(`/api/incidents/${id}`)).status).toBe(401);
    secrets.WEB_PASSWORD = 'another';
    secrets.KEY = 'k'.repeat(32);
    expect((await guest.get(`/api/incidents/${id}`)).status).toBe(200);
  });

  it.each([{ for: '31d' }, { for: '0s' }, { for: 'long' }, {}])('is not made for %j', async (body) => {
    const site = house();
    expect((await madeBy(browserOn(site), await site.incident(), body)).status).toBe(400);
  });
});
