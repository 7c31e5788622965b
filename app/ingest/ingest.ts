import { digest } from '../../core/alerts/fingerprint.ts';
import type { PredictionsSourceConfig } from '../../core/config/schema.ts';
import { type Named, sourcesOf } from '../../core/config/sources-of.ts';
import { parseBody } from '../../core/samples/body.ts';
import {
  type Entry,
  type LabelRecord,
  type Parsed,
  type PredictionRecord,
  parseLabels,
  parsePredictions,
  parseSamples,
  type Rejection,
  type SampleRecord,
} from '../../core/samples/records.ts';
import type { Ports } from '../ports.ts';
import {
  foldLabelEntries,
  foldPredictionEntries,
  foldSampleEntries,
  IngestError,
  type IngestResult,
  namesOf,
  onlySource,
  sourceNamed,
  summed,
} from './fold-records.ts';

export { IngestError, type IngestResult };

export type IngestBody = { contentType: string | undefined; text: string; idempotencyKey?: string | undefined };

/**
 * Takes prediction records from a request. `sourceName` undefined: the source whose model the record names, or the only
 * source of predictions. Throws IngestError.
 */
export async function ingestPredictions(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  return ingestByModel(ports, sourceName, readBody(body, parsePredictions), (name, records) =>
    foldPredictionEntries(ports, name, records, batchIdOf(body), now),
  );
}

/** Takes labels from a request; sources as for predictions. Throws IngestError. */
export async function ingestLabels(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  return ingestByModel(ports, sourceName, readBody(body, parseLabels), (name, records) =>
    foldLabelEntries(ports, name, records, batchIdOf(body), now),
  );
}

/** Takes samples from a request. `sourceName` may be left out where only one source takes samples. Throws IngestError. */
export async function ingestSamples(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<IngestResult> {
  const { records, rejected } = readBody(body, parseSamples);
  const name = sourceName ?? onlySource(sourcesOf(ports.config, 'samples'), 'samples');
  return withRejected(await foldSampleEntries(ports, name, records, batchIdOf(body), now), rejected);
}

/** Folds records that were read elsewhere, such as from a file. A batch id that was folded before changes nothing. */
export async function foldPredictions(
  ports: Ports,
  sourceName: string,
  records: readonly PredictionRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  return foldPredictionEntries(ports, sourceName, entriesOf(records), batchId, now);
}

export async function foldLabels(
  ports: Ports,
  sourceName: string,
  records: readonly LabelRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  return foldLabelEntries(ports, sourceName, entriesOf(records), batchId, now);
}

export async function foldSamples(
  ports: Ports,
  sourceName: string,
  records: readonly SampleRecord[],
  batchId: string,
  now: number,
): Promise<IngestResult> {
  return foldSampleEntries(ports, sourceName, entriesOf(records), batchId, now);
}

const entriesOf = <T>(records: readonly T[]): Entry<T>[] => records.map((value, index) => ({ index, value }));

/** Splits records by the source that takes them, and folds each part as a batch of that source. */
async function ingestByModel<T extends { model?: string | undefined }>(
  ports: Ports,
  sourceName: string | undefined,
  { records, rejected }: Parsed<T>,
  fold: (sourceName: string, records: Entry<T>[]) => Promise<IngestResult>,
): Promise<IngestResult> {
  const sources = sourcesOf(ports.config, 'predictions');
  if (sourceName !== undefined) sourceNamed(sources, sourceName, 'predictions');
  const fixed = sourceName ?? (sources.length <= 1 ? onlySource(sources, 'predictions') : undefined);
  if (fixed !== undefined) return withRejected(await fold(fixed, records), rejected);
  const refused = [...rejected];
  const parts = new Map<string, Entry<T>[]>();
  for (const entry of records) {
    const matching = sources.filter(({ source }) => source.model === entry.value.model);
    const name = matching.length === 1 ? matching[0]?.name : undefined;
    if (name === undefined) refused.push({ index: entry.index, reason: unclearSource(entry.value.model, matching, sources) });
    else if (parts.get(name)?.push(entry) === undefined) parts.set(name, [entry]);
  }
  const results: IngestResult[] = [];
  for (const [name, part] of parts) results.push(await fold(name, part));
  return withRejected(summed(results), refused);
}

function unclearSource(
  model: string | undefined,
  matching: readonly Named<unknown>[],
  sources: readonly Named<PredictionsSourceConfig>[],
): string {
  if (matching.length > 1)
    return `model: ${model} is the model of several sources; name one of ${namesOf(matching)} with ?source=`;
  const models = sources.map(({ source }) => source.model).join(', ');
  return `model: expected one of ${models}, or ?source= in the address; received ${model ?? 'nothing'}`;
}

function readBody<T>(body: IngestBody, parse: (entries: readonly Entry<unknown>[]) => Parsed<T>): Parsed<T> {
  const read = parseBody(body.contentType, body.text);
  if (!read.ok) throw new IngestError('body', read.error);
  const { records, rejected } = parse(read.entries);
  return { records, rejected: [...read.rejected, ...rejected] };
}

/** The sender's own key, or what it sent: the same text again is the same batch. */
function batchIdOf({ text, idempotencyKey }: IngestBody): string {
  if (idempotencyKey === undefined || idempotencyKey === '') return digest(text, 40);
  return idempotencyKey.length <= 128 ? `key ${idempotencyKey}` : `key ${digest(idempotencyKey, 40)}`;
}

function withRejected(result: IngestResult, rejected: readonly Rejection[]): IngestResult {
  return { ...result, rejected: [...result.rejected, ...rejected].sort((a, b) => a.index - b.index) };
}
