/**
 * Samples from Amazon CloudWatch, read with GetMetricData: metric statistics, metric math and
 * Metrics Insights (SQL).
 *
 * - Requests of one evaluation share calls: 500 queries a call, as many calls as it takes, a few at
 *   a time, all pages of
 * each. Two rules on the same metric, statistic and spans ask once. A Metrics Insights query, and
 * an expression with
 * SEARCH or METRICS, has a call to itself.
 * - CloudWatch stamps a datapoint with the start of its period; a Point's `at` is the end. Periods
 *   that ended less than
 * `source.lag` ago may still be revised and are left for the next evaluation. NaN and infinite
 * values are dropped.
 * - A metric or an expression always has its series, without points when there is no data; a
 *   Metrics Insights query has
 * the series that CloudWatch found. Labels are those of the source, then the dimensions (for an
 * expression, those that
 * all its metrics share), then the group's columns.
 * - One bad query is found and answered with its error; the others still get their points. A query
 *   that was answered in
 * part says so in `partial`. Values whose `count` could not be read are an error, since judging
 * them without their
 * count would page for noise.
 * - Throttling and faults are retried by the client (`cloudwatchClients`). CloudWatch keeps 1 s to
 *   30 s data for 3 hours,
 * 1 minute data for 15 days, 5 minute data for 63 days: a baseline cannot look further back at that
 * step.
 * - Rights: cloudwatch:GetMetricData. Price: $0.01 per 1,000 metrics asked for (us-east-1).
 */
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import type { Outside } from '../../app/ports/outside.ts';
import type { Source, SourceRequest, SourceResult } from '../../app/ports/source.ts';
import type { Point, Series } from '../../core/telemetry/series.ts';
import type { CloudwatchSourceConfig } from '../../core/telemetry/sources/kinds/cloudwatch.ts';
import { askAll, type RawSeries, type UnitAnswer } from './ask.ts';
import { commonDimensions, groupColumns, groupLabels } from './labels.ts';
import { periodProblem, searches, spansOf, type Unit, unitOf } from './plan.ts';

/** One client per region, which retries throttling with exponential backoff and jitter. */
export function cloudwatchClients(config: CloudWatchClientConfig = {}): (region?: string) => CloudWatchClient {
  const clients = new Map<string | undefined, CloudWatchClient>();
  return (region) => {
    let client = clients.get(region);
    if (client === undefined) {
      client = new CloudWatchClient({ maxAttempts: 5, ...config, ...(region === undefined ? {} : { region }) });
      clients.set(region, client);
    }
    return client;
  };
}

/** What a request asks of CloudWatch, or why it cannot be asked. */
type Planned = { unit: Unit; count?: Unit; upTo: number } | { error: string };

export const openSource = ({ awsAttempts }: Outside): Source<'cloudwatch'> =>
  cloudwatchSource({ client: cloudwatchClients(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts }) });

/** `concurrency`: concurrent calls. */
export function cloudwatchSource(options: {
  client: (region?: string) => CloudWatchClient;
  concurrency?: number;
}): Source<'cloudwatch'> {
  return {
    async query(_name, source, requests, now) {
      const units = new Map<string, Unit>();
      const planned = requests.map((request) => plan(request, source, now, units));
      const asked = [...units.values()].filter(({ start, end }) => start < end);
      let answers: Map<Unit, UnitAnswer>;
      try {
        answers = await askAll(options.client(source.region), asked, options.concurrency ?? 5);
      } catch (cause) {
        const error = `CloudWatch: ${cause instanceof Error ? cause.message : String(cause)}`;
        return requests.map(() => ({ ok: false, error }));
      }
      return requests.map((request, index) => result(request, planned[index], source, answers));
    },
  };
}

function plan(request: SourceRequest, source: CloudwatchSourceConfig, now: number, units: Map<string, Unit>): Planned {
  const query = request.rule.query.cloudwatch;
  if (query === undefined)
    return { error: `rule ${request.ruleId} has no cloudwatch query; give it \`query: { cloudwatch: ... }\`` };
  const problem = periodProblem(request.rule.step);
  if (problem !== undefined) return { error: problem };
  if (query.sql !== undefined && query.count !== undefined) {
    return { error: '`count` is one metric and cannot be joined to the groups of `sql`; ask with `metric` or `expression`' };
  }
  if (Object.keys(query.metrics ?? {}).length > 499)
    return { error: 'an expression takes up to 499 metrics, since CloudWatch takes 500 queries a call' };
  const spans = spansOf(request, request.rule.step, source.lag, now);
  // Equal requests share a unit, which is then queried and paid for once.
  const shared = (unit: Unit): Unit => {
    const key = JSON.stringify(unit);
    const known = units.get(key);
    if (known === undefined) units.set(key, unit);
    return known ?? unit;
  };
  const unit = shared(unitOf(query, spans));
  const count = query.count === undefined ? undefined : shared({ ...spans, kind: 'metric', metric: query.count });
  return { unit, count, upTo: Math.min(request.to, now - source.lag) };
}

const nothing: UnitAnswer = { ok: true, series: [], notes: [] };

function result(
  request: SourceRequest,
  planned: Planned | undefined,
  source: CloudwatchSourceConfig,
  answers: Map<Unit, UnitAnswer>,
): SourceResult {
  if (planned === undefined || 'error' in planned)
    return { ok: false, error: planned?.error ?? 'CloudWatch: the request was not planned' };
  const { unit, count, upTo } = planned;
  const answer = answers.get(unit) ?? nothing;
  if (!answer.ok) return answer;
  const counts = count === undefined ? nothing : (answers.get(count) ?? nothing);
  if (!counts.ok) return { ok: false, error: `the count of samples could not be read: ${counts.error}` };
  const notes = new Set([...answer.notes, ...counts.notes]);
  const countsAt = counts.series[0]?.values;
  const clip = { after: request.from, upTo, periodMs: unit.period * 1000 };
  let dropped = 0;
  const series = labelled(unit, answer.series, source).map(({ labels, values }): Series => {
    const read = pointsOf(values, countsAt, clip);
    dropped += read.dropped;
    return read.begins ? { labels, points: [], begins: true } : { labels, points: read.points };
  });
  if (dropped > 0) notes.add(`${dropped} value${dropped === 1 ? ' that is' : 's that are'} not a finite number dropped`);
  return notes.size === 0 ? { ok: true, series } : { ok: true, series, partial: [...notes].join('; ').slice(0, 1000) };
}

function labelled(
  unit: Unit,
  found: RawSeries[],
  source: CloudwatchSourceConfig,
): { labels: Series['labels']; values: RawSeries['values'] }[] {
  if (unit.kind === 'sql') {
    const columns = groupColumns(unit.sql);
    return found.map(({ label, values }) => ({ labels: { ...source.labels, ...groupLabels(columns, label) }, values }));
  }
  const dimensions = unit.kind === 'metric' ? unit.metric.dimensions : commonDimensions(Object.values(unit.metrics));
  const labels = { ...source.labels, ...dimensions };
  // An expression may return several series, told apart by the name CloudWatch gives each.
  const several = unit.kind === 'math' && (found.length > 1 || searches(unit.expression));
  if (several) return found.map(({ label, values }) => ({ labels: { ...labels, series: label }, values }));
  return [{ labels, values: found[0]?.values ?? new Map() }];
}

function pointsOf(
  values: RawSeries['values'],
  counts: RawSeries['values'] | undefined,
  clip: { after: number; upTo: number; periodMs: number },
): { points: Point[]; dropped: number; begins: boolean } {
  const points: Point[] = [];
  let dropped = 0;
  let later = false;
  let sorted = true;
  for (const [start, value] of values) {
    const at = start + clip.periodMs;
    later ||= at > clip.upTo;
    if (at <= clip.after || at > clip.upTo) continue;
    if (!Number.isFinite(value)) {
      dropped += 1;
      continue;
    }
    const count = counts?.get(start);
    sorted = sorted && at > (points.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
    points.push(count === undefined || !Number.isFinite(count) ? { at, value } : { at, value, count });
  }
  if (!sorted) points.sort((a, b) => a.at - b.at);
  return { points, dropped, begins: later && points.length === 0 };
}
