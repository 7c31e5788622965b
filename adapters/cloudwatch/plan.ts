import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { SourceRequest } from '../../app/ports/source.ts';
import type { RuleQuery } from '../../core/telemetry/sources/query-schema.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';

export type CloudwatchQuery = NonNullable<RuleQuery['cloudwatch']>;
export type CloudwatchMetric = NonNullable<CloudwatchQuery['metric']>;

/**
 * The requested spans: period starts, `start` <= t < `end`, in milliseconds; `period` in seconds.
 */
export type Spans = { start: number; end: number; period: number };

/** What CloudWatch can answer separately; requests may share one. */
export type Unit = Spans &
  (
    | { kind: 'metric'; metric: CloudwatchMetric }
    | { kind: 'math'; expression: string; metrics: Record<string, CloudwatchMetric> }
    | { kind: 'sql'; sql: string }
  );

/** Periods must be high-resolution or a multiple of a minute. */
export function periodProblem(stepMs: number): string | undefined {
  const seconds = stepMs / 1000;
  if ([1, 5, 10, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return undefined;
  return `a CloudWatch period is 1s, 5s, 10s, 30s or a multiple of 1m; received step ${formatDuration(stepMs)}; change the rule's step`;
}

/**
 * Periods that end in (from, to] and are at least `lagMs` old. CloudWatch stamps a datapoint with
 * the start of its period; periods start at multiples of their length since the epoch.
 */
export function spansOf(request: Pick<SourceRequest, 'from' | 'to'>, stepMs: number, lagMs: number, now: number): Spans {
  const end = Math.min(request.to, now - lagMs);
  return {
    start: Math.floor(request.from / stepMs) * stepMs,
    end: Math.floor(end / stepMs) * stepMs,
    period: stepMs / 1000,
  };
}

export function unitOf(query: CloudwatchQuery, spans: Spans): Unit {
  if (query.metric !== undefined) return { ...spans, kind: 'metric', metric: query.metric };
  if (query.sql !== undefined) return { ...spans, kind: 'sql', sql: query.sql };
  return { ...spans, kind: 'math', expression: query.expression ?? '', metrics: query.metrics ?? {} };
}

/**
 * Expressions that look beyond the metrics they name: other queries in the call would change their
 * answer.
 */
export const searches = (expression: string): boolean => /\b(METRICS|SEARCH)\s*\(/i.test(expression);

/** Units that need their own call; CloudWatch takes one Metrics Insights query per call. */
export const alone = (unit: Unit): boolean => unit.kind === 'sql' || (unit.kind === 'math' && searches(unit.expression));

/** How many of a call's 500 queries a unit needs. */
export const weight = (unit: Unit): number => (unit.kind === 'math' ? Object.keys(unit.metrics).length + 1 : 1);

function metricStat(id: string, metric: CloudwatchMetric, period: number, returned: boolean): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metric,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: metric.statistic,
    },
    ReturnData: returned,
  };
}

/**
 * The queries of a unit; its answer has the id `id`. Metric names are made unique within the call.
 */
export function queriesOf(unit: Unit, id: string): MetricDataQuery[] {
  const { period } = unit;
  if (unit.kind === 'metric') return [metricStat(id, unit.metric, period, true)];
  if (unit.kind === 'sql') return [{ Id: id, Expression: unit.sql, Period: period, ReturnData: true }];
  const unique = (name: string) => `${id}_${name}`;
  return [
    ...Object.entries(unit.metrics).map(([name, metric]) => metricStat(unique(name), metric, period, false)),
    { Id: id, Expression: renamed(unit.expression, unit.metrics, unique), Period: period, ReturnData: true },
  ];
}

/** Renames the metrics in metric math, except inside quotes. */
export function renamed(expression: string, metrics: Record<string, unknown>, unique: (name: string) => string): string {
  return expression.replace(/"[^"]*"|'[^']*'|\b[a-z][a-zA-Z0-9_]*\b/g, (token) =>
    Object.hasOwn(metrics, token) ? unique(token) : token,
  );
}
