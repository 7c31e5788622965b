import { type BodyShape, isLines, type KeptNumbers } from '../../core/telemetry/samples/body.ts';
import { TooLong } from '../../core/telemetry/samples/json-parts.ts';
import { namedNumbers } from '../../core/telemetry/samples/named-numbers.ts';
import { type Refused, refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { retiredEntry, trainingEntry } from '../../core/telemetry/training/audit-entries.ts';
import { type PostedTraining, parseRow, parseTraining, type TrainingHead } from '../../core/telemetry/training/posted.ts';
import { trainingSums } from '../../core/telemetry/training/sums.ts';
import {
  binning,
  countsOf,
  mostFeatures,
  partsOf,
  type TrainingFeatures,
  type TrainingMetric,
  type TrainingRecord,
} from '../../core/telemetry/training/training.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Write } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';
import { commitWithAuditEntry } from '../respond/with-audit-entry.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { onlySource, sourceFor, sourceNamed } from './fold-records.ts';
import { IngestError } from './ingest-result.ts';
import { entriesOf, type IngestBody } from './read-body.ts';

/** Refused rows, by their index in the request. */
export type TrainResult = Refused & {
  source: string;
  version: string;
  dataset: string;
  rows: number;
  features: number;
  metrics: string[];
  /** true: identical data was stored already, and nothing changed. */
  repeated: boolean;
};

/** What to store of one training, however it arrived. */
export type Trained = TrainingHead & {
  rows: number;
  features: TrainingFeatures;
  metrics: Record<string, TrainingMetric>;
};

/** A DynamoDB transaction is limited to 4 MB; profiles of 500 features take 1 to 3. */
const maxProfileChars = 3_500_000;
const maxTries = 8;

/**
 * Accepts what a model version was trained on: rows or a ready profile, and metrics. `query`: URL
 * parameters, since line-based bodies have no room for these fields. Throws IngestError.
 */
export async function ingestTraining(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  query: Partial<Record<'version' | 'dataset' | 'trainedAt', string>>,
  by: string,
  now: number,
): Promise<TrainResult> {
  const sources = sourcesOf(ports.config, 'predictions');
  const numbers = namedNumbers(ports.config.sources, (training) => sourceFor(training, sourceName, sources));
  const { posted, refused } = await postedIn(body, query, numbers);
  const ofModel = sources.filter(({ source }) => source.model === posted.model);
  const name = sourceName ?? (ofModel.length === 1 ? ofModel[0]?.name : undefined) ?? onlySource(sources, 'predictions');
  const source = sourceNamed(sources, name, 'predictions');
  if (posted.model !== undefined && posted.model !== source.model)
    throw new IngestError('source', `model: expected ${source.model}, the model of the source ${name}; received ${posted.model}`);
  const { given } = posted;
  const summed = given !== undefined && 'rows' in given ? await inParts(sumRows(source, given.rows)) : undefined;
  const ready = given !== undefined && 'profile' in given ? given.profile : undefined;
  const trained: Trained = {
    modelVersion: posted.modelVersion,
    dataset: posted.dataset,
    trainedAt: posted.trainedAt,
    rows: summed?.rows ?? ready?.rows ?? 0,
    features: summed?.features ?? ready?.features ?? {},
    metrics: { ...summed?.metrics, ...posted.metrics },
  };
  const all = refusedTogether([refused, ...(summed === undefined ? [] : [summed.refused])]);
  if (summed?.rows === 0)
    throw new IngestError('body', `every row was refused; the first: ${all.rejected[0]?.reason ?? 'unknown'}`);
  return { ...(await storeTraining(ports, name, trained, by, now)), ...all };
}

/** Rows per request. For more, the command line sums them first. */
export const maxRows = 100_000;
const trainingShape: BodyShape = {
  lists: ['rows'],
  objects: ['profile', 'features'],
  most: maxRows,
  called: 'rows',
  one: 'whole body',
};

async function postedIn(
  body: IngestBody,
  query: Partial<Record<'version' | 'dataset' | 'trainedAt', string>>,
  numbers: KeptNumbers,
): Promise<{ posted: PostedTraining; refused: Refused }> {
  const { entries, ...refused } = await entriesOf(body, { ...trainingShape, numbers }).catch((error: unknown) => {
    if (!(error instanceof IngestError)) throw error;
    const message = error.message.replace('expected a JSON array of records', 'expected a training profile as JSON');
    throw new IngestError(error.kind, message);
  });
  const [first] = entries;
  const head = definedOf(query);
  const value = isLines(body.contentType)
    ? { ...head, rows: entries.map((entry) => entry.value) }
    : typeof first?.value === 'object' && first.value !== null && entries.length === 1
      ? { ...head, ...first.value }
      : undefined;
  if (value === undefined)
    throw new IngestError(
      'body',
      'expected one JSON object with version, dataset and rows or profile, or one row per line as application/x-ndjson',
    );
  const parsed = parseTraining(value);
  if (!parsed.ok) throw new IngestError('body', parsed.error);
  return { posted: parsed.posted, refused };
}

const definedOf = (query: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));

const rowsInARow = 500;

/** Good rows count even next to bad ones. */
function* sumRows(source: PredictionsSourceConfig, rows: readonly unknown[]) {
  const sums = trainingSums(source);
  const refused = refusals();
  for (const [index, value] of rows.entries()) {
    const parsed = value instanceof TooLong ? tooLongRow(value) : parseRow(value, source);
    if (parsed.ok) sums.add(parsed.row);
    else refused.add(index, () => parsed.error);
    if (index % rowsInARow === rowsInARow - 1) yield;
  }
  return { ...sums.finish(), refused: refused.all() };
}

const tooLongRow = ({ chars }: TooLong) => ({
  ok: false as const,
  error: `expected a shorter row; received ${chars} characters`,
});

/**
 * Stores a version's training, replacing an earlier one. Identical data changes nothing. Then drops
 * trainings of versions that neither serve nor have records. Throws IngestError.
 */
export async function storeTraining(
  ports: Ports,
  source: string,
  trained: Trained,
  by: string,
  now: number,
): Promise<Omit<TrainResult, keyof Refused>> {
  const { modelVersion, dataset, trainedAt = now, rows, metrics } = trained;
  if (trainedAt > now + ports.config.settings.maxFuture)
    throw new IngestError('body', `trainedAt: ${new Date(trainedAt).toISOString()} is ahead of the clock`);
  const features = Object.entries(trained.features);
  if (features.length > mostFeatures)
    throw new IngestError('body', `expected at most ${mostFeatures} features; received ${features.length}`);
  const parts = partsOf(trained.features);
  const text = JSON.stringify(parts);
  if (text.length > maxProfileChars) {
    const message = `the profiles take ${text.length} characters, more than the limit of ${maxProfileChars}; send fewer features, and no free text`;
    throw new IngestError('body', message);
  }
  const sent = digest(JSON.stringify([dataset, trained.trainedAt ?? null, rows, metrics, text]), 40);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const before = await ports.store.training(source, modelVersion);
    const result = { source, version: modelVersion, dataset, rows, features: features.length, metrics: Object.keys(metrics) };
    if (before?.digest === sent) return { ...result, repeated: true };
    const value: TrainingRecord = {
      source,
      modelVersion,
      dataset,
      trainedAt,
      rows,
      metrics,
      features: Object.fromEntries(features.map(([name, profile]) => [name, countsOf(profile)])),
      binning,
      parts: parts.length,
      digest: sent,
      pushedAt: now,
      by,
      version: (before?.version ?? 0) + 1,
    };
    const write: Write = { kind: 'training', value, expected: value.version - 1, parts, partsBefore: before?.parts ?? 0 };
    if (!(await commitWithAuditEntry(ports, write, trainingEntry(value)))) continue;
    await retireUnused(ports, source, now);
    return { ...result, repeated: false };
  }
  throw new IngestError(
    'busy',
    `others changed the training profile of version ${modelVersion} ${maxTries} times; send it again`,
  );
}

/**
 * A version is in use while it serves, served before, or has records. A young training may still be
 * promoted.
 */
async function retireUnused(ports: Ports, name: string, now: number): Promise<void> {
  const source = sourceNamed(sourcesOf(ports.config, 'predictions'), name, 'predictions');
  const [trainings, serving, series] = await Promise.all([
    ports.store.trainings(name),
    ports.store.serving(name),
    ports.store.series(name, 'predictions'),
  ]);
  const used = new Set(series.map(({ labels }) => labels['version']));
  used.add(serving?.modelVersion);
  for (const record of trainings) {
    const { modelVersion, version, parts, pushedAt } = record;
    if (used.has(modelVersion) || pushedAt > now - source.retain) continue;
    const gone: Write = { kind: 'training gone', source: name, modelVersion, expected: version, partsBefore: parts };
    await commitWithAuditEntry(ports, gone, retiredEntry(record, now, source.retain));
  }
}
