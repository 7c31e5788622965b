import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../sources/kinds/samples.ts';
import { scoreReason } from './classes.ts';
import { deltaSums, type KeepsOf } from './deltas.ts';
import { type FoldBatch, type Waiting, waitingMark } from './fold.ts';
import { labelArrivals } from './label-arrivals.ts';
import { type Came, type JoinContext, type Joined, joinLabel, labelFields, waitForPrediction } from './label-join.ts';
import { canonicalOutcome } from './outcome.ts';
import { timeReason } from './record-age.ts';
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from './records.ts';
import { predictionsMetric, segmentsOf } from './segments.ts';
import { stakeOf, valueReason } from './stakes.ts';
import { type SeriesRef, seriesRef } from './summary.ts';

export type FoldContext<S> = {
  sourceName: string;
  source: S;
  now: number;
  /** Records with a timestamp further ahead of `now` than this are refused; milliseconds. */
  maxFuture: number;
};

/**
 * The outcome of one record. `corrected`: its label replaced another one. `unmatched`: a label
 * whose prediction is not known.
 */
export type FoldResult =
  | { index: number; became: 'accepted' | 'corrected' | 'unmatched' | 'duplicate' }
  | { index: number; became: 'rejected'; reason: string };

export type Folded = Pick<FoldBatch, 'deltas' | 'waiting'> & { results: FoldResult[] };

/** Waiting predictions and labels by key, as read from the store. */
export type KnownWaiting = ReadonlyMap<string, Waiting>;

export const waitingKey = (sourceName: string, id: string): string => `${sourceName}|${id}`;

const startOf = (at: number, bucket: number): number => Math.floor(at / bucket) * bucket;

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
    /** Applies what became of a label. */
    took(index: number, joined: Joined): FoldResult {
      if (joined.became !== 'rejected' && joined.next !== undefined) changed.set(joined.next.key, joined.next);
      return joined.became === 'rejected'
        ? { index, became: 'rejected', reason: joined.reason }
        : { index, became: joined.became };
    },
    written: (): FoldBatch['waiting'] =>
      [...changed.values()].map((value) => {
        const read = known.get(value.key);
        return { value, was: read === undefined ? undefined : waitingMark(read) };
      }),
  };
}

/**
 * Folds predictions into the buckets of their timestamps. A prediction with an id counts once.
 * Without a label it waits for one; a label that arrived first counts now. A prediction resent with
 * its label is a repeat, and its label counts as if it had come alone.
 */
export function foldPredictionRecords(
  entries: readonly Entry<PredictionRecord>[],
  context: FoldContext<PredictionsSourceConfig> & { keepsOf?: KeepsOf },
  known: KnownWaiting,
): Folded {
  const { source, now } = context;
  const { sums, arrivals, ...joining } = joiningOf(context);
  const states = waitingStates(known, now);
  const placesIn = knownPlaces(context);
  const results = entries.map(({ index, value: record }): FoldResult => {
    const reason =
      modelReason(record.model, context) ??
      timeReason(record.timestamp, source.retain, context) ??
      scoreReason(record.score, source) ??
      valueReason(record.value, source);
    if (reason !== undefined) return { index, became: 'rejected', reason };
    const places = placesIn(record.version, record.features);
    const addPrediction = (truth: string | undefined): void => {
      for (const { segment, series } of places) sums.addPrediction(series, bucketStart, record, prediction, truth, segment);
    };
    const bucketStart = startOf(record.timestamp, source.bucket);
    const prediction = canonicalOutcome(record.prediction);
    const came = record.label === undefined ? undefined : { label: canonicalOutcome(record.label) };
    if (record.id === undefined) {
      addPrediction(came?.label);
      if (came !== undefined) arrivals.matched(record.timestamp, now);
      return { index, became: 'accepted' };
    }
    const key = waitingKey(context.sourceName, record.id);
    const seen = states.get(key);
    if (seen !== undefined && seen.state !== 'label') {
      const joined: Joined =
        came === undefined || isReplaced(seen, came)
          ? { became: 'duplicate' }
          : joinLabel({ ...seen, ...scoreOf({ score: seen.score ?? record.score }) }, came, { sums, arrivals, ...joining });
      if (joined.became !== 'rejected') for (const { series } of places) sums.addDuplicate(series, bucketStart);
      return states.took(index, joined);
    }
    const truth = came ?? (seen === undefined ? undefined : { label: seen.label ?? '', at: seen.labelAt });
    addPrediction(truth?.label);
    if (seen !== undefined) arrivals.matchedLater();
    if (truth !== undefined) arrivals.matched(record.timestamp, seen?.labelCameAt ?? now);
    states.set({
      key,
      state: truth === undefined ? 'prediction' : 'joined',
      ...waitingPlaces(places),
      bucketStart,
      prediction,
      ...scoreOf(record),
      ...stakeFields(record, source),
      madeAt: record.timestamp,
      ...(truth && labelFields(truth)),
      expiresAt: now + source.labelWait,
    });
    return { index, became: 'accepted' };
  });
  return { deltas: sums.deltas(), waiting: states.written(), results };
}

/** A record that is sent again does not bring back a label that was corrected since. */
const isReplaced = ({ replaced = [] }: Waiting, { label }: Came): boolean => replaced.some((one) => one.label === label);

function joiningOf(context: FoldContext<PredictionsSourceConfig> & { keepsOf?: KeepsOf }): JoinContext {
  const sums = deltaSums(context.source, context.keepsOf);
  return { sums, arrivals: labelArrivals(sums, context), source: context.source, now: context.now };
}

/**
 * Folds labels into the buckets of their predictions. A label without a known prediction is
 * unmatched; it waits, in case its prediction comes later.
 */
export function foldLabelRecords(
  entries: readonly Entry<LabelRecord>[],
  context: FoldContext<PredictionsSourceConfig>,
  known: KnownWaiting,
): Folded {
  const { source, now } = context;
  const joining = joiningOf(context);
  const { sums, arrivals } = joining;
  const states = waitingStates(known, now);
  const placesIn = knownPlaces(context);
  const results = entries.map(({ index, value: record }): FoldResult => {
    const reason = modelReason(record.model, context);
    if (reason !== undefined) return { index, became: 'rejected', reason };
    const label = canonicalOutcome(record.label);
    if (record.by === 'prediction') {
      const late =
        timeReason(record.timestamp, source.retain, context) ??
        scoreReason(record.score, source) ??
        valueReason(record.value, source);
      if (late !== undefined) return { index, became: 'rejected', reason: late };
      const outcome = {
        prediction: canonicalOutcome(record.prediction),
        ...{ label, score: record.score, value: stakeOf(record.value, source) },
      };
      for (const { series } of placesIn(record.version, record.features))
        sums.addLabel(series, startOf(record.timestamp, source.bucket), outcome);
      arrivals.matched(record.timestamp, now);
      return { index, became: 'accepted' };
    }
    const key = waitingKey(context.sourceName, record.id);
    const seen = states.get(key);
    const came = { label, at: record.timestamp };
    return states.took(
      index,
      seen === undefined || seen.state === 'label' ? waitForPrediction(key, seen, came, joining) : joinLabel(seen, came, joining),
    );
  });
  return { deltas: sums.deltas(), waiting: states.written(), results };
}

/** Segments wait too: a later label does not name them. */
function waitingPlaces([whole, ...others]: readonly Place[]): Pick<Waiting, 'series' | 'segments'> {
  return {
    ...(whole === undefined ? {} : { series: whole.series }),
    ...(others.length === 0 ? {} : { segments: others.map(({ series }) => series) }),
  };
}

/** The score waits with its prediction: some metrics need it together with the label. */
const scoreOf = ({ score }: Pick<PredictionRecord, 'score'>): { score?: number } => (score === undefined ? {} : { score });

/** So does what is at stake in it. */
function stakeFields({ value }: Pick<PredictionRecord, 'value'>, source: PredictionsSourceConfig): { value?: number } {
  const stake = stakeOf(value, source);
  return stake === undefined ? {} : { value: stake };
}

/**
 * Folds samples. Labels of the source override those of the record: the config defines the source.
 */
export function foldSampleRecords(
  entries: readonly Entry<SampleRecord>[],
  context: FoldContext<SamplesSourceConfig> & { keepsOf: KeepsOf },
): Folded {
  const { source, sourceName, keepsOf } = context;
  const sums = deltaSums(source, keepsOf);
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
