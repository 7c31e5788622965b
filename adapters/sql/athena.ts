import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsOutput,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { AthenaSource } from '../../core/telemetry/sources/kinds/sql.ts';
import { type Share, StarvedError, shortness } from '../asked-in-time.ts';
import { columnsOf, rowOf } from './athena-result.ts';
import { inOwnLines, statementOf, tokenOf } from './athena-statement.ts';
import { keptText } from './kept-text.ts';
import type { Column, Row } from './rows.ts';
import { tooManyRows, type Unit } from './unit.ts';

/** Athena refuses whoever asks, not this query: the others would be refused as well. */
export class RefusedByAthenaError extends Error {
  override name = 'RefusedByAthenaError';
}

export type AthenaAnswer = {
  columns: Column[];
  rows: Row[] /** Bytes that are billed; undefined if Athena does not say. */;
  scanned: number | undefined;
};

const rowsAPage = 1000;
/** Between two looks at a query that is not done: the first time, and later. */
const soonMs = 200;
const laterMs = 1000;
/** How long a call to stop a query may take, within what a tick waits beyond a call. */
const stopWithinMs = 1500;

/** Ends early, without an error, when the signal says so. */
export type Pause = (ms: number, until: AbortSignal) => Promise<void>;

type Asking = {
  client: AthenaClient;
  /** Name of the source. */
  name: string;
  source: AthenaSource;
  now: number;
  pause: Pause;
};

/** Runs one query to its end, and stops it when its time is over. Throws an Error for people. */
export async function rowsOfAthena(asking: Asking, { query, from, to }: Unit, share: Share): Promise<AthenaAnswer> {
  const { client, source } = asking;
  const ownMs = share.timeoutMs(source.timeout);
  const waiting: Waiting = { deadline: AbortSignal.timeout(ownMs), ownMs, share, source };
  const id = await started(asking, query.query, [from, to], waiting);
  let done: QueryExecution;
  try {
    done = await ended(asking, id, waiting);
  } catch (cause) {
    await stopped(client, id);
    throw cause;
  }
  const scanned = done.Statistics?.DataScannedInBytes;
  if (done.Status?.State !== 'SUCCEEDED') throw new Error(failureText(done, scanned));
  return { ...(await read(client, id, waiting)), scanned };
}

type Waiting = { deadline: AbortSignal; ownMs: number; share: Share; source: AthenaSource };

async function started(
  { client, name, source, now }: Asking,
  query: string,
  [from, to]: [number, number],
  { deadline, ...waiting }: Waiting,
): Promise<string> {
  const { athena, maxRows } = source;
  const { text, parameters } = statementOf(query, new Date(from), new Date(to), maxRows + 1);
  try {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: text,
        ExecutionParameters: parameters,
        ClientRequestToken: tokenOf(name, athena, text, parameters, now),
        QueryExecutionContext: { Catalog: athena.catalog, Database: athena.database },
        WorkGroup: athena.workgroup,
        ...(athena.results !== undefined && { ResultConfiguration: { OutputLocation: athena.results } }),
      }),
      { abortSignal: deadline },
    );
    if (QueryExecutionId === undefined) throw new Error('Athena started the query without saying its id');
    return QueryExecutionId;
  } catch (cause) {
    throw told(cause, { deadline, ...waiting });
  }
}

/** Waits until the query is done, failed or cancelled. Throws when its time is over. */
async function ended({ client, pause }: Asking, id: string, waiting: Waiting): Promise<QueryExecution> {
  for (let waitMs = soonMs; ; waitMs = Math.min(laterMs, waitMs * 2)) {
    try {
      const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), {
        abortSignal: waiting.deadline,
      });
      const state = execution?.Status?.State;
      if (execution !== undefined && state !== 'QUEUED' && state !== 'RUNNING') return execution;
      // Also the call's own time may be over, before that of the query.
      waiting.share.timeoutMs(1);
    } catch (cause) {
      throw told(cause, waiting);
    }
    await pause(waitMs, waiting.deadline);
    if (waiting.deadline.aborted) throw overdue(waiting);
  }
}

/** Best effort: a query that cannot be stopped ends by the limits of its workgroup. */
async function stopped(client: AthenaClient, id: string): Promise<void> {
  try {
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }), {
      abortSignal: AbortSignal.timeout(stopWithinMs),
    });
  } catch {
    // The failure that led here is told.
  }
}

async function read(client: AthenaClient, id: string, waiting: Waiting): Promise<{ columns: Column[]; rows: Row[] }> {
  const { maxRows } = waiting.source;
  const kept = keptText(waiting.share);
  const rows: Row[] = [];
  let columns: Column[] | undefined;
  let token: string | undefined;
  do {
    let page: GetQueryResultsOutput;
    try {
      page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: rowsAPage, NextToken: token }), {
        abortSignal: waiting.deadline,
      });
    } catch (cause) {
      throw told(cause, waiting);
    }
    const isFirst = columns === undefined;
    columns ??= columnsOf(page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []);
    // The first row of the first page has the names of the columns.
    for (const row of (page.ResultSet?.Rows ?? []).slice(isFirst ? 1 : 0)) rows.push(rowOf(row, columns, kept));
    if (rows.length > maxRows) throw tooManyRows(maxRows);
    if (page.NextToken !== undefined && page.NextToken === token) throw new Error('Athena gives the same page of results again');
    token = page.NextToken;
  } while (token !== undefined);
  return { columns, rows };
}

function failureText({ Status }: QueryExecution, scanned: number | undefined): string {
  const reason = inOwnLines(Status?.StateChangeReason ?? Status?.AthenaError?.ErrorMessage ?? 'it does not say why').slice(
    0,
    1000,
  );
  const billed = scanned === undefined || scanned === 0 ? '' : ` (after ${scanned} bytes were scanned)`;
  return Status?.State === 'CANCELLED'
    ? `the query was cancelled in Athena${billed}: ${reason}`
    : `Athena could not run the query${billed}: ${reason}`;
}

const overdue = ({ ownMs, source: { timeout } }: Waiting): Error =>
  new Error(
    ownMs < timeout
      ? `the query was stopped after ${ownMs / 1000}s${shortness(ownMs, timeout)}`
      : `the query waited and ran for longer than the timeout of ${timeout / 1000}s, and was stopped; make it scan less, or raise timeout of the source`,
  );

/** Names of errors about who asks, and what to do. */
const whoAsks: readonly [RegExp, string][] = [
  [/AccessDenied|Unauthorized/, 'the role that Tocsin runs as needs the rights that docs/sql.md lists'],
  [/CredentialsProvider/, 'there are no AWS credentials here; give Tocsin some'],
  [
    /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature/,
    'the AWS credentials are no longer valid; renew them',
  ],
  [/Throttl|TooManyRequests/, 'ask less often with `every`, or ask AWS for a higher quota of Athena'],
];

function told(cause: unknown, waiting: Waiting): Error {
  if (cause instanceof StarvedError) return cause;
  if (waiting.deadline.aborted) return overdue(waiting);
  if (!(cause instanceof Error)) return new Error(`Athena: ${String(cause)}`);
  const advice = whoAsks.find(([pattern]) => pattern.test(cause.name))?.[1];
  if (advice !== undefined) return new RefusedByAthenaError(`Athena: ${cause.name}: ${cause.message}; ${advice}`);
  return new Error(
    cause.name === 'InvalidRequestException'
      ? `Athena refused the query: ${inOwnLines(cause.message)}`
      : `Athena: ${cause.name}: ${cause.message}`,
  );
}
