import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Rejection } from '../core/telemetry/samples/refusals.ts';
import type { PredictionsSourceConfig } from '../core/telemetry/sources/kinds/predictions.ts';
import { parseRow } from '../core/telemetry/training/posted.ts';
import { type TrainingSums, trainingSums } from '../core/telemetry/training/sums.ts';
import { cellOf, endings, openFile } from './read-records.ts';
import { StartError } from './start-error.ts';

/** Columns of training data that are not features. */
export type TrainingColumns = { prediction?: string; score?: string; label?: string; ignore?: readonly string[] };

export type TrainingFile = TrainingSums & { rejected: Rejection[] };

/**
 * Profiles a file of training rows in bounded memory: .csv, .ndjson or .jsonl, optionally gzipped.
 * Each row is a flat record whose columns are features except the named ones, or `{ "features":
 * {...}, "prediction": ..., "label": ... }`. Throws StartError; single bad rows are rejected by
 * index.
 */
export async function readTraining(
  path: string,
  source: PredictionsSourceConfig,
  columns: TrainingColumns,
): Promise<TrainingFile> {
  const [, ending = '', gz] = endings.exec(path) ?? [];
  const kind = ending.toLowerCase();
  if (kind === '' || kind === 'json')
    throw new StartError(`expected a .csv, .ndjson or .jsonl file, gzipped or not; received ${path}`);
  const sums = trainingSums(source);
  const rejected: Rejection[] = [];
  const outcome = columnsOf(source, columns);
  let index = 0;
  try {
    const stream = openFile(path, gz);
    for await (const value of kind === 'csv' ? csvRows(stream) : lines(stream)) {
      if (index === 0) need(value, outcome, path);
      const parsed = parseRow(rowOf(value, outcome));
      if (parsed.ok) sums.add(parsed.row);
      else if (rejected.length < mostRejected) rejected.push({ index, reason: parsed.error });
      index += 1;
    }
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return { ...sums.finish(), rejected };
}

const mostRejected = 1000;

type Outcome = Required<Pick<TrainingColumns, 'ignore'>> & Partial<Record<'prediction' | 'score' | 'label', string>>;

/** Defaults to the source's mapping of live files. */
function columnsOf({ columns }: PredictionsSourceConfig, named: TrainingColumns): Outcome {
  const { id, version, timestamp } = columns ?? {};
  const ignore = [...(named.ignore ?? []), ...[id, version, timestamp].filter((name) => name !== undefined)];
  const prediction = named.prediction ?? columns?.prediction;
  const score = named.score ?? columns?.score;
  const label = named.label ?? columns?.label;
  return {
    ignore,
    ...(prediction === undefined ? {} : { prediction }),
    ...(score === undefined ? {} : { score }),
    ...(label === undefined ? {} : { label }),
  };
}

function need(value: unknown, { prediction, score, label }: Outcome, path: string): void {
  if (typeof value !== 'object' || value === null || 'features' in value) return;
  // Default columns may be absent: training data often has no predictions.
  const missing = [prediction, score, label].filter(
    (name) => name !== undefined && name !== 'prediction' && !Object.hasOwn(value, name),
  );
  if (missing.length > 0)
    throw new StartError(`${path} has no column ${missing.join(', ')}; it has ${Object.keys(value).join(', ')}`);
}

function rowOf(value: unknown, { prediction, score, label, ignore }: Outcome): unknown {
  if (typeof value !== 'object' || value === null || 'features' in value) return value;
  const cells = new Map(Object.entries(value));
  const take = (name: string | undefined): unknown => {
    const cell = name === undefined ? undefined : cells.get(name);
    if (name !== undefined) cells.delete(name);
    return cell;
  };
  const outcome = { prediction: take(prediction), score: take(score), label: take(label) };
  for (const name of ignore) cells.delete(name);
  return { features: Object.fromEntries(cells), ...outcome };
}

async function* csvRows(stream: Readable): AsyncGenerator<unknown> {
  const parser = stream.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true }));
  stream.on('error', (error) => parser.destroy(error));
  for await (const row of parser as AsyncIterable<Record<string, string>>) {
    yield Object.fromEntries(Object.entries(row).map(([name, text]) => [name, cellOf(text)]));
  }
}

async function* lines(stream: Readable): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line);
    } catch {
      yield line;
    }
  }
}
