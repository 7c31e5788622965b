import type { Secrets } from '../../app/ports/secrets.ts';
import type { PostgresSource } from '../../core/telemetry/sources/kinds/sql.ts';
import { type Database, openPostgres, postgresDialect } from './postgres.ts';
import { type Read, seriesOf } from './rows.ts';
import { type AskUnits, tooManyRows } from './unit.ts';

/** One after the other over one connection, which is opened with the first query. */
export const askPostgres =
  (source: PostgresSource, secrets: Secrets, open: typeof openPostgres = openPostgres): AskUnits =>
  async (units, budget) => {
    const { maxRows, timeout } = source;
    const answers = new Map<string, Read>();
    let database: Database | undefined;
    try {
      for (const [key, { query, step, from, to }] of units) {
        try {
          const { columns, rows } = await budget.ask(key, async (share) => {
            database ??= await open(source, secrets, share.timeoutMs(timeout));
            const read = await database.rows(query.query, new Date(from), new Date(to), maxRows + 1, share);
            if (read.rows.length > maxRows) throw tooManyRows(maxRows);
            return read;
          });
          answers.set(key, seriesOf(columns, rows, query, step, postgresDialect));
        } catch (cause) {
          answers.set(key, { ok: false, error: cause instanceof Error ? cause.message : String(cause) });
          // Without a connection no other query can be asked either.
          if (database === undefined || !database.isOpen()) {
            await database?.close();
            database = undefined;
            const failed = answers.get(key) as Read;
            for (const other of units.keys()) {
              if (answers.has(other)) continue;
              answers.set(other, failed);
              budget.leave(other);
            }
            break;
          }
        }
      }
    } finally {
      await database?.close();
    }
    return answers;
  };
