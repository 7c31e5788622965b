import { describe, expect, it } from 'vitest';
import { endTestPages } from '../../app/respond/page-test.ts';
import type { CalendarDto } from '../../http/api/dto/calendar.ts';
import type { DeploymentsDto } from '../../http/api/dto/deployment.ts';
import type { IntegrationsDto, TestPageDto } from '../../http/api/dto/integrations.ts';
import type { RouteMatchDto } from '../../http/api/dto/route.ts';
import type { SilencePreviewDto } from '../../http/api/dto/silence.ts';
import { ruleOn, t0 } from '../scenario/harness.ts';
import { guarded, open, part } from './contract/house.ts';
import { basic, type Site, siteOf } from './site.ts';

const day = 86_400_000;
const read = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T;

describe('the calendar', () => {
  it('shows an override that has ended among the days before', async () => {
    const site = open();
    const made = await read<{ override: { id: string } }>(
      site.post('/api/overrides', { schedule: 'ml', assignee: 'lea', until: '4h' }),
    );
    await site.story.pass('1h');
    await site.post(`/api/overrides/${made.override.id}/end`);
    const ended = site.story.clock.now();
    await site.story.pass('1h');
    const from = new Date(t0 - day).toISOString();
    const { schedules } = await read<CalendarDto>(site.get(`/api/oncall/calendar?from=${from}`));
    expect(schedules[0]?.result.filter(({ responder }) => responder === 'lea')).toMatchObject([
      { namedBy: 'override', until: new Date(ended).toISOString() },
    ]);
  });

  it.each(['from=2036-01-01T00:00:00Z', 'from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z', 'to=x'])(
    'refuses %s',
    async (query) => {
      expect((await open().get(`/api/oncall/calendar?${query}`)).status).toBe(400);
    },
  );
});

describe('whom an alert would page', () => {
  it('names every silence that would mute it', async () => {
    const site = open();
    for (const durationMs of [60_000, 120_000]) await site.post('/api/silences', { match: { model: 'm' }, durationMs });
    const { routes } = await read<RouteMatchDto>(site.post('/api/routes/match', { labels: { rule: 'slow', model: 'm' } }));
    expect(routes.map(({ severity, mutedBy }) => [severity, mutedBy.map(({ by }) => by)])).toEqual([
      ['warn', ['silence', 'silence']],
      ['critical', ['silence', 'silence']],
    ]);
    expect(routes[1]?.steps[0]?.targets).not.toEqual([]);
  });
});

describe('the preview of a silence', () => {
  it('shows what it would match, and makes none', async () => {
    const site = open();
    const id = await site.incident();
    const preview = await read<SilencePreviewDto>(site.post('/api/silence-preview', { match: { rule: 'slow' } }));
    expect(preview).toMatchObject({
      matchedNow: 1,
      firingNow: 1,
      alerts: [{ rule: 'slow', incident: id, severity: 'critical' }],
    });
    expect(await read(site.post('/api/silence-preview', { match: { rule: 'other' } }))).toMatchObject({
      matchedNow: 0,
      alerts: [],
    });
    expect(await read(site.get('/api/silences'))).toMatchObject({ silences: [] });
  });
});

describe('deployments', () => {
  it('say what was seen to serve, what a rollback left behind, and what came of it', async () => {
    const rollbacks = { back: { deployment: 'served', automatic: true, goodAfter: '10m', cooldown: '6h' } };
    const site = open({ part: { ...part, rollbacks } });
    await site.story.passLooking('20m');
    const incident = await site.incident();
    await site.story.passLooking('6m');
    const seen = async () => read<DeploymentsDto>(site.get('/api/deployments'));
    const [from, to] = [(await seen()).rollbacks[0]?.from, (await seen()).rollbacks[0]?.to];
    expect(from).not.toBe(to);
    expect(await seen()).toMatchObject({
      deployments: [
        {
          ...{ name: 'served', hook: 'webhook', watched: true, unanswered: false },
          serves: { version: to, stale: false },
          knownBad: [{ version: from, incident }],
          inFlight: { from, to, incident },
          rollbacks: [{ name: 'back', breaker: 'open', automaticToday: 1, dailyLimit: 2 }],
        },
      ],
      rollbacks: [{ incident, deployment: 'served', state: 'verifying' }],
    });
    await site.over();
    await site.story.passLooking('10m');
    expect((await seen()).rollbacks[0]).toMatchObject({ state: 'succeeded' });
    expect((await seen()).deployments[0]?.inFlight).toBe(undefined);
  });

  it('show versions of a model with the incidents that opened while each served', async () => {
    const site = open({ part: { ...part, rules: { slow: ruleOn('latency', { labels: { model: 'churn' } }) } } });
    await site.post('/api/baselines/churn/6/promote');
    const id = await site.incident({ host: 'a' });
    await site.story.pass('1m');
    await site.post('/api/baselines/churn/7/promote');
    const { versions } = await read<DeploymentsDto>(site.get('/api/deployments'));
    expect(versions).toMatchObject([
      { model: 'churn', version: '7', how: 'promoted', incidents: [], incidentCount: 0 },
      { model: 'churn', version: '6', incidents: [{ id }], incidentCount: 1 },
    ]);
  });
});

describe('the audit log', () => {
  it('is filtered by kind, actor, text and time, and goes on where an answer ended', async () => {
    const site = open();
    const silence = async (model: string, actor: string) => {
      await site.post('/api/silences', { match: { model }, durationMs: 60_000, actor, comment: `for ${model}` });
      await site.story.pass('10s');
    };
    for (const model of ['a', 'b', 'c']) await silence(model, 'cli:ana');
    const middle = new Date(site.story.clock.now()).toISOString();
    await silence('d', 'cli:ben');
    await site.post('/api/overrides', { schedule: 'ml', assignee: 'lea', until: '4h', actor: 'cli:ben' });
    type Page = { entries: { kind: string; actor: string; text: string }[]; older?: string };
    const page = (query: string) => read<Page>(site.get(`/api/audit-log?${query}`));
    const texts = async (query: string) => (await page(query)).entries.map(({ text }) => text.split(': ').at(-1));
    expect(await texts('kind=silenced')).toEqual(['for a', 'for b', 'for c', 'for d']);
    expect(await texts('kind=silenced,override&actor=BEN')).toEqual(['for d', 'no comment']);
    expect(await texts('text=for%20b')).toEqual(['for b']);
    expect(await texts(`kind=silenced&from=${middle}`)).toEqual(['for d']);
    expect(await texts(`to=${middle}`)).toEqual(['for a', 'for b', 'for c']);
    const first = await page('kind=silenced&limit=3');
    expect(first.entries).toHaveLength(3);
    const second = await page(`kind=silenced&limit=3&before=${first.older}`);
    expect(second.entries.map(({ text }) => text.split(': ').at(-1))).toEqual(['for a']);
    expect(second).not.toHaveProperty('older');
  });

  it.each(['kind=silence', 'actor=', 'from=yesterday', 'to=2026-13-01'])('refuses %s', async (query) => {
    expect((await open().get(`/api/audit-log?${query}`)).status).toBe(400);
  });
});

describe('a test page', () => {
  const { responders } = open().ports.config;
  type Seen = { test?: TestPageDto['test'] };

  it('goes to one responder as every page does, once a minute, and is taken away', async () => {
    const site = open();
    expect(Object.keys(responders)).toContain('ana');
    expect((await site.post('/api/contacts/ana/test', { actor: 'cli:ben' })).status).toBe(200);
    expect((await site.post('/api/contacts/ana/test')).status).toBe(429);
    expect(await read<Seen>(site.get('/api/contacts/ana/test'))).toMatchObject({ test: { state: 'waiting' } });
    await site.story.pass('1m');
    const seen = await read<Seen>(site.get('/api/contacts/ana/test'));
    expect(seen.test).toMatchObject({ state: 'delivered', deliveries: [{ outcome: 'delivered' }], waiting: [] });
    expect(site.story.pages()).toHaveLength(1);
    expect(await read(site.get('/api/incidents?status=all'))).toMatchObject({ incidents: [] });
    expect((await site.ports.store.auditLog(10)).at(-1)).toMatchObject({
      ...{ kind: 'test page', actor: 'cli:ben', data: { responder: 'ana' } },
    });
    await site.story.pass('49m');
    await endTestPages(site.ports, site.story.clock.now());
    expect(await read<Seen>(site.get('/api/contacts/ana/test'))).not.toHaveProperty('test');
    await site.story.pass('3h');
    expect(site.story.pages()).toHaveLength(1);
  });

  it('may be asked for again after a minute', async () => {
    const site = open();
    await site.post('/api/contacts/ana/test');
    await site.story.pass('1m');
    expect((await site.post('/api/contacts/ana/test')).status).toBe(200);
    await site.story.pass('1m');
    expect(site.story.pages()).toHaveLength(2);
    expect(await read<Seen>(site.get('/api/contacts/ana/test'))).toMatchObject({ test: { state: 'delivered' } });
  });

  it('goes to others only by an admin', async () => {
    const site = siteOf({ ...guarded, secrets: { KEY: 'k', PASSWORD: 'p' } });
    const post = (name: string) => site.post(`/api/contacts/${name}/test`, undefined, basic('ana', 'p'));
    expect((await post('ben')).status).toBe(403);
    expect((await post('me')).status).toBe(200);
  });
});

describe('integrations', () => {
  it('says when something last came to a source of alerts', async () => {
    const site = open();
    const heard = async () => {
      const { sources } = await read<IntegrationsDto>(site.get('/api/integrations'));
      const { heardAt, unheard } = sources.find(({ name }) => name === 'prometheus') ?? {};
      return { heardAt, unheard };
    };
    expect(await heard()).toEqual({ unheard: true });
    await site.post('/v2/enqueue', { event_action: 'resolve', dedup_key: 'x' });
    expect(await heard()).toEqual({ heardAt: new Date(site.story.clock.now()).toISOString() });
  });

  it('say when a contact last took a page, and which rules a source does not serve', async () => {
    const site = open();
    await site.incident();
    await site.story.pass('1m');
    const { contacts, sources, hooks } = await read<IntegrationsDto>(site.get('/api/integrations'));
    expect(contacts.filter(({ deliveredAt }) => deliveredAt !== undefined).length).toBeGreaterThan(0);
    expect(sources.find(({ name }) => name === 'pushed')).toMatchObject({ rules: 1 });
    expect(hooks).toMatchObject([{ deployment: 'served', kind: 'webhook', unanswered: false }]);
  });

  it('count the pages that a contact does not take, with the error', async () => {
    const site = open();
    const [first] = await contactsOf(site);
    for (const { key } of await contactsOf(site)) site.story.phones.behave(key, 'hangs');
    expect(first).toMatchObject({ waiting: 0, held: 0 });
    await site.incident();
    const stuck = (await contactsOf(site)).filter(({ waiting, held }) => waiting + held > 0);
    expect(stuck).toMatchObject([{ lastError: expect.stringContaining('did not answer'), oldestAt: expect.any(String) }]);
    await site.story.pass('2h');
    const failures = (await contactsOf(site)).flatMap(({ failure }) => failure?.kind ?? []);
    expect(failures).toContain('dead');
  });
});

const contactsOf = async (site: Site) => (await read<IntegrationsDto>(site.get('/api/integrations'))).contacts;
