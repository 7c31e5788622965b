import { expect, it } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import type { RuleBacktestDto } from '../../http/api/dto/rule-backtest.ts';
import type { RuleDetailDto } from '../../http/api/dto/rule-detail.ts';
import type { RuleListDto } from '../../http/api/dto/rule-list.ts';
import { type Site, siteOf } from '../http/site.ts';
import { ruleOn } from '../scenario/harness.ts';

const rules = {
  b: ruleOn('latency', { title: 'Slow answers', labels: { model: 'm2' } }),
  a: ruleOn('depth', { labels: { model: 'm1' } }),
  c: ruleOn('errors', { labels: { model: 'm1' } }),
};

const jsonOf = async <T>(answer: Response | Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const listed = (site: Site, query: string) => jsonOf<RuleListDto>(site.get(`/api/rule-health?${query}`));

it('rules are listed by model and name, page by page, and each page goes on where the last one ended', async () => {
  const site = siteOf({ part: { rules } });
  const first = await listed(site, 'limit=2');
  expect(first.rules.map(({ rule }) => rule)).toEqual(['a', 'c']);
  expect(first).toMatchObject({ total: 3, next: 'c' });
  const second = await listed(site, `limit=2&cursor=${first.next}`);
  expect(second.rules.map(({ rule }) => rule)).toEqual(['b']);
  expect(second.next).toBeUndefined();
});

it('a list is narrowed by words, model and state, and still counts the other states', async () => {
  const site = siteOf({ part: { rules } });
  await site.incident();
  expect((await listed(site, 'q=answers%20M2')).rules.map(({ rule }) => rule)).toEqual(['b']);
  expect((await listed(site, 'model=m1')).rules.map(({ rule }) => rule)).toEqual(['a', 'c']);
  const critical = await listed(site, 'health=critical');
  expect(critical.rules.map(({ rule, value }) => [rule, value])).toEqual([['b', 250]]);
  expect(critical.counts).toMatchObject({ critical: 1, 'no data': 2 });
  expect((await site.get('/api/rule-health?health=fine')).status).toBe(400);
  expect((await site.get('/api/rule-health?cursor=gone')).status).toBe(400);
});

it('one rule says what it judges by, what it found, who would be paged, and its incidents', async () => {
  const site = siteOf({ part: { rules } });
  const id = await site.incident();
  const rule = await jsonOf<RuleDetailDto>(site.get('/api/rules/b'));
  expect(rule).toMatchObject({ kind: 'threshold', metric: 'latency', for: { m: 1, n: 1 }, tries: { warn: 100, critical: 200 } });
  expect(rule.series.shown).toMatchObject([{ status: 'critical', value: 250, bound: 200, breaching: 1, looked: 1 }]);
  expect(rule.incidents.map((one) => one.id)).toEqual([id]);
  expect(rule.month.incidents).toBe(1);
  expect(rule.routes.map(({ severity }) => severity)).toEqual(['warn', 'critical']);
  expect(rule.routes[1]?.steps[0]?.targets[0]?.responder).toBe('ana');
});

it('the interval of a proportion is the one by which it is judged', async () => {
  const share = ruleOn('latency', { threshold: { below: { critical: 0.8 } }, samples: { confidence: '95%' } });
  const site = siteOf({ part: { rules: { share } } });
  for (let n = 0; n < 10; n += 1) await site.story.value('latency', 0.9);
  await site.story.pass('1m');
  const { series } = await jsonOf<RuleDetailDto>(site.get('/api/rules/share'));
  const [found] = series.shown;
  expect(found).toMatchObject({ count: 10, interval: { confidence: expect.closeTo(0.95, 6) } });
  expect(found?.interval?.low).toBeLessThan(0.7);
});

it('a rule is shown as it is written, with its place', () => {
  const text =
    'sources: { s: { kind: samples } }\nrules:\n  slow:\n    source: s # pushed\n    query: { samples: { metric: m } }\n    category: latency\n    threshold: { above: { critical: 1 } }\n    runbook: r\n';
  const people =
    'responders: { ana: { name: Ana, contacts: [{ terminal: true }] } }\npolicies: { p: { tiers: [{ targets: [{ responder: ana }], ackWithin: 5m }] } }\nmatrix: { default: { warn: { policy: p }, critical: { policy: p } } }\n';
  const loaded = loadConfig(
    [
      { path: 'people.yaml', text: people },
      { path: 'rules.yaml', text },
    ],
    new Set(['r', 'source-failing']),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  expect(loaded.definitions.get('slow')).toMatchObject({ file: 'rules.yaml', line: 3 });
  expect(loaded.definitions.get('slow')?.yaml.split('\n').slice(0, 2)).toEqual(['slow:', '  source: s # pushed']);
});

it('a changed threshold is tried on the kept history, beside the rule as it is', async () => {
  const site = siteOf({ part: { rules } });
  await site.incident();
  await site.over();
  const tried = await jsonOf<RuleBacktestDto>(site.post('/api/rules/b/backtest', { warn: 260, critical: 300, days: 1 }));
  expect(tried.asItIs).toMatchObject({ alerts: 1, pages: 1 });
  expect(tried.changed).toMatchObject({ alerts: 0, pages: 0, spans: [] });
  expect(tried.patch).toContain('critical: 300');
});
