/**
 * Tocsin's own sources: predictions and pushed samples, in buckets.
 *
 * - A point at `at` summarises the buckets wholly inside (at - over, at];
 *   core/telemetry/samples/windows.ts defines the edges. Points lie on multiples of the rule's
 *   `step`. If `step` or `over` is no multiple of the bucket, a span takes the whole buckets that
 *   fit; if none can, the request fails.
 * - Labels follow the source's current config, not that at arrival.
 * - A span without records has no point. Counting metrics (`count`, `labelled`, statistic `count`)
 *   give 0 instead, and freshness metrics (`freshness`, statistic `age`) the span's length, from
 *   the series' first record on, so that volume and freshness rules see silence.
 * - A known series without data in range is returned without points. A version is not: it was
 *   replaced. A series whose records are all later than the range is marked as beginning, for rules
 *   that fire on missing data.
 * - For early judging, the point of the open step is returned separately.
 * - Rules on the same series share one read of its buckets.
 */

import { askingKindOf } from '../../core/detection/kinds/table.ts';
import { versionBeforeOf } from '../../core/detection/learning.ts';
import { countsRecords } from '../../core/detection/rules/counts-records.ts';
import { type AskingRule, judgesProfiles } from '../../core/detection/rules/rule-schema.ts';
import { type Group, type GroupIndex, groupIndex } from '../../core/telemetry/samples/groups.ts';
import { predictionSeries } from '../../core/telemetry/samples/prediction-series.ts';
import { ratioGroups } from '../../core/telemetry/samples/ratio-groups.ts';
import { looksBefore, metricsOf, samplePoints } from '../../core/telemetry/samples/sample-series.ts';
import { predictionsMetric, segmentOf, valueKey } from '../../core/telemetry/samples/segments.ts';
import type { CutSeries } from '../../core/telemetry/samples/series-limit.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { mergeBuckets, type Spans, spansOf } from '../../core/telemetry/samples/windows.ts';
import type { Series } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../../core/telemetry/sources/kinds/samples.ts';
import type { Source, SourceRequest, SourceResult } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { type Crowding, crowding, isAlerted } from './crowded.ts';
import { driftSeries } from './drift-series.ts';
import { type FirstSeen, firstSeenOf } from './first-seen.ts';
import { arrivalMetricOf, labelSeries } from './label-series.ts';
import { addPrevious } from './previous-version.ts';
import { groupsBy, knownBySegment } from './series-by-segment.ts';
import { readShared, type Want } from './shared-reads.ts';
import { asksTraining, type Trainings, trainingsOf, versionOf } from './trained.ts';

type Reading = Pick<Store, 'series' | 'arrivals' | 'buckets'>;
/** What stored sources read. */
export type StoredReading = Reading & Pick<Store, 'metrics' | 'serving' | 'training' | 'trainingFeatures' | 'acceptedBaselines'>;

/** How to answer one request: group by group, each filled in once its buckets are read. */
type Plan = { spans: Spans; groups: readonly Group[]; cut?: CutSeries; found: Series[][] };
type Planned = { plan: Plan } | { error: string };

export function predictionsSource(store: StoredReading): Source<'predictions'> {
  const firstSeen = firstSeenOf(store);
  return {
    async query(name, source, requests, now) {
      const known = await knownBySegment(store, name, source, requests, predictionsMetric);
      const trainings = await trainingsOf(store, name, requests);
      const crowd = crowding(store, name, now);
      const planned: Planned[] = [];
      for (const request of requests) {
        const members = known.get(segmentOf(request.rule.query.predictions)) ?? [];
        planned.push(await planPredictions(request, source, { members, trainings, crowd }));
      }
      const drifts = requests.filter(({ rule }) => judgesProfiles(rule));
      const driftAnswers = await driftSeries(store, name, source, drifts, trainings, crowd);
      const ofLabels = requests.filter((request) => arrivalMetricOf(request) !== undefined);
      const labelAnswers = await labelSeries(store, name, source, ofLabels);
      const merged = mergedOnce();
      await readAll(store, firstSeen, planned, requests, { source, now }, (request, group, buckets, spans, since) => {
        const query = request.rule.query.predictions;
        return query === undefined ? [] : predictionSeries(query, source, group.labels, merged(group, buckets), spans, since);
      });
      const ofVersions = planned.flatMap((one, place) => {
        const request = requests[place] as SourceRequest;
        if ('error' in one || versionBeforeOf(request.rule) === undefined) return [];
        const { groups, found } = one.plan;
        const segment = segmentOf(request.rule.query.predictions);
        return groups.map(({ labels }, index) => {
          const value = valueKey(segment, labels);
          return { request, version: labels['version'], series: found[index] ?? [], segment, value };
        });
      });
      // If a rule splits by segment, the previous version is that of the same segment.
      for (const own of Map.groupBy(ofVersions, ({ segment, value }) => JSON.stringify([segment, value])).values()) {
        const { segment, value } = own[0] as (typeof ofVersions)[number];
        const members = (known.get(segment) ?? []).filter(({ labels }) => valueKey(segment, labels) === value);
        await addPrevious(store, firstSeen, own, members, { source, now });
      }
      await addTrained(planned, requests, trainings);
      const readApart = new Map([
        ...drifts.map((request, index) => [request, driftAnswers[index]] as const),
        ...ofLabels.map((request, index) => [request, labelAnswers[index]] as const),
      ]);
      return planned.map((one, place) => readApart.get(requests[place] as SourceRequest) ?? resultOf(one));
    },
  };
}

export function samplesSource(store: Reading): Source<'samples'> {
  const firstSeen = firstSeenOf(store);
  return {
    async query(name, source, requests, now) {
      const metrics = await knownMetrics(store, name, source, requests);
      const crowd = crowding(store, name, now);
      const planned: Planned[] = [];
      for (const request of requests) planned.push(await planSamples(request, source, { metrics, crowd }));
      await readAll(store, firstSeen, planned, requests, { source, now }, (request, group, buckets, spans, since) => {
        const query = request.rule.query.samples;
        return query === undefined ? [] : [{ labels: group.labels, points: samplePoints(query, group, buckets, spans, since) }];
      });
      return planned.map(resultOf);
    },
  };
}

/** Adds the version's training to series of rules with a training baseline. */
async function addTrained(planned: readonly Planned[], requests: readonly SourceRequest[], trainings: Trainings): Promise<void> {
  for (const [place, one] of planned.entries()) {
    const request = requests[place] as SourceRequest;
    if ('error' in one || !asksTraining(request)) continue;
    for (const [index, { labels }] of one.plan.groups.entries()) {
      const trained = await trainings.of(versionOf(request, labels, trainings));
      for (const series of one.plan.found[index] ?? []) series.trained = trained;
    }
  }
}

async function planOf(
  request: SourceRequest,
  { over, bucket }: { over: number; bucket: number },
  { metric, groups: all, crowd }: { metric: string; groups: readonly Group[]; crowd: Crowding },
): Promise<Planned> {
  const { rule } = request;
  const { from, to, open = to, only } = request;
  const found = spansOf({ from, to: open }, rule.step, over, bucket);
  if (!found.ok) return { error: `rule ${request.ruleId}: ${found.error}` };
  const { groups, cut } =
    all.length <= rule.maxSeries ? { groups: all, cut: undefined } : await crowd.admit(request, metric, all);
  const read = only === undefined ? groups : groups.filter(({ members }) => members.some(({ key }) => only.has(key)));
  const plan: Plan = { spans: found.spans, groups: read, found: new Array<Series[]>(read.length) };
  return { plan: cut === undefined ? plan : { ...plan, cut } };
}

async function planPredictions(
  request: SourceRequest,
  source: PredictionsSourceConfig,
  { members: known, trainings, crowd }: { members: readonly SeriesRef[]; trainings: Trainings; crowd: Crowding },
): Promise<Planned> {
  const query = request.rule.query.predictions;
  if (judgesProfiles(request.rule)) return { error: `rule ${request.ruleId} compares profiles, which are read separately` };
  if (arrivalMetricOf(request) !== undefined)
    return { error: `rule ${request.ruleId} is about labels by when they came, which are read separately` };
  if (query === undefined)
    return { error: `rule ${request.ruleId} has no predictions query; give it \`query: { predictions: ... }\`` };
  const version = query.version ?? trainings.servedOf(request);
  const members = version === undefined ? known : known.filter(({ labels }) => labels.version === version);
  const metric = predictionsMetric(segmentOf(query));
  const { bucket } = source;
  return planOf(request, { over: query.over, bucket }, { metric, groups: groupsBy(query, source, members), crowd });
}

async function planSamples(
  request: SourceRequest,
  { bucket }: SamplesSourceConfig,
  { metrics, crowd }: { metrics: ReadonlyMap<string, GroupIndex>; crowd: Crowding },
): Promise<Planned> {
  const query = request.rule.query.samples;
  if (query === undefined) return { error: `rule ${request.ruleId} has no samples query; give it \`query: { samples: ... }\`` };
  const matching = ({ metric, match }: Pick<typeof query, 'metric' | 'match'>) => metrics.get(metric)?.matching(match) ?? [];
  const { ratio } = query;
  const groups = ratio === undefined ? matching(query) : ratioGroups(matching(ratio.of), matching(ratio.over), ratio.by);
  return planOf(request, { over: query.over ?? request.rule.step, bucket }, { metric: query.metric, groups, crowd });
}

/** Series of every requested metric, with a bounded number of concurrent list reads. */
async function knownMetrics(
  store: Reading,
  name: string,
  source: SamplesSourceConfig,
  requests: readonly SourceRequest[],
): Promise<Map<string, GroupIndex>> {
  const names = [
    ...new Set(requests.flatMap(({ rule }) => (rule.query.samples === undefined ? [] : metricsOf(rule.query.samples)))),
  ];
  const metrics = new Map<string, GroupIndex>();
  const atOnce = 64;
  for (let next = 0; next < names.length; next += atOnce) {
    await Promise.all(
      names.slice(next, next + atOnce).map(async (metric) => {
        metrics.set(metric, groupIndex(await store.series(name, metric), source.labels));
      }),
    );
  }
  return metrics;
}

/** Merging costs more than reading, so rules with the same versions share the result. */
function mergedOnce(): (group: Group, buckets: readonly (readonly Bucket[])[]) => readonly Bucket[] {
  const known = new Map<string, { buckets: readonly (readonly Bucket[])[]; merged: readonly Bucket[] }>();
  return ({ members }, buckets) => {
    if (members.length === 1) return mergeBuckets(buckets, 'predictions');
    const key = members.map((one) => one.key).join('\n');
    const found = known.get(key);
    if (found?.buckets.every((list, place) => list === buckets[place])) return found.merged;
    const merged = mergeBuckets(buckets, 'predictions');
    known.set(key, { buckets, merged });
    return merged;
  };
}

type Fill = (
  request: SourceRequest,
  group: Group,
  buckets: readonly (readonly Bucket[])[],
  spans: Spans,
  /** When the series was first seen; undefined if never, and for metrics that do not count. */
  since: number | undefined,
) => Series[];

async function readAll(
  store: Reading,
  firstSeen: FirstSeen,
  planned: readonly Planned[],
  requests: readonly SourceRequest[],
  context: { source: PredictionsSourceConfig | SamplesSourceConfig; now: number },
  fill: Fill,
): Promise<void> {
  const wants: Want[] = [];
  const counting: Want[] = [];
  for (const [place, one] of planned.entries()) {
    if ('error' in one) continue;
    const request = requests[place] as SourceRequest;
    const { spans, groups, found } = one.plan;
    const counts = needsFirstSeen(request.rule);
    for (const [index, group] of groups.entries()) {
      const want: Want = {
        series: group.members,
        from: spans.first - spans.over - earlierOf(request.rule),
        to: spans.to,
        take(buckets) {
          const since = counts ? firstSeen.note(group.members, buckets) : undefined;
          found[index] = fill(request, group, buckets, spans, since).map((one) => withOpen(one, request.open));
        },
      };
      wants.push(want);
      if (counts) counting.push(want);
    }
  }
  await readShared(store, wants);
  await lookFurther(store, firstSeen, counting, context);
  await markBeginning(store, planned, requests, context);
}

/** How far before its spans a query reads. */
function earlierOf({ query: { predictions, samples }, step }: AskingRule): number {
  if (samples !== undefined) return looksBefore(samples, samples.over ?? step);
  return (predictions?.recalibrate?.window ?? 0) + (predictions?.after ?? 0);
}

/** Looks further back for series that may be new. */
async function lookFurther(
  store: Reading,
  firstSeen: FirstSeen,
  counting: readonly Want[],
  context: { source: PredictionsSourceConfig | SamplesSourceConfig; now: number },
): Promise<void> {
  const unsure = counting.filter(({ series, from }) => firstSeen.isUnsure(series, from));
  if (unsure.length === 0) return;
  await firstSeen.look(unsure, context.now - context.source.retain - context.source.bucket);
  await readShared(store, unsure);
}

/**
 * For series without a point whose missing data would alert: later records show which ones are just
 * beginning.
 */
async function markBeginning(
  store: Reading,
  planned: readonly Planned[],
  requests: readonly SourceRequest[],
  { now, source }: { now: number; source: PredictionsSourceConfig | SamplesSourceConfig },
): Promise<void> {
  const wants: Want[] = [];
  for (const [place, one] of planned.entries()) {
    const { rule, alerts, to } = requests[place] as SourceRequest;
    if ('error' in one || !raisedBySilence(rule)) continue;
    const { groups, found } = one.plan;
    for (const [index, { members, labels }] of groups.entries()) {
      const series = found[index] ?? [];
      if (series.length === 0 || series.some(({ points }) => points.length > 0) || isAlerted(alerts, labels, rule.labels))
        continue;
      wants.push({
        series: members,
        from: to,
        to: now + source.bucket,
        take(buckets) {
          if (buckets.some((list) => list.length > 0)) found[index] = series.map((each) => ({ ...each, begins: true }));
        },
      });
    }
  }
  await readShared(store, wants);
}

/** Whether missing data may raise an alert. */
const raisedBySilence = (rule: AskingRule): boolean => askingKindOf(rule).silence !== 'by noData' || rule.noData === 'alert';

/** Separates the last point if it belongs to the open step. */
function withOpen(series: Series, open: number | undefined): Series {
  const last = series.points.at(-1);
  if (open === undefined || last?.at !== open) return series;
  return { ...series, points: series.points.slice(0, -1), open: last };
}

/** Whether silence at the start of a range must be distinguished from a new series. */
function needsFirstSeen(rule: AskingRule): boolean {
  const { query } = rule;
  return countsRecords(rule) || query.samples?.statistic === 'age' || query.predictions?.metric === 'freshness';
}

function resultOf(one: Planned): SourceResult {
  if ('error' in one) return { ok: false, error: one.error };
  const { found, cut } = one.plan;
  const series = found.flat();
  return cut === undefined ? { ok: true, series } : { ok: true, series, cut };
}
