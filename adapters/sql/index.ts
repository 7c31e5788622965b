/**
 * Business metrics by SQL: one row a series and time.
 *
 * - A query runs in a transaction that may only read, for at most `timeout`, and gives at most `maxRows` rows.
 *   Rules with the same query and step share one run. One bad query fails alone, and says where.
 * - `:from` and `:to` are parameters of the statement, never text of it. Times are UTC.
 * - Columns that are named nowhere are labels. A series that has ended lately is answered without points.
 * - What a call may take altogether, and whose turn it is: adapters/asked-in-time.ts.
 * - The password is read for each call, so that a rotated one is in use with the next.
 */
import type { Outside } from '../../app/ports/outside.ts';
import type { Source, SourceRequest, SourceResult } from '../../app/ports/source.ts';
import type { SqlQuery, SqlSourceConfig } from '../../core/telemetry/sources/kinds/sql.ts';
import { type Budget, callsInTurn } from '../asked-in-time.ts';
import { type Database, openPostgres } from './postgres.ts';
import { type Read, seriesOf } from './rows.ts';

/** One query that requests share; [from, to) in milliseconds. */
type Unit = { query: SqlQuery; step: number; from: number; to: number };

/** How long before its span a series is looked for, so that one which has just ended is known to be missing. */
const earlierSteps = 5;

export function openSource(
  { secrets }: Pick<Outside, 'secrets'>,
  calls = callsInTurn(),
  open: typeof openPostgres = openPostgres,
): Source<'sql'> {
  return {
    query: (name, source, requests, now) =>
      calls.call(name, requests, async (ordered, budget) => {
        const units = new Map<string, Unit>();
        const keysOf = ordered.map((request) => {
          const key = keyOf(request);
          if (key !== undefined) units.set(key, widened(units.get(key), request, now - source.lag));
          return key;
        });
        const answers = await answersOf(units, source, budget, (timeoutMs) => open(source, secrets, timeoutMs));
        return ordered.map((request, place) => {
          const key = keysOf[place];
          if (key !== undefined) return { result: resultOf(request, answers.get(key), source, now), keys: [key] };
          const error = `rule ${request.ruleId} has no sql query; give it \`query: { sql: ... }\``;
          return { result: { ok: false, error }, keys: [] };
        });
      }),
  };
}

const keyOf = ({ rule: { query, step } }: SourceRequest): string | undefined =>
  query.sql === undefined ? undefined : JSON.stringify([step, query.sql]);

function widened(known: Unit | undefined, { from, to, rule }: SourceRequest, newest: number): Unit {
  const { step } = rule;
  const start = Math.floor(from / step) * step - earlierSteps * step;
  const end = Math.floor(Math.min(to, newest) / step) * step;
  return {
    query: rule.query.sql as SqlQuery,
    step,
    from: Math.min(known?.from ?? start, start),
    to: Math.max(known?.to ?? end, end),
  };
}

async function answersOf(
  units: ReadonlyMap<string, Unit>,
  { maxRows, timeout }: SqlSourceConfig,
  budget: Budget,
  open: (timeoutMs: number) => Promise<Database>,
): Promise<Map<string, Read>> {
  const answers = new Map<string, Read>();
  let database: Database | undefined;
  try {
    for (const [key, { query, step, from, to }] of units) {
      if (from >= to) {
        answers.set(key, { ok: true, series: [], notes: [] });
        continue;
      }
      try {
        const { columns, rows } = await budget.ask(key, async (share) => {
          database ??= await open(share.timeoutMs(timeout));
          const read = await database.rows(query.query, new Date(from), new Date(to), maxRows + 1, share);
          if (read.rows.length > maxRows)
            throw new Error(`the query gives more than ${maxRows} rows; group more, or raise maxRows of the source`);
          return read;
        });
        answers.set(key, seriesOf(columns, rows, query, step));
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
}

function resultOf({ from, to }: SourceRequest, read: Read | undefined, source: SqlSourceConfig, now: number): SourceResult {
  if (read === undefined) return { ok: false, error: 'the query was not asked' };
  if (!read.ok) return read;
  const end = Math.min(to, now - source.lag);
  const series = read.series.map(({ labels, points }) => ({
    labels: { ...source.labels, ...labels },
    points: points.filter(({ at }) => at > from && at <= end),
  }));
  return read.notes.length === 0 ? { ok: true, series } : { ok: true, series, partial: read.notes.join('; ') };
}
