import type { PredictionsSourceConfig } from '../../core/config/schema.ts';
import { type Named, sourcesOf } from '../../core/config/sources-of.ts';
import { chunksOf, touchedByLabel, touchedByPrediction, touchedBySample } from '../../core/samples/chunks.ts';
import type { Waiting } from '../../core/samples/fold.ts';
import {
  type Folded,
  foldLabelRecords,
  foldPredictionRecords,
  foldSampleRecords,
  type KnownWaiting,
  waitingKey,
} from '../../core/samples/folding.ts';
import { profileParts } from '../../core/samples/profile-parts.ts';
import type { Entry, LabelRecord, PredictionRecord, Rejection, SampleRecord } from '../../core/samples/records.ts';
import { breathe } from '../breathe.ts';
import { maxFoldActions, type Ports } from '../ports.ts';

export type IngestResult = {
  accepted: number;
  /** Records that had been counted before; they were not counted again. */
  duplicates: number;
  /** Records that were refused, by their place in what was sent. */
  rejected: Rejection[];
  /** true: the whole batch had been taken before. */
  repeated: boolean;
};

/** Nothing of a batch was taken: its body cannot be read, no source is there for it, or the store was too busy. */
export class IngestError extends Error {
  override name = 'IngestError';
  kind: 'body' | 'source' | 'busy';
  constructor(kind: IngestError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What waiting for the same predictions by two senders at once may cost before a sender is asked to come again. */
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
  throw new IngestError('source', `several sources of ${kind}: name one of ${namesOf(sources)} with ?source=`);
}

export const namesOf = (sources: readonly Named<unknown>[]): string =>
  sources.map(({ name }) => name).join(', ') || 'none is in the config';

export async function foldPredictionEntries(
  ports: Ports,
  sourceName: string,
  records: readonly Entry<PredictionRecord>[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, `predictions|${batchId}`);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedByPrediction(source.bucket, profileChunks(source), source)),
    keyOf: ({ id }) => (id === undefined ? undefined : waitingKey(sourceName, id)),
    fold: (chunk, known) => foldPredictionRecords(chunk, context, known),
  });
}

const profileChunks = (source: PredictionsSourceConfig) => ({
  bucket: source.profileBucket,
  parts: profileParts(source).length,
});

export async function foldLabelEntries(
  ports: Ports,
  sourceName: string,
  records: readonly Entry<LabelRecord>[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, `labels|${batchId}`);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedByLabel(source.bucket, source)),
    keyOf: (record) => (record.by === 'id' ? waitingKey(sourceName, record.id) : undefined),
    fold: (chunk, known) => foldLabelRecords(chunk, context, known),
  });
}

export async function foldSampleEntries(
  ports: Ports,
  sourceName: string,
  records: readonly Entry<SampleRecord>[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const source = sourceNamed(sourcesOf(ports.config, 'samples'), sourceName, 'samples');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, `samples|${batchId}`);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedBySample(source.bucket)),
    keyOf: () => undefined,
    fold: (chunk) => foldSampleRecords(chunk, context),
  });
}

/**
 * What a batch of any records has. It is remembered until every record it may hold is too old to be taken a second time.
 */
function batchOf<S extends { retain: number; bucket: number }>(
  ports: Ports,
  { sourceName, source, now }: { sourceName: string; source: S; now: number },
  id: string,
) {
  const { maxFuture } = ports.config.settings;
  return {
    context: { sourceName, source, now, maxFuture },
    id: `${sourceName}|${id}`,
    keepUntil: now + maxFuture + source.retain + source.bucket,
    at: now,
  };
}

type Folding<T> = {
  id: string;
  keepUntil: number;
  at: number;
  chunks: Entry<T>[][];
  keyOf: (record: T) => string | undefined;
  fold: (chunk: Entry<T>[], known: KnownWaiting) => Folded;
};

/** Folds chunk after chunk. A batch that broke off half way can be sent again: the chunks that were folded count once. */
async function foldChunks<T>(ports: Ports, folding: Folding<T>): Promise<IngestResult> {
  const results: IngestResult[] = [];
  for (const [place, chunk] of folding.chunks.entries()) {
    await breathe(place);
    results.push(await foldChunk(ports, folding, `${folding.id}#${place}`, chunk));
  }
  return summed(results);
}

async function foldChunk<T>(ports: Ports, folding: Folding<T>, id: string, chunk: Entry<T>[]): Promise<IngestResult> {
  const keys = [...new Set(chunk.flatMap(({ value }) => folding.keyOf(value) ?? []))];
  for (let tries = 0; tries < maxTries; tries += 1) {
    const { deltas, waiting, results } = folding.fold(chunk, await knownOf(ports, keys));
    const rejected = results.flatMap((result) =>
      result.became === 'rejected' ? [{ index: result.index, reason: result.reason }] : [],
    );
    const taken = results.length - rejected.length;
    if (taken === 0) return { accepted: 0, duplicates: 0, rejected, repeated: false };
    const outcome = await ports.store.fold({ id, keepUntil: folding.keepUntil, at: folding.at, deltas, waiting });
    if (outcome === 'duplicate') return { accepted: 0, duplicates: taken, rejected, repeated: true };
    if (outcome === 'folded') {
      ports.observeFold?.(deltas);
      const accepted = results.filter(({ became }) => became === 'accepted').length;
      return { accepted, duplicates: taken - accepted, rejected, repeated: false };
    }
  }
  throw new IngestError('busy', `the predictions of this batch were changed by others ${maxTries} times in a row; send it again`);
}

async function knownOf(ports: Ports, keys: string[]): Promise<KnownWaiting> {
  const known = new Map<string, Waiting>();
  if (keys.length === 0) return known;
  for (const waiting of await ports.store.waiting(keys)) if (waiting !== undefined) known.set(waiting.key, waiting);
  return known;
}

export function summed(results: readonly IngestResult[]): IngestResult {
  const sum: IngestResult = {
    accepted: 0,
    duplicates: 0,
    rejected: [],
    repeated: results.length > 0 && results.every(({ repeated }) => repeated),
  };
  for (const { accepted, duplicates, rejected } of results) {
    sum.accepted += accepted;
    sum.duplicates += duplicates;
    sum.rejected.push(...rejected);
  }
  return sum;
}
