import pg from 'pg';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { PostgresConfig, PostgresSource } from '../../core/telemetry/sources/kinds/sql.ts';
import { type Share, StarvedError, shortness } from '../asked-in-time.ts';
import { neededPem, neededSecret } from '../secret-values.ts';
import { keptText } from './kept-text.ts';
import type { Column, ColumnType, Dialect, Row } from './rows.ts';

export type Database = {
  /** The first rows of a query, as texts. Throws an Error for people, which holds no secret. */
  rows(query: string, from: Date, to: Date, atMost: number, share: Share): Promise<{ columns: Column[]; rows: Row[] }>;
  isOpen(): boolean;
  close(): Promise<void>;
};

export const postgresDialect: Dialect = {
  zoned: (column) => `${column} at time zone 'UTC'`,
  truncated: (seconds) => `date_bin('${seconds} seconds', ..., 'epoch')`,
};

/** `timeoutMs`: for the connection. Throws an Error for people. */
export async function openPostgres(source: PostgresSource, secrets: Secrets, timeoutMs: number): Promise<Database> {
  const { postgres: config, timeout } = source;
  const client = new pg.Client({
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.user,
    password: config.password === undefined ? undefined : await neededSecret(secrets, config.password),
    ssl: await sslOf(config, secrets),
    connectionTimeoutMillis: timeoutMs,
    application_name: 'tocsin',
  });
  let isOpen = true;
  client.on('error', () => {
    isOpen = false;
  });
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new Error(connectionText(config, cause));
  }
  return {
    async rows(query, from, to, atMost, share) {
      const ownMs = share.timeoutMs(timeout);
      // In case that the server does not answer at all. The transaction ends in time even after a
      // query that was late.
      const waitsUntil = performance.now() + ownMs + 1000;
      const waiting = (text: string) => ({ text, query_timeout: Math.max(500, Math.ceil(waitsUntil - performance.now())) });
      const asText = keptText(share);
      try {
        // Settings of the transaction, which a pooler such as PgBouncer passes on; it refuses those
        // of a session.
        await client.query(
          waiting(
            `BEGIN READ ONLY; SET LOCAL statement_timeout = ${ownMs}; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'`,
          ),
        );
        const result = await client.query<(string | null)[]>({
          ...waiting(limited(query, atMost)),
          values: [from.toISOString(), to.toISOString()],
          rowMode: 'array',
          types: { getTypeParser: () => asText },
        });
        const names = await typeNames(client, waiting, result.fields);
        const columns = result.fields.map(({ name, dataTypeID }) => ({
          name,
          type: typeOf(dataTypeID),
          typeName: names.get(dataTypeID) ?? `type ${dataTypeID}`,
        }));
        return { columns, rows: result.rows };
      } catch (cause) {
        if (!(cause instanceof pg.DatabaseError)) isOpen = isOpen && !isTimeout(cause);
        if (cause instanceof StarvedError) throw cause;
        throw new Error(queryText(query, cause, ownMs, timeout));
      } finally {
        if (isOpen)
          await client.query(waiting('ROLLBACK')).catch(() => {
            isOpen = false;
          });
      }
    },
    isOpen: () => isOpen,
    close: () => client.end().catch(() => undefined),
  };
}

const before = 'select * from (\n';

/**
 * Parameters take as many characters as their names, so that positions in errors stay those of the
 * query. A newline ends a comment in its last line.
 */
const limited = (query: string, atMost: number): string =>
  `${before}${query
    .replace(/;\s*$/, '')
    .replace(/(?<!:):from\b/g, '$$1   ')
    .replace(/(?<!:):to\b/g, '$$2 ')}\n) as asked limit ${atMost}`;

const types: Readonly<Record<number, ColumnType>> = {
  1184: 'time',
  1114: 'zoneless',
  1082: 'zoneless',
  1083: 'zoneless',
  20: 'number',
  21: 'number',
  23: 'number',
  700: 'number',
  701: 'number',
  1700: 'number',
  17: 'other',
  114: 'other',
  3802: 'other',
};

/** Arrays, ranges and the like are texts too, if somebody wants them as a label. */
const typeOf = (oid: number): ColumnType => types[oid] ?? 'text';

async function typeNames(
  client: pg.Client,
  waiting: (text: string) => pg.QueryConfig,
  fields: readonly { dataTypeID: number }[],
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ oid: number; name: string }>({
    ...waiting('select oid::int as oid, format_type(oid, null) as name from pg_type where oid = any($1::oid[])'),
    values: [[...new Set(fields.map(({ dataTypeID }) => dataTypeID))]],
  });
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

const isTimeout = (cause: unknown): boolean => cause instanceof Error && cause.message.includes('timeout');

function queryText(query: string, cause: unknown, ownMs: number, timeout: number): string {
  if (!(cause instanceof pg.DatabaseError)) return `the query failed: ${cause instanceof Error ? cause.message : String(cause)}`;
  if (cause.code === '57014')
    return ownMs < timeout
      ? `the query was ended after ${ownMs / 1000}s${shortness(ownMs, timeout)}`
      : `the query ran longer than the timeout of ${timeout / 1000}s, and was ended; make it faster, or raise timeout of the source`;
  if (cause.code === '25006') return `the query would write, and only reading is allowed: ${cause.message}`;
  const place = Number(cause.position) - before.length;
  const lines = query.slice(0, Math.max(0, place - 1)).split('\n');
  const isInside = place >= 1 && place <= query.length + 1;
  const where = isInside ? ` at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1} of the query` : '';
  const hint = cause.hint === undefined ? '' : ` (${cause.hint})`;
  return `Postgres refused the query${where}: ${cause.message}${hint}`;
}

function connectionText({ host, port, database, user }: PostgresConfig, cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
  const where = `${host}:${port}`;
  const text = cause instanceof Error ? cause.message : String(cause);
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${where}; check host and port, and that the server runs`;
    case 'ENOTFOUND':
      return `no host is called ${host}`;
    case '28P01':
    case '28000':
      return `${where} refused the user ${user}: check user, password, and the server's pg_hba.conf (${text})`;
    case '3D000':
      return `${where} has no database ${database}`;
    default:
      return `no connection to ${where}: ${text}`;
  }
}

async function sslOf({ tls }: PostgresConfig, secrets: Secrets) {
  if (tls === false) return false;
  const { ca, cert, key, serverName } = tls;
  return {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca: await neededPem(secrets, ca) }),
    ...(cert !== undefined && { cert: await neededPem(secrets, cert) }),
    ...(key !== undefined && { key: await neededPem(secrets, key) }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}
