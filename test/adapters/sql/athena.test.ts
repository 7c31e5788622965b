import { afterEach, describe, expect, it, test } from 'vitest';
import { callsInTurn } from '../../../adapters/asked-in-time.ts';
import { athenaClients } from '../../../adapters/sql/athena-client.ts';
import { openSource } from '../../../adapters/sql/index.ts';
import type { SourceRequest, SourceResult } from '../../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import { sqlKind } from '../../../core/telemetry/sources/kinds/sql.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { awsClient } from '../../contract/stand-in.ts';
import { type AnAthena, anAthena, type Outcome } from './an-athena.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 5, 12, 0);
const at = (hours: number): string => `${new Date(now + hours * hour).toISOString().slice(0, 19).replace('T', ' ')}.000 UTC`;

const revenue = `select date_trunc('hour', at_timezone(paid_at, 'UTC')) as time, country, sum(amount) as value
from payments -- from :from to :to
where paid_at >= :from and paid_at < :to and note <> ':to'
group by 1, 2;`;

function request(query: string, name = 'r', more: object = {}): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'lake',
    query: { sql: { query, ...more } },
    step: '1h',
    category: 'latency',
    threshold: { below: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId(name), rule, from: now - 3 * hour, to: now };
}

const usual: Outcome['columns'] = [
  ['time', 'timestamp with time zone'],
  ['country', 'varchar'],
  ['value', 'decimal'],
];

let athena: AnAthena | undefined;
afterEach(async () => {
  await athena?.close();
  athena = undefined;
});

async function ask(
  requests: SourceRequest[],
  outcome: Outcome | ((query: string) => Outcome),
  { before, attempts = 1, own = {}, more = {}, calls = callsInTurn() }: AskedBy = {},
): Promise<{ results: SourceResult[]; lake: AnAthena }> {
  const lake = await anAthena(({ QueryString }) => (typeof outcome === 'function' ? outcome(QueryString) : outcome), before);
  athena = lake;
  const source = sqlKind.schema.parse({
    kind: 'sql',
    lag: '0s',
    labels: { shop: 'main' },
    athena: { workgroup: 'metrics', database: 'shop', ...own },
    ...more,
  });
  const clients = athenaClients({ ...awsClient(lake.url), maxAttempts: attempts });
  const reached = { athena: clients, pause: async () => undefined };
  const opened = openSource({ secrets: { get: async () => undefined } }, calls, reached);
  return { results: await opened.query('lake', source, requests, now), lake };
}
type AskedBy = {
  before?: Parameters<typeof anAthena>[1];
  attempts?: number;
  own?: object;
  more?: object;
  calls?: ReturnType<typeof callsInTurn>;
};
const errorOf = async (...asked: Parameters<typeof ask>): Promise<string> => {
  const [result] = (await ask(...asked)).results;
  return result?.ok === false ? result.error : `no error: ${JSON.stringify(result)}`;
};

describe('Athena', () => {
  it('is asked for one row a series and time, with times as parameters and never as text', async () => {
    const { results, lake } = await ask(
      [request(revenue)],
      {
        columns: usual,
        rows: [
          [at(-2), 'de', '14.50'],
          [at(-1), 'de', '3'],
          [at(-1), null, '7'],
        ],
        states: ['QUEUED', 'RUNNING', 'QUEUED', 'RUNNING'],
        scanned: 123_456_789,
      },
      { own: { catalog: 'AwsDataCatalog', results: 's3://our-results/tocsin/' } },
    );
    expect(results).toEqual([
      {
        ok: true,
        series: [
          {
            labels: { shop: 'main', country: 'de' },
            points: [
              { at: now - hour, value: 14.5 },
              { at: now, value: 3 },
            ],
          },
          { labels: { shop: 'main' }, points: [{ at: now, value: 7 }] },
        ],
        scanned: 123_456_789,
      },
    ]);
    const [started] = lake.started;
    expect(started).toMatchObject({
      ExecutionParameters: ["timestamp '2026-01-05 04:00:00.000 UTC'", "timestamp '2026-01-05 12:00:00.000 UTC'"],
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'shop' },
      WorkGroup: 'metrics',
      ResultConfiguration: { OutputLocation: 's3://our-results/tocsin/' },
    });
    expect(started?.QueryString.split('\n')).toEqual([
      'select * from (',
      ...revenue.replace(':from and', '?     and').replace('< :to', '< ?  ').replace(';', '').split('\n'),
      ') as asked limit 10001',
    ]);
    expect(lake.stopped).toEqual([]);
  });

  it('pages through a result, whose first page begins with the names of the columns', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => [at(-1), `country-${n}`, String(n)]);
    const { results, lake } = await ask([request(revenue)], { columns: usual, rows });
    const [result] = results;
    expect(result?.ok && result.series.map(({ labels, points }) => [labels['country'], points[0]?.value])).toEqual(
      rows.map(([, country], n) => [country, n]),
    );
    expect(lake.calls.filter((call) => call === 'GetQueryResults')).toHaveLength(3);
  });

  it('runs a query once where a request has to be repeated, and where rules share it, and tells its bytes once', async () => {
    const { results, lake } = await ask(
      [request(revenue, 'a'), request(revenue, 'b')],
      { columns: usual, rows: [], scanned: 10 },
      {
        attempts: 3,
        before: (call, count) =>
          count > 1 ? undefined : call === 'StartQueryExecution' ? 'cut' : { type: 'InternalServerException', status: 500 },
      },
    );
    expect(results).toEqual([
      { ok: true, series: [], scanned: 10 },
      { ok: true, series: [] },
    ]);
    expect(lake.calls.filter((call) => call === 'StartQueryExecution')).toHaveLength(2);
    expect(lake.started).toHaveLength(1);
  });

  it('answers the other queries of a source where one fails, a few at a time', async () => {
    const requests = Array.from({ length: 12 }, (_, n) => request(`${revenue} -- ${n}`, `r${n}`));
    const { results, lake } = await ask(requests, (query) =>
      query.includes('-- 3\n') ? { failed: "SYNTAX_ERROR: line 3:7: Column 'paid' cannot be resolved" } : { columns: usual },
    );
    expect(results.map(({ ok }) => ok)).toEqual(requests.map((_, n) => n !== 3));
    expect(results[3]).toEqual({
      ok: false,
      error: "Athena could not run the query: SYNTAX_ERROR: line 2, column 7: Column 'paid' cannot be resolved",
    });
    expect(lake.mostAtOnce()).toBeLessThanOrEqual(5);
  });

  test.each<[string, Outcome, AskedBy, string]>([
    [
      'a query that somebody cancelled',
      { cancelled: 'Bytes scanned limit was exceeded', scanned: 11_000_000 },
      {},
      'the query was cancelled in Athena (after 11000000 bytes were scanned): Bytes scanned limit was exceeded',
    ],
    [
      'a workgroup that does not exist',
      {},
      { own: { workgroup: 'nobody' } },
      'Athena refused the query: WorkGroup nobody is not found.',
    ],
    [
      'an account that is throttled after all attempts',
      {},
      { before: () => ({ type: 'TooManyRequestsException', message: 'Rate exceeded' }) },
      'Athena: TooManyRequestsException: Rate exceeded; ask less often with `every`',
    ],
    [
      'a role without the right',
      {},
      { before: () => ({ type: 'AccessDeniedException', message: 'not authorized to perform: athena:StartQueryExecution' }) },
      'the role that Tocsin runs as needs the rights that docs/sql.md lists',
    ],
    [
      'too many rows',
      { columns: usual, rows: Array.from({ length: 101 }, (_, n) => [at(-1), String(n), '1']) },
      { more: { maxRows: 100 } },
      'the query gives more than 100 rows',
    ],
    [
      'a time without a zone',
      {
        columns: [
          ['time', 'timestamp'],
          ['value', 'double'],
        ],
        rows: [],
      },
      {},
      "the column time is a timestamp, which has no time zone; write its zone: with_timezone(time, 'UTC')",
    ],
    [
      'a time in a zone whose hours are told in two ways',
      {
        columns: [
          ['time', 'timestamp(3) with time zone'],
          ['value', 'double'],
        ],
        rows: [['2026-10-25 02:30:00.000 Europe/Berlin', '1']],
      },
      {},
      "expected one in UTC: at_timezone(time, 'UTC')",
    ],
    [
      'a label that is a map',
      {
        columns: [
          ['time', 'timestamp with time zone'],
          ['value', 'double'],
          ['basket', 'map(varchar, bigint)'],
        ],
        rows: [],
      },
      {},
      'the column basket is a map(varchar, bigint), which is no label',
    ],
  ])('says what is wrong with %s', async (_, outcome, by, error) =>
    expect(await errorOf([request(revenue)], outcome, by)).toContain(error),
  );

  it('asks no more where the account is refused, and begins with the others in the next call', async () => {
    const calls = callsInTurn();
    const requests = Array.from({ length: 8 }, (_, n) => request(`${revenue} -- ${n}`, `r${n}`));
    const { results, lake } = await ask(requests, {}, { calls, before: () => ({ type: 'ThrottlingException' }) });
    expect(results.every(({ ok }) => !ok)).toBe(true);
    expect(lake.calls.length).toBeLessThanOrEqual(5);
  });

  it('stops a query whose time is over, and says so', async () => {
    const { results, lake } = await ask(
      [request(revenue)],
      { columns: usual, states: Array.from({ length: 100_000 }, () => 'RUNNING') },
      { more: { timeout: '150ms' } },
    );
    expect(results).toEqual([{ ok: false, error: expect.stringContaining('longer than the timeout of 0.15s, and was stopped') }]);
    expect(lake.stopped).toEqual(['query-1']);
  });

  it('stops a query that Athena does not tell of any more', async () => {
    const { results, lake } = await ask(
      [request(revenue)],
      { columns: usual },
      { more: { timeout: '150ms' }, before: (call) => (call === 'GetQueryExecution' ? 'hang' : undefined) },
    );
    expect(results[0]).toMatchObject({ ok: false });
    expect(lake.stopped).toEqual(['query-1']);
  });
});
