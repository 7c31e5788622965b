import { type Answer, type Received, type StandIn, standIn } from '../../contract/stand-in.ts';

/** What a query comes to. `states`: what is said of it until it is done. `null`: NULL. */
export type Outcome = {
  columns?: [name: string, type: string][];
  rows?: (string | null)[][];
  states?: string[];
  failed?: string;
  cancelled?: string;
  scanned?: number;
};
export type Started = {
  QueryString: string;
  ExecutionParameters?: string[];
  ClientRequestToken: string;
  QueryExecutionContext: { Catalog: string; Database: string };
  WorkGroup: string;
  ResultConfiguration?: { OutputLocation: string };
};
export type Error = { status?: number; type: string; message?: string };

export type AnAthena = {
  url: string;
  started: Started[];
  stopped: string[];
  /** Calls by name, in order. */
  calls: string[];
  /** Most queries that were running at a time. */
  mostAtOnce: () => number;
  close: () => Promise<void>;
};

type Execution = { id: string; body: string; outcome: Outcome; looks: number; state: string };

const isDone = (state: string): boolean => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(state);

/**
 * Amazon Athena in its wire protocol, JSON 1.1: idempotent tokens, positional parameters, queries
 * that wait, run, fail and are stopped, and pages of results whose first row is the names of the
 * columns. `outcomeOf` is the engine. `before` may answer a call in its place: an error, a cut
 * connection, or `hang`.
 */
export async function anAthena(
  outcomeOf: (query: Started) => Outcome,
  before: (call: string, count: number) => Error | 'cut' | 'hang' | undefined = () => undefined,
): Promise<AnAthena> {
  const executions = new Map<string, Execution>();
  const started: Started[] = [];
  const stopped: string[] = [];
  const calls: string[] = [];
  let most = 0;
  const answers: Record<string, (body: string) => Answer> = {
    StartQueryExecution(body) {
      const asked = JSON.parse(body) as Started;
      const token = asked.ClientRequestToken ?? '';
      if (token.length < 32 || token.length > 128) return refusal('InvalidRequestException', 'bad ClientRequestToken');
      const known = executions.get(token);
      if (known !== undefined)
        return known.body === body
          ? ok({ QueryExecutionId: known.id })
          : refusal('InvalidRequestException', 'Idempotent parameters do not match');
      if (asked.WorkGroup !== 'metrics') return refusal('InvalidRequestException', `WorkGroup ${asked.WorkGroup} is not found.`);
      const wanted = asked.QueryString.replace(/'[^']*'|--[^\n]*/g, '').split('?').length - 1;
      const given = asked.ExecutionParameters?.length ?? 0;
      if (wanted !== given)
        return refusal('InvalidRequestException', `Incorrect number of parameters: expected ${wanted} but found ${given}`);
      started.push(asked);
      const id = `query-${started.length}`;
      executions.set(token, { id, body, outcome: outcomeOf(asked), looks: 0, state: 'QUEUED' });
      most = Math.max(most, [...executions.values()].filter(({ state }) => !isDone(state)).length);
      return ok({ QueryExecutionId: id });
    },
    GetQueryExecution(body) {
      const one = executionOf(body);
      if (one === undefined) return refusal('InvalidRequestException', 'QueryExecution was not found');
      const { states = [], failed, cancelled, scanned = 0 } = one.outcome;
      if (!isDone(one.state)) one.state = states[one.looks++] ?? (failed ? 'FAILED' : cancelled ? 'CANCELLED' : 'SUCCEEDED');
      const reason = one.state === 'FAILED' ? failed : one.state === 'CANCELLED' ? cancelled : undefined;
      return ok({
        QueryExecution: {
          QueryExecutionId: one.id,
          Status: { State: one.state, StateChangeReason: reason, SubmissionDateTime: 1_767_614_400.123 },
          Statistics: isDone(one.state) ? { DataScannedInBytes: scanned, EngineExecutionTimeInMillis: 400 } : {},
        },
      });
    },
    GetQueryResults(body) {
      const { MaxResults = 1000, NextToken } = JSON.parse(body) as { MaxResults?: number; NextToken?: string };
      const one = executionOf(body);
      if (MaxResults > 1000) return refusal('InvalidRequestException', 'MaxResults is more than 1000');
      if (one?.state !== 'SUCCEEDED')
        return refusal('InvalidRequestException', `Query has not yet finished. Current state: ${one?.state}`);
      const { columns = [], rows = [] } = one.outcome;
      const all = [columns.map(([name]): string | null => name), ...rows];
      const begin = Number(NextToken ?? 0);
      const end = begin + MaxResults;
      return ok({
        UpdateCount: 0,
        ResultSet: {
          Rows: all.slice(begin, end).map((row) => ({ Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })) })),
          ResultSetMetadata: {
            ColumnInfo: columns.map(([Name, Type]) => ({ CatalogName: 'hive', Name, Label: Name, Type, Nullable: 'UNKNOWN' })),
          },
        },
        ...(end < all.length && { NextToken: String(end) }),
      });
    },
    StopQueryExecution(body) {
      const one = executionOf(body);
      if (one === undefined) return refusal('InvalidRequestException', 'QueryExecution was not found');
      stopped.push(one.id);
      if (!isDone(one.state)) one.state = 'CANCELLED';
      return ok({});
    },
  };
  const executionOf = (body: string): Execution | undefined => {
    const { QueryExecutionId } = JSON.parse(body) as { QueryExecutionId: string };
    return [...executions.values()].find(({ id }) => id === QueryExecutionId);
  };
  const server: StandIn = await standIn(({ method, headers, body }: Received): Answer => {
    const [service, call = ''] = String(headers['x-amz-target']).split('.');
    const answer = service === 'AmazonAthena' ? answers[call] : undefined;
    if (method !== 'POST' || headers['content-type'] !== 'application/x-amz-json-1.1' || answer === undefined)
      return { status: 404 };
    if (!/^AWS4-HMAC-SHA256 Credential=.*\/eu-central-1\/athena\/aws4_request/.test(headers.authorization ?? ''))
      return refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
    calls.push(call);
    const first = before(call, calls.filter((one) => one === call).length);
    if (first === 'cut' || first === 'hang') return first;
    if (first !== undefined) return refusal(first.type, first.message ?? 'because', first.status);
    return answer(body);
  });
  return { url: server.url, started, stopped, calls, mostAtOnce: () => most, close: server.close };
}

const json = { 'content-type': 'application/x-amz-json-1.1' };
const ok = (body: object): Answer => ({ headers: json, body: JSON.stringify(body) });
const refusal = (type: string, message: string, status = 400): Answer => ({
  status,
  headers: json,
  body: JSON.stringify({ __type: type, Message: message }),
});
