import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { callsInTurn } from '../../../adapters/asked-in-time.ts';
import { openSource } from '../../../adapters/sql/index.ts';
import type { SourceRequest, SourceResult } from '../../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import { sqlKind } from '../../../core/telemetry/sources/kinds/sql.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { aPostgres, type RunningPostgres, whyNoPostgres } from './a-postgres.ts';

const minute = 60_000;
const now = Date.UTC(2026, 0, 5, 12, 0);
const password = 'correct horse battery staple';

const revenue = `select date_bin('1 minute', paid_at, 'epoch') as time, country, sum(amount) as value, count(*) as orders
from payments
where paid_at >= :from and paid_at < :to
group by 1, 2 -- by country
`;

function request(query: string, more: object = {}): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'shop',
    query: { sql: { query, ...more } },
    step: '1m',
    category: 'latency',
    threshold: { below: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId('r'), rule, from: now - 5 * minute, to: now };
}

describe.skipIf(whyNoPostgres !== undefined)(
  `a Postgres${whyNoPostgres === undefined ? '' : ` (skipped: ${whyNoPostgres})`}`,
  () => {
    let server: RunningPostgres;
    beforeAll(async () => {
      server = await aPostgres(password);
      await server.run(`
      create table payments (paid_at timestamptz, wall timestamp, country text, amount numeric);
      insert into payments select timestamptz '2026-01-05T11:50:30Z' + n * interval '20 seconds', now(), case when n % 3 = 0 then 'fr' else 'de' end, n
        from generate_series(0, 27) n;
    `);
    }, 60_000);
    afterAll(() => server?.stop());

    const ask = async (
      requests: SourceRequest[],
      more: object = {},
      own: object = {},
      calls = callsInTurn(),
    ): Promise<SourceResult[]> => {
      const postgres = {
        host: '127.0.0.1',
        port: server.port,
        database: 'postgres',
        user: 'reader',
        password: 'SHOP_PASSWORD',
        tls: false,
        ...own,
      };
      const source = sqlKind.schema.parse({ kind: 'sql', lag: '0s', labels: { shop: 'main' }, postgres, ...more });
      const secrets = {
        get: async (name: string) => (name === 'SHOP_PASSWORD' ? password : name === 'WRONG' ? 'no such password' : undefined),
      };
      return openSource({ secrets }, calls).query('shop', source, requests, now);
    };
    const errorOf = async (query: string, more: object = {}, own: object = {}): Promise<string> => {
      const [result] = await ask([request(query)], more, own);
      return result?.ok === false ? result.error : `no error: ${JSON.stringify(result)}`;
    };

    it('ends a query that has less than its timeout left of a tick', async () => {
      // The call begins at 0.
      const times = [0];
      const calls = callsInTurn(() => times.shift() ?? 21_500);
      const [result] = await ask([request('select :from::timestamptz as time, :to as to, pg_sleep(5) as value')], {}, {}, calls);
      expect(result).toEqual({
        ok: false,
        error: 'the query was ended after 0.5s, which the queries before it left of the time that a tick has',
      });
    });

    it('is asked for one row a series and time', async () => {
      const [result] = await ask([request(revenue, { count: 'orders' })]);
      if (result?.ok !== true) throw new Error(result?.error);
      const points = Object.fromEntries(
        result.series.map(({ labels, points: own }) => [`${labels['shop']} ${labels['country']}`, own]),
      );
      expect(points['main de']?.map(({ at, value, count }) => [(at - now) / minute, value, count])).toEqual([
        [-4, 14 + 16, 2],
        [-3, 17 + 19, 2],
        [-2, 20 + 22, 2],
        [-1, 23 + 25, 2],
        [0, 26, 1],
      ]);
      expect(points['main fr']?.at(-1)).toEqual({ at: now, value: 27, count: 1 });
      expect(result.partial).toBeUndefined();
    });

    it('answers the other queries of a source where one fails, and runs equal ones once', async () => {
      const results = await ask([
        request('select :from, :to from nowhere'),
        request(revenue, { count: 'orders' }),
        request(revenue, { count: 'orders' }),
      ]);
      expect(results.map(({ ok }) => ok)).toEqual([false, true, true]);
      expect(results[0]).toMatchObject({
        error: 'Postgres refused the query at line 1, column 24 of the query: relation "nowhere" does not exist',
      });
    });

    const rows = (columns: string): string => `select ${columns} from payments where paid_at >= :from and paid_at < :to`;
    test.each([
      [
        'a slip of the pen',
        'select :from,\n:to\nfrm payments',
        'Postgres refused the query at line 3, column 5 of the query: syntax error at or near "payments"',
      ],
      [
        'a time without a zone',
        rows('wall as time, amount as value'),
        'the column time is a timestamp without time zone, which has no time zone',
      ],
      ['a value that is a text', rows('paid_at as time, country as value'), 'the column value is a text; expected a number'],
      [
        'two rows of one series and time',
        rows("date_bin('1 minute', paid_at, 'epoch') as time, amount as value"),
        'two rows are about 2026-01-05T',
      ],
      ['more than one statement', 'select :from, :to; drop table payments', 'Postgres refused the query at line 1, column 18'],
      [
        'a statement that writes',
        'with gone as (delete from payments where paid_at > :from and paid_at < :to returning *) select * from gone',
        'Postgres refused the query',
      ],
      [
        'a function that writes',
        "select nextval('one') as value, now() as time, :from, :to",
        'the query would write, and only reading is allowed',
      ],
      [
        'a query that takes too long',
        'select pg_sleep(5), now() as time, 1 as value, :from, :to',
        'the query ran longer than the timeout of 0.3s, and was ended',
      ],
      [
        'too many rows',
        'select now() as time, n as value, :from::timestamptz, :to::timestamptz from generate_series(1, 5000) n',
        'the query gives more than 100 rows',
      ],
      [
        'texts that are too long',
        "select now() as time, 1 as value, repeat('x', 1000000), :from::timestamptz, :to::timestamptz from generate_series(1, 90)",
        'the result is longer than 16 million characters',
      ],
    ])('says what is wrong with %s', async (_, query, error) => {
      await server.run('create sequence if not exists one; grant all on one to reader');
      expect(await errorOf(query, { maxRows: 100, timeout: query.includes('pg_sleep') ? '300ms' : '10s' })).toContain(error);
    });

    it('says why there is no connection, and never the password', async () => {
      const errors = [
        await errorOf(revenue, {}, { password: 'WRONG' }),
        await errorOf(revenue, {}, { password: 'MISSING' }),
        await errorOf(revenue, {}, { database: 'other' }),
        await errorOf(revenue, {}, { port: 1 }),
        await errorOf(revenue, {}, { tls: {} }),
      ];
      expect(errors).toEqual([
        expect.stringContaining('refused the user reader: check user, password'),
        'the secret MISSING has no value; set it where Tocsin runs',
        expect.stringContaining('has no database other'),
        'nothing listens at 127.0.0.1:1; check host and port, and that the server runs',
        expect.stringContaining('The server does not support SSL connections'),
      ]);
      expect(errors.join()).not.toMatch(/horse|no such password/);
    });
  },
);
