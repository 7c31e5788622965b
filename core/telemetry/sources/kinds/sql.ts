import * as z from 'zod';
import { exactlyOne, labels, secretName } from '../../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../../vocabulary/units.ts';
import { tlsOf } from '../../way-in.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';
import { type AthenaConfig, athena, athenaPermissions } from './athena.ts';

const postgres = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,255}$/, { error: 'expected a host name or address, without a port, a user or a path' })
    .describe('Host name or address of the server.'),
  port: z.int().min(1).max(65_535).prefault(5432).describe('Its port.'),
  database: z.string().min(1).max(63).describe('The database.'),
  user: z.string().min(1).max(63).describe('A user that may read what the queries read, and no more.'),
  password: secretName.optional().describe('Name of the secret with the password.'),
  tls: z
    .union([z.literal(false), tlsOf('`host`')])
    .prefault({})
    .describe('What to trust, and who to be. `false` for a connection without TLS, as to a server on the same machine.'),
});

const sqlSource = z
  .strictObject({
    kind: z.literal('sql').describe('Business metrics by SQL, such as revenue or refunds: one row a series and time.'),
    postgres: postgres.optional().describe('PostgreSQL, or what speaks its protocol.'),
    athena: athena.optional().describe('Amazon Athena.'),
    labels: labels.prefault({}).describe(sourceLabels),
    lag: duration.prefault('5m').describe('Younger points are judged later, when the rows of their time have been written.'),
    timeout: positiveDuration
      .refine((ms) => ms <= 20_000, { error: 'expected at most 20s, for a tick waits 25s for a source' })
      .prefault('10s')
      .describe('How long one query may run, and wait in a queue; then it is ended.'),
    maxRows: z.int().min(1).max(100_000).prefault(10_000).describe('A query that gives more rows than this fails.'),
  })
  .superRefine(exactlyOne(['postgres', 'athena']));

export type SqlSourceConfig = z.output<typeof sqlSource>;
export type PostgresConfig = z.output<typeof postgres>;
export type PostgresSource = SqlSourceConfig & { postgres: PostgresConfig };
export type AthenaSource = SqlSourceConfig & { athena: AthenaConfig };

export const isAthena = (source: SqlSourceConfig): source is AthenaSource => source.athena !== undefined;
export const isPostgres = (source: SqlSourceConfig): source is PostgresSource => source.postgres !== undefined;

const column = z.string().min(1).max(63);

const sqlQuery = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(20_000)
    .refine((text) => /(?<!:):from\b/.test(text) && /(?<!:):to\b/.test(text), {
      error:
        'expected a query that names :from and :to, the time for which rows are wanted, such as `where paid_at >= :from and paid_at < :to`',
    })
    .describe(
      'A SELECT that gives one row for each series and time. `:from` (included) and `:to` (not included) stand for the time that is asked for. Columns that are named nowhere below become labels.',
    ),
  time: column
    .prefault('time')
    .describe('The column with the beginning of the span that a row is about: a time with its zone, a multiple of `step`.'),
  value: column.prefault('value').describe('The column with the value, which also names the metric.'),
  count: column
    .optional()
    .describe('The column with the number of samples behind the value, for `samples.minCount` and the Wilson interval.'),
});

export type SqlQuery = z.output<typeof sqlQuery>;

const secretsOf = ({ password, tls: own }: PostgresConfig): string[] =>
  [password, ...(own === false ? [] : [own.ca, own.cert, own.key])].filter((name) => name !== undefined);

export const sqlKind = {
  schema: sqlSource,
  query: sqlQuery.describe('For a sql source.'),
  readFrom: 'outside',
  // One after the other over one connection; a few at a time to Athena.
  requestsACall: 100,
  lag: ({ lag }) => lag,
  buckets: () => undefined,
  takes: [],
  modelLabel: () => ({}),
  // Columns override labels of the source, so no label value is certain.
  fixedLabels: () => ({}),
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: (source) => (isAthena(source) ? athenaPermissions(source.athena) : []),
  secrets: (source) => (isPostgres(source) ? secretsOf(source.postgres) : []),
  hint: 'check that the database can be reached from here, who asks it and with which rights, and the query; docs/sql.md',
} satisfies SourceKindOf<SqlSourceConfig, typeof sqlSource>;
