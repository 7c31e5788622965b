import { afterAll, beforeAll, describe, expect } from 'vitest';
import { identityProviderOf } from '../../../adapters/identity-provider.ts';
import { slackReply } from '../../../adapters/slack/reply.ts';
import { commandHelp } from '../../../core/response/slack/command.ts';
import { asIncidentId } from '../../../core/vocabulary/ids.ts';
import { type Browser, browserOn } from '../../http/sign-in/browser.ts';
import { type OpenIdProvider, openIdProvider } from '../../http/sign-in/openid-provider.ts';
import { basic, press, type Site, siteOf } from '../../http/site.ts';
import type { Part } from '../../scenario/harness.ts';
import { ruleOn } from '../../scenario/harness.ts';
import { threat } from './threat.ts';

const slack = { token: 'SLACK_BOT_TOKEN', signingSecret: 'SLACK_SIGNING_SECRET' };
const phone = (name: string) => ({ name, contacts: [{ sns: name }] });
const responders = {
  ana: { ...phone('ana'), slackUser: 'U1' },
  ben: { ...phone('ben'), slackUser: 'U2', role: 'admin' },
  lea: { ...phone('lea'), slackUser: 'U3', role: 'viewer' },
} as const;

const house = (part: Part = {}): Site => siteOf({ part: { responders, ...part }, settings: { slack } });
const command = async (site: Site, user: string, text: string): Promise<string> => {
  const response = await site.slack('/slack/commands', { command: '/tocsin', text, user_id: user, user_name: `name of ${user}` });
  return ((await response.json()) as { text: string }).text;
};

describe('people in Slack', () => {
  threat('a request only pretends to come from Slack', async () => {
    const site = house();
    const id = await site.incident();
    const fields = press('tocsin.resolve', id, { user: 'U2' });
    for (const signed of [{ secret: 'guess' }, { ageSeconds: 600 }, { ageSeconds: -600 }, { body: 'payload=%7B%7D' }]) {
      expect((await site.slack('/slack/interactions', fields, signed)).status).toBe(401);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  threat('a guest of the workspace acts', async () => {
    const site = house();
    const id = await site.incident();
    const { version } = await site.story.incident();
    for (const action of ['tocsin.acknowledge', 'tocsin.resolve', 'tocsin.escalate', 'tocsin.rollback']) {
      expect((await site.slack('/slack/interactions', press(action, id, { user: 'U9' }))).status).toBe(200);
    }
    expect(site.replies).toHaveLength(4);
    for (const { text } of site.replies)
      expect(text).toMatch(/takes the role responder, and yours is viewer; the config gives people theirs/);
    expect(await command(site, 'U9', 'silence model=m 1h')).toMatch(/^to silence alerts takes the role responder/);
    expect(await command(site, 'U3', `ack ${id}`)).toMatch(/yours is viewer/);
    expect((await site.story.incident()).version).toBe(version);
    expect(await site.ports.store.silences(site.story.clock.now())).toEqual([]);
    expect(site.story.logged.filter((line) => line.startsWith('warn: an action was refused'))).toHaveLength(6);
    const refused = (await site.ports.store.auditLog(100)).filter(({ kind }) => kind === 'refused');
    expect(refused.map(({ actor }) => actor)).toHaveLength(6);
    expect(refused.map(({ data }) => data)).toContainEqual({ incident: id, action: 'rollback', role: 'viewer' });
    expect(refused.map(({ data }) => data)).toContainEqual({ action: 'silence', role: 'viewer' });
    expect(await command(site, 'U9', 'list')).toMatch(id);
    expect(await command(site, 'U9', 'help')).toBe(commandHelp);
  });

  threat('somebody does more than their role lets them', async () => {
    const site = house({
      rules: { slow: ruleOn('latency', { rollback: 'back' }) },
      deployments: { model: { hook: { lambdaAlias: { functionName: 'f', alias: 'live' } } } },
      rollbacks: { back: { deployment: 'model', role: 'admin' } },
    });
    const id = await site.incident();
    await site.story.pass('5m');
    await site.slack('/slack/interactions', press('tocsin.rollback', id, { user: 'U1' }));
    expect(site.replies.at(-1)?.text).toMatch(/^to ask for the rollback back takes the role admin, and yours is responder/);
    expect(await command(site, 'U1', 'silence model=m 25h')).toMatch(/^to silence for more than 1d takes the role admin/);
    expect(await command(site, 'U1', 'silence model=m 24h')).toMatch(/^silence sil-/);
    expect(await command(site, 'U2', 'silence model=m 25h')).toMatch(/^silence sil-/);
    await site.slack('/slack/interactions', press('tocsin.rollback', id, { user: 'U2' }));
    await site.story.pass('1m');
    expect(site.story.hook.carriedOut).toHaveLength(1);
  });

  threat('somebody puts another on call, so that pages go astray', async () => {
    const rota = { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } as const;
    const site = house({ schedules: { ml: { ...rota, responders: [...rota.responders] } } });
    expect(await command(site, 'U9', 'override ml lea 4h')).toMatch(
      /^to put somebody else on call \(lea\) takes the role responder, and yours is viewer/,
    );
    expect(await command(site, 'U9', 'override ml me 4h')).toMatch(/^Tocsin cannot tell who "me" is: no responder/);
    expect(await command(site, 'U3', 'override ml me 4h')).toMatch(
      /^to go on call takes the role responder, and yours is viewer/,
    );
    expect(await command(site, 'U1', 'override ml ben 25h')).toMatch(/takes the role admin, and yours is responder/);
    const mine = await command(site, 'U1', 'override ml me 4h');
    expect(mine).toMatch(/^override ovr-\w+: ana is on call for ml/);
    const theirs = await command(site, 'U2', 'override ml lea 25h ana is ill');
    const [first, second] = [mine, theirs].map((text) => /ovr-\w+/.exec(text)?.[0]);
    expect(await command(site, 'U1', `end ${second}`)).toMatch(
      /^to end an override that responder\/ben made for more than 1d takes the role admin/,
    );
    expect(await command(site, 'U9', `end ${first}`)).toMatch(/takes the role responder, and yours is viewer/);
    expect(await command(site, 'U1', 'oncall')).toMatch(/^ml: lea until .*, then ana \(ovr-\w+ by responder\/ben: ana is ill\)$/);
    expect(await command(site, 'U1', `end ${first}`)).toMatch(/^the override ovr-\w+ ends; lea is on call for ml$/);
    expect(site.story.logged.filter((line) => line.startsWith('warn: an action was refused'))).toHaveLength(5);
    const auditLog = await site.ports.store.auditLog(100);
    expect(auditLog.map(({ kind, actor }) => `${kind} by ${actor}`).sort()).toEqual([
      'override by responder/ana',
      'override by responder/ben',
      'override ended by responder/ana',
      ...Array.from({ length: 2 }, () => 'refused by responder/ana'),
      'refused by responder/lea',
      ...Array.from({ length: 2 }, () => 'refused by slack:U9 (name of U9)'),
    ]);
  });

  threat('an answer is sent to an address that is not Slack’s', async () => {
    for (const url of [
      'https://hooks.slack.com.evil.example/x',
      'http://hooks.slack.com/x',
      'https://169.254.169.254/latest',
      'https://x@evil.example/',
    ]) {
      await expect(slackReply(url, 'text')).rejects.toThrow(/expected a response_url of Slack/);
    }
  });
});

describe('people on the pages and the API', () => {
  const settings = { slack, webPassword: 'WEB_PASSWORD' };
  const guarded = (): Site =>
    siteOf({ part: { responders }, settings, secrets: { WEB_PASSWORD: 'open-sesame' }, access: 'public' });

  threat('a stranger reads incidents, or acts on them', async () => {
    const [site, open] = [guarded(), siteOf({ access: 'public' })];
    const id = await site.incident();
    for (const path of [
      '/',
      `/incidents/${id}`,
      '/api/incidents',
      `/api/incidents/${id}`,
      '/api/silences',
      '/api/oncall',
      '/api/audit-log',
      '/api/labels',
    ]) {
      expect((await site.get(path)).status).toBe(401);
      expect((await site.get(path, basic('ana', 'guess'))).status).toBe(401);
      expect((await open.get(path)).status).toBe(403);
    }
    for (const path of [
      `/incidents/${id}/resolve`,
      `/api/incidents/${id}/resolve`,
      '/api/silences',
      '/api/overrides',
      '/api/silences/sil-1/end',
    ]) {
      expect((await site.post(path, {})).status).toBe(401);
      expect((await open.post(path, {})).status).toBe(403);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  threat('a page elsewhere makes a browser act here', async () => {
    const site = siteOf();
    const id = await site.incident();
    const foreign = { Origin: 'https://evil.example', Host: '127.0.0.1:4319' };
    const rebound = { Host: 'evil.example' };
    for (const headers of [foreign, rebound, { Origin: 'null' }]) {
      expect((await site.post(`/incidents/${id}/resolve`, undefined, headers)).status).toBe(403);
      expect((await site.post('/api/v2/alerts', [], headers)).status).toBe(403);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  threat('somebody acts under the name of another', async () => {
    const site = guarded();
    const id = await site.incident();
    const signedIn = basic('lea', 'open-sesame');
    for (const actor of ['tocsin', 'responder/ana', 'slack:U1 (ana)', 'web:ana', 'web']) {
      expect((await site.post(`/api/incidents/${id}/resolve`, { actor }, signedIn)).status).toBe(400);
      expect((await site.post('/api/silences', { actor, match: { a: 'b' }, durationMs: 1000 }, signedIn)).status).toBe(400);
    }
    await site.post(`/incidents/${id}/acknowledge`, undefined, signedIn);
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'web:lea' });
    const browser = browserOn(site);
    await browser.send('/signin', { name: 'LEA', password: 'open-sesame' });
    expect((await browser.json(`/api/incidents/${id}/resolve`, { actor: 'ben', force: true })).status).toBe(403);
    await browser.json(`/api/incidents/${id}/resolve`, { force: true });
    expect(await site.story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'web:lea' });
  });

  threat('whoever knows the web password puts others on call for long, or without a name of the config', async () => {
    const rota = { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } as const;
    const part = { responders, schedules: { ml: { ...rota, responders: [...rota.responders] } } };
    const site = siteOf({ part, settings, secrets: { WEB_PASSWORD: 'open-sesame' }, access: 'public' });
    const put = async (assignee: string, user: string, until = '4h') =>
      (await site.post('/api/overrides', { schedule: 'ml', assignee, until }, basic(user, 'open-sesame'))).json();
    expect(await put('lea', 'ben', '25h')).toMatchObject({ error: expect.stringMatching(/takes the role admin/) });
    expect(await put('lea', 'stranger')).toMatchObject({ error: expect.stringMatching(/takes a responder of the config/) });
    expect(await put('lea', 'ben')).toMatchObject({ override: { assignee: 'lea', by: 'web:ben' } });
    expect(await put('me', 'stranger')).toMatchObject({
      error: expect.stringMatching(/^Tocsin cannot tell who "me" is/),
    });
    expect(await put('me', 'ben')).toMatchObject({ override: { assignee: 'ben', by: 'web:ben' } });
    expect((await site.post('/api/overrides', { schedule: 'ml', assignee: 'ben', until: '4h' })).status).toBe(401);
  });

  threat('whoever knows the web password silences everything for months', async () => {
    const site = guarded();
    const silence = { match: { environment: 'live' }, durationMs: 30 * 86_400_000 };
    const response = await site.post('/api/silences', silence, basic('ana', 'open-sesame'));
    expect([response.status, await response.json()]).toEqual([403, { error: expect.stringMatching(/takes the role admin/) }]);
  });
});

describe('people who sign in on the pages', () => {
  const settings = { slack, webPassword: 'WEB_PASSWORD', publicUrl: 'https://tocsin.example.com' };
  const secrets = { WEB_PASSWORD: 'open-sesame' };
  const guarded = (): Site => siteOf({ part: { responders }, settings, secrets, access: 'public' });
  const signIn = { name: 'ana', password: 'open-sesame' };

  threat('a page elsewhere signs a browser in under another name', async () => {
    const browser = browserOn(guarded());
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) expect((await browser.send('/signin', signIn, headers)).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
  });

  threat('somebody makes or bends a session, or uses an old one', async () => {
    const site = guarded();
    const browser = browserOn(site);
    await browser.send('/signin', signIn);
    const [payload = '', signature = ''] = browser.cookies.get('__Host-tocsin')?.split('.') ?? [];
    const session = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...session, name: 'ben' })).toString('base64url');
    expect((await site.get('/api/session', { Cookie: `__Host-tocsin=${other}.${signature}` })).status).toBe(401);
    expect((await browser.get('/api/session')).status).toBe(200);
    await site.story.pass('7d');
    expect((await browser.get('/api/session')).status).toBe(401);
  });

  threat('somebody guesses the web password', async () => {
    const site = guarded();
    const guess = () => site.get('/api/incidents', basic('ana', 'guess'));
    for (let n = 0; n < 10; n += 1) expect((await guess()).headers.has('Retry-After')).toBe(false);
    expect((await guess()).headers.has('Retry-After')).toBe(true);
    expect(await site.ports.store.auditLog(100)).toMatchObject([{ kind: 'refused', data: { action: 'sign in' } }]);
  });

  threat('a link to the sign-in page leads elsewhere afterwards', async () => {
    const browser = browserOn(guarded());
    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example'])
      expect((await browser.send('/signin', { ...signIn, to })).headers.get('Location')).toBe('/');
  });
});

describe('people who sign in at a provider, or have a link', () => {
  const publicUrl = 'https://tocsin.example.com';
  const callback = `${publicUrl}/signin/callback`;
  let provider: OpenIdProvider;
  beforeAll(async () => {
    const [email_verified, name] = [true, 'Ana'];
    provider = await openIdProvider(
      {
        ana: { email: 'ana@example.com', email_verified, name },
        lea: { email: 'lea@example.com', email_verified, name },
        eve: { email: 'ana@example.com', email_verified: false, name },
      },
      callback,
    );
  });
  afterAll(() => provider.close());

  function guarded(): Site {
    const { issuer, clientId, clientSecret } = provider;
    const secrets: Record<string, string> = { KEY: 'k'.repeat(32), CLIENT: clientSecret };
    const oidc = { issuer, clientId, clientSecret: 'CLIENT' };
    const emailed = {
      ana: { ...responders.ana, email: 'ana@example.com' },
      lea: { ...responders.lea, email: 'lea@example.com' },
    };
    return siteOf({
      part: { responders: emailed },
      settings: { publicUrl, signIn: { secret: 'KEY', oidc } },
      secrets,
      access: 'public',
      identityProvider: (config) => identityProviderOf(config, { get: async (name) => secrets[name] }),
    });
  }

  async function back(browser: Browser, account: string): Promise<string> {
    const there = (await browser.get('/signin/oidc')).headers.get('Location') ?? '';
    return (await provider.visit(there, account)).replace(publicUrl, '');
  }

  threat('somebody comes back from the provider with the answer to another', async () => {
    const site = guarded();
    const [victim, attacker] = [browserOn(site), browserOn(site)];
    const theirs = await back(attacker, 'lea');
    await back(victim, 'ana');
    expect((await victim.get(theirs)).status).toBe(400);
    expect(victim.cookies.size).toBe(0);
  });

  threat('the provider’s answer is forged, old or meant for another service', async () => {
    try {
      for (const wrong of [{ aud: 'another' }, { exp: 1 }, { nonce: 'other' }, { iss: 'https://evil.example' }]) {
        provider.bend((token) => ({ ...token, ...wrong }));
        const browser = browserOn(guarded());
        expect((await browser.get(await back(browser, 'ana'))).status).toBe(400);
      }
    } finally {
      provider.bend(undefined);
    }
  });

  threat('somebody at the provider passes for a responder', async () => {
    const browser = browserOn(guarded());
    expect((await browser.get(await back(browser, 'eve'))).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
  });

  threat('a viewer acts', async () => {
    const site = guarded();
    const id = await site.incident();
    const lea = browserOn(site);
    await lea.get(await back(lea, 'lea'));
    expect((await lea.get(`/api/incidents/${id}`)).status).toBe(200);
    for (const [path, body] of [
      [`/api/incidents/${id}/resolve`, { force: true }],
      [`/api/incidents/${id}/link`, { for: '1h' }],
      ['/api/silences', { match: { a: 'b' }, durationMs: 1000 }],
    ] as const)
      expect((await lea.json(path, body)).status).toBe(403);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  threat('a link to one incident opens more, or for longer', async () => {
    const site = guarded();
    const id = await site.incident();
    const ana = browserOn(site);
    await ana.get(await back(ana, 'ana'));
    const { url } = (await (await ana.json(`/api/incidents/${id}/link`, { for: '1h' })).json()) as { url: string };
    const guest = browserOn(site);
    expect((await guest.get(url.replace(publicUrl, ''))).status).toBe(303);
    expect((await guest.get(`/incidents/${id}`)).status).toBe(200);
    for (const path of ['/api/incidents', '/api/audit-log', '/api/incidents/inc-0'])
      expect((await guest.get(path)).status).toBe(401);
    expect((await guest.json(`/api/incidents/${id}/acknowledge`, {})).status).toBe(401);
    await site.story.pass('1h');
    expect((await guest.get(`/api/incidents/${id}`)).status).toBe(401);
  });
});

describe('the audit log', () => {
  threat('something is done, and nobody can tell who did it', async () => {
    const site = house();
    const id = await site.incident();
    await command(site, 'U1', 'silence model=x 1h deploying');
    await site.slack('/slack/interactions', press('tocsin.acknowledge', id, { user: 'U1' }));
    await site.post(`/incidents/${id}/escalate`);
    await site.post(`/api/incidents/${id}/resolve`, { actor: 'cli:max', force: true });
    const timeline = await site.ports.store.timeline(asIncidentId(id));
    const byPeople = timeline.filter(({ actor }) => actor !== 'tocsin').map(({ kind, actor }) => [kind, actor]);
    expect(byPeople).toEqual(
      expect.arrayContaining([
        ['acknowledged', 'responder/ana'],
        ['resolved', 'cli:max'],
      ]),
    );
    expect(timeline.some(({ text }) => /: web asked for more help/.test(text))).toBe(true);
    const auditLog = (await (await site.get('/api/audit-log')).json()) as { entries: unknown[] };
    expect(auditLog.entries).toMatchObject([
      { kind: 'silenced', actor: 'responder/ana', text: expect.stringMatching(/^no pages for model="x" until .*: deploying$/) },
    ]);
  });

  threat('an entry of the audit log is lost or overwritten', async () => {
    const site = house();
    const texts = Array.from({ length: 40 }, (_, n) => `silence model=m${n} 1h reason ${n}`);
    await Promise.all(texts.map((text) => command(site, 'U1', text)));
    const auditLog = await site.ports.store.auditLog(100);
    expect(auditLog.map(({ text }) => /reason (\d+)$/.exec(text)?.[1]).sort()).toEqual(texts.map((_, n) => String(n)).sort());
    expect(await site.ports.store.silences(site.story.clock.now())).toHaveLength(40);
  });
});
