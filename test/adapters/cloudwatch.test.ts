import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import { cloudwatchClients, cloudwatchSource } from '../../adapters/cloudwatch/index.ts';
import { groupColumns, groupLabels } from '../../adapters/cloudwatch/labels.ts';
import { periodProblem, renamed } from '../../adapters/cloudwatch/plan.ts';
import type { SourceRequest, SourceResult } from '../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../core/detection/rules/rule-schema.ts';
import type { CloudwatchSourceConfig } from '../../core/telemetry/sources/kinds/cloudwatch.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { type Answer, awsClient, type StandIn, standIn } from '../contract/stand-in.ts';

const minute = 60_000;
const now = Date.UTC(2026, 0, 5, 12, 0, 0);
const source: CloudwatchSourceConfig = { kind: 'cloudwatch', labels: { environment: 'production' }, lag: 2 * minute };

const latency = (endpoint: string) => ({
  namespace: 'AWS/SageMaker',
  metric: 'ModelLatency',
  dimensions: { EndpointName: endpoint, VariantName: 'a' },
  statistic: 'p99',
});

function request(cloudwatch: object, over: { step?: string; from?: number; to?: number } = {}): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'aws',
    query: { cloudwatch },
    step: over.step ?? '1m',
    category: 'latency',
    threshold: { above: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId('r'), rule, from: over.from ?? now - 10 * minute, to: over.to ?? now };
}

type Asked = { MetricDataQueries: MetricDataQuery[]; StartTime: number; EndTime: number; NextToken?: string; ScanBy: string };
type Said = { Id: string; Label?: string; StatusCode?: string; Timestamps?: number[]; Values?: unknown[]; Messages?: object[] };
type Call = { results?: Said[]; next?: string; messages?: object[] } | { status: number; type: string; message?: string } | 'cut';

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** CloudWatch as `answer` says; gives what was asked and what came of it. */
async function ask(requests: SourceRequest[], answer: (asked: Asked, call: number) => Call, attempts = 1) {
  const asked: Asked[] = [];
  server = await standIn(({ body, headers }): Answer => {
    if (headers['x-amz-target'] !== 'GraniteServiceVersion20100801.GetMetricData') return { status: 404 };
    const one = JSON.parse(body) as Asked;
    asked.push(one);
    const said = answer(one, asked.length);
    if (said === 'cut') return 'cut';
    const headersOut = { 'content-type': 'application/x-amz-json-1.0' };
    if ('type' in said) {
      const error = { __type: `com.amazonaws.cloudwatch#${said.type}`, message: said.message ?? 'because' };
      return { status: said.status, headers: headersOut, body: JSON.stringify(error) };
    }
    return {
      headers: headersOut,
      body: JSON.stringify({ MetricDataResults: said.results ?? [], NextToken: said.next, Messages: said.messages ?? [] }),
    };
  });
  const client = cloudwatchClients({ ...awsClient(server.url), maxAttempts: attempts });
  const results = await cloudwatchSource({ client }).query('aws', source, requests, now);
  return { asked, results };
}

const seconds = (ms: number) => ms / 1000;
const returned = (asked: Asked) =>
  asked.MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(({ Id }) => Id ?? '');
/** One datapoint for everything that was asked: the period that starts at `at`. */
const everything = (asked: Asked, at = now - 5 * minute, value = 1): Call => ({
  results: returned(asked).map((Id) => ({ Id, Timestamps: [seconds(at)], Values: [value] })),
});
const points = (result: SourceResult | undefined) => (result?.ok ? result.series.map((series) => series.points) : result);

describe('the CloudWatch source', () => {
  it('asks for a statistic and gives its series, stamped with the ends of periods', async () => {
    const { asked, results } = await ask([request({ metric: latency('scorer') })], (one) =>
      everything(one, now - 5 * minute, 42),
    );
    expect(asked[0]).toMatchObject({
      StartTime: seconds(now - 10 * minute),
      EndTime: seconds(now - 2 * minute),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: 'ModelLatency',
              Dimensions: [
                { Name: 'EndpointName', Value: 'scorer' },
                { Name: 'VariantName', Value: 'a' },
              ],
            },
            Period: 60,
            Stat: 'p99',
          },
        },
      ],
    });
    expect(results).toEqual([
      {
        ok: true,
        series: [
          {
            labels: { environment: 'production', EndpointName: 'scorer', VariantName: 'a' },
            points: [{ at: now - 4 * minute, value: 42 }],
          },
        ],
      },
    ]);
  });

  it('gives the points of (from, to] that are older than the lag, oldest first, whatever the order of the answer', async () => {
    const starts = [-1, -2, -3, -9, -10, -11, -4].map((n) => now + n * minute);
    const { results } = await ask([request({ metric: latency('a') })], ({ MetricDataQueries }) => ({
      results: [{ Id: MetricDataQueries[0]?.Id ?? '', Timestamps: starts.map(seconds), Values: starts.map((_, n) => n) }],
    }));
    const ends = points(results[0]);
    expect(ends).toEqual([[-9, -8, -3, -2].map((n) => expect.objectContaining({ at: now + n * minute }))]);
  });

  it('aligns the spans to whole periods when from and to lie between them', async () => {
    const { asked } = await ask(
      [request({ metric: latency('a') }, { step: '5m', from: now - 31 * minute, to: now - 1000 })],
      () => ({}),
    );
    expect(asked[0]).toMatchObject({ StartTime: seconds(now - 35 * minute), EndTime: seconds(now - 5 * minute) });
  });

  it('keeps an empty series for a metric without data, and asks nothing when all of it is younger than the lag', async () => {
    const labels = { environment: 'production', EndpointName: 'a', VariantName: 'a' };
    const silent = await ask([request({ metric: latency('a') })], () => ({}));
    expect(silent.results).toEqual([{ ok: true, series: [{ labels, points: [] }] }]);
    await server?.close();
    const young = await ask([request({ metric: latency('a') }, { from: now - minute })], () => ({}));
    expect(young.asked).toEqual([]);
    expect(young.results).toEqual([{ ok: true, series: [{ labels, points: [] }] }]);
  });

  it('answers 10,000 requests with 20 calls of 500 queries', async () => {
    const requests = Array.from({ length: 10_000 }, (_, n) => request({ metric: latency(`e${n}`) }));
    const { asked, results } = await ask(requests, (one) => ({
      results: one.MetricDataQueries.map(({ Id = '', MetricStat }) => ({
        Id,
        Timestamps: [seconds(now - 5 * minute)],
        Values: [Number(MetricStat?.Metric?.Dimensions?.[0]?.Value?.slice(1))],
      })),
    }));
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries.length)).toEqual(Array.from({ length: 20 }, () => 500));
    const values = results.map((result) => (result.ok ? result.series[0]?.points[0]?.value : undefined));
    expect(values).toEqual(requests.map((_, n) => n));
  });

  it('asks once for what two rules share, and apart for other spans or periods', async () => {
    const same = { metric: latency('a') };
    const { asked, results } = await ask(
      [request(same), request(same), request(same, { from: now - 60 * minute }), request(same, { step: '5m' })],
      (one) => everything(one, now - 10 * minute),
    );
    expect(asked.flatMap(returned)).toHaveLength(3);
    expect(results.every(({ ok }) => ok)).toBe(true);
  });

  it('follows all pages, and counts a datapoint that comes twice once, with its later value', async () => {
    const at = (n: number) => seconds(now - n * minute);
    const { asked, results } = await ask([request({ metric: latency('a') })], ({ MetricDataQueries }, call) => {
      const Id = MetricDataQueries[0]?.Id ?? '';
      if (call === 1)
        return { next: 'more', results: [{ Id, StatusCode: 'PartialData', Timestamps: [at(9), at(8)], Values: [1, 2] }] };
      return { results: [{ Id, StatusCode: 'Complete', Timestamps: [at(8), at(7)], Values: [3, 4] }] };
    });
    expect(asked[1]?.NextToken).toBe('more');
    expect(results).toMatchObject([{ ok: true, series: [{ points: [{ value: 1 }, { value: 3 }, { value: 4 }] }] }]);
    expect(results[0]).not.toHaveProperty('partial');
  });

  it('comes to an end, and says so, when CloudWatch hands out the same token for ever', async () => {
    const { asked, results } = await ask([request({ metric: latency('a') })], (one) => ({
      results: returned(one).map((Id) => ({ Id })),
      next: 'same',
    }));
    expect(asked).toHaveLength(2);
    expect(results[0]).toMatchObject({ ok: true, partial: expect.stringMatching(/did not come to an end/) });
  });

  it.each([
    ['PartialData', /part of the data/],
    ['InternalError', /failed to read/],
  ])('says when an answer is incomplete: %s', async (StatusCode, partial) => {
    const { results } = await ask([request({ metric: latency('a') })], (one) => ({
      results: [{ Id: returned(one)[0] ?? '', StatusCode }],
    }));
    expect(results[0]).toMatchObject({ ok: true, partial: expect.stringMatching(partial) });
  });

  it('takes a forbidden metric for an error', async () => {
    const { results } = await ask([request({ metric: latency('a') })], (one) => ({
      results: [{ Id: returned(one)[0] ?? '', StatusCode: 'Forbidden' }],
    }));
    expect(results[0]).toMatchObject({ ok: false, error: expect.stringMatching(/Forbidden; allow/) });
  });

  it('drops values that are no finite numbers, and says how many', async () => {
    const { results } = await ask([request({ metric: latency('a') })], (one) => ({
      results: [
        {
          Id: returned(one)[0] ?? '',
          Timestamps: [9, 8, 7].map((n) => seconds(now - n * minute)),
          Values: ['NaN', 'Infinity', 3],
        },
      ],
    }));
    expect(results[0]).toMatchObject({
      ok: true,
      series: [{ points: [{ value: 3 }] }],
      partial: '2 values that are not a finite number dropped',
    });
  });

  it('joins the count of samples onto the values', async () => {
    const count = { ...latency('a'), metric: 'Invocations', statistic: 'Sum' };
    const { results } = await ask([request({ metric: latency('a'), count })], (one) => ({
      results: one.MetricDataQueries.map(({ Id = '', MetricStat }) => ({
        Id,
        Timestamps: MetricStat?.Stat === 'Sum' ? [seconds(now - 8 * minute)] : [9, 8].map((n) => seconds(now - n * minute)),
        Values: MetricStat?.Stat === 'Sum' ? [250] : [1, 2],
      })),
    }));
    expect(points(results[0])).toEqual([
      [
        { at: now - 8 * minute, value: 1 },
        { at: now - 7 * minute, value: 2, count: 250 },
      ],
    ]);
  });

  it('does not judge without the counts it was told to read', async () => {
    const count = { ...latency('a'), metric: 'Invocations', statistic: 'wrong' };
    const { results } = await ask([request({ metric: latency('a'), count })], (one) =>
      one.MetricDataQueries.some(({ MetricStat }) => MetricStat?.Stat === 'wrong')
        ? { status: 400, type: 'ValidationError' }
        : everything(one),
    );
    expect(results[0]).toMatchObject({ ok: false, error: expect.stringMatching(/count of samples could not be read/) });
  });
});

describe('metric math', () => {
  const errorRate = (endpoint: string) => ({
    expression: 'errors / IF(calls > 0, calls, 1)',
    metrics: {
      errors: { ...latency(endpoint), metric: 'Invocation5XXErrors' },
      calls: { ...latency(endpoint), metric: 'Invocations', dimensions: { EndpointName: endpoint } },
    },
  });

  it('gives every expression its own names, returns the expression only, and labels it with the shared dimensions', async () => {
    const { asked, results } = await ask([request(errorRate('a')), request(errorRate('b'))], (one) => everything(one));
    expect(asked).toHaveLength(1);
    const queries = asked[0]?.MetricDataQueries ?? [];
    expect(new Set(queries.map(({ Id }) => Id)).size).toBe(6);
    expect(queries.filter(({ ReturnData }) => ReturnData).map(({ Expression, Period }) => [Expression, Period])).toEqual([
      ['q0_errors / IF(q0_calls > 0, q0_calls, 1)', 60],
      ['q1_errors / IF(q1_calls > 0, q1_calls, 1)', 60],
    ]);
    expect(results.map((result) => (result.ok ? result.series[0]?.labels : result))).toEqual([
      { environment: 'production', EndpointName: 'a' },
      { environment: 'production', EndpointName: 'b' },
    ]);
  });

  it('never splits an expression from its metrics', async () => {
    const requests = Array.from({ length: 400 }, (_, n) => request(errorRate(`e${n}`)));
    const { asked } = await ask(requests, (one) => everything(one));
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries.length)).toEqual([498, 498, 204]);
  });

  it('gives one series for each that an expression finds', async () => {
    const search = { expression: `SEARCH('{AWS/SageMaker,EndpointName} errors', 'Sum')`, metrics: {} };
    const { asked, results } = await ask([request(search), request({ metric: latency('a') })], (one) => {
      if (one.MetricDataQueries[0]?.Expression === undefined) return everything(one);
      return {
        results: ['x', 'y'].map((Label) => ({
          Id: returned(one)[0] ?? '',
          Label,
          Timestamps: [seconds(now - 5 * minute)],
          Values: [1],
        })),
      };
    });
    expect(asked).toHaveLength(2);
    expect(results[0]).toMatchObject({ ok: true, series: [{ labels: { series: 'x' } }, { labels: { series: 'y' } }] });
  });

  it('leaves quoted text and names of functions alone', () => {
    const unique = (name: string) => `q0_${name}`;
    expect(renamed(`m1 + FILL(m2, 0) + "m1" + SEARCH('m1')+m10`, { m1: 1, m2: 1 }, unique)).toBe(
      `q0_m1 + FILL(q0_m2, 0) + "m1" + SEARCH('m1')+m10`,
    );
  });
});

describe('Metrics Insights', () => {
  const sql = 'SELECT AVG(ModelLatency) FROM SCHEMA("AWS/SageMaker", EndpointName) GROUP BY EndpointName';

  it('has one query a call and one series a group', async () => {
    const { asked, results } = await ask(
      [request({ sql }), request({ sql: `${sql} LIMIT 5` }), request({ metric: latency('a') })],
      (one) => {
        if (one.MetricDataQueries[0]?.Expression === undefined) return everything(one);
        return {
          results: ['alpha', 'beta'].map((Label, n) => ({
            Id: returned(one)[0] ?? '',
            Label,
            Timestamps: [seconds(now - 5 * minute)],
            Values: [n],
          })),
        };
      },
    );
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries.length)).toEqual([1, 1, 1]);
    for (const result of results.slice(0, 2)) {
      expect(result).toMatchObject({
        ok: true,
        series: [
          { labels: { environment: 'production', EndpointName: 'alpha' }, points: [{ value: 0 }] },
          { labels: { environment: 'production', EndpointName: 'beta' }, points: [{ value: 1 }] },
        ],
      });
    }
  });

  it('says when CloudWatch left series out', async () => {
    const { results } = await ask([request({ sql })], () => ({
      messages: [{ Code: 'MaxSeriesExceeded', Value: 'too many series' }],
    }));
    expect(results[0]).toMatchObject({ ok: true, series: [], partial: 'MaxSeriesExceeded: too many series' });
  });

  it('refuses a count, which cannot be joined to groups', async () => {
    const { asked, results } = await ask([request({ sql, count: latency('a') })], () => ({}));
    expect(asked).toEqual([]);
    expect(results[0]).toMatchObject({ ok: false, error: expect.stringMatching(/cannot be joined/) });
  });

  it.each([
    [sql, ['EndpointName']],
    [
      'SELECT MAX(x) FROM "a" WHERE b = \'GROUP BY z\' GROUP BY "Variant Name", c ORDER BY MAX() DESC LIMIT 3',
      ['Variant Name', 'c'],
    ],
    ['select max(x) from y group by a,b', ['a', 'b']],
    ['SELECT MAX(x) FROM y', []],
  ])('reads the columns of %s', (text, columns) => {
    expect(groupColumns(text)).toEqual(columns);
  });

  it('tells the values of a group apart only where that is certain', () => {
    expect(groupLabels(['a', 'b'], 'x y')).toEqual({ a: 'x', b: 'y' });
    expect(groupLabels(['a', 'b'], 'x y z')).toEqual({ group: 'x y z' });
    expect(groupLabels(['a'], 'x y z')).toEqual({ a: 'x y z' });
    expect(groupLabels([], 'MAX x')).toEqual({});
  });
});

describe('what CloudWatch refuses', () => {
  const bad = (one: Asked) => one.MetricDataQueries.filter(({ MetricStat }) => MetricStat?.Stat === 'bad').map(({ Id }) => Id);
  const mixed = Array.from({ length: 100 }, (_, n) =>
    request({ metric: { ...latency(`e${n}`), statistic: n % 33 === 5 ? 'bad' : 'p99' } }),
  );
  const isBad = (n: number) => n % 33 === 5;

  it('costs only the bad queries their answers, when the error names none of them', async () => {
    const { asked, results } = await ask(mixed, (one) =>
      bad(one).length > 0 ? { status: 400, type: 'ValidationError', message: 'Stat is not valid' } : everything(one),
    );
    expect(results.map(({ ok }) => ok)).toEqual(mixed.map((_, n) => !isBad(n)));
    expect(results[5]).toMatchObject({ error: expect.stringMatching(/Stat is not valid/) });
    expect(asked.length).toBeLessThan(50);
  });

  it('takes out the query that the error names, in one more call each', async () => {
    const { asked, results } = await ask(mixed, (one) =>
      bad(one).length > 0
        ? { status: 400, type: 'ValidationError', message: `Error in query '${bad(one)[0]}': no such stat` }
        : everything(one),
    );
    expect(results.map(({ ok }) => ok)).toEqual(mixed.map((_, n) => !isBad(n)));
    expect(asked).toHaveLength(4);
  });

  it('does not look for a culprit when the call as such is refused', async () => {
    const { asked, results } = await ask(mixed, () => ({ status: 403, type: 'AccessDeniedException' }));
    expect(asked).toHaveLength(1);
    expect(results.every((result) => !result.ok && /to call cloudwatch:GetMetricData/.test(result.error))).toBe(true);
  });

  it('waits out throttling', async () => {
    const throttled: Call = { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' };
    const { asked, results } = await ask(
      [request({ metric: latency('a') })],
      (one, call) => (call === 1 ? throttled : everything(one)),
      3,
    );
    expect(asked).toHaveLength(2);
    expect(results[0]?.ok).toBe(true);
  });

  it.each<[string, Call]>([
    ['throttling that does not end', { status: 400, type: 'ThrottlingException' }],
    ['a fault', { status: 500, type: 'InternalServiceFault' }],
    ['a cut connection', 'cut'],
  ])('answers every request with an error after %s, and asks once a call', async (_name, said) => {
    const { asked, results } = await ask(mixed, () => said);
    expect(asked).toHaveLength(1);
    expect(results).toHaveLength(100);
    expect(results.every((result) => !result.ok && result.error.startsWith('CloudWatch: '))).toBe(true);
  });

  it.each([
    ['1s', undefined],
    ['30s', undefined],
    ['7m', undefined],
    ['15s', /multiple of 1m; received step 15s/],
    ['90s', /received step 1m30s/],
    ['500ms', /received step 500ms/],
  ])('knows whether a step of %s is a period', async (step, problem) => {
    const { asked, results } = await ask([request({ metric: latency('a') }, { step })], (one) => everything(one));
    if (problem === undefined) expect(results[0]?.ok).toBe(true);
    else expect(results[0]).toMatchObject({ ok: false, error: expect.stringMatching(problem) });
    expect(asked).toHaveLength(problem === undefined ? 1 : 0);
    expect(periodProblem(0)).toMatch(/received step 0s/);
  });

  it('never throws, also when no client can be made', async () => {
    const failing = cloudwatchSource({
      client: () => {
        throw new Error('no region');
      },
    });
    expect(await failing.query('x', source, [request({ metric: latency('a') })], now)).toEqual([
      { ok: false, error: 'CloudWatch: no region' },
    ]);
  });
});
