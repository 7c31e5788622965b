import { describe, expect, test } from 'vitest';
import type { Part } from '../../scenario/harness.ts';
import { minute, t0 } from '../../scenario/harness.ts';
import { basic, type Site, siteOf } from '../site.ts';

const sources: Part['sources'] = {
  pushed: { kind: 'samples', labels: { environment: 'live' } },
  prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing' },
  other: { kind: 'alerts', category: 'availability', runbook: 'source-failing' },
};
const house = (part: Part = {}, more: Parameters<typeof siteOf>[0] = {}): Site =>
  siteOf({ part: { sources, ...part }, ...more, settings: { groupBy: ['model'], ...more.settings } });

const fire = (site: Site, labels: Record<string, string>, source = 'prom') =>
  site.post(`/alerts/${source}/api/v2/alerts`, [{ labels, annotations: { summary: 'it is bad' } }]);

type Shown = {
  labels: Record<string, string>;
  fingerprint: string;
  status: { state: string; silencedBy: string[]; inhibitedBy: string[]; mutedBy: string[] };
  receivers: { name: string }[];
};
const shown = async (site: Site, query = '', path = '/api/v2/alerts'): Promise<Shown[]> =>
  (await (await site.get(`${path}${query}`)).json()) as Shown[];
const names = async (site: Site, query = '', path?: string): Promise<string[]> =>
  (await shown(site, query, path)).map(({ labels }) => labels['alertname'] ?? labels['rule'] ?? '').toSorted();
const filter = (...texts: string[]): string => `?${texts.map((text) => `filter=${encodeURIComponent(text)}`).join('&')}`;

type Planned = { id?: string; from?: number; to?: number; comment?: string; createdBy?: string; matchers?: object[] };
const planned = ({ id, from = 0, to = 60, comment = 'deploying', createdBy = 'ana', matchers }: Planned = {}) => ({
  id,
  matchers: matchers ?? [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
  startsAt: new Date(t0 + from * minute).toISOString(),
  endsAt: new Date(t0 + to * minute).toISOString(),
  createdBy,
  comment,
});
const silence = (site: Site, plan: Planned = {}, headers = {}) => site.post('/api/v2/silences', planned(plan), headers);
const idOf = async (answer: Response): Promise<string> => ((await answer.json()) as { silenceID: string }).silenceID;
const silences = async (site: Site, query = ''): Promise<Record<string, unknown>[]> =>
  (await (await site.get(`/api/v2/silences${query}`)).json()) as Record<string, unknown>[];

describe('alerts, as clients of an Alertmanager ask for them', () => {
  test('are those of rules and of other systems, with labels that a silence may name', async () => {
    const site = house();
    await site.incident();
    await fire(site, { alertname: 'Down', severity: 'page', model: 'm' });
    const [ours, theirs] = (await shown(site)).toSorted((a) => ('rule' in a.labels ? -1 : 1));
    expect(ours).toMatchObject({ labels: { category: expect.any(String), severity: 'critical' }, status: { state: 'active' } });
    expect(ours?.labels).not.toHaveProperty('alertname');
    expect(theirs).toMatchObject({
      labels: { alertname: 'Down', severity: 'page', model: 'm' },
      annotations: { summary: 'it is bad', runbook: 'source-failing' },
      startsAt: expect.stringContaining('2026-01-05T09:'),
    });
  });

  test('are answered whatever a filter holds, without trying it again and again', async () => {
    const hostile = `a=a=${'+'.repeat(16_000)}"`;
    expect((await house().get(`/api/v2/alerts?filter=${hostile}`)).status).toBe(400);
  });

  test('are picked by matchers with every operator, quoted or not', async () => {
    const site = house();
    await fire(site, { alertname: 'Down', model: 'a b,c' });
    await fire(site, { alertname: 'Slow', model: 'x' });
    expect(await names(site, filter('alertname=Down'))).toEqual(['Down']);
    expect(await names(site, filter('alertname="Down"', 'model="a b,c"'))).toEqual(['Down']);
    expect(await names(site, filter('model=a b,c'))).toEqual(['Down']);
    expect(await names(site, filter('alertname=~"D.*|S.*"', 'model!="x"'))).toEqual(['Down']);
    expect(await names(site, filter('alertname!~D.*'))).toEqual(['Slow']);
    expect(await names(site, filter('nothing=""'))).toEqual(['Down', 'Slow']);
    for (const wrong of ['alertname', 'a=~"("', '="x"'])
      expect((await site.get(`/api/v2/alerts${filter(wrong)}`)).status).toBe(400);
  });

  test('below a source are those of that source', async () => {
    const site = house();
    await fire(site, { alertname: 'Down' });
    await fire(site, { alertname: 'Slow' }, 'other');
    expect(await names(site, '', '/alerts/other/api/v2/alerts/')).toEqual(['Slow']);
  });

  test('say what withholds their pages from the moment it does', async () => {
    const inhibitions: Part['inhibitions'] = [
      { name: 'cluster', source: 'alertname=Cluster', target: 'alertname=Down', equal: ['model'] } as never,
    ];
    const routes = [{ name: 'dev', match: 'env=dev', pages: 'nobody' }] as never;
    const site = house({ inhibitions, routes });
    await fire(site, { alertname: 'Cluster', model: 'm' });
    await fire(site, { alertname: 'Down', model: 'm' });
    await fire(site, { alertname: 'Idle', env: 'dev' });
    await fire(site, { alertname: 'Slow' });
    const id = await idOf(
      await silence(site, { matchers: [{ name: 'alertname', value: 'Sl.w', isRegex: true, isEqual: true }] }),
    );
    const all = await shown(site);
    const of = (name: string) => all.find(({ labels }) => labels['alertname'] === name);
    expect(of('Cluster')?.status).toEqual({ state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] });
    expect(of('Slow')?.status).toMatchObject({ state: 'suppressed', silencedBy: [id] });
    expect(of('Down')?.status).toMatchObject({ state: 'suppressed', inhibitedBy: [of('Cluster')?.fingerprint] });
    expect(of('Idle')).toMatchObject({ status: { state: 'suppressed', mutedBy: [expect.stringContaining('dev')] } });
    expect(of('Idle')?.receivers).toEqual([{ name: '(nobody)' }]);
    expect(await names(site, '?silenced=false')).toEqual(['Cluster', 'Down', 'Idle']);
    expect(await names(site, '?inhibited=false&muted=false')).toEqual(['Cluster', 'Slow']);
    expect(await names(site, '?active=false')).toEqual(['Down', 'Idle', 'Slow']);
    expect(await names(site, '?receiver=%5C(nobody%5C)')).toEqual(['Idle']);
    expect(await names(site, '?receiver=nobody')).toEqual([]);
  });

  test('come in groups by receiver and by the labels that group them', async () => {
    const site = house();
    await fire(site, { alertname: 'Down', model: 'a', severity: 'critical' });
    await fire(site, { alertname: 'Slow', model: 'a', severity: 'critical' });
    await fire(site, { alertname: 'Down', model: 'b', severity: 'critical' });
    const groups = (await (await site.get('/api/v2/alerts/groups')).json()) as { labels: object; alerts: Shown[] }[];
    expect(groups.map(({ alerts }) => alerts.length).toSorted()).toEqual([1, 2]);
    expect(groups.map(({ labels }) => labels)).toContainEqual({ model: 'a' });
  });
});

describe('silences made as in an Alertmanager', () => {
  test('are those of Tocsin: listed beside them, in the audit log under who made them, and nobody is paged', async () => {
    const site = house();
    const id = await idOf(await silence(site));
    await fire(site, { alertname: 'Down', severity: 'critical' });
    await site.story.pass('5m');
    expect(site.story.pages()).toEqual([]);
    expect(await (await site.get('/api/silences')).json()).toMatchObject({ silences: [{ id, by: 'ana', comment: 'deploying' }] });
    expect(await (await site.get('/api/audit-log')).json()).toMatchObject({ entries: [{ kind: 'silenced', actor: 'ana' }] });
    expect(await (await site.get(`/api/v2/silence/${id}`)).json()).toMatchObject({
      id,
      createdBy: 'ana',
      matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
      status: { state: 'active' },
    });
  });

  test('may begin later, and mute nothing before that', async () => {
    const site = house();
    await silence(site, { from: 30, to: 90 });
    expect(await silences(site)).toMatchObject([{ status: { state: 'pending' } }]);
    await fire(site, { alertname: 'Down', severity: 'critical' });
    await site.story.pass('1m');
    expect(site.story.pages()).toHaveLength(1);
    site.story.clock.set(t0 + 31 * minute);
    expect(await silences(site)).toMatchObject([{ status: { state: 'active' } }]);
  });

  test('keep their id with another end or comment, and end for a new one with other matchers', async () => {
    const site = house();
    const id = await idOf(await silence(site));
    expect(await idOf(await silence(site, { id, to: 120, comment: 'still' }))).toBe(id);
    expect(await silences(site)).toMatchObject([{ id, comment: 'still', endsAt: new Date(t0 + 120 * minute).toISOString() }]);
    const matchers = [{ name: 'alertname', value: 'Slow', isRegex: false }];
    const fresh = await idOf(await silence(site, { id, matchers }));
    expect(fresh).not.toBe(id);
    expect(await silences(site)).toMatchObject([
      { id: fresh, status: { state: 'active' } },
      { id, status: { state: 'expired' } },
    ]);
    const { entries } = (await (await site.get('/api/audit-log')).json()) as { entries: { kind: string }[] };
    expect(entries.map(({ kind }) => kind).toSorted()).toEqual(['silence ended', 'silenced', 'silenced', 'silenced']);
  });

  test('end when they are deleted, and are listed as expired', async () => {
    const site = house();
    const id = await idOf(await silence(site));
    expect((await site.app.request(`/api/v2/silence/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await silences(site)).toMatchObject([{ id, status: { state: 'expired' } }]);
    expect((await site.app.request(`/api/v2/silence/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await (await silence(site, { id })).json()).toMatch(/not found/);
  });

  test('are picked by the text of their matchers', async () => {
    const site = house();
    await silence(site);
    expect(await silences(site, filter('alertname=Down'))).toHaveLength(1);
    expect(await silences(site, filter('alertname=Slow'))).toHaveLength(0);
    expect(await silences(site, filter('alertname!=Down'))).toHaveLength(0);
    expect(await silences(site, filter('other=""'))).toHaveLength(1);
  });

  test.each([
    ['an end that has passed', { from: -9, to: -5 }, 400, /ends after now/],
    ['an end before its start', { from: 60, to: 30 }, 400, /ends after it starts/],
    [
      'matchers that every alert meets',
      { matchers: [{ name: 'a', value: '.*', isRegex: true }] },
      400,
      /must not match the empty/,
    ],
    ['a pattern that is none', { matchers: [{ name: 'a', value: '(', isRegex: true }] }, 400, /RE2/],
    ['no matchers', { matchers: [] }, 422, /silence\.matchers in body/],
    ['half a year', { to: 180 * 1440 }, 400, /lasts from 1s to 90d/],
  ])('are refused with %s, in its shape', async (_, plan, status, why) => {
    const answer = await silence(house(), plan);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(await answer.json())).toMatch(why);
  });

  test.each(['{', '[]', 'null', '""', '{"matchers":{}}', `{"matchers":[${'{},'.repeat(9)}{}]}`, '{"__proto__":{"id":1}}'])(
    'are refused with the body %s',
    async (body) => {
      expect([400, 422]).toContain((await house().post('/api/v2/silences', body)).status);
    },
  );

  test('are refused with what was received where that is no JSON', async () => {
    const answer = await house().post('/api/v2/silences', '{');
    expect(await answer.json()).toMatchObject({
      message: expect.stringMatching(/expected JSON in UTF-8; received 1 characters that are no JSON$/),
    });
  });
});

describe('who may', () => {
  const guarded = {
    settings: { ingestKeys: [{ name: 'prom', secret: 'KEY', scope: ['alerts' as const] }], webPassword: 'PASSWORD' },
    secrets: { KEY: 'key', PASSWORD: 'word' },
  };

  test('read and silence: whoever knows the web password, and no key that sends alerts', async () => {
    const site = house({}, guarded);
    for (const path of ['alerts', 'alerts/groups', 'silences', 'silence/x', 'status', 'receivers'])
      expect((await site.get(`/api/v2/${path}`, { Authorization: 'Bearer key' })).status).toBe(401);
    expect((await silence(site, {}, { Authorization: 'Bearer key' })).status).toBe(401);
    expect((await silence(site, {}, basic('karma', 'key'))).status).toBe(401);
    expect((await silence(site, { createdBy: 'ana' }, basic('karma', 'word'))).status).toBe(200);
    expect((await silence(site, { createdBy: 'tocsin' }, basic('karma', 'word'))).status).toBe(200);
    const { entries } = (await (await site.get('/api/audit-log', basic('x', 'word'))).json()) as { entries: { actor: string }[] };
    expect(entries.map(({ actor }) => actor)).toEqual(expect.arrayContaining(['ana', 'web:karma']));
  });

  test('silence for more than a day: an admin, and others hear why not', async () => {
    const answer = await silence(house({}, guarded), { to: 3 * 1440 }, basic('karma', 'word'));
    expect([answer.status, await answer.json()]).toEqual([400, expect.stringMatching(/more than 1d takes the role admin/)]);
  });

  test('know the version and reload: everybody the first, nobody the second', async () => {
    const site = house({}, { ...guarded, access: 'public' });
    expect(await (await site.get('/metrics')).text()).toMatch(/^alertmanager_build_info\{.*version="0\.25\.0\+tocsin\./m);
    expect((await site.post('/-/reload')).status).toBe(501);
  });
});
