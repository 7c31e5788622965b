import type { Grouping } from '../../core/alerting/correlation/grouping.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import { dataAsked } from '../../core/telemetry/sources/data-asked.ts';
import { isOutside, sourceKindOf } from '../../core/telemetry/sources/source.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { inSpan } from '../in-span.ts';
import type { Ports } from '../ports/ports.ts';
import { type SourceRequest, type SourceResult, sourceOf } from '../ports/source.ts';
import { withTimeout } from '../with-timeout.ts';
import { sourceTimeoutMs, type Turn } from './in-flight-queries.ts';

export type DueRule = { id: RuleId; rule: AskingRule; request: SourceRequest; groupBy: Grouping };

/**
 * Passes each call's answers to `take`, with the indexes in `due` of their rules. A source that
 * times out once is not called for the rest.
 */
export async function askSource(
  ports: Ports,
  name: string,
  due: readonly DueRule[],
  turn: { now: number; holds: Turn['holds'] },
  take: (asked: readonly number[], answers: readonly SourceResult[]) => void,
): Promise<void> {
  // Rules on one metric share a call, so that common data is read once.
  const subjects = due.map(({ rule }) => subjectOfQuery(rule));
  const order = [...due.keys()].sort((a, b) => byText(subjects[a] as string, subjects[b] as string) || a - b);
  const config = ports.config.sources[name];
  const atOnce = (config && sourceKindOf(config)?.requestsACall) ?? 1;
  let late: LateError | undefined;
  for (const asked of callsOf(order, atOnce, (index) => (due[index] as DueRule).rule.samples.family)) {
    const requests = asked.map((index) => (due[index] as DueRule).request);
    const answered = late ?? (await ask(ports, name, requests, turn));
    if (answered instanceof LateError) late = answered;
    take(asked, answered instanceof Error ? requests.map(() => ({ ok: false, error: answered.message })) : answered);
  }
}

/** So do rules of one family, which must be tested together. */
const subjectOfQuery = ({ query, samples }: AskingRule): string => `${samples.family ?? ''} ${dataAsked(query)}`;

/** Calls of about this many requests; none splits a family. */
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

/** The answer to one call, or why there is none. */
async function ask(
  ports: Ports,
  name: string,
  requests: SourceRequest[],
  { now, holds }: { now: number; holds: Turn['holds'] },
): Promise<SourceResult[] | Error> {
  const config = ports.config.sources[name];
  if (config === undefined) return new Error(`the source ${name} is not in the config`);
  const asked = sourceOf(ports.sources, name, config);
  if (asked instanceof Error) return asked;
  const { kind } = asked.config;
  const late = `the source ${name} did not answer within ${sourceTimeoutMs / 1000}s`;
  const attributes = { 'tocsin.source.name': name, 'tocsin.source.kind': kind, 'tocsin.requests': requests.length };
  try {
    return await inSpan(ports, 'query a source', { kind: isOutside(config) ? 'client' : 'internal', attributes }, () => {
      const answer = asked.source.query(name, asked.config, requests, now);
      holds(answer);
      return withTimeout(answer, sourceTimeoutMs, () => new LateError(late));
    });
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
