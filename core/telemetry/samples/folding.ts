import { formatDuration } from '../../vocabulary/units.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../sources/kinds/samples.ts';
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
  /** Records stamped further ahead of `now` than this are refused, in milliseconds. */
  maxFuture: number;
};

/** What became of one record. */
export type FoldResult =
  | { index: number; became: 'accepted' | 'duplicate' }
  | { index: number; became: 'rejected'; reason: string };

export type Folded = Pick<FoldBatch, 'deltas' | 'waiting'> & { results: FoldResult[] };

/** Predictions and labels that wait, by key, as they were read from the store. */
export type KnownWaiting = ReadonlyMap<string, Waiting>;

export const waitingKey = (sourceName: string, id: string): string => `${sourceName}|${id}`;

const startOf = (at: number, bucket: number): number => Math.floor(at / bucket) * bucket;

/** Why a record of this time is not taken, or undefined. */
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

/** Where a prediction counts: in the series of the whole, and in one of each segment. */
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
    ...segments.map(({ segment, value }) => ({
      segment,
      series: seriesRef(sourceName, predictionsMetric(segment), { ...labels, [segment]: value }),
    })),
  ];
}

/** The states of waiting records while records are folded one after the other, and what is to be written of them. */
function waitingStates(known: KnownWaiting, now: number) {
  const changed = new Map<string, Waiting>();
  return {
    /** What is known of an id; an expired record counts as none, whether or not the store has dropped it yet. */
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
 * Folds predictions into the buckets of their times. One with an id counts once: without a label it waits for it, and
 * a label that came first is counted now. One sent again together with its label counts as that label.
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
    const reason = modelReason(record.model, context) ?? timeReason(record.timestamp, source.retain, context);
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

/** Folds labels into the buckets of their predictions. One that comes before its prediction waits for it. */
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
      const late = timeReason(record.timestamp, source.retain, context);
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
    // The bucket of the prediction may well end in the future: it is the current one.
    const gone = ageReason((seen.bucketStart ?? 0) + source.bucket, source.retain, now);
    if (gone !== undefined) return { index, became: 'rejected', reason: `id: the prediction is too old for a label (${gone})` };
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

/** The segments wait as well, for a label that comes later says nothing of them. */
function waitingPlaces([whole, ...others]: readonly Place[]): Pick<Waiting, 'series' | 'segments'> {
  return {
    ...(whole === undefined ? {} : { series: whole.series }),
    ...(others.length === 0 ? {} : { segments: others.map(({ series }) => series) }),
  };
}

/** The score waits with its prediction, for some metrics need it beside the label. */
const scoreOf = ({ score }: PredictionRecord): { score?: number } => (score === undefined ? {} : { score });

/** Folds samples. Labels of the source stand over those of the record, for the config says what the source is. */
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

/** Canonical keys are costly to spell; a batch has few versions, and segments have few values. */
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
