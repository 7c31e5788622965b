/**
 * Business metrics by SQL: one row a series and time, from PostgreSQL or Amazon Athena.
 *
 * - A query may only read, runs for at most `timeout`, and gives at most `maxRows` rows. Rules with
 *   the same query and step share one run. One bad query fails alone, and says where.
 * - `:from` and `:to` are parameters of the statement, never text of it. Times are UTC.
 * - Columns that are named nowhere are labels. A series that has ended lately is answered without
 *   points.
 * - What a call may take altogether, and whose turn it is: adapters/asked-in-time.ts.
 * - The password is read for each call, so that a rotated one is in use with the next.
 */
import type { Outside } from '../../app/ports/outside.ts';
import type { Source, SourceRequest, SourceResult } from '../../app/ports/source.ts';
import { isAthena, isPostgres, type SqlQuery, type SqlSourceConfig } from '../../core/telemetry/sources/kinds/sql.ts';
import { callsInTurn } from '../asked-in-time.ts';
import { askAthena } from './ask-athena.ts';
import { askPostgres } from './ask-postgres.ts';
import type { Pause } from './athena.ts';
import type { athenaClients } from './athena-client.ts';
import type { openPostgres } from './postgres.ts';
import type { Read } from './rows.ts';
import type { AskUnits, Unit } from './unit.ts';

/**
 * How long before its span a series is looked for, so that one which has just ended is known to be
 * missing.
 */
const earlierSteps = 5;

/** How engines are reached, where not as usual. */
type Reached = {
  postgres?: typeof openPostgres;
  athena?: ReturnType<typeof athenaClients>;
  /** Milliseconds between looks at a query of Athena. */
  pause?: Pause;
};

export function openSource(
  { secrets, awsAttempts }: Pick<Outside, 'secrets' | 'awsAttempts'>,
  calls = callsInTurn(),
  reached: Reached = {},
): Source<'sql'> {
  let { athena } = reached;
  const asking = async (name: string, source: SqlSourceConfig, now: number): Promise<AskUnits> => {
    if (isPostgres(source)) return askPostgres(source, secrets, reached.postgres);
    if (!isAthena(source)) throw new Error(`expected the source ${name} to have postgres or athena; received neither`);
    // Who asks no Athena does not load its client.
    athena ??= (await import('./athena-client.ts')).athenaClients(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts });
    return askAthena(name, source, athena(source.athena.region), now, reached.pause);
  };
  return {
    query: (name, source, requests, now) =>
      calls.call(name, requests, async (ordered, budget) => {
        const units = new Map<string, Unit>();
        const keysOf = ordered.map((request) => {
          const key = keyOf(request);
          if (key !== undefined) units.set(key, widened(units.get(key), request, now - source.lag));
          return key;
        });
        const asked = new Map([...units].filter(([, { from, to }]) => from < to));
        const answers = asked.size === 0 ? new Map<string, Read>() : await (await asking(name, source, now))(asked, budget);
        for (const key of units.keys()) if (!asked.has(key)) answers.set(key, { ok: true, series: [], notes: [] });
        const billed = new Set<string>();
        return ordered.map((request, place) => {
          const key = keysOf[place];
          if (key !== undefined) {
            const result = resultOf(request, answers.get(key), source, now, billed.has(key));
            billed.add(key);
            return { result, keys: [key] };
          }
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

/** `isBilled`: what the query scanned is told by another result. */
function resultOf(
  { from, to }: SourceRequest,
  read: Read | undefined,
  source: SqlSourceConfig,
  now: number,
  isBilled: boolean,
): SourceResult {
  if (read === undefined) return { ok: false, error: 'the query was not asked' };
  if (!read.ok) return read;
  const end = Math.min(to, now - source.lag);
  const series = read.series.map(({ labels, points }) => ({
    labels: { ...source.labels, ...labels },
    points: points.filter(({ at }) => at > from && at <= end),
  }));
  return {
    ok: true,
    series,
    ...(read.notes.length > 0 && { partial: read.notes.join('; ') }),
    ...(read.scanned !== undefined && !isBilled && { scanned: read.scanned }),
  };
}
