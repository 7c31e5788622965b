import { formatDuration } from '../../vocabulary/units.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../sources/kinds/samples.ts';
import { scoreReason } from './classes.ts';
import { deltaSums } from './deltas.ts';
import type { FoldBatch, Waiting } from './fold.ts';
import { canonicalOutcome } from './outcome.ts';
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from './records.ts';
import { predictionsMetric, segmentsOf } from './segments.ts';
import { type SeriesRef, seriesRef } from './summary.ts';

export type FoldContext<S> = {
  sourceName: string;
  source: S;
  now: number;
  /** Records with a timestamp further ahead of `now` than this are refused; milliseconds. */
  maxFuture: number;
};

/** The outcome of one record. */
export type FoldResult =
  | { index: number; became: 'accepted' | 'duplicate' }
  | { index: number; became: 'rejected'; reason: string };

export type Folded = Pick<FoldBatch, 'deltas' | 'waiting'> & { results: FoldResult[] };

/** Waiting predictions and labels by key, as read from the store. */
export type KnownWaiting = ReadonlyMap<string, Waiting>;

export const waitingKey = (sourceName: string, id: string): string => `${sourceName}|${id}`;

const startOf = (at: number, bucket: number): number => Math.floor(at / bucket) * bucket;

/** Why a record's timestamp is refused, or undefined. */
function timeReason(at: number, retain: number, context: { now: number; maxFuture: number }): string | undefined {
  const { now, maxFuture } = context;
  if (at > now + maxFuture) {
    return `timestamp: ${isoOf(at)} is ${formatDuration(at - now)} ahead of the clock, more than maxFuture ${formatDuration(maxFuture)}`;
  }
  return ageReason(at, retain, now);
}

function ageReason(at: number, retain: number, now: number): string | undefined {
  return at <= now - retain
    ? `timestamp: ${isoOf(at)} is older than the ${formatDuration(retain)} that the source retains`
    : undefined;
}

const isoOf = (at: number): string => new Date(at).toISOString();

function modelReason(model: string | undefined, context: FoldContext<PredictionsSourceConfig>): string | undefined {
  const { source, sourceName } = context;
  if (model === undefined || model === source.model) return undefined;
  return `model: expected ${source.model}, the model of the source ${sourceName}; received ${model}`;
}

/** Where a prediction counts: in the total, and once per segment. */
type Place = { segment: string | undefined; series: SeriesRef };

function placesOf(
  { sourceName, source }: FoldContext<PredictionsSourceConfig>,
  version: string | undefined,
  segments: ReturnType<typeof segmentsOf>,
): Place[] {
  const labels = { model: source.model, ...(version === undefined ? {} : { version }), ...source.labels };
  const whole = { segment: undefined, series: seriesRef(sourceName, predictionsMetric(undefined), labels) };
  return [
    whole,
    ...segments.map(({ segment, labels: own }) => ({
      segment,
      series: seriesRef(sourceName, predictionsMetric(segment), { ...labels, ...own }),
    })),
  ];
}

/**
 * Tracks the states of waiting records while records are folded in order, and what must be written.
 */
function waitingStates(known: KnownWaiting, now: number) {
  const changed = new Map<string, Waiting>();
  return {
    /**
     * The state of an id. An expired record counts as none, even if the store has not dropped it
     * yet.
     */
    get(key: string): Waiting | undefined {
      const waiting = changed.get(key) ?? known.get(key);
      return waiting !== undefined && waiting.expiresAt > now ? waiting : undefined;
    },
    set(value: Waiting): void {
      changed.set(value.key, value);
    },
    written: (): FoldBatch['waiting'] => [...changed.values()].map((value) => ({ value, was: known.get(value.key)?.state })),
  };
}

/**
 * Folds predictions into the buckets of their timestamps. A prediction with an id counts once.
 * Without a label it waits for one; a label that arrived first counts now. A prediction resent with
 * its label counts as that label.
 */
export function foldPredictionRecords(
  entries: readonly Entry<PredictionRecord>[],
  context: FoldContext<PredictionsSourceConfig>,
  known: KnownWaiting,
): Folded {
  const { source, now } = context;
  const sums = deltaSums(source);
  const states = waitingStates(known, now);
  const placesIn = knownPlaces(context);
  const results = entries.map(({ index, value: record }): FoldResult => {
    const reason =
      modelReason(record.model, context) ??
      timeReason(record.timestamp, source.retain, context) ??
      scoreReason(record.score, source);
    if (reason !== undefined) return { index, became: 'rejected', reason };
    const places = placesIn(record.version, record.features);
    const addPrediction = (truth: string | undefined): void => {
      for (const { segment, series } of places) sums.addPrediction(series, bucketStart, record, prediction, truth, segment);
    };
    const bucketStart = startOf(record.timestamp, source.bucket);
    const prediction = canonicalOutcome(record.prediction);
    const label = record.label === undefined ? undefined : canonicalOutcome(record.label);
    if (record.id === undefined) {
      addPrediction(label);
      return { index, became: 'accepted' };
    }
    const key = waitingKey(context.sourceName, record.id);
    const expiresAt = now + source.labelWait;
    const seen = states.get(key);
    if (seen?.state === 'joined' || (seen?.state === 'prediction' && label === undefined)) {
      for (const { series } of places) sums.addDuplicate(series, bucketStart);
      return { index, became: 'duplicate' };
    }
    if (seen?.state === 'prediction') {
      if (label !== undefined) joinLabel(sums, { ...seen, score: seen.score ?? record.score }, label);
      states.set({ key, state: 'joined', expiresAt });
      return { index, became: 'accepted' };
    }
    const truth = label ?? seen?.label;
    addPrediction(truth);
    states.set(
      truth === undefined
        ? { key, state: 'prediction', ...waitingPlaces(places), bucketStart, prediction, ...scoreOf(record), expiresAt }
        : { key, state: 'joined', expiresAt },
    );
    return { index, became: 'accepted' };
  });
  return { deltas: sums.deltas(), waiting: states.written(), results };
}

/**
 * Folds labels into the buckets of their predictions. A label that arrives before its prediction
 * waits for it.
 */
export function foldLabelRecords(
  entries: readonly Entry<LabelRecord>[],
  context: FoldContext<PredictionsSourceConfig>,
  known: KnownWaiting,
): Folded {
  const { source, now } = context;
  const sums = deltaSums(source);
  const states = waitingStates(known, now);
  const placesIn = knownPlaces(context);
  const results = entries.map(({ index, value: record }): FoldResult => {
    const reason = modelReason(record.model, context);
    if (reason !== undefined) return { index, became: 'rejected', reason };
    const label = canonicalOutcome(record.label);
    if (record.by === 'prediction') {
      const late = timeReason(record.timestamp, source.retain, context) ?? scoreReason(record.score, source);
      if (late !== undefined) return { index, became: 'rejected', reason: late };
      const outcome = { prediction: canonicalOutcome(record.prediction), label, score: record.score };
      for (const { series } of placesIn(record.version, record.features))
        sums.addLabel(series, startOf(record.timestamp, source.bucket), outcome);
      return { index, became: 'accepted' };
    }
    const key = waitingKey(context.sourceName, record.id);
    const expiresAt = now + source.labelWait;
    const seen = states.get(key);
    if (seen?.state === 'joined' || seen?.state === 'label') return { index, became: 'duplicate' };
    if (seen === undefined) {
      states.set({ key, state: 'label', label, expiresAt });
      return { index, became: 'accepted' };
    }
    // The prediction's bucket may still be the current one, which ends in the future.
    const gone = ageReason((seen.bucketStart ?? 0) + source.bucket, source.retain, now);
    if (gone !== undefined)
      return { index, became: 'rejected', reason: `id: too late, the prediction is too old for a label (${gone})` };
    joinLabel(sums, seen, label);
    states.set({ key, state: 'joined', expiresAt });
    return { index, became: 'accepted' };
  });
  return { deltas: sums.deltas(), waiting: states.written(), results };
}

function joinLabel(sums: ReturnType<typeof deltaSums>, seen: Waiting, label: string): void {
  if (seen.series === undefined || seen.bucketStart === undefined) return;
  const outcome = { prediction: seen.prediction ?? '', label, score: seen.score };
  for (const series of [seen.series, ...(seen.segments ?? [])]) sums.addLabel(series, seen.bucketStart, outcome);
}

/** Segments wait too: a later label does not name them. */
function waitingPlaces([whole, ...others]: readonly Place[]): Pick<Waiting, 'series' | 'segments'> {
  return {
    ...(whole === undefined ? {} : { series: whole.series }),
    ...(others.length === 0 ? {} : { segments: others.map(({ series }) => series) }),
  };
}

/** The score waits with its prediction: some metrics need it together with the label. */
const scoreOf = ({ score }: PredictionRecord): { score?: number } => (score === undefined ? {} : { score });

/**
 * Folds samples. Labels of the source override those of the record: the config defines the source.
 */
export function foldSampleRecords(entries: readonly Entry<SampleRecord>[], context: FoldContext<SamplesSourceConfig>): Folded {
  const { source, sourceName } = context;
  const sums = deltaSums(source);
  const results = entries.map(({ index, value: record }): FoldResult => {
    const reason = timeReason(record.timestamp, source.retain, context);
    if (reason !== undefined) return { index, became: 'rejected', reason };
    const series = seriesRef(sourceName, record.metric, { ...record.labels, ...source.labels });
    sums.addSample(series, startOf(record.timestamp, source.bucket), record.value, record.timestamp);
    return { index, became: 'accepted' };
  });
  return { deltas: sums.deltas(), waiting: [], results };
}

/**
 * Canonical keys are expensive to build. A batch has few versions and segments few values, so they
 * are cached.
 */
function knownPlaces(
  context: FoldContext<PredictionsSourceConfig>,
): (version: string | undefined, features: PredictionRecord['features']) => Place[] {
  const known = new Map<string | undefined, Place[]>();
  return (version, features) => {
    const segments = segmentsOf(context.source, features);
    const key = segments.length === 0 ? version : JSON.stringify([version ?? null, ...segments.map(({ value }) => value)]);
    let places = known.get(key);
    if (places === undefined) {
      places = placesOf(context, version, segments);
      known.set(key, places);
    }
    return places;
  };
}
