import { recordsShape } from '../../core/telemetry/samples/body.ts';
import { namedNumbers } from '../../core/telemetry/samples/named-numbers.ts';
import {
  type Entry,
  type LabelRecord,
  type ParseRecords,
  type PredictionRecord,
  parseLabels,
  parsePredictions,
  parseSamples,
  type SampleRecord,
} from '../../core/telemetry/samples/records.ts';
import { type Refused, refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { type Named, sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Ports } from '../ports/ports.ts';
import { type BatchIdentity, batchProgress } from './batch-progress.ts';
import {
  type FoldCounts,
  type FoldEntries,
  foldLabelEntries,
  foldPredictionEntries,
  foldSampleEntries,
  namesOf,
  onlySource,
  sourceFor,
  sourceNamed,
  summed,
} from './fold-records.ts';
import { IngestError, type IngestResult } from './ingest-result.ts';
import { type IngestBody, recordsIn } from './read-body.ts';

export { type IngestBody, IngestError, type IngestResult };

/**
 * Accepts predictions from a request. Without `sourceName`: the source whose model the record
 * names, or the only predictions source. Throws IngestError.
 */
export async function ingestPredictions(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  return ingestByModel(ports, 'predictions', sourceName, body, now, {
    parse: parsePredictions,
    isKnownById: ({ id }) => id !== undefined,
    fold: foldPredictionEntries,
  });
}

/** Accepts labels from a request; sources as for predictions. Throws IngestError. */
export async function ingestLabels(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  return ingestByModel(ports, 'labels', sourceName, body, now, {
    parse: parseLabels,
    // Each label is known by its id. The same body again may be a correction that is taken back.
    isKnownById: () => false,
    fold: foldLabelEntries,
  });
}

/**
 * Accepts samples from a request. `sourceName` is optional if only one source accepts samples.
 * Throws IngestError.
 */
export async function ingestSamples(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  const { records, ...refused } = await recordsIn(body, parseSamples);
  const name = sourceName ?? onlySource(sourcesOf(ports.config, 'samples'), 'samples');
  const identity = identityOf(ports, 'samples', name, body, false);
  const progress = identity && batchProgress(ports, identity, now);
  return resultOf(await foldSampleEntries(ports, name, records, { progress, by: body.sender, now }), refused);
}

/**
 * Folds records read elsewhere, such as from a file. An already folded batch id changes nothing.
 */
export async function foldPredictions(
  ports: Ports,
  sourceName: string,
  records: readonly PredictionRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const progress = batchProgress(ports, ownIdentity('predictions', sourceName, batchId), now);
  return resultOf(await foldPredictionEntries(ports, sourceName, entriesOf(records), { progress, now }));
}

export async function foldLabels(
  ports: Ports,
  sourceName: string,
  records: readonly LabelRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const progress = batchProgress(ports, ownIdentity('labels', sourceName, batchId), now);
  return resultOf(await foldLabelEntries(ports, sourceName, entriesOf(records), { progress, now }));
}

export async function foldSamples(
  ports: Ports,
  sourceName: string,
  records: readonly SampleRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  const progress = batchProgress(ports, ownIdentity('samples', sourceName, batchId), now);
  return resultOf(await foldSampleEntries(ports, sourceName, entriesOf(records), { progress, now }));
}

const entriesOf = <T>(records: readonly T[]): Entry<T>[] => records.map((value, index) => ({ index, value }));

type RecordKind<T> = {
  parse: ParseRecords<T>;
  /** Whether the same record again can only be a repeat. */
  isKnownById: (record: T) => boolean;
  fold: FoldEntries<T>;
};

/** Splits records by source, and folds each part. */
async function ingestByModel<T extends { model?: string | undefined }>(
  ports: Ports,
  scope: 'predictions' | 'labels',
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
  { parse, isKnownById, fold }: RecordKind<T>,
): Promise<IngestResult> {
  const sources = sourcesOf(ports.config, 'predictions');
  const { records, ...unread } = await recordsIn(body, parse, {
    ...recordsShape,
    numbers: namedNumbers(ports.config.sources, (record) => sourceFor(record, sourceName, sources)),
  });
  if (sourceName !== undefined) sourceNamed(sources, sourceName, 'predictions');
  const fixed = sourceName ?? (sources.length <= 1 ? onlySource(sources, 'predictions') : undefined);
  const byContent = records.every(({ value }) => isKnownById(value));
  const identity = identityOf(ports, scope, fixed, body, byContent);
  const progress = identity && batchProgress(ports, identity, now);
  const sent = { progress, by: body.sender, now };
  if (fixed !== undefined) return resultOf(await fold(ports, fixed, records, sent), unread);
  const unclear = refusals();
  const parts = new Map<string, Entry<T>[]>();
  for (const entry of records) {
    const matching = sources.filter(({ source }) => source.model === entry.value.model);
    const name = matching.length === 1 ? matching[0]?.name : undefined;
    if (name === undefined) unclear.add(entry.index, () => unclearSource(entry.value.model, matching, sources));
    else if (parts.get(name)?.push(entry) === undefined) parts.set(name, [entry]);
  }
  const results: FoldCounts[] = [];
  for (const [name, part] of parts) results.push(await fold(ports, name, part, sent));
  return resultOf(summed(results), unread, unclear.all());
}

function unclearSource(
  model: string | undefined,
  matching: readonly Named<unknown>[],
  sources: readonly Named<PredictionsSourceConfig>[],
): string {
  if (matching.length > 1)
    return `model: ${model} is the model of several sources; name one of ${namesOf(matching)} with ?source=`;
  const models = sources.map(({ source }) => source.model).join(', ');
  return `model: expected one of ${models}, or ?source= in the URL; received ${model ?? 'nothing'}`;
}

/**
 * What identifies a batch: the sender's key, or its content if each record of it can only be a
 * repeat. Otherwise nothing does: two identical posts of samples may be from two hosts.
 */
function identityOf(
  { sha256 }: Ports,
  scope: 'predictions' | 'labels' | 'samples',
  source: string | undefined,
  { text, idempotencyKey, sender = 'local' }: IngestBody,
  byContent: boolean,
): BatchIdentity | undefined {
  if (idempotencyKey === undefined && !byContent) return undefined;
  const content = digest(text, 40, sha256);
  const known = idempotencyKey === undefined ? ['content', content] : ['key', checkedKey(idempotencyKey)];
  return { id: JSON.stringify([sender, scope, ...known]), content, source };
}

/** Our own batches are identified by ids alone. */
const ownIdentity = (scope: string, source: string, batchId: string): BatchIdentity => ({
  id: JSON.stringify(['own', scope, source, batchId]),
  content: '',
  source,
});

/** How many records of a batch were not refused. */
export const takenOf = ({
  accepted,
  corrected,
  unmatched,
  duplicates,
}: Pick<IngestResult, 'accepted' | 'corrected' | 'unmatched' | 'duplicates'>): number =>
  accepted + corrected + unmatched + duplicates;

const maxKeyLength = 255;

/**
 * The key from its header. The header's draft standard adds quotes, which are not part of the key.
 */
export function checkedKey(sent: string): string {
  const key = /^"(.*)"$/.exec(sent)?.[1] ?? sent;
  if (/^[ -~]+$/.test(key) && key.length <= maxKeyLength) return key;
  const received = key === '' ? 'an empty one' : `${key.length} characters: ${JSON.stringify(key.slice(0, 40))}`;
  throw new IngestError(
    'body',
    `expected an Idempotency-Key of 1 to ${maxKeyLength} printed ASCII characters, such as a UUID; received ${received}`,
  );
}

function resultOf({ recognised, ...counts }: FoldCounts, ...alsoRefused: Refused[]): IngestResult {
  return {
    ...counts,
    ...refusedTogether([counts, ...alsoRefused]),
    repeated: recognised > 0 && recognised === takenOf(counts),
  };
}
