import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callsInTurn } from '../../../adapters/asked-in-time.ts';
import { openSource } from '../../../adapters/prometheus/index.ts';
import { ago, askStandIn, matrix, now, refusal, request, sourceOf } from './ask-prometheus.ts';

const minute = 60_000;
const recorded = (name: string): string => readFileSync(join(import.meta.dirname, '../../fixtures/prometheus', name), 'utf8');
const json = { 'content-type': 'application/json' };

describe('the Prometheus source', () => {
  it('asks for the points of (from, to] that are older than the lag, and some steps before, at multiples of the step', async () => {
    const { asked } = await askStandIn(
      [request('up', { step: '5m', from: now - 31 * minute, to: now - 1000 })],
      () => matrix([]),
      { lag: '30s' },
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ query: 'up', start: ago(30 + 25), end: ago(5), step: 300 });
    expect(asked[0]?.request).toMatchObject({ method: 'POST', path: '/api/v1/query_range' });
    expect(asked[0]?.form.get('timeout')).toBe('10000ms');
  });

  it('gives series with the labels of the source and their own, without the name of the metric', async () => {
    const values: [number, string][] = [
      [ago(6), '1'],
      [ago(2), '2.5'],
      [ago(0), '-1e-3'],
    ];
    const { results } = await askStandIn(
      [request('latency')],
      () => matrix([{ metric: { __name__: 'latency', model: 'm', environment: 'theirs' }, values }]),
      { labels: { environment: 'ours', team: 'ml' } },
    );
    expect(results).toEqual([
      {
        ok: true,
        series: [
          {
            labels: { environment: 'theirs', team: 'ml', model: 'm' },
            points: [
              { at: now - 2 * minute, value: 2.5 },
              { at: now, value: -0.001 },
            ],
          },
        ],
      },
    ]);
  });

  it('reads what a real Prometheus answered', async () => {
    const at = 1_795_927_701_000;
    const { results } = await askStandIn(
      [request('model_accuracy', { step: '2s', from: at - 20_000, to: at })],
      () => ({ headers: json, body: recorded('query_range.json') }),
      {},
      {},
      at,
    );
    const [result] = results;
    const [series] = result?.ok ? result.series : [];
    expect(series?.labels).toEqual({ env: 'prod', instance: '127.0.0.1:5393', job: 'churn', model: 'churn', version: '7' });
    expect(series?.points[0]).toEqual({ at: at - 18_000, value: 0.8627 });
    expect(series?.points).toHaveLength(10);
  });

  it('answers a series that has just ended without points, so that its silence is seen', async () => {
    const { results } = await askStandIn([request('up', { from: now - minute })], () =>
      matrix([{ metric: { job: 'gone' }, values: [[ago(3), '1']] }]),
    );
    expect(results).toEqual([{ ok: true, series: [{ labels: { job: 'gone' }, points: [] }] }]);
  });

  it('asks once for rules that share query and step, over the longest span, and gives each its own points', async () => {
    const values = [9, 3, 1].map((minutes): [number, string] => [ago(minutes), '1']);
    const { asked, results } = await askStandIn(
      [request('up'), request('up', { from: now - 10 * minute }), request('up', { step: '2m' }), request('down')],
      () => matrix([{ metric: {}, values }]),
    );
    expect(asked.map(({ query, step }) => `${query} ${step}`).toSorted()).toEqual(['down 60', 'up 120', 'up 60']);
    expect(results.map((one) => (one.ok ? one.series[0]?.points.length : one))).toEqual([2, 3, 2, 2]);
  });

  it('asks for long spans in parts of 10,000 points, and joins them', async () => {
    const { asked, results } = await askStandIn([request('up', { from: now - 12_000 * minute })], ({ end }) =>
      matrix([{ metric: { a: '1' }, values: [[end, '1']] }]),
    );
    expect(asked.map(({ start, end }) => (end - start) / 60 + 1)).toEqual([10_000, 2005]);
    expect(results).toEqual([
      {
        ok: true,
        series: [
          {
            labels: { a: '1' },
            points: [
              { at: (asked[0]?.end ?? 0) * 1000, value: 1 },
              { at: now, value: 1 },
            ],
          },
        ],
      },
    ]);
  });

  it('drops NaN and infinite values of the judged span, and says so', async () => {
    const values: [number, string][] = [
      [ago(8), 'NaN'],
      [ago(3), 'NaN'],
      [ago(2), '+Inf'],
      [ago(1), '7'],
    ];
    const { results } = await askStandIn([request('ratio')], () => matrix([{ metric: {}, values }]));
    expect(results).toEqual([
      {
        ok: true,
        series: [{ labels: {}, points: [{ at: now - minute, value: 7 }] }],
        partial: '2 values that are not a finite number dropped',
      },
    ]);
  });

  it('says what the server warns of and what it left out, and keeps remarks about the query to itself', async () => {
    const { results } = await askStandIn([request('up'), request('histogram')], ({ query }) =>
      query === 'up'
        ? matrix([], { warnings: ['store 2 did not answer'], infos: ['metric might not be a counter'], isPartial: true })
        : matrix([{ metric: { a: '1' }, histograms: [[ago(1), {}]] }]),
    );
    expect(results).toEqual([
      { ok: true, series: [], partial: 'store 2 did not answer; some of its storage did not answer (isPartial)' },
      {
        ok: true,
        series: [{ labels: { a: '1' }, points: [] }],
        partial: '1 native histogram left out; take a number of them, such as histogram_quantile',
      },
    ]);
  });

  it('joins the count of samples by labels and time', async () => {
    const metric = { model: 'm' };
    const { results } = await askStandIn([request('errors / calls', { count: 'calls' })], ({ query }) =>
      query === 'calls'
        ? matrix([{ metric, values: [[ago(1), '240']] }])
        : matrix([
            {
              metric: { __name__: 'share', ...metric },
              values: [
                [ago(2), '0.5'],
                [ago(1), '0.1'],
              ],
            },
          ]),
    );
    const points = [
      { at: now - 2 * minute, value: 0.5 },
      { at: now - minute, value: 0.1, count: 240 },
    ];
    expect(results).toEqual([{ ok: true, series: [{ labels: metric, points }] }]);
  });

  it('says when no count belongs to any value, and fails a rule whose count cannot be read', async () => {
    const [other, broken] = (
      await askStandIn([request('a', { count: 'b' }), request('a', { count: 'c' })], ({ query }) =>
        query === 'c'
          ? refusal(422, 'execution', 'too many samples')
          : matrix([{ metric: { [query]: '1' }, values: [[ago(1), '1']] }]),
      )
    ).results;
    expect(other).toMatchObject({ ok: true, partial: expect.stringContaining('no series of `count`') });
    expect(broken).toEqual({ ok: false, error: expect.stringMatching(/^the count .*too many samples \(execution\)$/) });
  });

  it('refuses series that differ in the name of the metric only', async () => {
    const { results } = await askStandIn([request('{job="a"}')], () =>
      matrix([
        { metric: { __name__: 'up', job: 'a' }, values: [] },
        { metric: { __name__: 'down', job: 'a' }, values: [] },
      ]),
    );
    expect(results).toEqual([{ ok: false, error: expect.stringContaining('name one metric') }]);
  });

  it('lets one bad query fail alone, with the words of the server', async () => {
    const { results } = await askStandIn([request('model_accuracy{'), request('up')], ({ query }) =>
      query === 'up' ? matrix([]) : { status: 400, headers: json, body: recorded('query_error.json') },
    );
    expect(results[0]).toEqual({
      ok: false,
      error: expect.stringMatching(/1:16: parse error: unexpected end of input inside braces \(bad_data\)$/),
    });
    expect(results[1]).toEqual({ ok: true, series: [] });
  });

  it.each([
    ['query.json', 'a vector'],
    ['query_scalar.json', 'a scalar'],
  ])('says that %s is no list of series', async (name, what) => {
    const { results } = await askStandIn([request('up')], () => ({ headers: json, body: recorded(name) }));
    expect(results).toEqual([{ ok: false, error: expect.stringContaining(`answered with ${what}`) }]);
  });

  it.each([
    ['a page for people', '<html>Sign in</html>'],
    ['an empty answer', ''],
    ['half an answer', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]'],
    ['a list', '[1,2,3]'],
    ['labels that are no texts', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":1},"values":[]}]}}'],
    ['values that are no pairs', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[7]}]}}'],
    ['more closed than opened', ']]]}}}'],
  ])('refuses %s', async (_what, body) => {
    const { results } = await askStandIn([request('up')], () => ({ headers: json, body }));
    expect(results).toEqual([{ ok: false, error: expect.stringMatching(/answer/) }]);
  });
});

describe('a Prometheus that cannot answer', () => {
  const many = Array.from({ length: 50 }, (_, n) => request(`q${n}`));

  it('is asked by no more than the queries that were on their way when it refused the credentials', async () => {
    const { asked, results } = await askStandIn(many, () => ({ status: 401, body: 'no' }));
    expect(asked.length).toBeLessThanOrEqual(8);
    expect(new Set(results.map((one) => (one.ok ? '' : one.error))).size).toBe(1);
    expect(results[0]).toEqual({ ok: false, error: expect.stringContaining('refuses the credentials with status 401') });
  });

  it('is named by host when nothing listens there', async () => {
    const source = openSource({ secrets: { get: async () => undefined } });
    const results = await source.query('prom', sourceOf({ url: 'http://127.0.0.1:9/prefix' }), many, now);
    expect(results).toHaveLength(50);
    expect(new Set(results.map((one) => (one.ok ? '' : one.error)))).toEqual(
      new Set(['127.0.0.1:9: cannot be reached: ECONNREFUSED']),
    );
  });

  it('is not followed to another address', async () => {
    const { asked, results } = await askStandIn([request('up')], () => ({
      status: 302,
      headers: { location: 'http://127.0.0.1:9/' },
    }));
    expect(asked).toHaveLength(1);
    expect(results[0]).toEqual({ ok: false, error: expect.stringContaining('redirects with status 302') });
  });

  it.each([
    [404, undefined, 'has nothing at /mimir/api/v1/query_range; check the path prefix'],
    [503, 'query timed out in expression evaluation', 'HTTP status 503: query timed out'],
    [429, 'too many requests', 'HTTP status 429: too many requests'],
    [500, undefined, 'HTTP status 500'],
  ])('says %i with %s', async (status, error, text) => {
    const { results } = await askStandIn(
      [request('up')],
      () => (error === undefined ? { status } : refusal(status, 'timeout', error)),
      { path: '/mimir/' },
    );
    expect(results).toEqual([{ ok: false, error: expect.stringContaining(text) }]);
  });

  it('holds up nobody for longer than the timeout', async () => {
    const { results } = await askStandIn(
      [request('slow'), request('up')],
      ({ query }) => (query === 'up' ? matrix([]) : 'hang'),
      {
        timeout: '1ms',
      },
    );
    expect(results[0]).toEqual({ ok: false, error: expect.stringContaining('no answer') });
    expect(results[1]).toEqual({ ok: true, series: [] });
  });

  it('that answers without end is cut off, and the others are heard', async () => {
    const series = { metric: { a: 'x'.repeat(1000) }, values: [] };
    const long = matrix(Array.from({ length: 33_000 }, () => series));
    const { results } = await askStandIn([request('all'), request('up')], ({ query }) => (query === 'up' ? matrix([]) : long));
    expect(results[0]).toEqual({ ok: false, error: expect.stringContaining('longer than 32 MB') });
    expect(results[1]).toEqual({ ok: true, series: [] });
  });

  it('has as many answers kept as have room together', async () => {
    const { results } = await askStandIn(
      ['a', 'b', 'c'].map((name) => request(name)),
      () => matrix([{ metric: { a: 'x'.repeat(400) }, values: [] }]),
      {},
      {},
      now,
      callsInTurn(undefined, 1100),
    );
    expect(results.flatMap((one) => (one.ok ? [] : [one.error]))).toEqual([
      expect.stringContaining('the answers before it took all the room that a call has'),
    ]);
  });

  it('gives queries no more than the time that a tick has, and answers those that came', async () => {
    let time = 0;
    const names = Array.from({ length: 20 }, (_, place) => `up${place}`);
    const { asked, results } = await askStandIn(
      names.map((name) => request(name)),
      () => {
        time += 2000;
        return matrix([]);
      },
      {},
      {},
      now,
      callsInTurn(() => time),
    );
    const none = { ok: false, error: expect.stringContaining('the queries before it took all the time that a tick has') };
    expect(results.map(({ ok }) => ok)).toEqual(names.map((_, place) => place < asked.length));
    expect(asked.length).toBeGreaterThan(10);
    for (const result of results.slice(asked.length)) expect(result).toEqual(none);
    for (const { form } of asked) expect(Number.parseInt(form.get('timeout') ?? '', 10)).toBeLessThanOrEqual(10_000);
    expect(asked.some(({ form }) => form.get('timeout') !== '10000ms')).toBe(true);
  });
});

describe('how a Prometheus is reached', () => {
  const header = async (given: Record<string, unknown>, secrets: Record<string, string> = {}) => {
    const { asked, results } = await askStandIn([request('up')], () => matrix([]), given, secrets);
    return { headers: asked[0]?.request.headers, result: results[0] };
  };

  it('by user name and password', async () => {
    const { headers } = await header(
      { basic: { username: 'tocsin', password: 'PROM_PASSWORD' } },
      { PROM_PASSWORD: 'pass:word\n' },
    );
    expect(headers?.authorization).toBe(`Basic ${btoa('tocsin:pass:word')}`);
  });

  it('by a token, and with a tenant', async () => {
    const { headers } = await header({ bearer: 'PROM_TOKEN', headers: { 'X-Scope-OrgID': 'team-a' } }, { PROM_TOKEN: 'abc' });
    expect(headers).toMatchObject({ authorization: 'Bearer abc', 'x-scope-orgid': 'team-a' });
  });

  it('by a signature of AWS for the region of the workspace', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' });
    try {
      const workspace = 'arn:aws:aps:eu-west-1:111122223333:workspace/ws-0a1b2c3d';
      const { headers } = await header({ path: '/workspaces/ws-0a1b2c3d', sigv4: { workspace } });
      expect(headers?.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/aps\/aws4_request, SignedHeaders=[\w;-]*host/,
      );
    } finally {
      process.env = before;
    }
  });

  it('not at all while a secret has no value, which is named', async () => {
    const { result, headers } = await header({ bearer: 'PROM_TOKEN' });
    expect(headers).toBeUndefined();
    expect(result).toEqual({ ok: false, error: 'the secret PROM_TOKEN has no value; set it where Tocsin runs' });
  });
});
