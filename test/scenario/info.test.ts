import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingOf } from '../../core/response/incidents/info-only.ts';
import { type Site, siteOf } from '../http/site.ts';
import type { Part } from './harness.ts';
import { minute } from './harness.ts';

const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing' } as const;
const house = (part: Part = {}, settings: Part['settings'] = {}): Site =>
  siteOf({ part: { sources: { prom }, rules: {}, ...part }, settings: { groupBy: ['model'], groupWait: '30s', ...settings } });

type Sent = { name?: string; severity?: string; over?: boolean };
const send = async (site: Site, ...sent: Sent[]): Promise<void> => {
  const at = (ms: number): string => new Date(site.story.clock.now() + ms).toISOString();
  const answer = await site.post(
    '/api/v2/alerts',
    sent.map(({ name = 'Full', severity = 'info', over = false }) => ({
      labels: { alertname: name, severity, model: 'm' },
      annotations: {},
      startsAt: at(0),
      endsAt: at(over ? 0 : 600 * minute),
    })),
  );
  expect(answer.status).toBe(200);
};
const incidents = (site: Site) => site.ports.store.incidents({ status: 'all', limit: 9 });

describe('an alert of severity info', () => {
  it('is recorded in an incident that is shown, pages nobody, and ends with it', async () => {
    const site = house();
    await send(site, {});
    await site.story.pass('3h');
    expect(site.story.pages()).toEqual([]);
    expect(await incidents(site)).toMatchObject([
      { status: 'waiting', severity: 'info', worst: 'info', counts: { critical: 0, warn: 0, info: 1, muted: 0 } },
    ]);
    expect((await site.story.told('alert fired', 'page', 'escalated')).length).toBe(1);
    expect(await (await site.get('/')).text()).toContain('recorded');
    await send(site, { over: true });
    await site.story.pass('10m');
    expect(await incidents(site)).toMatchObject([{ status: 'resolved' }]);
    expect(site.story.pages()).toEqual([]);
  });

  it('joins an open incident without a page, and does not keep it open', async () => {
    const site = house();
    await send(site, { name: 'Down', severity: 'critical' });
    await site.story.pass('1m');
    await send(site, {});
    await site.story.pass('20m');
    const reasons = site.story.pages().map((page) => page.replace(/^\S+ |: .*$/g, ''));
    expect(reasons).not.toContain('alert joined');
    await send(site, { name: 'Down', severity: 'critical', over: true });
    await site.story.pass('10m');
    expect(await incidents(site)).toMatchObject([{ status: 'resolved', counts: { info: 1 } }]);
  });

  it('does not speak for an incident of something worse, also when only it still fires', async () => {
    const site = house();
    await send(site, { name: 'Down', severity: 'critical' });
    await send(site, {});
    await send(site, { name: 'Down', severity: 'critical', over: true });
    await site.story.pass('10m');
    const [incident] = await incidents(site);
    expect(incident).toMatchObject({ status: 'resolved', title: 'Down (m)' });
    expect(leadingOf(incident?.alerts ?? [])).toMatchObject({ title: 'Down', state: 'resolved' });
  });

  it('does not reopen what is resolved; what is worse joins its incident and pages', async () => {
    const site = house();
    await send(site, { name: 'Down', severity: 'critical' });
    await site.story.pass('1m');
    await send(site, { name: 'Down', severity: 'critical', over: true });
    await site.story.pass('7m');
    const paged = site.story.pages().length;
    await send(site, {});
    await site.story.pass('5m');
    expect((await incidents(site)).map(({ status, severity }) => [status, severity])).toEqual([
      ['waiting', 'info'],
      ['resolved', 'critical'],
    ]);
    expect(site.story.pages().length).toBe(paged);
    await send(site, { name: 'Down', severity: 'critical' });
    await site.story.pass('1m');
    expect(site.story.pages().at(-1)).toMatch(/triggered: /);
    expect((await incidents(site))[0]).toMatchObject({ status: 'triggered', severity: 'critical', worst: 'critical' });
  });

  it('that comes while what a person has resolved still fires does not keep that from hearing of its end', async () => {
    const site = house({}, { reopenWindow: '0s' });
    await send(site, { name: 'Down', severity: 'critical' });
    await site.story.pass('1m');
    await site.story.press('resolve');
    await send(site, {});
    await send(site, { name: 'Down', severity: 'critical', over: true });
    await site.story.pass('2h');
    const reasons = site.story.pages().map((page) => page.replace(/^\S+ |: .*$/g, ''));
    expect(reasons).toEqual(['triggered', 'resolved']);
    await send(site, { name: 'Later' });
    expect(await incidents(site)).toMatchObject([{ status: 'waiting', severity: 'info' }, { status: 'resolved' }]);
  });

  it('that gets worse pages from then on, and an escalation of what is only info is refused with the reason', async () => {
    const site = house();
    await send(site, {});
    const [incident] = await incidents(site);
    const refused = await site.post(`/api/incidents/${incident?.id}/escalate`, {});
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('nothing that fires is more than info');
    await site.post(`/api/incidents/${incident?.id}/acknowledge`, {});
    await site.story.pass('5h');
    expect(site.story.pages()).toEqual([]);
    await send(site, { name: 'Slow', severity: 'warning' });
    await site.story.pass('1m');
    expect(site.story.pages().length).toBe(1);
  });

  it('inhibits what is info, and nothing that would page', async () => {
    const inhibitions = [{ name: 'i', source: 'alertname=Cause', target: 'alertname=~"E.*"' }];
    const site = house({ inhibitions });
    await send(site, { name: 'Cause' }, { name: 'Effect', severity: 'critical' }, { name: 'Echo' });
    const muted = (await site.ports.store.alerts()).map(({ labels, muted }) => [labels['alertname'], muted?.by]);
    expect(Object.fromEntries(muted)).toEqual({ Cause: undefined, Effect: undefined, Echo: 'inhibition' });
  });
});

it('whatever is sent, in whatever order: no page without something worse than info, and a critical always pages', async () => {
  const step = fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    severity: fc.constantFrom('info', 'none', 'warning', 'critical'),
    over: fc.boolean(),
    wait: fc.constantFrom('10s', '2m', '8m', '40m'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const site = house({}, { resolveDelay: '1m' });
      for (const { wait, ...sent } of steps) {
        await send(site, sent);
        await site.story.pass(wait);
      }
      await site.story.pass('2m');
      const sentPaging = steps.some(({ severity, over }) => !over && (severity === 'warning' || severity === 'critical'));
      if (!sentPaging) expect(site.story.pages()).toEqual([]);
      const last = new Map(steps.map(({ name, severity, over }) => [`${name} ${severity}`, { severity, over }]));
      const open = await site.ports.store.incidents({ status: 'open', limit: 9 });
      for (const { severity, counts, paged } of open) {
        if (counts.critical > 0) expect({ severity, paged }).toEqual({ severity: 'critical', paged: true });
        if (!paged) expect(counts.critical).toBe(0);
      }
      const isCritical = [...last.values()].some(({ severity, over }) => severity === 'critical' && !over);
      expect(open.some(({ counts }) => counts.critical > 0)).toBe(isCritical);
    }),
    { numRuns: 12 },
  );
});
