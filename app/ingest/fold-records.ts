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
import type { Entry, LabelRecord, PredictionRecord, SampleRecord } from '../../core/samples/records.ts';
import { breathe } from '../breathe.ts';
import { maxFoldActions, type Ports } from '../ports.ts';
import type { BatchProgress } from './batch-progress.ts';
import { IngestError, type IngestResult } from './ingest-result.ts';

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

export const foldPredictionEntries: FoldEntries<PredictionRecord> = async (ports, sourceName, records, progress, now) => {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, progress);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedByPrediction(source.bucket, profileChunks(source), source)),
    keyOf: ({ id }) => (id === undefined ? undefined : waitingKey(sourceName, id)),
    fold: (chunk, known) => foldPredictionRecords(chunk, context, known),
  });
};

const profileChunks = (source: PredictionsSourceConfig) => ({
  bucket: source.profileBucket,
  parts: profileParts(source).length,
});

export const foldLabelEntries: FoldEntries<LabelRecord> = async (ports, sourceName, records, progress, now) => {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), sourceName, 'predictions');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, progress);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedByLabel(source.bucket, source)),
    keyOf: (record) => (record.by === 'id' ? waitingKey(sourceName, record.id) : undefined),
    fold: (chunk, known) => foldLabelRecords(chunk, context, known),
  });
};

export const foldSampleEntries: FoldEntries<SampleRecord> = async (ports, sourceName, records, progress, now) => {
  const source = sourceNamed(sourcesOf(ports.config, 'samples'), sourceName, 'samples');
  const { context, ...batch } = batchOf(ports, { sourceName, source, now }, progress);
  return foldChunks(ports, {
    ...batch,
    chunks: chunksOf(records, maxFoldActions - 1, touchedBySample(source.bucket)),
    keyOf: () => undefined,
    fold: (chunk) => foldSampleRecords(chunk, context),
  });
};

/**
 * What a batch of any records has. It is remembered until every record it may hold is too old to be taken a second time.
 */
function batchOf<S extends { retain: number; bucket: number }>(
  ports: Ports,
  { sourceName, source, now }: { sourceName: string; source: S; now: number },
  progress: BatchProgress | undefined,
) {
  const { maxFuture } = ports.config.settings;
  return {
    context: { sourceName, source, now, maxFuture },
    progress,
    keepUntil: now + maxFuture + source.retain + source.bucket,
    at: now,
  };
}

/** What became of the records; `recognised` are those duplicates that came with the same batch before. */
export type FoldCounts = Omit<IngestResult, 'repeated'> & { recognised: number };

/** Folds records of one source. `progress` undefined: the batch is not recognised when it comes again. */
export type FoldEntries<T> = (
  ports: Ports,
  sourceName: string,
  records: readonly Entry<T>[],
  progress: BatchProgress | undefined,
  now: number,
) => Promise<FoldCounts>;

type Folding<T> = {
  progress: BatchProgress | undefined;
  keepUntil: number;
  at: number;
  chunks: Entry<T>[][];
  keyOf: (record: T) => string | undefined;
  fold: (chunk: Entry<T>[], known: KnownWaiting) => Folded;
};

/** Folds chunk after chunk. A batch that broke off half way can be sent again: records that count are not folded again. */
async function foldChunks<T>(ports: Ports, folding: Folding<T>): Promise<FoldCounts> {
  const results: FoldCounts[] = [];
  for (const [place, chunk] of folding.chunks.entries()) {
    await breathe(place);
    results.push(await foldChunk(ports, folding, chunk));
  }
  return summed(results);
}

async function foldChunk<T>(ports: Ports, folding: Folding<T>, chunk: Entry<T>[]): Promise<FoldCounts> {
  const { progress, keepUntil } = folding;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const open = progress === undefined ? chunk : chunk.filter(({ index }) => !progress.isCounted(index));
    const recognised = chunk.length - open.length;
    const keys = [...new Set(open.flatMap(({ value }) => folding.keyOf(value) ?? []))];
    const { deltas, waiting, results } = folding.fold(open, await knownOf(ports, keys));
    const rejected = results.flatMap((result) =>
      result.became === 'rejected' ? [{ index: result.index, reason: result.reason }] : [],
    );
    const taken = results.filter(({ became }) => became !== 'rejected');
    if (taken.length === 0) return { accepted: 0, duplicates: recognised, recognised, rejected };
    const mark = progress?.markOf(
      taken.map(({ index }) => index),
      keepUntil,
    );
    const outcome = await ports.store.fold({ mark, at: folding.at, deltas, waiting });
    if (outcome === 'folded') {
      if (mark !== undefined) progress?.written(mark);
      ports.observeFold?.(deltas);
      const accepted = taken.filter(({ became }) => became === 'accepted').length;
      return { accepted, duplicates: recognised + taken.length - accepted, recognised, rejected };
    }
    await progress?.reload();
  }
  throw new IngestError('busy', `the records of this batch were changed by others ${maxTries} times in a row; send it again`);
}

async function knownOf(ports: Ports, keys: string[]): Promise<KnownWaiting> {
  const known = new Map<string, Waiting>();
  if (keys.length === 0) return known;
  for (const waiting of await ports.store.waiting(keys)) if (waiting !== undefined) known.set(waiting.key, waiting);
  return known;
}

export function summed(results: readonly FoldCounts[]): FoldCounts {
  const sum: FoldCounts = { accepted: 0, duplicates: 0, recognised: 0, rejected: [] };
  for (const { accepted, duplicates, recognised, rejected } of results) {
    sum.accepted += accepted;
    sum.duplicates += duplicates;
    sum.recognised += recognised;
    sum.rejected.push(...rejected);
  }
  return sum;
}
