import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityProviderOf } from '../../../adapters/identity-provider.ts';
import { basic, type Site, siteOf } from '../site.ts';
import { type Browser, browserOn } from './browser.ts';
import { type OpenIdProvider, openIdProvider } from './openid-provider.ts';

const publicUrl = 'https://tocsin.example.com';
const callback = `${publicUrl}/signin/callback`;
const verified = { email_verified: true };

let provider: OpenIdProvider;
beforeAll(async () => {
  const people = {
    'sub-ana': { email: 'Ana@Example.com', ...verified, name: 'Ana N.', groups: ['ml'] },
    'sub-ben': { email: 'ben@example.com', ...verified, name: 'Ben', groups: ['sre', 'ml'] },
    'sub-eve': { email: 'eve@evil.example', ...verified, name: 'Ana N.' },
    'sub-bad': { email: 'ana@example.com', email_verified: false, name: 'Ana N.' },
    'sub-odd': { email: 'аna@example.com', ...verified, name: 'Ana N.' },
  };
  provider = await openIdProvider(people, callback);
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.bend(undefined);
  provider.forge(false);
});

const responders = {
  ana: { name: 'Ana Nowak', email: 'ana@example.com', role: 'responder' as const, contacts: [{ sns: 'ana' }] },
};
type Oidc = Record<string, unknown>;

function house(oidc: Oidc = {}, settings: Record<string, unknown> = {}): Site {
  const { issuer, clientId, clientSecret } = provider;
  const secrets: Record<string, string> = { KEY: 'k'.repeat(32), CLIENT: clientSecret, WEB_PASSWORD: 'open-sesame' };
  const signIn = {
    secret: 'KEY',
    oidc: { issuer, clientId, clientSecret: 'CLIENT', scopes: ['openid', 'email', 'profile', 'groups'], ...oidc },
  };
  return siteOf({
    part: { responders },
    settings: { publicUrl, signIn: signIn as never, ...settings },
    secrets,
    access: 'public',
    identityProvider: (config) => identityProviderOf(config, { get: async (name) => secrets[name] }),
  });
}

/** Where the provider sends the browser back to. */
async function visited(browser: Browser, account = 'sub-ana', to = '/incidents/inc-1'): Promise<string> {
  const begun = await browser.get(`/signin/oidc?to=${encodeURIComponent(to)}`);
  expect(begun.status).toBe(303);
  return provider.visit(begun.headers.get('Location') ?? '', account);
}

const pathOf = (address: string): string => address.replace(publicUrl, '');

async function signIn(browser: Browser, account?: string): Promise<Response> {
  return browser.get(pathOf(await visited(browser, account)));
}

const sessionOf = async (browser: Browser): Promise<unknown> => (await browser.get('/api/session')).json();

describe('signing in at an OpenID provider', () => {
  it('leads there and back, and makes a responder of the config of whoever has their address', async () => {
    const site = house();
    const browser = browserOn(site);
    expect((await browser.get('/incidents/inc-1')).headers.get('Location')).toBe('/signin?to=%2Fincidents%2Finc-1');
    expect(await (await browser.get('/signin?to=%2Fincidents%2Finc-1')).text()).toContain(
      'href="/signin/oidc?to=%2Fincidents%2Finc-1"',
    );
    const done = await signIn(browser);
    expect([done.status, done.headers.get('Location')]).toEqual([303, '/incidents/inc-1']);
    expect([...browser.cookies.keys()]).toEqual(['__Host-tocsin']);
    expect(await sessionOf(browser)).toMatchObject({
      person: { actor: 'responder/ana', name: 'Ana Nowak', responder: 'ana' },
      role: 'responder',
      how: 'oidc',
    });
    expect(await site.ports.store.auditLog(10)).toMatchObject([{ kind: 'signed in', actor: 'responder/ana' }]);
    const id = await site.incident();
    expect((await browser.json(`/api/incidents/${id}/acknowledge`, { actor: 'ben' })).status).toBe(403);
    expect((await browser.send(`/incidents/${id}/acknowledge`)).status).toBe(303);
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'responder/ana' });
  });

  it('asks with PKCE, state and nonce, and a code alone is worth nothing', async () => {
    const browser = browserOn(house());
    const begun = new URL((await browser.get('/signin/oidc')).headers.get('Location') ?? '');
    const asked = Object.fromEntries(begun.searchParams);
    expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', redirect_uri: callback });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
    const code = new URL(await provider.visit(begun.href, 'sub-ana')).searchParams.get('code') ?? '';
    const answer = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      headers: basic(provider.clientId, provider.clientSecret),
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        code_verifier: 'x'.repeat(43),
      }),
    });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  });

  it('gives roles by group, and refuses a viewer what a viewer may not, with the role it takes', async () => {
    const site = house({ allow: { domains: ['example.com'] }, roles: { admin: ['sre'] } });
    const ben = browserOn(site);
    await signIn(ben, 'sub-ben');
    expect(await sessionOf(ben)).toMatchObject({ person: { actor: 'oidc:ben@example.com', name: 'Ben' }, role: 'admin' });
    const viewers = house({ allow: { groups: ['sre'] } });
    const viewer = browserOn(viewers);
    await signIn(viewer, 'sub-ben');
    expect(await sessionOf(viewer)).toMatchObject({ role: 'viewer', may: [] });
    const id = await viewers.incident();
    expect((await viewer.get(`/api/incidents/${id}`)).status).toBe(200);
    for (const path of [`/api/incidents/${id}/acknowledge`, `/api/incidents/${id}/resolve`, `/api/incidents/${id}/escalate`]) {
      const refused = await viewer.json(path, {});
      expect([refused.status, await refused.json()]).toEqual([403, { error: expect.stringMatching(/role responder/) }]);
    }
    expect((await viewer.json('/api/silences', { match: { a: 'b' }, durationMs: 1000 })).status).toBe(403);
    expect(await viewers.story.incident()).toMatchObject({ status: 'triggered' });
    expect(await (await viewer.get(`/incidents/${id}`)).text()).not.toContain('<form');
  });

  it.each([
    ['nobody is allowed, and the address is no responder’s', {}, 'sub-ben'],
    ['the domain is another', { allow: { domains: ['example.com'] } }, 'sub-eve'],
    ['the address of a responder is not verified', {}, 'sub-bad'],
    ['the address only looks like that of a responder', {}, 'sub-odd'],
    ['the group is another', { allow: { groups: ['admins'] } }, 'sub-ben'],
    ['only the name is that of somebody allowed', { allow: { people: ['Ana N.'] } }, 'sub-eve'],
  ] as [string, Oidc, string][])('signs nobody in where %s', async (_, oidc, account) => {
    const site = house(oidc);
    const browser = browserOn(site);
    expect((await signIn(browser, account)).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
    expect(await site.ports.store.auditLog(10)).toMatchObject([{ kind: 'refused', text: expect.stringMatching(/^sign in: /) }]);
  });

  it('ends at once where the config no longer allows it, and follows the role of the config', async () => {
    const site = house({ allow: { people: ['BEN@example.com'] }, roles: { otherwise: 'responder' } });
    const browser = browserOn(site);
    await signIn(browser, 'sub-ben');
    expect(await sessionOf(browser)).toMatchObject({ role: 'responder' });
    const { oidc } = site.ports.config.settings.signIn;
    if (oidc === undefined) throw new Error('no provider');
    oidc.roles.otherwise = 'viewer';
    expect(await sessionOf(browser)).toMatchObject({ role: 'viewer' });
    oidc.allow.people = ['ana@example.com'];
    expect((await browser.get('/api/session')).status).toBe(401);
    expect((await browser.get('/')).headers.get('Location')).toBe('/signin?to=%2F');
  });

  it('refuses a return that this browser did not begin, or began too long ago', async () => {
    const site = house();
    const [victim, attacker] = [browserOn(site), browserOn(site)];
    const theirs = await visited(attacker, 'sub-ben');
    expect((await victim.get(pathOf(theirs))).status).toBe(400);
    await visited(victim);
    expect((await victim.get(pathOf(theirs))).status).toBe(400);
    expect(victim.cookies.size).toBe(0);
    const late = await visited(victim);
    await site.story.pass('10m');
    expect((await victim.get(pathOf(late))).status).toBe(400);
    const mixed = await visited(victim);
    expect((await victim.get(pathOf(mixed).replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example'))).status).toBe(400);
    expect(victim.cookies.size).toBe(0);
  });

  it('takes a code once', async () => {
    const site = house();
    const browser = browserOn(site);
    const address = await visited(browser);
    const flow = browser.cookies.get('__Host-tocsin-sign-in') ?? '';
    expect((await browser.get(pathOf(address))).status).toBe(303);
    await browser.send('/signout');
    expect((await browser.get(pathOf(address))).status).toBe(400);
    browser.cookies.set('__Host-tocsin-sign-in', flow);
    expect((await browser.get(pathOf(address))).status).toBe(400);
    expect(browser.cookies.has('__Host-tocsin')).toBe(false);
  });

  it.each([
    ['for another nonce', { nonce: 'x'.repeat(43) }],
    ['for another audience', { aud: 'another' }],
    ['for two audiences without a party', { aud: ['tocsin', 'another'] }],
    ['that has expired', { exp: 1_700_000_000, iat: 1_699_999_000 }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['about nobody', { sub: undefined }],
  ])('takes no ID token %s', async (_, wrong) => {
    const browser = browserOn(house());
    provider.bend((token) => ({ ...token, ...wrong }));
    expect((await signIn(browser)).status).toBe(400);
    expect(browser.cookies.size).toBe(0);
  });

  it('takes no ID token that another key signed', async () => {
    const browser = browserOn(house());
    provider.forge(true);
    expect((await signIn(browser)).status).toBe(400);
    expect(browser.cookies.size).toBe(0);
  });

  it('says so when the provider does not answer', async () => {
    const answer = await browserOn(house({ issuer: 'http://127.0.0.1:1' })).get('/signin/oidc');
    expect([answer.status, answer.headers.has('Retry-After')]).toEqual([503, true]);
  });

  it('leaves the web password to programs, and its names are nobody of the config', async () => {
    const site = house({}, { webPassword: 'WEB_PASSWORD' });
    const browser = browserOn(site);
    expect((await browser.send('/signin', { name: 'ana', password: 'open-sesame' })).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
    const answer = await site.get('/api/session', basic('ana', 'open-sesame'));
    const { person, how } = (await answer.json()) as { person: object; how: string };
    expect([person, how]).toEqual([{ actor: 'web:ana', name: 'ana' }, 'password']);
  });

  it('is worth more than a session by password from before', async () => {
    const before = siteOf({
      settings: { publicUrl, webPassword: 'WEB_PASSWORD', signIn: { secret: 'KEY' } },
      secrets: { KEY: 'k'.repeat(32), WEB_PASSWORD: 'open-sesame' },
      access: 'public',
    });
    const browser = browserOn(before);
    await browser.send('/signin', { name: 'ana', password: 'open-sesame' });
    expect((await browser.get('/api/session')).status).toBe(200);
    const cookie = `__Host-tocsin=${browser.cookies.get('__Host-tocsin')}`;
    const after = house({}, { webPassword: 'WEB_PASSWORD' });
    expect((await after.get('/api/session', { Cookie: cookie })).status).toBe(401);
  });
});
