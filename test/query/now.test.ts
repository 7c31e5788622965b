import { expect, it } from 'vitest';
import type { NowDto } from '../../http/api/dto/now.ts';
import type { SparklinesDto } from '../../http/api/dto/sparkline.ts';
import { basic, type Site, siteOf } from '../http/site.ts';
import { ruleOn } from '../scenario/harness.ts';

const rules = {
  slow: ruleOn('latency', { title: 'Latency' }),
  calm: ruleOn('depth'),
  unsure: ruleOn('errors', { samples: { minCount: 30 } }),
};
const schedules = {
  ml: { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly' as const, responders: ['ana', 'ben'] },
};

const nowOf = async (site: Site, headers = {}): Promise<NowDto> => (await (await site.get('/api/now', headers)).json()) as NowDto;

async function burning(more: Parameters<typeof siteOf>[0] = {}): Promise<Site> {
  const site = siteOf({ part: { rules, schedules }, ...more });
  await site.story.value('depth', 'ok');
  await site.story.value('errors', 'critical');
  await site.incident();
  return site;
}

it('nothing is open while nothing has been judged, and rules that wait do not count as well', async () => {
  const now = await nowOf(siteOf({ part: { rules } }));
  expect(now.incidents).toEqual({ total: 0, shown: [] });
  expect(now.counts).toMatchObject({ ok: 0, starting: 3 });
  expect(now.headline.title).toBe('Nothing is open. 0 of 3 rules are well; 3 cannot tell.');
});

it('the open incident says what was found, who was paged, and who is next and when', async () => {
  const site = await burning();
  const { incidents, headline } = await nowOf(site);
  const [incident] = incidents.shown;
  expect(incident).toMatchObject({
    severity: 'critical',
    status: 'triggered',
    value: 250,
    rule: 'slow',
    paged: ['ana'],
    alerts: 1,
  });
  expect(incident?.next).toMatchObject({ kind: 'next tier', names: ['ben'], targets: ['responder/ben'] });
  expect(Date.parse(incident?.next?.at ?? '') - Date.parse(incident?.openedAt ?? '')).toBe(15 * 60_000);
  expect(incident?.spark?.values.at(-1)).toBe(250);
  expect(incident?.spark?.critical).toBe(200);
  expect(headline.title).toContain('ana has been paged');
});

it('whoever was paged is spoken to, and whoever has it is named', async () => {
  const site = await burning({ settings: { webPassword: 'PASSWORD' }, secrets: { PASSWORD: 'p' } });
  expect((await nowOf(site, basic('ana', 'p'))).headline.title).toContain('you have been paged');
  await site.story.press('acknowledge', 'responder/ben');
  const { incidents, headline } = await nowOf(site, basic('ana', 'p'));
  expect(headline.title).toContain('ben has it');
  expect(incidents.shown[0]).toMatchObject({
    status: 'acknowledged',
    acknowledgedBy: 'ben',
    next: { kind: 'acknowledgement ends' },
  });
});

it('rules are shown by model, the worst first, and those that cannot tell are listed with the reason', async () => {
  const { models, counts, notJudged } = await nowOf(await burning());
  expect(counts).toMatchObject({ critical: 1, ok: 1, 'insufficient evidence': 1 });
  expect(models.shown).toHaveLength(1);
  const [row] = models.shown;
  expect(row).toMatchObject({ kind: 'source', name: 'pushed', total: 3 });
  expect(row?.cells.map(({ rule, health, value }) => [rule, health, value])).toEqual([
    ['slow', 'critical', 250],
    ['unsure', 'insufficient evidence', undefined],
    ['calm', 'ok', 10],
  ]);
  expect(notJudged.shown.map(({ rule }) => rule)).toEqual(['unsure']);
  expect(notJudged.shown[0]?.reason).toContain('of at least 30 (minCount)');
});

it('names what changed, and what happens by itself', async () => {
  const site = await burning();
  await site.story.silence({ model: 'other' }, '2h');
  const { changes, upcoming, onCall } = await nowOf(site);
  expect(changes.shown.map(({ kind, by }) => [kind, by])).toEqual([['silence', 'ana']]);
  expect(upcoming.shown.map(({ kind }) => kind)).toEqual(['page', 'silence ends']);
  expect(onCall).toMatchObject([{ schedule: 'ml', responder: 'ana', next: 'ben' }]);
});

it('the most severe comes first, then what nobody has, then what pages next', async () => {
  const site = siteOf({ part: { rules: { slow: ruleOn('latency') } } });
  for (const [model, level] of [
    ['a', 'warn'],
    ['b', 'critical'],
    ['c', 'critical'],
  ] as const) {
    await site.story.value('latency', level, { model });
    await site.story.pass('1m');
  }
  const open = await site.story.incidents();
  const idOf = (model: string) => open.find(({ groupLabels }) => groupLabels['model'] === model)?.id ?? '';
  await site.story.press('acknowledge', 'responder/ana', idOf('b'));
  const { incidents } = await nowOf(site);
  expect(incidents.shown.map(({ id }) => id)).toEqual([idOf('c'), idOf('b'), idOf('a')]);
});

it('past 60 models each has one cell, its worst rule', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 140 }, (_, place) => [`rule-${place}`, ruleOn('latency', { labels: { model: `m${place % 70}` } })]),
  );
  const site = siteOf({ part: { rules: many } });
  await site.story.value('latency', 'ok');
  await site.story.pass('1m');
  const { models } = await nowOf(site);
  expect(models.total).toBe(70);
  expect(models.shown).toHaveLength(70);
  expect(models.shown.every(({ cells, total }) => cells.length === 1 && total === 2)).toBe(true);
});

it('sparklines are of the rules that were asked for, with their bounds', async () => {
  const site = await burning();
  const answer = (await (await site.get('/api/sparklines?rules=slow,calm,unknown&hours=2')).json()) as SparklinesDto;
  expect(answer.sparklines.map(({ rule, values, warn }) => [rule, values.length, values.at(-1), warn])).toEqual([
    ['slow', 24, 250, 100],
    ['calm', 24, 10, 100],
  ]);
  const wrong = await site.get('/api/sparklines?rules=slow&hours=x');
  expect(wrong.status).toBe(400);
  const many = await site.get(`/api/sparklines?rules=${Array.from({ length: 61 }, (_, n) => `r${n}`).join(',')}`);
  expect(many.status).toBe(400);
});
