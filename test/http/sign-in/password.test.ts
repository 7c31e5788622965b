import { describe, expect, it } from 'vitest';
import { permissionsOf } from '../../../core/access/permission.ts';
import { basic, siteOf } from '../site.ts';
import { type Browser, browserOn } from './browser.ts';

const responders = { ana: { name: 'Ana Nowak', contacts: [{ sns: 'ana' }] }, ben: { name: 'Ben', contacts: [{ sns: 'ben' }] } };
const password = 'open-sesame';

type Options = NonNullable<Parameters<typeof siteOf>[0]>;

const house = ({ settings, secrets, ...more }: Options = {}) =>
  siteOf({
    part: { responders },
    settings: { publicUrl: 'https://tocsin.example.com', webPassword: 'WEB_PASSWORD', ...settings },
    secrets: { WEB_PASSWORD: password, ...secrets },
    access: 'public',
    ...more,
  });

const signIn = (browser: Browser, name = 'ana', more: Record<string, string> = {}): Promise<Response> =>
  browser.send('/signin', { name, password, ...more });

const sessionOf = async (browser: Browser): Promise<Record<string, unknown>> =>
  (await (await browser.get('/api/session')).json()) as Record<string, unknown>;

const lines = (answer: Response): string[] => answer.headers.getSetCookie();

describe('signing in with the web password', () => {
  it('leads to the page that somebody wanted, and says who they are', async () => {
    const site = house();
    const browser = browserOn(site);
    const first = await browser.get('/incidents/inc-1?view=timeline');
    expect([first.status, first.headers.get('Location')]).toEqual([303, '/signin?to=%2Fincidents%2Finc-1%3Fview%3Dtimeline']);
    const form = await (await browser.get('/signin?to=%2Fincidents%2Finc-1')).text();
    expect(form).toContain('<input type="hidden" name="to" value="/incidents/inc-1">');
    const done = await signIn(browser, 'ana', { to: '/incidents/inc-1' });
    expect([done.status, done.headers.get('Location')]).toEqual([303, '/incidents/inc-1']);
    expect(await sessionOf(browser)).toMatchObject({
      person: { actor: 'web:ana', name: 'Ana Nowak', responder: 'ana' },
      role: 'responder',
      how: 'password',
      until: new Date(site.story.clock.now() + 7 * 86_400_000).toISOString(),
      may: permissionsOf({ role: 'responder', responder: 'ana' }),
    });
  });

  it('sets a cookie that no script reads, no neighbour sets and no other site sends', async () => {
    const [line, ...others] = lines(await signIn(browserOn(house())));
    expect(others).toEqual([]);
    expect(line).toMatch(/^__Host-tocsin=[\w-]+\.[\w-]+; /);
    expect(line?.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('has a plain cookie on the loopback address without TLS', async () => {
    const site = siteOf({ settings: { webPassword: 'WEB_PASSWORD' }, secrets: { WEB_PASSWORD: password } });
    const answer = await site.app.request('http://127.0.0.1:4319/signin', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Host: '127.0.0.1:4319',
        Origin: 'http://127.0.0.1:4319',
      },
      body: new URLSearchParams({ name: 'ana', password }).toString(),
    });
    expect(lines(answer)[0]).toMatch(/^tocsin=/);
    expect(lines(answer)[0]).not.toMatch(/Secure/);
  });

  it('acts under the name of the session, and under no other', async () => {
    const site = house();
    const id = await site.incident();
    const browser = browserOn(site);
    await signIn(browser, 'ana');
    for (const actor of ['ben', 'cli:ben', 'Ben', 'ANA', 'ana ben']) {
      expect((await browser.json(`/api/incidents/${id}/acknowledge`, { actor })).status).toBe(403);
      expect((await browser.json('/api/silences', { actor, match: { a: 'b' }, durationMs: 1000 })).status).toBe(403);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    expect((await browser.json(`/api/incidents/${id}/acknowledge`, {})).status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'web:ana' });
    expect((await browser.send(`/incidents/${id}/resolve`)).status).toBe(409);
  });

  it.each([
    ['ana', 'web:ana'],
    ['ANA', 'web:ana'],
    ['  Ana ', 'web:ana'],
    ['ａｎａ', 'web:ana'],
    ['somebody else', 'web:somebody else'],
  ])('knows %j as %s', async (name, actor) => {
    const browser = browserOn(house());
    expect((await signIn(browser, name)).status).toBe(303);
    expect(await sessionOf(browser)).toMatchObject({ person: { actor } });
  });

  it.each(['', 'аna', 'a\u0000na', 'web:ben', 'responder/ana', '<b>', 'x'.repeat(61)])(
    'takes no name such as %j',
    async (name) => {
      const browser = browserOn(house());
      expect((await signIn(browser, name)).status).toBe(400);
      expect(browser.cookies.size).toBe(0);
    },
  );

  it('is over when somebody signs out', async () => {
    const browser = browserOn(house());
    await signIn(browser);
    const out = await browser.send('/signout');
    expect([out.status, out.headers.get('Location')]).toEqual([303, '/signin']);
    expect(browser.cookies.size).toBe(0);
    expect((await browser.get('/')).headers.get('Location')).toBe('/signin?to=%2F');
  });

  it('is over after its time, and earlier where the config makes sessions shorter', async () => {
    const site = house({ settings: { signIn: { lasts: '1h' } } });
    const browser = browserOn(site);
    await signIn(browser);
    await site.story.pass('59m');
    expect((await browser.get('/')).status).toBe(200);
    await site.story.pass('1m');
    expect((await browser.get('/')).status).toBe(303);
    await signIn(browser);
    site.ports.config.settings.signIn.lasts = 60_000;
    await site.story.pass('1m');
    expect((await browser.get('/')).status).toBe(303);
  });

  it('is over when the password changes, and when the key does, but not while two keys are valid', async () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    const secrets = { WEB_PASSWORD: password, KEY: old };
    const site = house({ settings: { signIn: { secret: 'KEY' } }, secret: async (name) => Reflect.get(secrets, name) });
    const browser = browserOn(site);
    await signIn(browser);
    secrets.KEY = `${next},${old}`;
    expect((await browser.get('/')).status).toBe(200);
    secrets.WEB_PASSWORD = 'another';
    expect((await browser.get('/')).status).toBe(303);
    secrets.WEB_PASSWORD = password;
    secrets.KEY = next;
    expect((await browser.get('/')).status).toBe(303);
    await signIn(browser);
    expect((await browser.get('/')).status).toBe(200);
  });

  it('is over when the password changes where there is no other key', async () => {
    const secrets = { WEB_PASSWORD: password };
    const site = house({ secret: async (name) => Reflect.get(secrets, name) });
    const browser = browserOn(site);
    await signIn(browser);
    expect((await browser.get('/')).status).toBe(200);
    secrets.WEB_PASSWORD = 'another';
    expect((await browser.get('/')).status).toBe(303);
  });

  it('does not begin while the key is too short to sign with, and says why', async () => {
    const browser = browserOn(house({ settings: { signIn: { secret: 'KEY' } }, secrets: { KEY: 'short' } }));
    const answer = await signIn(browser);
    expect([answer.status, browser.cookies.size]).toEqual([503, 0]);
    expect(await answer.text()).toMatch(/KEY is shorter than 32 characters/);
  });

  it('is answered as a program would be where no page is wanted', async () => {
    const site = house();
    const answer = await site.get('/api/session');
    expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ signIn: '/signin' })]);
    expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Basic/);
    const fetched = await site.get('/api/session', { 'Sec-Fetch-Mode': 'cors' });
    expect(fetched.headers.get('WWW-Authenticate')).toMatch(/^Cookie /);
    expect(await (await site.get('/api/session', basic('ana', password))).json()).toMatchObject({
      person: { actor: 'web:ana' },
      how: 'password',
    });
  });

  it('is not asked for on a machine without a password', async () => {
    const site = siteOf();
    expect(await (await site.get('/api/session')).json()).toMatchObject({
      person: { actor: 'web' },
      role: 'admin',
      how: 'open',
      may: permissionsOf({ role: 'admin' }),
    });
    expect((await site.get('/signin')).status).toBe(200);
  });
});
