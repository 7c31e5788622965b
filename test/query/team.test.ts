import { expect, it } from 'vitest';
import type { IncidentListDto } from '../../http/api/dto/incident-list.ts';
import type { ModelsDto } from '../../http/api/dto/model.ts';
import type { NowDto } from '../../http/api/dto/now.ts';
import type { RuleListDto } from '../../http/api/dto/rule-list.ts';
import type { SessionDto } from '../../http/api/dto/session.ts';
import { basic, type Site, siteOf } from '../http/site.ts';
import { ruleOn } from '../scenario/harness.ts';

const predictions = (model: string) => ({ kind: 'predictions' as const, model, bucket: '1h' });
const about = (metric: string, model: string, owner?: string) =>
  ruleOn(metric, { title: metric, labels: { model }, ...(owner !== undefined && { owner }) });

const part = {
  sources: { pushed: { kind: 'samples' as const }, arrivals: predictions('arrivals'), churn: predictions('churn') },
  rules: {
    late: about('late', 'arrivals', 'flights'),
    leaving: about('leaving', 'churn', 'shop'),
    paying: about('paying', 'churn', 'shop'),
    nobodys: about('nobodys', 'heating'),
  },
  schedules: { ml: { timezone: 'Europe/Berlin', start: '2026-01-05T09:00', rotation: 'weekly' as const, responders: ['lea'] } },
  teams: { flights: { members: ['lea'], schedule: 'ml' }, shop: { members: ['max'] } },
};
const open = (): Site => siteOf({ part, settings: { webPassword: 'PASSWORD' }, secrets: { PASSWORD: 'p' } });
const as = async <T>(site: Site, who: string, path: string): Promise<T> =>
  (await (await site.get(path, basic(who, 'p'))).json()) as T;

/** An incident of each model. */
async function burning(): Promise<Site> {
  const site = open();
  for (const metric of ['late', 'leaving', 'nobodys']) await site.story.value(metric, 'critical');
  await site.story.pass('2m');
  return site;
}

it('lists what a team owns, and says what it leaves out with each critical incident of others by name', async () => {
  const site = await burning();
  const now = await as<NowDto>(site, 'lea', '/api/now?team=flights');
  expect(now.incidents.shown.map(({ rule }) => rule).sort()).toEqual(['late', 'nobodys']);
  expect(now.incidents.total).toBe(2);
  expect(now.counts).toMatchObject({ critical: 2 });
  expect(now.ofOthers).toMatchObject({ team: 'flights', incidents: { total: 1, critical: 1 }, rules: { critical: 1 } });
  expect(now.ofOthers?.incidents?.shown).toHaveLength(1);
  expect(now.ofOthers?.text).toBe(
    'Left out, of other teams: 1 incident, critical and open; 2 rules, of which 1 fires and 1 cannot tell.',
  );
  const all = await as<NowDto>(site, 'lea', '/api/now');
  expect(all.ofOthers).toBeUndefined();
  expect(all.incidents.total).toBe(3);
});

it('puts what is of whoever asks first among equals, and marks it', async () => {
  const site = await burning();
  const [first, ...rest] = (await as<NowDto>(site, 'max', '/api/now')).incidents.shown;
  expect(first).toMatchObject({ rule: 'leaving', isOwn: true });
  expect(rest.every(({ isOwn }) => isOwn === undefined)).toBe(true);
  const { models } = await as<ModelsDto>(site, 'max', '/api/models');
  expect(models.map(({ model }) => model)).toEqual(['churn', 'arrivals']);
  expect((await as<ModelsDto>(site, 'lea', '/api/models')).models.map(({ model }) => model)).toEqual(['arrivals', 'churn']);
});

it('an incident that pages a member is of the team, whoever owns its rule', async () => {
  const site = siteOf({ part: { ...part, teams: { ...part.teams, flights: { members: ['lea', 'ana'] } } } });
  await site.story.value('leaving', 'critical');
  await site.story.pass('2m');
  const { incidents } = (await (await site.get('/api/now?team=flights')).json()) as NowDto;
  expect(incidents.shown.map(({ rule, paged }) => [rule, paged])).toEqual([['leaving', ['ana']]]);
});

it('lists of incidents, rules and models say what they leave out', async () => {
  const site = await burning();
  const incidents = await as<IncidentListDto>(site, 'lea', '/api/incidents?team=shop');
  expect(incidents).toMatchObject({
    found: { total: 2, counts: { critical: 2 } },
    ofOthers: { incidents: { total: 1, critical: 1 } },
  });
  const rules = await as<RuleListDto>(site, 'lea', '/api/rule-health?team=shop&limit=1');
  expect(rules).toMatchObject({ total: 3, next: 'leaving', ofOthers: { rules: { critical: 1 } } });
  const next = await as<RuleListDto>(site, 'lea', '/api/rule-health?team=shop&limit=5&cursor=leaving');
  expect(next.rules.map(({ rule }) => rule)).toEqual(['paying', 'nobodys']);
  const models = await as<ModelsDto>(site, 'lea', '/api/models?team=shop');
  expect(models).toMatchObject({ total: 1, models: [{ model: 'churn' }], ofOthers: { models: { total: 1, unwell: 1 } } });
  for (const path of ['now', 'incidents', 'rule-health', 'models'])
    expect((await site.get(`/api/${path}?team=shpo`, basic('lea', 'p'))).status).toBe(400);
});

it('a session says which teams there are, one’s own first, and where their schedule is', async () => {
  const { teams } = await as<SessionDto>(open(), 'max', '/api/session');
  expect(teams).toEqual([
    { name: 'shop', isOwn: true },
    { name: 'flights', schedule: { name: 'ml', timezone: 'Europe/Berlin' } },
  ]);
});
