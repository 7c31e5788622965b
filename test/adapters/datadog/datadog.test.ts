import { describe, expect, it, test } from 'vitest';
import { type CallsInTurn, callsInTurn } from '../../../adapters/asked-in-time.ts';
import { openSource } from '../../../adapters/datadog/index.ts';
import type { SourceRequest, SourceResult } from '../../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import { datadogKind } from '../../../core/telemetry/sources/kinds/datadog.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { type Answer, standIn } from '../../contract/stand-in.ts';

// A stand-in by Datadog's public documentation of `GET /api/v1/query`. Its answers are constructed,
// not recorded.

const minute = 60_000;
const now = Date.UTC(2026, 0, 5, 12, 0);
const keys: Record<string, string> = { DD_API: 'a-secret-api-key', DD_APP: 'a-secret-app-key' };

function request(query: string, more: object = {}, ruleId = 'r'): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'dd',
    query: { datadog: { query, ...more } },
    step: '1m',
    category: 'latency',
    threshold: { above: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId(ruleId), rule, from: now - 5 * minute, to: now };
}

type Asked = { path: string; query: string; from: number; to: number; apiKey: unknown; appKey: unknown };

async function ask(
  rounds: SourceRequest[][],
  answer: (asked: Asked) => Answer,
  {
    secrets = keys,
    more = {},
    at = [now],
    calls,
  }: { secrets?: Record<string, string>; more?: object; at?: number[]; calls?: CallsInTurn } = {},
): Promise<{ asked: Asked[]; results: SourceResult[][] }> {
  const asked: Asked[] = [];
  const server = await standIn(({ path, headers }) => {
    const url = new URL(path, 'http://stand-in');
    const one = {
      path: url.pathname,
      query: url.searchParams.get('query') ?? '',
      from: Number(url.searchParams.get('from')) * 1000,
      to: Number(url.searchParams.get('to')) * 1000,
      apiKey: headers['dd-api-key'],
      appKey: headers['dd-application-key'],
    };
    asked.push(one);
    return answer(one);
  });
  try {
    const source = openSource({ secrets: { get: async (name) => secrets[name] } }, () => server.url, calls);
    const config = datadogKind.schema.parse({
      kind: 'datadog',
      apiKey: 'DD_API',
      appKey: 'DD_APP',
      lag: '0s',
      labels: { team: 'ml' },
      ...more,
    });
    const results: SourceResult[][] = [];
    for (const [round, requests] of rounds.entries()) results.push(await source.query('dd', config, requests, at[round] ?? now));
    return { asked, results };
  } finally {
    await server.close();
  }
}

type Given = { scope?: string; tag_set?: string[]; interval?: number; pointlist: [number, number | null][] };
const ok = (series: Given[], more: object = {}): Answer => ({
  body: JSON.stringify({
    status: 'ok',
    res_type: 'time_series',
    resp_version: 1,
    series: series.map((one) => ({ metric: 'm', interval: 60, ...one })),
    ...more,
  }),
});
const cpu = 'avg:system.cpu.user{*} by {host}.rollup(avg, 60)';

describe('Datadog', () => {
  it('is asked for the span of a rule, and its points lie at the end of their interval', async () => {
    const { asked, results } = await ask([[request(cpu)]], () =>
      ok([
        {
          scope: 'host:a,env:prod',
          pointlist: [
            [now - 2 * minute, 0.5],
            [now - minute, 0.75],
          ],
        },
        { scope: 'host:b', tag_set: ['host:b', 'env:prod', 'env:dev'], pointlist: [[now - minute, null]] },
      ]),
    );
    expect(asked).toEqual([
      {
        path: '/api/v1/query',
        query: cpu,
        from: now - 10 * minute,
        to: now - 1000,
        apiKey: 'a-secret-api-key',
        appKey: 'a-secret-app-key',
      },
    ]);
    expect(results).toEqual([
      [
        {
          ok: true,
          series: [
            {
              labels: { team: 'ml', host: 'a', env: 'prod' },
              points: [
                { at: now - minute, value: 0.5 },
                { at: now, value: 0.75 },
              ],
            },
            { labels: { team: 'ml', host: 'b', env: 'dev,prod' }, points: [] },
          ],
        },
      ],
    ]);
  });

  it('brings counts by equal tags, and is asked once for what several rules ask', async () => {
    const count = 'sum:requests{*} by {host}.as_count().rollup(sum, 60)';
    const { asked, results } = await ask([[request(cpu, { count }), request(cpu)]], ({ query }) =>
      ok([{ scope: 'host:a', pointlist: [[now - minute, query === cpu ? 0.5 : 40]] }]),
    );
    expect(asked.map(({ query }) => query).sort()).toEqual([cpu, count]);
    const points = results[0]?.map((one) => (one.ok ? one.series[0]?.points : one.error));
    expect(points).toEqual([[{ at: now, value: 0.5, count: 40 }], [{ at: now, value: 0.5 }]]);
  });

  it('lets one bad query fail alone', async () => {
    const { results } = await ask([[request('avg:x{'), request(cpu)]], ({ query }) =>
      query === cpu
        ? ok([])
        : { status: 400, body: JSON.stringify({ status: 'error', error: 'Error parsing query: unable to parse avg:x{' }) },
    );
    expect(results[0]).toEqual([
      { ok: false, error: 'Datadog refused the query: Error parsing query: unable to parse avg:x{' },
      { ok: true, series: [] },
    ]);
  });

  it('is left alone after 429 for as long as it says', async () => {
    const limited = {
      status: 429,
      headers: {
        'x-ratelimit-limit': '100',
        'x-ratelimit-period': '60',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '90',
      },
    };
    let calls = 0;
    const { asked, results } = await ask(
      [[request(cpu)], [request(cpu)], [request(cpu)]],
      () => (calls++ === 0 ? limited : ok([])),
      {
        at: [now, now + minute, now + 2 * minute],
      },
    );
    expect(results.map(([one]) => (one?.ok === false ? one.error : 'answered'))).toEqual([
      'Datadog limits how often this account may ask; it is asked again in 90 s',
      'Datadog limits how often this account may ask; it is asked again in 30 s',
      'answered',
    ]);
    expect(asked).toHaveLength(2);
  });

  it('says what is missing of an answer', async () => {
    const { results } = await ask([[request(cpu)]], () =>
      ok(
        [
          {
            pointlist: [
              [now - minute + 7000, 1],
              [now - minute, 2],
            ],
          },
        ],
        { message: 'results are partial' },
      ),
    );
    expect(results[0]?.[0]).toMatchObject({
      ok: true,
      partial: 'results are partial; 1 points do not begin at a multiple of the step 1m, and were dropped',
    });
  });

  test.each<[string, Answer, string]>([
    [
      'another interval than the step',
      ok([
        {
          interval: 300,
          pointlist: [
            [now - 600_000, 1],
            [now - 300_000, 1],
          ],
        },
      ]),
      'Datadog answers points of 5m, and the step is 1m; end the query with .rollup(avg, 60)',
    ],
    [
      'two series of the same tags',
      ok([
        { scope: 'host:a', pointlist: [] },
        { scope: 'host:a', pointlist: [] },
      ]),
      'several series have the tags',
    ],
    [
      'an error with status 200',
      { body: JSON.stringify({ status: 'error', error: 'Rate of a gauge' }) },
      'Datadog refused the query: Rate of a gauge',
    ],
    [
      'keys that are refused',
      { status: 403, body: JSON.stringify({ errors: ['Forbidden'] }) },
      'Datadog refuses the keys with status 403: check `site`, and the secrets DD_API and DD_APP',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'Datadog redirects with status 302; check `site`',
    ],
    ['a server in trouble', { status: 503, body: '<html>' }, 'Datadog answered with status 503: without a reason'],
    ['what is no JSON', { body: '<html>' }, 'the answer is not JSON (6 characters)'],
    [
      'what is another JSON',
      { body: '{"series":[{"pointlist":"none"}]}' },
      'the answer is not that of the metric query API: series.0.pointlist',
    ],
    ['an answer without end', { body: ' '.repeat(17 * 1024 * 1024) }, 'the answer is longer than 16 MB'],
    ['a cut connection', 'cut', 'Datadog cannot be reached'],
  ])('fails with a clear sentence on %s', async (_, answer, error) => {
    const { results } = await ask([[request(cpu)]], () => answer);
    const [one] = results[0] ?? [];
    expect(one?.ok === false ? one.error : 'answered').toContain(error);
    expect(JSON.stringify(results)).not.toContain('a-secret');
  });

  it('names a secret without a value, and waits no longer than its timeout', async () => {
    const missing = await ask([[request(cpu)]], () => ok([]), { secrets: { DD_API: 'x' } });
    expect(missing.results[0]).toEqual([{ ok: false, error: 'the secret DD_APP has no value; set it where Tocsin runs' }]);
    const hangs = await ask([[request(cpu)]], () => 'hang', { more: { timeout: '100ms' } });
    expect(hangs.results[0]).toEqual([{ ok: false, error: 'no answer within 0.1 s' }]);
  });

  it('keeps the answers that came in the time of a tick, and begins the next with the rules that got none', async () => {
    let time = 0;
    const rules = [...'abcdefghij'].map((name) => request(`avg:${name}{*}`, {}, name));
    const { asked, results } = await ask(
      [rules, rules],
      () => {
        time += 6000;
        return ok([]);
      },
      { calls: callsInTurn(() => time) },
    );
    const queries = rules.map(({ rule }) => rule.query.datadog?.query ?? '');
    const first = results[0] ?? [];
    const starved = queries.filter((_, place) => first[place]?.ok === false);
    expect(starved.length).toBeGreaterThanOrEqual(2);
    expect(starved.length).toBeLessThan(rules.length);
    for (const result of first)
      if (!result.ok) expect(result.error).toBe('the queries before it took all the time that a tick has');
    const second = asked.slice(rules.length - starved.length).map(({ query }) => query);
    for (const query of second.slice(0, Math.min(4, starved.length))) expect(starved).toContain(query);
  });

  it('keeps the answers that have room together', async () => {
    const answer = ok([], { padding: 'x'.repeat(400) });
    const { results } = await ask([['a', 'b', 'c'].map((name) => request(`avg:${name}{*}`, {}, name))], () => answer, {
      calls: callsInTurn(undefined, 1100),
    });
    expect((results[0] ?? []).flatMap((one) => (one.ok ? [] : [one.error]))).toEqual([
      'the answers before it took all the room that a call has',
    ]);
  });
});
