/** A request, folded into the buckets of its series. Pure but for the state, which it changes. */
import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { mergeExamples, type TraceExample } from '../trace-example.ts';
import { type Content, type Form, mergeContent } from './content.ts';
import { inOrder, labelsOf, pickedOf, resourceKey, scopeKey } from './identity.ts';
import type { Attributes, Metric, MetricData, MetricsRequest, Point } from './message.ts';
import { eachPlace, type Places } from './places.ts';
import { shortKey } from './short-key.ts';
import { counterOf, explicitOf, exponentialOf, gaugeOf, type Read, summaryOf } from './state-of.ts';
import { type Growth, newCumulative, newSeparate, type StreamState, type Taken, takeCumulative, takeSeparate } from './stream.ts';

/** `fresh`: what came since the store has the rest, by the start of its bucket. */
export type SeriesState = {
  key: string;
  metric: string;
  unit: string;
  form: Form;
  labels: Labels;
  fresh: Map<number, Content>;
};

/** `of` is what all streams of a metric of a scope share, `key` the attributes. */
export type Stream = { of: string; key: string; series: SeriesState; seenAt: number; state: StreamState };

/**
 * All that is remembered of a source. `since`: runs that started before may have been counted.
 * `sinceOf`: the same of what streams share, for those of which some were forgotten.
 */
export type Telemetry = {
  since: number;
  sinceOf: Map<string, number>;
  streams: Map<string, Map<string, Stream>>;
  streamCount: number;
  series: Map<string, SeriesState>;
  /** The same by metric. */
  metrics: Map<string, SeriesState[]>;
  /** What the store does not have yet, and in how many buckets. */
  freshBuckets: number;
  changedStreams: Set<Stream>;
  changedSeries: Set<SeriesState>;
};

export type TakeOptions = {
  now: number;
  bucket: number;
  retain: number;
  maxFuture: number;
  /** Attributes of the resource that become labels. */
  resource: readonly string[];
  maxStreams: number;
  maxSeries: number;
};

/** `refused`: points that do not count, by why. `repeated` ones were there before. */
export type Took = { points: number; repeated: number; refused: Map<string, number> };

export const newTelemetry = (since: number): Telemetry => ({
  since,
  sinceOf: new Map(),
  streams: new Map(),
  streamCount: 0,
  series: new Map(),
  metrics: new Map(),
  freshBuckets: 0,
  changedStreams: new Set(),
  changedSeries: new Set(),
});

export function take(telemetry: Telemetry, request: MetricsRequest, options: TakeOptions): Took {
  const took: Took = { points: 0, repeated: 0, refused: new Map() };
  for (const { resource, scopes } of request) {
    // Once, however many scopes and points a large resource has.
    const [ofResource, picked] = [resourceKey(resource), pickedOf(resource, options.resource)];
    for (const { scope, metrics } of scopes) {
      const shared = metrics.length === 0 ? '' : scopeKey(ofResource, scope);
      for (const metric of metrics) takeMetric(telemetry, picked, shared, metric, options, took);
    }
  }
  return took;
}

/** How the points of a metric are read; a fault of all of them. */
type Reading<V> = { isCumulative: boolean; read: (value: V, time: number) => Read } | { fault: string };

const longestName = 255;
const longestUnit = 63;

const noTemporality = { fault: 'expected an aggregation temporality, delta or cumulative' };

function takeMetric(
  telemetry: Telemetry,
  picked: Attributes,
  shared: string,
  { name, unit, data }: Metric,
  options: TakeOptions,
  took: Took,
): void {
  if (data === undefined) return;
  const fault = nameFault(name, unit);
  if (fault !== undefined) {
    refuse(took, fault, data.points.length);
    return;
  }
  const key = metricKey(shared, name, unit, data);
  const known = telemetry.streams.get(key) ?? new Map<string, Stream>();
  const context: Context = { telemetry, key, known, picked, name, unit, options, took };
  switch (data.kind) {
    case 'gauge':
      takePoints(context, data.points, { isCumulative: false, read: gaugeOf });
      break;
    case 'sum':
      takePoints(context, data.points, sumReading(data));
      break;
    case 'histogram':
      takePoints(context, data.points, readingOf(data, explicitOf));
      break;
    case 'exponential histogram':
      takePoints(context, data.points, readingOf(data, exponentialOf));
      break;
    case 'summary':
      takePoints(context, data.points, { isCumulative: true, read: summaryOf });
      break;
    default:
      data satisfies never;
  }
}

/** What all streams of a metric of a scope share; `shared` is what its scope does. */
export const metricKey = (shared: string, name: string, unit: string, data: MetricData): string =>
  shortKey(
    `${shared}${JSON.stringify([name, unit, data.kind, 'temporality' in data ? data.temporality : '', 'monotonic' in data && data.monotonic])}`,
  );

/** The lengths that OpenTelemetry sets for instruments. */
function nameFault(name: string, unit: string): string | undefined {
  if (name === '') return 'expected a metric with a name';
  if (name.length > longestName)
    return `expected a metric name of at most ${longestName} characters; ${name.slice(0, 40)}... is longer`;
  return unit.length > longestUnit
    ? `expected a unit of at most ${longestUnit} characters; that of ${name} is longer`
    : undefined;
}

function refuse(took: Took, fault: string, points: number): void {
  if (points === 0) return;
  took.points += points;
  took.refused.set(fault, (took.refused.get(fault) ?? 0) + points);
}

function readingOf<V>({ temporality }: { temporality: string }, read: (value: V) => Read): Reading<V> {
  return temporality === 'unsaid' ? noTemporality : { isCumulative: temporality === 'cumulative', read };
}

function sumReading({ temporality, monotonic }: Extract<MetricData, { kind: 'sum' }>): Reading<number> {
  if (temporality === 'unsaid') return noTemporality;
  if (monotonic) {
    const read = (value: number): Read =>
      value < 0 ? { fault: `expected a monotonic sum of at least 0; received ${value}` } : counterOf(value);
    return { isCumulative: temporality === 'cumulative', read };
  }
  // One that goes up and down is read as it stands, such as a queue's length.
  return { isCumulative: false, read: temporality === 'cumulative' ? gaugeOf : counterOf };
}

type Context = {
  telemetry: Telemetry;
  key: string;
  known: Map<string, Stream>;
  /** What becomes labels of the resource. */
  picked: Attributes;
  name: string;
  unit: string;
  options: TakeOptions;
  took: Took;
};

function takePoints<V>(context: Context, points: readonly Point<V>[], reading: Reading<V>): void {
  const { took } = context;
  for (const point of points) {
    took.points += 1;
    const taken = 'fault' in reading ? reading : takePoint(context, point, reading);
    if ('fault' in taken) took.refused.set(taken.fault, (took.refused.get(taken.fault) ?? 0) + 1);
    else if ('repeated' in taken) took.repeated += 1;
  }
}

function takePoint<V>(
  context: Context,
  { attributes, start, time, noValue, value, examples }: Point<V>,
  { isCumulative, read }: Extract<Reading<V>, { isCumulative: boolean }>,
): Taken {
  const { telemetry, options } = context;
  const timeFault =
    faultOfTime(time, options) ?? (start > time ? 'expected a start that is not after the time of the point' : undefined);
  if (timeFault !== undefined) return { fault: timeFault };
  // The stream has ended, or pauses; it says no value.
  if (noValue) return {};
  const content = read(value, time);
  if ('fault' in content) return content;
  const found = streamOf(context, attributes, content.content.form, isCumulative);
  if ('fault' in found) return found;
  const { state } = found;
  const taken =
    state.kind === 'cumulative'
      ? takeCumulative(state, start, time, content.content, Math.max(telemetry.since, telemetry.sinceOf.get(context.key) ?? 0))
      : takeSeparate(state, start, time, content.content);
  if ('fault' in taken || 'repeated' in taken) return taken;
  found.seenAt = options.now;
  telemetry.changedStreams.add(found);
  if (taken.growth === undefined) return taken;
  const { series } = found;
  const places = { bucket: options.bucket, oldest: options.now - options.retain };
  const add = (at: number, part: Content): void => {
    const before = series.fresh.get(at);
    if (before === undefined) telemetry.freshBuckets += 1;
    series.fresh.set(at, before === undefined ? part : mergeContent(before, part));
  };
  if (examples === undefined) eachPlace(taken.growth, places, add);
  else for (const [at, part] of withExamples(taken.growth, places, examples)) add(at, part);
  telemetry.changedSeries.add(series);
  return taken;
}

/**
 * The parts of a growth. Each example goes to the part of its time; where there is none, to the
 * last one.
 */
function withExamples(growth: Growth, places: Places, examples: readonly TraceExample[]): [number, Content][] {
  const { from, to } = growth;
  const parts: [number, Content][] = [];
  eachPlace(growth, places, (at, part) => parts.push([at, part]));
  for (const example of examples) {
    // One from before was sent with the point before.
    if (example.at > to || (example.at <= from && from < to)) continue;
    const start = Math.floor(example.at / places.bucket) * places.bucket;
    const own = parts.find(([at]) => at === start) ?? parts.at(-1);
    if (own !== undefined) own[1] = { ...own[1], examples: mergeExamples(own[1].examples, [example]) };
  }
  return parts;
}

function faultOfTime(time: number, { now, retain, maxFuture }: TakeOptions): string | undefined {
  if (time === 0) return 'expected a point with its time';
  if (time > now + maxFuture) return 'its time is too far ahead of the clock here';
  return time < now - retain ? 'older than the source keeps points (`retain`)' : undefined;
}

function streamOf(context: Context, given: Attributes, form: Form, isCumulative: boolean): Stream | { fault: string } {
  const { telemetry, known, options } = context;
  const attributes = inOrder(given);
  const key = attributes.length === 0 ? '' : shortKey(JSON.stringify(attributes));
  const found = known.get(key);
  if (found !== undefined) return found;
  if (telemetry.streamCount >= options.maxStreams) {
    return {
      fault: `more than ${options.maxStreams} streams (\`maxStreams\` of the source): a stream is one set of attributes of one process`,
    };
  }
  const labelled = labelsOf(context.picked, attributes);
  if ('fault' in labelled) return labelled;
  const series = seriesOf(context, labelled.labels, form);
  if (series === undefined) {
    return { fault: `more than ${options.maxSeries} series (\`maxSeries\` of the source): an attribute has too many values` };
  }
  const stream: Stream = {
    of: context.key,
    key,
    series,
    seenAt: options.now,
    state: isCumulative ? newCumulative() : newSeparate(),
  };
  if (known.size === 0) telemetry.streams.set(context.key, known);
  known.set(key, stream);
  telemetry.streamCount += 1;
  return stream;
}

function seriesOf({ telemetry, name, unit, options }: Context, labels: Labels, form: Form): SeriesState | undefined {
  const key = shortKey(`${form} ${JSON.stringify([name, unit])}${labelsKey(labels)}`);
  const known = telemetry.series.get(key);
  if (known !== undefined) return known;
  if (telemetry.series.size >= options.maxSeries) return undefined;
  const series: SeriesState = { key, metric: name, unit, form, labels, fresh: new Map() };
  addSeries(telemetry, series);
  return series;
}

export function addSeries({ series: all, metrics }: Telemetry, series: SeriesState): void {
  all.set(series.key, series);
  const alike = metrics.get(series.metric);
  if (alike === undefined) metrics.set(series.metric, [series]);
  else alike.push(series);
}

export function addStream(telemetry: Telemetry, stream: Stream): void {
  const known = telemetry.streams.get(stream.of) ?? new Map<string, Stream>();
  telemetry.streams.set(stream.of, known.set(stream.key, stream));
  telemetry.streamCount += 1;
}

/**
 * Forgets streams that were silent since `before`. One that comes back is new, so that what its run
 * counted until then is not counted again. That is remembered of `most` owners; of others by the
 * start of the source as a whole, at the price of the first points of all that began earlier.
 */
export function forgetSilent(telemetry: Telemetry, before: number, most: number): Stream[] {
  const gone: Stream[] = [];
  for (const [of, known] of telemetry.streams) {
    for (const stream of known.values()) {
      if (stream.seenAt >= before) continue;
      gone.push(stream);
      known.delete(stream.key);
      telemetry.streamCount -= 1;
      telemetry.changedStreams.delete(stream);
      if (stream.state.kind !== 'cumulative') continue;
      for (const { start } of stream.state.runs) forgetRun(telemetry, of, start);
    }
    if (known.size === 0) telemetry.streams.delete(of);
  }
  for (const [of, since] of telemetry.sinceOf) {
    if (telemetry.sinceOf.size <= most) break;
    telemetry.sinceOf.delete(of);
    telemetry.since = Math.max(telemetry.since, since);
  }
  return gone;
}

/** The one that was forgotten last goes to the end. */
function forgetRun({ sinceOf }: Telemetry, of: string, start: number): void {
  const since = Math.max(sinceOf.get(of) ?? 0, start + 1);
  sinceOf.delete(of);
  sinceOf.set(of, since);
}

/** Forgets series of which nothing is kept any more, unless a stream still adds to them. */
export function forgetSeries(telemetry: Telemetry, keys: readonly string[]): SeriesState[] {
  const used = new Set<SeriesState>();
  for (const known of telemetry.streams.values()) for (const { series } of known.values()) used.add(series);
  const gone: SeriesState[] = [];
  for (const key of keys) {
    const series = telemetry.series.get(key);
    if (series === undefined || used.has(series) || series.fresh.size > 0) continue;
    telemetry.series.delete(key);
    gone.push(series);
    const alike = (telemetry.metrics.get(series.metric) ?? []).filter((one) => one !== series);
    if (alike.length === 0) telemetry.metrics.delete(series.metric);
    else telemetry.metrics.set(series.metric, alike);
  }
  return gone;
}
