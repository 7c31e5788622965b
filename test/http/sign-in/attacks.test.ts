import { describe, expect, it } from 'vitest';
import { basic, siteOf } from '../site.ts';
import { type Browser, browserOn } from './browser.ts';

const password = 'open-sesame';
const house = (more: Parameters<typeof siteOf>[0] = {}) =>
  siteOf({
    settings: { publicUrl: 'https://tocsin.example.com', webPassword: 'WEB_PASSWORD' },
    secrets: { WEB_PASSWORD: password },
    access: 'public',
    ...more,
  });
const signIn = (browser: Browser, more: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> =>
  browser.send('/signin', { name: 'ana', password, ...more }, headers);

describe('somebody who attacks signing in', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    '/%0d%0aSet-Cookie:x=1\r\nSet-Cookie: y=1',
    '/signout',
    '/signin?to=/signin',
    '/api/incidents',
    '',
  ])('sends nobody to %j', async (to) => {
    const browser = browserOn(house());
    const answer = await signIn(browser, { to });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/']);
    expect([...browser.cookies.keys()]).toEqual(['__Host-tocsin']);
  });

  it('writes nothing of theirs into the form', async () => {
    const form = await browserOn(house()).get(`/signin?to=${encodeURIComponent('/a"><script>alert(1)</script>')}`);
    expect(await form.text()).not.toContain('<script');
  });

  it('signs nobody in from a page elsewhere, and makes no browser act', async () => {
    const site = house();
    const id = await site.incident();
    const browser = browserOn(site);
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://tocsin.example.com', 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'http://tocsin.example.com', 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of foreign) expect((await signIn(browser, {}, headers)).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
    await signIn(browser);
    for (const headers of foreign) {
      expect((await browser.send(`/incidents/${id}/acknowledge`, {}, headers)).status).toBe(403);
      expect((await browser.json(`/api/incidents/${id}/acknowledge`, {}, headers)).status).toBe(403);
    }
    const cookie = `__Host-tocsin=${browser.cookies.get('__Host-tocsin')}`;
    expect((await site.post(`/api/incidents/${id}/acknowledge`, {}, { Cookie: cookie })).status).toBe(403);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  it('gets no further with a cookie that they made or bent', async () => {
    const site = house();
    const browser = browserOn(site);
    await signIn(browser);
    const good = browser.cookies.get('__Host-tocsin') ?? '';
    const [payload = '', signature = ''] = good.split('.');
    const session = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const bent = Buffer.from(JSON.stringify({ ...session, name: 'ben', until: 9e15 })).toString('base64url');
    const stranger = browserOn(house({ secrets: { WEB_PASSWORD: 'guess' } }));
    await stranger.send('/signin', { name: 'ana', password: 'guess' });
    const cookies = [
      `${bent}.${signature}`,
      `${payload}.${signature.slice(1)}A`,
      `${payload}.`,
      payload,
      `${payload}.${signature}.${signature}`,
      `${payload}=.${signature}`,
      stranger.cookies.get('__Host-tocsin') ?? '',
      'x'.repeat(5000),
      '.',
    ];
    for (const cookie of cookies) {
      expect((await site.get('/api/session', { Cookie: `__Host-tocsin=${cookie}` })).status).toBe(401);
    }
    expect((await site.get('/api/session', { Cookie: `__Host-tocsin=${good}` })).status).toBe(200);
    // A cookie that a neighbour can set, or somebody on the way of a plain request, is not looked
    // at.
    expect((await site.get('/api/session', { Cookie: `tocsin=${good}` })).status).toBe(401);
    // Nor does a header make it one of plain HTTP.
    const downgraded = { Cookie: `tocsin=${good}`, Host: '127.0.0.1:4319', 'X-Forwarded-Proto': 'http' };
    expect((await site.get('/api/session', downgraded)).status).toBe(401);
  });

  it('guesses slowly, ten times a minute from one address, and the audit log has it without what was typed', async () => {
    let waited = 0;
    const site = house();
    const { httpApp } = await import('../../../http/app.ts');
    const { allParts } = await import('../../../http/parts/all.ts');
    const app = httpApp({
      parts: allParts,
      ports: site.ports,
      now: site.story.clock.now,
      runbooks: new Map(),
      access: 'public',
      pause: async (ms) => {
        waited += ms;
      },
    });
    const guess = (given: string, sourceAddress: string) =>
      app.request('/api/session', { headers: basic('hunter2', given) }, { sourceAddress });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => guess(`hunter2-${n}`, '192.0.2.1')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 401));
    expect(waited).toBe(10_000);
    expect(answers.filter((answer) => answer.headers.has('Retry-After'))).toHaveLength(20);
    // The right one is not looked at either, so that nobody learns that it was.
    expect((await guess(password, '192.0.2.1')).status).toBe(401);
    expect((await guess(password, '192.0.2.2')).status).toBe(200);
    await site.story.pass('1m');
    expect((await guess(password, '192.0.2.1')).status).toBe(200);
    const log = await site.ports.store.auditLog(100);
    expect(log).toHaveLength(1);
    expect(log).toMatchObject([{ kind: 'refused', actor: 'web', data: { action: 'sign in', from: '192.0.2.1' } }]);
    expect(JSON.stringify([log, site.story.logged])).not.toMatch(/hunter2|open-sesame/);
  });

  it('is one address, wherever in their network of IPv6 they are', async () => {
    const site = house();
    for (let n = 0; n < 10; n += 1) {
      const address = n === 0 ? '2001:db8::1' : `2001:db8:0:0:${n}::1`;
      await site.app.request('/api/session', { headers: basic('a', 'guess') }, { sourceAddress: address });
    }
    const wait = async (sourceAddress: string) =>
      (await site.app.request('/api/session', { headers: basic('a', 'guess') }, { sourceAddress })).headers.has('Retry-After');
    expect(await wait('2001:db8::ffff')).toBe(true);
    expect(await wait('2001:db8:1::ffff')).toBe(false);
    expect(await wait('::ffff:192.0.2.1')).toBe(false);
  });
});
