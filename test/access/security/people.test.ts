import { describe, expect } from 'vitest';
import { slackReply } from '../../../adapters/slack/reply.ts';
import { commandHelp } from '../../../core/response/slack/command.ts';
import { asIncidentId } from '../../../core/vocabulary/ids.ts';
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
    expect(await command(site, 'U9', 'override ml lea 4h')).toMatch(/^to put somebody else on call \(lea\) takes the role admin/);
    expect(await command(site, 'U9', 'override ml me 4h')).toMatch(/^Tocsin cannot tell who "me" is: no responder/);
    expect(await command(site, 'U3', 'override ml me 4h')).toMatch(
      /^to go on call takes the role responder, and yours is viewer/,
    );
    expect(await command(site, 'U1', 'override ml ben 4h')).toMatch(/takes the role admin, and yours is responder/);
    const mine = await command(site, 'U1', 'override ml me 4h');
    expect(mine).toMatch(/^override ovr-\w+: ana is on call for ml/);
    const theirs = await command(site, 'U2', 'override ml lea 4h ana is ill');
    const [first, second] = [mine, theirs].map((text) => /ovr-\w+/.exec(text)?.[0]);
    expect(await command(site, 'U1', `end ${second}`)).toMatch(
      /^to end an override that responder\/ben made takes the role admin/,
    );
    expect(await command(site, 'U9', `end ${first}`)).toMatch(/takes the role admin/);
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
  });

  threat('whoever knows the web password puts others on call', async () => {
    const rota = { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } as const;
    const part = { responders, schedules: { ml: { ...rota, responders: [...rota.responders] } } };
    const site = siteOf({ part, settings, secrets: { WEB_PASSWORD: 'open-sesame' }, access: 'public' });
    const put = async (assignee: string, user: string) =>
      (await site.post('/api/overrides', { schedule: 'ml', assignee, until: '4h' }, basic(user, 'open-sesame'))).json();
    expect(await put('lea', 'ben')).toMatchObject({ error: expect.stringMatching(/takes the role admin/) });
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
