import type { CallsInTurn } from '../../../adapters/asked-in-time.ts';
import { openSource } from '../../../adapters/prometheus/index.ts';
import type { SourceRequest, SourceResult } from '../../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import { type PrometheusSourceConfig, prometheusKind } from '../../../core/telemetry/sources/kinds/prometheus.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { type Answer, type Received, standIn } from '../../contract/stand-in.ts';

export const now = Date.UTC(2026, 0, 5, 12, 0, 0);

export const sourceOf = (given: Record<string, unknown>): PrometheusSourceConfig =>
  prometheusKind.schema.parse({ kind: 'prometheus', lag: '0s', ...given });

type Over = { step?: string; every?: string; from?: number; to?: number; count?: string };

export function request(query: string, over: Over = {}): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'prom',
    query: { prometheus: { query, ...(over.count === undefined ? {} : { count: over.count }) } },
    step: over.step ?? '1m',
    ...(over.every === undefined ? {} : { every: over.every }),
    category: 'latency',
    threshold: { above: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId('r'), rule, from: over.from ?? now - 5 * 60_000, to: over.to ?? now };
}

export type Asked = { query: string; start: number; end: number; step: number; form: URLSearchParams; request: Received };

/** A Prometheus that answers as `answer` says; gives what it was asked and what came of it. */
export async function askStandIn(
  requests: SourceRequest[],
  answer: (asked: Asked, call: number) => Answer,
  given: Record<string, unknown> = {},
  secrets: Record<string, string> = {},
  at = now,
  calls?: CallsInTurn,
): Promise<{ asked: Asked[]; results: SourceResult[] }> {
  const asked: Asked[] = [];
  const server = await standIn((received) => {
    const form = new URLSearchParams(received.body);
    const seconds = (name: string): number => Number(form.get(name));
    const one: Asked = {
      query: form.get('query') ?? '',
      start: seconds('start'),
      end: seconds('end'),
      step: seconds('step'),
      form,
      request: received,
    };
    asked.push(one);
    return answer(one, asked.length);
  });
  try {
    const source = openSource({ secrets: { get: async (name) => secrets[name] } }, calls);
    const path = typeof given['path'] === 'string' ? given['path'] : '';
    const { path: _, ...others } = given;
    const results = await source.query('prom', sourceOf({ url: `${server.url}${path}`, ...others }), requests, at);
    return { asked, results };
  } finally {
    await server.close();
  }
}

type Value = [number, string];
export const matrix = (
  result: { metric: Record<string, string>; values?: Value[]; histograms?: unknown[] }[],
  more: Record<string, unknown> = {},
): Answer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, ...more }),
});

export const refusal = (status: number, errorType: string, error: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ status: 'error', errorType, error }),
});

/** Minutes before `now`, in seconds, as the API has times. */
export const ago = (minutes: number): number => (now - minutes * 60_000) / 1000;
