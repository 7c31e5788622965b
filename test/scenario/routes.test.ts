import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Site, siteOf } from '../http/site.ts';
import type { Part } from './harness.ts';
import { minute } from './harness.ts';

const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing' } as const;
const people: Part = {
  sources: { prom },
  rules: {},
  channels: { all: { terminal: true } },
  responders: {
    ana: { name: 'Ana', contacts: [{ sns: 'ana' }] },
    pay: { name: 'Pay', contacts: [{ sns: 'pay' }] },
    lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
  },
  policies: {
    duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] },
    payments: { tiers: [{ targets: [{ responder: 'pay' }], ackWithin: '15m' }] },
    leads: { tiers: [{ targets: [{ responder: 'lea' }], ackWithin: '15m' }] },
  },
  matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } } },
  routes: [
    { name: 'sandbox', match: ['environment=~"dev|sandbox"'], pages: 'nobody' },
    { name: 'audit', match: ['audited=yes'], continue: true, tell: [{ responder: 'lea' }] },
    {
      name: 'payments',
      match: ['team=payments'],
      policy: 'payments',
      continue: true,
      routes: [{ name: 'payments-critical', match: ['severity=critical', 'tier=1'], policy: 'leads' }],
    },
    { name: 'everybody', match: ['team=~".+"'], policy: 'duty', tell: [{ responder: 'ana' }] },
  ],
};
const house = (part: Part = {}): Site =>
  siteOf({ part: { ...people, ...part }, settings: { groupBy: ['model'], groupWait: '0s', resolveDelay: '1m' } });

type Sent = { labels?: Record<string, string>; severity?: string; over?: boolean };
const send = async (site: Site, ...sent: Sent[]): Promise<void> => {
  const at = (ms: number): string => new Date(site.story.clock.now() + ms).toISOString();
  const answer = await site.post(
    '/api/v2/alerts',
    sent.map(({ labels = {}, severity = 'critical', over = false }) => ({
      labels: { alertname: 'Down', severity, model: 'm', ...labels },
      annotations: {},
      startsAt: at(0),
      endsAt: at(over ? 0 : 600 * minute),
    })),
  );
  expect(answer.status).toBe(200);
};
/** `triggered ana`: what was sent to whom. */
const heard = (site: Site): string[] =>
  site.story.pages().map((page) => page.replace(/^\S+ ([a-z ]+): \S+ by \S+:(\w+)$/, '$1 $2'));

describe('routes', () => {
  it('page the policy of the deepest that matches, and the matrix where none does', async () => {
    const story = async (labels: Record<string, string>, severity = 'critical') => {
      const site = house();
      await send(site, { labels, severity });
      await site.story.pass('1m');
      return heard(site);
    };
    expect(await story({})).toEqual(['triggered ana']);
    expect(await story({ team: 'payments' })).toEqual(['triggered pay', 'told ana']);
    expect(await story({ team: 'payments', tier: '1' })).toEqual(['triggered lea', 'told ana']);
    expect(await story({ team: 'payments', tier: '1' }, 'warning')).toEqual(['triggered pay', 'told ana']);
    expect(await story({ audited: 'yes' })).toEqual(['triggered ana', 'told lea']);
    expect(await story({ team: 'web' })).toEqual(['triggered ana']);
  });

  it('to nobody record and show an alert with the reason, and page nobody; a neighbour still pages', async () => {
    const site = house();
    await send(site, { labels: { environment: 'dev' } });
    await site.story.pass('1h');
    expect(heard(site)).toEqual([]);
    expect(await site.story.incident()).toMatchObject({
      counts: { muted: 1 },
      alerts: [{ muted: { by: 'route' } }],
    });
    await send(site, { labels: { environment: 'live' } });
    await site.story.pass('1m');
    expect(heard(site)).toEqual(['triggered ana']);
  });

  it('tell of the end, too, and nothing escalates for those who are only told', async () => {
    const site = house();
    await send(site, { labels: { audited: 'yes' } });
    await site.story.pass('1m');
    await send(site, { labels: { audited: 'yes' }, over: true });
    await site.story.pass('5m');
    expect(heard(site).toSorted()).toEqual(['resolved ana', 'resolved lea', 'told lea', 'triggered ana']);
    expect(await site.story.told('told')).toEqual([expect.stringMatching(/: told, responder\/lea$/)]);
  });

  it('that page nobody tell whom they name, once a severity, of the end, and again when it comes back', async () => {
    const quiet = { name: 'quiet', match: ['environment=dev'], pages: 'nobody' as const, tell: [{ responder: 'lea' }] };
    const site = house({ routes: [quiet, ...(people.routes ?? [])] });
    await send(site, { labels: { environment: 'dev' }, severity: 'warning' });
    await site.story.pass('2m');
    await send(site, { labels: { environment: 'dev', alertname: 'Other' }, severity: 'warning' });
    await site.story.pass('2m');
    expect(heard(site)).toEqual(['told lea']);
    await send(site, { labels: { environment: 'dev', alertname: 'Worse' } });
    await site.story.pass('2m');
    expect(heard(site)).toEqual(['told lea', 'told lea']);
    expect(await site.story.entries('told')).toMatchObject([{ data: { severity: 'warn' } }, { data: { severity: 'critical' } }]);
    expect((await site.story.entries('told')).at(-1)?.text).toMatch(
      /^responder\/lea is told: .*critical: Worse fires in prom; the route quiet pages nobody$/,
    );
    for (const alertname of ['Down', 'Other', 'Worse']) {
      const severity = alertname === 'Worse' ? 'critical' : 'warning';
      await send(site, { labels: { environment: 'dev', alertname }, severity, over: true });
    }
    await site.story.pass('2m');
    expect(heard(site)).toEqual(['told lea', 'told lea', 'resolved lea']);
    await send(site, { labels: { environment: 'dev' }, severity: 'warning' });
    await site.story.pass('2m');
    expect(heard(site).at(-1)).toBe('told lea');
    await site.story.silence({ environment: 'dev' }, '1h');
    await send(site, { labels: { environment: 'dev', alertname: 'Silenced' } });
    await site.story.pass('2m');
    // Whoever silences does not want to hear of it.
    expect(heard(site)).toHaveLength(4);
    expect((await site.story.incident()).escalation.tier).toBe(0);
  });

  it('follow the worst alert of an incident, whose policy stays as it was frozen', async () => {
    const site = house();
    await send(site, { severity: 'warning' });
    await site.story.pass('1m');
    await send(site, { labels: { alertname: 'Worse', team: 'payments' } });
    await site.story.pass('1m');
    expect(heard(site)).toEqual(['triggered ana', 'severity raised pay', 'told ana']);
    site.ports.config.routes = [];
    await site.story.pass('16m');
    const policy = (await site.story.incident()).policies[(await site.story.incident()).policyKey];
    expect(policy).toMatchObject({ name: 'payments', route: ['payments'] });
  });
});

it('whatever the routes are, every alert that pages has a policy, and only a route to nobody keeps one quiet', async () => {
  const match = fc.constantFrom<string[]>(
    ['team=a'],
    ['team!=a'],
    ['severity=critical'],
    ['host=~"x|y"'],
    ['team=~".*"'],
    ['severity=page'],
  );
  const leaf = fc.record({
    match,
    decides: fc.constantFrom<object>(
      { policy: 'duty' },
      { policy: 'payments' },
      { policy: 'leads' },
      { pages: 'nobody' as const },
      {},
    ),
    more: fc.boolean(),
  });
  const alert = fc.record({
    team: fc.constantFrom('a', 'b', ''),
    host: fc.constantFrom('x', 'z'),
    severity: fc.constantFrom('critical', 'page', 'warning'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(leaf, fc.array(leaf, { maxLength: 2 })), { maxLength: 4 }),
      alert,
      async (tree, labels) => {
        let n = 0;
        const isOpen = (texts: string[]): boolean => texts[0] === 'team!=a' || texts[0] === 'team=~".*"';
        const routeOf = ({ match, decides, more }: { match: string[]; decides: object; more: boolean }) => ({
          ...{ name: `r${n++}`, match, continue: more || match[0] === 'team=~".*"' },
          ...('pages' in decides && isOpen(match) ? {} : decides),
        });
        const routes = tree.map(([outer, inner]) => ({ ...routeOf(outer), routes: inner.map(routeOf) })) as Part['routes'];
        const site = house({ routes });
        const { severity, ...own } = labels;
        await send(site, { labels: own, severity });
        await site.story.pass('1m');
        const incident = await site.story.incident();
        const quiet = incident.alerts[0]?.muted;
        if (quiet === undefined) expect(heard(site).filter((page) => page.startsWith('triggered')).length).toBe(1);
        else {
          expect(quiet.by).toBe('route');
          expect(heard(site)).toEqual([]);
          expect(JSON.stringify(routes)).toContain('nobody');
        }
      },
    ),
    { numRuns: 30 },
  );
});
