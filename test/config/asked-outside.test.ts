import { describe, expect, test } from 'vitest';
import { errorsOf, rule } from './errors-of.ts';

const sql = (postgres: string): string => `sources:\n  shop: { kind: sql, postgres: { ${postgres} } }\n`;
const dd = (more: string): string => `sources:\n  dd: { kind: datadog, ${more} }\n`;

const lake = (timing: Record<string, string>): string =>
  `sources:\n  lake: { kind: sql, athena: { database: shop } }\n${rule({
    source: 'lake',
    query: '{ sql: { query: "select :from, :to" } }',
    step: '1m',
    ...timing,
  })}`;

describe('`check` refuses a source that asks a database or Datadog in a way that cannot work:', () => {
  test.each([
    [
      'a password in place of the name of a secret, which it does not repeat',
      sql('host: db, database: shop, user: t, password: hunter2'),
      'sources.shop.postgres.password: expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value; received a text that is not shown here',
    ],
    [
      'a key in place of the name of a secret',
      dd('apiKey: 0123456789abcdef, appKey: DD_APP'),
      'sources.dd.apiKey: expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value; received a text that is not shown here',
    ],
    [
      'an address in place of a host',
      sql('host: "https://db:5432", database: shop, user: t'),
      'sources.shop.postgres.host: expected a host name or address, without a port, a user or a path',
    ],
    [
      'a site with the name of its pages',
      dd('site: app.datadoghq.eu, apiKey: DD_API, appKey: DD_APP'),
      'sources.dd.site: expected the site without api. or app., such as datadoghq.eu',
    ],
    [
      'SQL that would read the whole table',
      rule({ source: 'cpu', query: '{ sql: { query: "select now() as time, 1 as value" } }' }),
      'rules.acc.query.sql.query: expected a query that names :from and :to',
    ],
    [
      'a source of SQL without a database',
      'sources:\n  shop: { kind: sql }\n',
      'sources.shop: expected exactly one of postgres, athena; received none',
    ],
    [
      'a place in S3 that is a pattern',
      'sources:\n  lake: { kind: sql, athena: { database: shop, reads: ["s3://our-lake/*"] } }\n',
      'sources.lake.athena.reads[0]: expected a place in S3 that ends with a slash',
    ],
    [
      'a rule that asks Athena each minute',
      lake({}),
      'rules.acc.step: expected to ask every at least 15m, as atMostEvery of lake says',
    ],
    [
      'a rule that asks Athena faster while it fires',
      lake({ every: '15m', whileActive: '1m' }),
      'rules.acc.whileActive: expected at least 15m',
    ],
    [
      'a query of Datadog without a scope',
      rule({ source: 'cpu', query: '{ datadog: { query: system.cpu } }' }),
      'rules.acc.query.datadog.query: expected a query with its scope in braces',
    ],
  ])('%s', (_, text, error) => expect(errorsOf(text).join('\n')).toContain(error));
});
