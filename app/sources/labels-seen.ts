import type { Config } from '../../core/config/schema.ts';
import type { Waiting } from '../../core/telemetry/samples/fold.ts';
import { waitingKey } from '../../core/telemetry/samples/folding.ts';
import type { Bucket } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Store } from '../ports/store.ts';
import { arrivalsOf } from './label-series.ts';
import { seriesOfModel } from './model-series.ts';

/** What is known about the labels of one source in a span of whole buckets. */
export type LabelsSeen = {
  source: string;
  model: string;
  /** Start of the first bucket; milliseconds since the epoch. */
  from: number;
  /** Predictions made in the span, and those of them that have their label. */
  predictions: number;
  labelled: number;
  /**
   * Labels that came in the span: the first of a prediction, and their mean delay if there are any.
   */
  first: number;
  meanDelayMs?: number;
  unmatched: number;
  corrected: number;
};

type Reading = { store: Pick<Store, 'series' | 'buckets'>; config: Pick<Config, 'sources'> };

/** The labels of each source of predictions, in the last `spanMs`. */
export async function labelsSeen({ store, config }: Reading, now: number, spanMs: number): Promise<LabelsSeen[]> {
  return Promise.all(
    sourcesOf(config, 'predictions').map(async ({ name, source }): Promise<LabelsSeen> => {
      const from = Math.floor((now - spanMs) / source.bucket) * source.bucket;
      const span = { from, to: now + source.bucket };
      const [made, came] = await Promise.all([predictionsIn(store, name, source, span), arrivalsIn(store, name, source, span)]);
      return { source: name, model: source.model, from, ...made, ...came };
    }),
  );
}

type Span = { from: number; to: number };

async function predictionsIn(store: Reading['store'], name: string, source: PredictionsSourceConfig, span: Span) {
  const members = await seriesOfModel(store, name, source);
  const lists = await store.buckets(members.map((series) => ({ series, ...span })));
  const sum = { predictions: 0, labelled: 0 };
  for (const { summary } of lists.flat()) {
    if (summary.kind !== 'predictions') continue;
    sum.predictions += summary.count;
    sum.labelled += summary.labelled;
  }
  return sum;
}

/** Labels that came in a span. */
export async function arrivalsIn(
  store: Reading['store'],
  name: string,
  source: PredictionsSourceConfig,
  span: Span,
): Promise<Pick<LabelsSeen, 'first' | 'meanDelayMs' | 'unmatched' | 'corrected'>> {
  const read = await arrivalsOf(store, name, source);
  if (read === undefined) return { first: 0, unmatched: 0, corrected: 0 };
  const { delay, unmatched, corrected } = await read(span);
  const [first, seconds] = [summed(delay, 'count'), summed(delay, 'sum')];
  return {
    first,
    ...(first > 0 ? { meanDelayMs: Math.round((seconds / first) * 1000) } : {}),
    // Some may have been taken back for labels that came before the span.
    unmatched: Math.max(0, summed(unmatched, 'sum')),
    corrected: summed(corrected, 'sum'),
  };
}

const summed = (buckets: readonly Bucket[], what: 'count' | 'sum'): number =>
  buckets.reduce((sum, { summary }) => sum + (summary.kind === 'values' ? summary[what] : 0), 0);

/** What is known about a prediction id; undefined if nothing is, or no longer. */
export async function labelOf(
  store: Pick<Store, 'waiting'>,
  source: string,
  id: string,
  now: number,
): Promise<Waiting | undefined> {
  const [found] = await store.waiting([waitingKey(source, id)]);
  return found !== undefined && found.expiresAt > now ? found : undefined;
}
