import type { Grouping } from '../../core/alerting/correlation/grouping.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import { inSpan } from '../in-span.ts';
import type { Ports } from '../ports/ports.ts';
import type { SourceRequest, SourceResult } from '../ports/source.ts';
import { within } from '../within.ts';
import { sourceTimeoutMs, type Turn } from './in-flight-queries.ts';

export type DueRule = { id: string; rule: AskingRule; request: SourceRequest; groupBy: Grouping };

/**
 * Requests of one call to a source. Of samples there may be many thousands, and their points are to die young; a call to
 * CloudWatch takes 500 queries, and a few calls go side by side.
 */
const requestsACall = { samples: 100, predictions: 1000, cloudwatch: 2500, alerts: 100 };

/**
 * Calls `take` with the answers of each call, and the places in `due` of the rules that they are for. A source that has not answered one
 * call in time is not asked for the rest.
 */
export async function askSource(
  ports: Ports,
  name: string,
  due: readonly DueRule[],
  turn: { now: number; holds: Turn['holds'] },
  take: (asked: readonly number[], answers: readonly SourceResult[]) => void,
): Promise<void> {
  // Rules on the same metric go together, so that what they share is read in one call.
  const subjectAt = (index: number): string => subjectOfQuery((due[index] as DueRule).rule);
  const order = [...due.keys()].sort((a, b) => byText(subjectAt(a), subjectAt(b)) || a - b);
  const atOnce = requestsACall[ports.config.sources[name]?.kind ?? 'samples'];
  let late: LateError | undefined;
  for (const asked of callsOf(order, atOnce, (index) => (due[index] as DueRule).rule.samples.family)) {
    const requests = asked.map((index) => (due[index] as DueRule).request);
    const answered = late ?? (await ask(ports, name, requests, turn));
    if (answered instanceof LateError) late = answered;
    take(asked, answered instanceof Error ? requests.map(() => ({ ok: false, error: answered.message })) : answered);
  }
}

/** Those of one family go together, too: they are tested beside each other, which only one call's answers are. */
const subjectOfQuery = ({ query, samples }: AskingRule): string =>
  `${samples.family ?? ''} ${query.samples?.metric ?? query.predictions?.metric ?? ''}`;

/** Calls of about so many requests, none of which ends within a family. */
function callsOf(indexes: readonly number[], atOnce: number, familyOf: (index: number) => string | undefined): number[][] {
  const calls: number[][] = [];
  let family: string | undefined;
  for (const index of indexes) {
    const call = calls.at(-1);
    const own = familyOf(index);
    if (call === undefined || (call.length >= atOnce && (own === undefined || own !== family))) calls.push([index]);
    else call.push(index);
    family = own;
  }
  return calls;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

class LateError extends Error {
  override name = 'LateError';
}

/** What one call is answered, or why it is not. */
async function ask(
  ports: Ports,
  name: string,
  requests: SourceRequest[],
  { now, holds }: { now: number; holds: Turn['holds'] },
): Promise<SourceResult[] | Error> {
  const source = ports.config.sources[name];
  if (source === undefined) return new Error(`the source ${name} is not in the config`);
  if (source.kind === 'alerts') return new Error(`the source ${name} takes alerts, and no rule asks it`);
  const { kind } = source;
  const late = `the source ${name} did not answer within ${sourceTimeoutMs / 1000}s`;
  const attributes = { 'tocsin.source.name': name, 'tocsin.source.kind': kind, 'tocsin.requests': requests.length };
  try {
    return await inSpan(ports, 'query a source', { kind: kind === 'cloudwatch' ? 'client' : 'internal', attributes }, () => {
      const answer = ports.sources[kind].query(name, source, requests, now);
      holds(answer);
      return within(answer, sourceTimeoutMs, () => new LateError(late));
    });
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
