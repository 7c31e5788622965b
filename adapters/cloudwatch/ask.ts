import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { alone, queriesOf, type Unit, weight } from './plan.ts';

/** One series as received: start of period (ms) to value. */
export type RawSeries = { label: string; values: Map<number, number> };
export type UnitAnswer = { ok: true; series: RawSeries[]; notes: string[] } | { ok: false; error: string };

const maxQueries = 500;
/** More pages indicate a loop: 200 pages hold 20 million datapoints. */
const maxPages = 200;

/** Answers every unit. Never throws: a failed call is the answer of its units. */
export async function askAll(client: CloudWatchClient, units: Unit[], concurrency: number): Promise<Map<Unit, UnitAnswer>> {
  const answers = new Map<Unit, UnitAnswer>();
  const waiting = batchesOf(units);
  let next = 0;
  const worker = async () => {
    for (let batch = waiting[next++]; batch !== undefined; batch = waiting[next++]) await askBatch(client, batch, answers);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, waiting.length) }, worker));
  return answers;
}

/**
 * Groups units with equal spans into calls of at most 500 queries; some units need their own call.
 */
function batchesOf(units: Unit[]): Unit[][] {
  const batches: Unit[][] = [];
  const open = new Map<string, { batch: Unit[]; used: number }>();
  for (const unit of units) {
    if (alone(unit)) {
      batches.push([unit]);
      continue;
    }
    const key = `${unit.start} ${unit.end}`;
    let current = open.get(key);
    if (current === undefined || current.used + weight(unit) > maxQueries) {
      current = { batch: [], used: 0 };
      open.set(key, current);
      batches.push(current.batch);
    }
    current.batch.push(unit);
    current.used += weight(unit);
  }
  return batches;
}

/**
 * CloudWatch refuses a whole call for one bad query. Removes the query named in the message, or
 * else halves the batch, until every good query has its answer and every bad one its own error.
 */
async function askBatch(client: CloudWatchClient, batch: Unit[], answers: Map<Unit, UnitAnswer>): Promise<void> {
  let pending = batch;
  while (pending.length > 0) {
    try {
      await collect(client, pending, answers);
      return;
    } catch (error) {
      const named = isBadQuery(error) ? namedIn(error, pending) : pending;
      if (named.length === 0) {
        const middle = Math.ceil(pending.length / 2);
        await askBatch(client, pending.slice(0, middle), answers);
        pending = pending.slice(middle);
        continue;
      }
      for (const unit of named) answers.set(unit, { ok: false, error: errorText(error) });
      pending = pending.filter((unit) => !named.includes(unit));
    }
  }
}

const idOf = (index: number): string => `q${index}`;

/**
 * The unit whose id an error names; a batch of one names itself. None if several are named, because
 * some may only be context.
 */
function namedIn(error: unknown, batch: Unit[]): Unit[] {
  if (batch.length === 1) return batch;
  const text = error instanceof Error ? error.message : '';
  const ids = new Set([...text.matchAll(/\bq(\d+)(?:_\w+)?\b/g)].map((match) => Number(match[1])));
  const named = [...ids].flatMap((index) => batch[index] ?? []);
  return named.length === 1 ? named : [];
}

async function collect(client: CloudWatchClient, batch: Unit[], answers: Map<Unit, UnitAnswer>): Promise<void> {
  const first = batch[0];
  if (first === undefined) return;
  const queries = batch.flatMap((unit, index) => queriesOf(unit, idOf(index)));
  const results = new Map<string, Map<string, Collected>>();
  const general: string[] = [];
  let token: string | undefined;
  for (let page = 1; ; page++) {
    const answer: GetMetricDataOutput = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(first.start),
        EndTime: new Date(first.end),
        ScanBy: 'TimestampAscending',
        NextToken: token,
      }),
    );
    for (const result of answer.MetricDataResults ?? []) merge(results, result);
    for (const { Code, Value } of answer.Messages ?? []) general.push([Code, Value].filter(Boolean).join(': '));
    const more: string | undefined = answer.NextToken;
    if (more === undefined || more === '') break;
    if (more === token || page >= maxPages) {
      general.push(`CloudWatch did not come to an end after ${page} pages`);
      break;
    }
    token = more;
  }
  batch.forEach((unit, index) => {
    answers.set(unit, conclude([...(results.get(idOf(index))?.values() ?? [])], general));
  });
}

type Collected = RawSeries & { status: string; notes: string[] };

/** Pages repeat and split series. A repeated datapoint counts once, with its later value. */
function merge(results: Map<string, Map<string, Collected>>, result: MetricDataResult): void {
  const { Id = '', Label = '', StatusCode = 'Complete', Timestamps = [], Values = [], Messages = [] } = result;
  const series = results.get(Id) ?? new Map<string, Collected>();
  const known: Collected = series.get(Label) ?? { label: Label, values: new Map(), status: '', notes: [] };
  results.set(Id, series.set(Label, known));
  known.status = StatusCode;
  for (const { Code, Value } of Messages) known.notes.push([Code, Value].filter(Boolean).join(': '));
  Timestamps.forEach((time, index) => {
    const value = Values[index];
    if (value !== undefined) known.values.set(time.getTime(), value);
  });
}

function conclude(collected: Collected[], general: string[]): UnitAnswer {
  if (collected.some(({ status }) => status === 'Forbidden')) {
    return {
      ok: false,
      error: 'CloudWatch: Forbidden; allow the role that Tocsin runs as to call cloudwatch:GetMetricData, and check the account',
    };
  }
  const notes = [...general];
  for (const { status, notes: own } of collected) {
    notes.push(...own);
    if (status === 'PartialData') notes.push('CloudWatch returned part of the data only (PartialData)');
    else if (status === 'InternalError') notes.push('CloudWatch failed to read some of the data (InternalError)');
  }
  return { ok: true, series: collected.map(({ label, values }) => ({ label, values })), notes };
}

/** Errors about the query itself, not about credentials, throttling or timing. */
function isBadQuery(error: unknown): boolean {
  const { name, status } = facts(error);
  if (status < 400 || status >= 500 || status === 403 || status === 408 || status === 429) return false;
  return !/Throttl|RequestLimit|TooManyRequests|AccessDenied|Unauthorized|Token|Signature|OptInRequired|AuthFailure|ClockSkew|Expired/i.test(
    name,
  );
}

function facts(error: unknown): { name: string; message: string; status: number } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), status: 0 };
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number } | undefined) : undefined;
  return { name: error.name, message: error.message, status: metadata?.httpStatusCode ?? 0 };
}

const whatToDo: [RegExp, string][] = [
  [/AccessDenied|Unauthorized/, 'allow the role that Tocsin runs as to call cloudwatch:GetMetricData'],
  [/CredentialsProvider/, 'there are no AWS credentials here; give Tocsin some, or leave the cloudwatch source out'],
  [/ExpiredToken|InvalidClientTokenId|UnrecognizedClient/, 'the AWS credentials are no longer valid; renew them'],
  [/Throttl|RequestLimit|TooManyRequests/, 'evaluate less often, or ask AWS for a higher GetMetricData quota'],
];

function errorText(error: unknown): string {
  const { name, message } = facts(error);
  const advice = whatToDo.find(([pattern]) => pattern.test(name))?.[1];
  return `CloudWatch: ${name}: ${message}${advice === undefined ? '' : `; ${advice}`}`;
}
