import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notePages } from '../../app/digest/note-pages.ts';
import { readDigest } from '../../app/digest/read-digest.ts';
import { overPages } from '../../cli/page-budget.ts';
import { callsForSomebody } from '../../core/response/paging/posted.ts';
import { type Digest, digestOf } from '../../core/selfcheck/digest/digest.ts';
import { digestLines } from '../../core/selfcheck/digest/lines.ts';
import { siteOf } from '../http/site.ts';
import { configOf, hour, minute, ruleOn, type Story, storyOf, t0 } from './harness.ts';

const read = (story: Story, from = t0, zone = 'UTC'): Promise<Digest> =>
  readDigest(story.ports, { from, to: story.clock.now(), zone });
const policies = { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }], repeat: 1, pagesAWeek: 1 } };

describe('a digest', () => {
  it('counts incidents by rule, pages and nights per person, and what policies paged', async () => {
    const story = storyOf({
      policies,
      rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') },
      settings: { groupBy: ['rule'] },
    });
    await story.value('latency', 'critical');
    await story.pass('16m');
    await story.press('acknowledge');
    await story.value('latency', 'ok');
    await story.pass('10m');
    // 23:30 at the first, half past midnight at the second: one night.
    for (const time of ['@14:30', '@15:30']) {
      await story.pass(time);
      await story.value('nulls', 'critical');
      await story.pass('2m');
      await story.press('acknowledge');
      await story.value('nulls', 'ok');
      await story.pass('10m');
    }
    const digest = await read(story);
    expect(digest.incidents).toMatchObject({
      began: 3,
      open: 0,
      byRule: [
        { rule: 'nulls', severity: 'critical', count: 2 },
        { rule: 'slow', severity: 'critical', count: 1 },
      ],
    });
    expect(digest.people).toEqual([{ person: 'responder/ana', pages: 4, critical: 4, nights: 1 }]);
    // That nobody acknowledged within 15 minutes is no page of the rules.
    expect(digest.policies).toEqual([{ policy: 'duty', pages: 3, pagesAWeek: 1 }]);
    expect(digestLines(digest)).toContain('  duty paged 3 times; its budget is 1 a week: over it');
    expect(digestLines(digest)).toContain('  responder/ana: 4 pages, 4 critical, 1 broken night (UTC)');
    expect((await read(story, t0, 'America/New_York')).people[0]?.nights).toBe(1);
    expect((await read(story, t0, 'Asia/Tokyo')).people[0]?.nights).toBe(0);
    expect((await read(story, t0 + 12 * hour)).people[0]?.pages).toBe(2);
  });

  it('says a name from outside in one line, which can forge no other, and is cut', () => {
    const rule = `prom/a\nNobody was paged\u2028\u001b[2J${'x'.repeat(1000)}`;
    const empty = { told: [], unread: 0, silences: [], alerts: [] };
    const digest = digestOf({ ...empty, from: t0, to: t0 + hour, zone: 'UTC', troubles: [] }, {});
    const lines = digestLines({
      ...digest,
      incidents: { began: 1, open: 0, byRule: [{ rule, severity: 'critical', count: 1 }] },
    });
    expect(lines).toHaveLength(digestLines(digest).length + 1);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(line.length).toBeLessThanOrEqual(300);
    }
  });

  it('tells of info, of what is muted and silenced, and of what is not judged', async () => {
    const prom = { kind: 'alerts', category: 'availability', runbook: 'source-failing' } as const;
    const site = siteOf({ part: { sources: { prom, pushed: { kind: 'samples' } } } });
    const at = (ms: number): string => new Date(site.story.clock.now() + ms).toISOString();
    for (const host of ['a', 'b', 'c']) {
      const labels = { alertname: 'Deployed', severity: 'info', host };
      await site.post('/api/v2/alerts', [{ labels, annotations: {}, startsAt: at(0), endsAt: at(60 * minute) }]);
    }
    await site.story.silence({ rule: 'slow' }, '5h');
    await site.story.value('latency', 'critical');
    await site.story.pass('2m');
    const digest = await readDigest(site.ports, { from: t0, to: site.story.clock.now(), zone: 'UTC' });
    expect(digest.info).toEqual([{ rule: 'prom/Deployed', count: 3 }]);
    expect(digest.incidents.began).toBe(1);
    expect(digest.people).toEqual([]);
    expect(digest.muted).toMatchObject([{ alerts: 1, why: expect.stringContaining('silenced by ana') }]);
    expect(digest.silences).toMatchObject([{ match: 'rule="slow"', by: 'responder/ana' }]);
    const quiet = await read(storyOf());
    expect(digestLines(quiet)).toContain('Nobody was paged');
    const body = (await (await site.get('/api/digest?since=1h')).json()) as { lines: string[] };
    expect(body.lines).toContain('  prom/Deployed: fired 3 times');
  });

  it('counts every page that somebody got, whatever happens', async () => {
    const step = fc.record({
      level: fc.constantFrom('ok' as const, 'warn' as const, 'critical' as const),
      minutes: fc.integer({ min: 1, max: 40 }),
      acknowledges: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const story = storyOf();
        for (const { level, minutes, acknowledges } of steps) {
          await story.value('latency', level);
          await story.pass(`${minutes}m`);
          if (acknowledges) await story.press('acknowledge').catch(() => undefined);
        }
        await story.pass('1s');
        const { people } = await read(story);
        const rung = story.phones.rung
          .flatMap(({ page }) => [page, ...page.held])
          .filter(({ reason }) => callsForSomebody(reason));
        expect(people.reduce((sum, { pages }) => sum + pages, 0)).toBe(rung.length);
        await story.store.close();
      }),
      { numRuns: 15 },
    );
  });

  it('is small, however much there is, and says what it leaves out', () => {
    const alerts = Array.from({ length: 90 }, (_, n) => ({
      rule: `r${n}`,
      text: 'no data',
      since: t0,
      kind: 'no data' as const,
      degrades: true,
    }));
    const digest = digestOf(
      { from: t0, to: t0 + hour, zone: 'UTC', told: [], unread: 7, silences: [], alerts: [], troubles: alerts },
      {},
    );
    const lines = digestLines(digest);
    expect(lines).toContain('  and 70 more');
    expect(lines.join()).toContain('7 more incidents of this time could not be read');
    expect(lines.length).toBeLessThan(40);
  });
});

describe('a budget of pages', () => {
  it('is compared with the pages that came, in /healthz and on the page of incidents', async () => {
    const site = siteOf({ part: { policies, sources: { pushed: { kind: 'samples' } } } });
    await site.incident();
    await site.story.pass('2m');
    await notePages(site.ports, site.story.clock.now());
    expect(await (await site.get('/healthz')).json()).toMatchObject({
      pagesOfLastWeek: [{ policy: 'duty', pages: 1, pagesAWeek: 1 }],
    });
    expect(await (await site.get('/')).text()).toContain('duty paged 1 time; its budget is 1 a week');
  });

  it('is compared with the false alarms to expect, of all rules that page by the policy', () => {
    const config = configOf({ policies, rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') } });
    const expected = (alarms: number) =>
      ['slow', 'nulls'].map((rule) => ({ rule, from: 'assumed' as const, ok: true as const, alarms, tested: 1 }));
    expect(overPages(config, expected(2), t0)).toEqual([]);
    expect(overPages(config, expected(3), t0)).toEqual([
      'duty has a budget of 1 pages a week, but 1.4 false alarms are expected, of slow, nulls',
    ]);
    const quiet = configOf({
      policies,
      rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls') },
      routes: [{ name: 'quiet', match: { rule: 'nulls' }, pages: 'nobody' }],
    });
    expect(overPages(quiet, expected(3), t0)).toEqual([]);
  });
});
