import { type ValuesKept, valuesKept } from '../../core/detection/rules/values-kept.ts';
import { chunksOf, touchedByLabel, touchedByPrediction, touchedBySample } from '../../core/telemetry/samples/chunks.ts';
import type { Waiting } from '../../core/telemetry/samples/fold.ts';
import {
  type Folded,
  foldLabelRecords,
  foldPredictionRecords,
  foldSampleRecords,
  type KnownWaiting,
  waitingKey,
} from '../../core/telemetry/samples/folding.ts';
import { labelSeries } from '../../core/telemetry/samples/label-arrivals.ts';
import { profileParts } from '../../core/telemetry/samples/profile-parts.ts';
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from '../../core/telemetry/samples/records.ts';
import { refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { type Named, sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Ports } from '../ports/ports.ts';
import { maxFoldActions } from '../ports/series-store.ts';
import { nextTurn } from '../yield-to-event-loop.ts';
import type { BatchProgress } from './batch-progress.ts';
import { IngestError, type IngestResult } from './ingest-result.ts';

/**
 * The most retries when two senders update the same predictions. After that the sender must retry.
 */
const maxTries = 8;

export function sourceNamed<S>(sources: readonly Named<S>[], name: string, kind: string): S {
  const found = sources.find((one) => one.name === name);
  if (found !== undefined) return found.source;
  throw new IngestError('source', `expected a source of ${kind} (${namesOf(sources)}); received ${name}`);
}

export function onlySource<S>(sources: readonly Named<S>[], kind: string): string {
  const [first, second] = sources;
  if (first !== undefined && second === undefined) return first.name;
  if (first === undefined) throw new IngestError('source', `no source of ${kind} is in the config; add one to config/`);
  throw new IngestError(
    'source',
    `several sources of ${kind}: name one of ${namesOf(sources)} with ?source= (on the command line --source)`,
  );
}

/**
 * The source whose declarations say what the numbers of a record are; undefined if none is meant.
 */
export function sourceFor(
  record: unknown,
  name: string | undefined,
  sources: readonly Named<PredictionsSourceConfig>[],
): PredictionsSourceConfig | undefined {
  if (name !== undefined) return sources.find((one) => one.name === name)?.source;
  const model = typeof record === 'object' && record !== null && 'model' in record ? record.model : undefined;
  return (sources.length === 1 ? sources[0] : sources.find(({ source }) => source.model === model))?.source;
}

export const namesOf = (sources: readonly Named<unknown>[]): string =>
  sources.map(({ name }) => name).join(', ') || 'none is in the config';

export const foldPredictionEntries: FoldEntries<PredictionRecord> = async (ports, sourceName, records, sent) => {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source }, sent);
  const kept = keptFor(ports.config.rules).get(sourceName);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(
      records,
      maxFoldActions - 1 - labelSeries,
      touchedByPrediction(source.bucket, profileChunks(source), source),
    ),
    keyOf: ({ id }) => (id === undefined ? undefined : waitingKey(sourceName, id)),
    fold: (chunk, known) => foldPredictionRecords(chunk, { ...context, keepsOf: (metric) => kept?.get(metric) }, known),
  });
};

const profileChunks = (source: PredictionsSourceConfig) => ({
  bucket: source.profileBucket,
  parts: profileParts(source).length,
});

export const foldLabelEntries: FoldEntries<LabelRecord> = async (ports, sourceName, records, sent) => {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source }, sent);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1 - labelSeries, touchedByLabel(source.bucket, source)),
    keyOf: (record) => (record.by === 'id' ? waitingKey(sourceName, record.id) : undefined),
    fold: (chunk, known) => foldLabelRecords(chunk, context, known),
  });
};

export const foldSampleEntries: FoldEntries<SampleRecord> = async (ports, sourceName, records, sent) => {
  const source = sourceNamed(sourcesOf(ports.config, 'samples'), sourceName, 'samples');
  const { context, ...batch } = batchOf(ports, { sourceName, source }, sent);
  const kept = keptFor(ports.config.rules).get(sourceName);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedBySample(source.bucket)),
    keyOf: () => undefined,
    fold: (chunk) => foldSampleRecords(chunk, { ...context, keepsOf: (metric) => kept?.get(metric) }),
  });
};

/** What rules ask for does not change while a config runs, and records come all the time. */
const knownKept = new WeakMap<object, ValuesKept>();

function keptFor(rules: Ports['config']['rules']): ValuesKept {
  let kept = knownKept.get(rules);
  if (kept === undefined) {
    kept = valuesKept(rules);
    knownKept.set(rules, kept);
  }
  return kept;
}

/** How records arrived. Without `progress`, a resend is not recognised. */
export type Sent = {
  progress: BatchProgress | undefined;
  /** The sender, if known. */
  by?: string | undefined;
  now: number;
};

/**
 * What any batch needs. It is remembered until all its records would be too old to be accepted
 * again.
 */
function batchOf<S extends { retain: number; bucket: number }>(
  ports: Ports,
  { sourceName, source }: { sourceName: string; source: S },
  sent: Sent,
) {
  const { maxFuture } = ports.config.settings;
  return {
    context: { sourceName, source, now: sent.now, maxFuture },
    sent,
    keepUntil: sent.now + maxFuture + source.retain + source.bucket,
  };
}

/**
 * The outcome of the records; `recognised` counts duplicates from an earlier send of the same
 * batch.
 */
export type FoldCounts = Omit<IngestResult, 'repeated'> & { recognised: number };

/** Folds records of one source. */
export type FoldEntries<T> = (ports: Ports, sourceName: string, records: readonly Entry<T>[], sent: Sent) => Promise<FoldCounts>;

type Folding<T> = {
  sent: Sent;
  keepUntil: number;
  chunks: Iterable<Entry<T>[]>;
  keyOf: (record: T) => string | undefined;
  fold: (chunk: Entry<T>[], known: KnownWaiting) => Folded;
};

/**
 * Folds chunk by chunk. An interrupted batch can be resent: records that count are not folded
 * again.
 */
async function foldChunks<T>(ports: Ports, folding: Folding<T>): Promise<FoldCounts> {
  let sum = noneFolded;
  let place = 0;
  for (const chunk of folding.chunks) {
    if (place++ > 0) await nextTurn();
    sum = summed([sum, await foldChunk(ports, folding, chunk)]);
  }
  return sum;
}

async function foldChunk<T>(ports: Ports, folding: Folding<T>, chunk: Entry<T>[]): Promise<FoldCounts> {
  const { sent, keepUntil } = folding;
  const { progress, by, now } = sent;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const open = progress === undefined ? chunk : chunk.filter(({ index }) => !progress.isCounted(index));
    const recognised = chunk.length - open.length;
    const keys = [...new Set(open.flatMap(({ value }) => folding.keyOf(value) ?? []))];
    const { deltas, waiting, results } = folding.fold(open, await knownOf(ports, keys));
    const refused = refusals();
    const taken: number[] = [];
    const counts = { accepted: 0, corrected: 0, unmatched: 0, duplicate: 0 };
    for (const result of results) {
      if (result.became === 'rejected') refused.add(result.index, () => result.reason);
      else {
        taken.push(result.index);
        counts[result.became] += 1;
      }
    }
    const { duplicate, ...became } = counts;
    const counted = { ...became, duplicates: recognised + duplicate, recognised };
    if (taken.length === 0) return { ...counted, ...refused.all() };
    const mark = progress?.markOf(taken, keepUntil);
    const outcome = await ports.store.fold({ mark, at: now, ...(by !== undefined && { by }), deltas, waiting });
    if (outcome === 'folded') {
      if (mark !== undefined) progress?.written(mark);
      ports.observeFold?.(deltas);
      return { ...counted, ...refused.all() };
    }
    await progress?.reload();
  }
  throw new IngestError('busy', `others changed the records of this batch ${maxTries} times in a row; send it again`);
}

async function knownOf(ports: Ports, keys: string[]): Promise<KnownWaiting> {
  const known = new Map<string, Waiting>();
  if (keys.length === 0) return known;
  for (const waiting of await ports.store.waiting(keys)) if (waiting !== undefined) known.set(waiting.key, waiting);
  return known;
}

const noneCounted = { accepted: 0, corrected: 0, unmatched: 0, duplicates: 0, recognised: 0 };
const noneFolded: FoldCounts = { ...noneCounted, rejected: [], unlisted: 0 };

export function summed(results: readonly FoldCounts[]): FoldCounts {
  const sum = { ...noneFolded, ...refusedTogether(results) };
  for (const result of results)
    for (const name of Object.keys(noneCounted) as (keyof typeof noneCounted)[]) sum[name] += result[name];
  return sum;
}
