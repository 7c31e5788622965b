import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { parseBody } from '../core/telemetry/samples/body.ts';
import {
  type Entry,
  type LabelRecord,
  type Parsed,
  type PredictionRecord,
  parseLabels,
  parsePredictions,
  parseSamples,
  type SampleRecord,
} from '../core/telemetry/samples/records.ts';
import type { Rejection } from '../core/telemetry/samples/refusals.ts';
import type { PredictionsSourceConfig } from '../core/telemetry/sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../core/telemetry/sources/kinds/samples.ts';
import type { SourceOf, StoredKind } from '../core/telemetry/sources/source.ts';
import { noKindLeft } from '../core/vocabulary/kinds.ts';
import { StartError } from './start-error.ts';

export type FileRecord =
  | { kind: 'prediction'; at: number; record: PredictionRecord }
  | { kind: 'label'; at: number; record: LabelRecord }
  | { kind: 'sample'; at: number; record: SampleRecord };

/** The content of a file, in order; `rejected` counts lines or array indexes from 0. */
export type FileRecords = { records: FileRecord[]; rejected: Rejection[] };

/** The file is the user's own, so every fault is listed. */
const all = Number.POSITIVE_INFINITY;

/** Kinds of source whose records a file may hold. */
type FileSource = SourceOf<StoredKind>;

export const endings = /\.(csv|ndjson|jsonl|json)(\.gz)?$/i;
/** How tools write a missing value. */
const nulls = new Set(['', 'null', 'NULL', 'None', 'NaN', 'nan', 'NA']);

/**
 * Reads recorded predictions or samples: .csv (mapped by the source's `columns`), .ndjson, .jsonl
 * or .json, optionally gzipped. Throws StartError if the file is none of these. Single bad records
 * are rejected by index.
 */
export async function readRecords(path: string, source: FileSource): Promise<FileRecords> {
  const [, ending = '', gz] = endings.exec(path) ?? [];
  if (ending === '') throw new StartError(`expected a .csv, .ndjson, .jsonl or .json file, gzipped or not; received ${path}`);
  try {
    const values =
      ending.toLowerCase() === 'csv'
        ? await readCsv(openFile(path, gz), path, source)
        : await readJson(openFile(path, gz), ending.toLowerCase());
    return recordsOf(values, source);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export function openFile(path: string, gz: string | undefined): Readable {
  const file = createReadStream(path);
  if (gz === undefined) return file;
  const plain = createGunzip();
  file.on('error', (error) => plain.destroy(error));
  return file.pipe(plain);
}

function recordsOf(values: Entry<unknown>[], source: FileSource): FileRecords {
  switch (source.kind) {
    case 'samples':
      return samplesIn(values);
    case 'predictions':
      return predictionsIn(values);
    default:
      return noKindLeft('source', source);
  }
}

function samplesIn(values: Entry<unknown>[]): FileRecords {
  const { records, rejected } = parseSamples(values, all);
  return { records: records.map(({ value }) => ({ kind: 'sample', at: value.timestamp, record: value })), rejected };
}

function predictionsIn(values: Entry<unknown>[]): FileRecords {
  const isLabel = ({ value }: Entry<unknown>): boolean =>
    typeof value === 'object' && value !== null && !('prediction' in value) && 'label' in value;
  const predictions: Parsed<PredictionRecord> = parsePredictions(
    values.filter((entry) => !isLabel(entry)),
    all,
  );
  const labels: Parsed<LabelRecord> = parseLabels(values.filter(isLabel), all);
  const rejected = [...predictions.rejected, ...labels.rejected];
  const records: FileRecord[] = predictions.records.map(({ value }) => ({
    kind: 'prediction',
    at: value.timestamp,
    record: value,
  }));
  for (const { index, value } of labels.records) {
    // What was known at a time depends on when a label arrived, so a file must say it.
    if (value.timestamp === undefined)
      rejected.push({ index, reason: 'timestamp: expected the time at which the label arrived; received nothing' });
    else records.push({ kind: 'label', at: value.timestamp, record: value });
  }
  return { records, rejected };
}

async function readJson(stream: Readable, ending: string): Promise<Entry<unknown>[]> {
  if (ending !== 'json') {
    const entries: Entry<unknown>[] = [];
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue;
      const value = parseLine(line);
      entries.push({ index: entries.length, value });
    }
    return entries;
  }
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += chunk;
  const body = parseBody('application/json', text);
  if (!body.ok) throw new Error(body.error);
  return body.entries;
}

/**
 * A line that is not JSON stays text. Every record schema refuses it and shows what was received.
 */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

async function readCsv(stream: Readable, path: string, source: FileSource): Promise<Entry<unknown>[]> {
  const rows: Record<string, string>[] = [];
  const parser = stream.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true }));
  stream.on('error', (error) => parser.destroy(error));
  for await (const row of parser) rows.push(row);
  switch (source.kind) {
    case 'samples':
      return sampleRows(rows, path, source);
    case 'predictions':
      return predictionRows(rows, path, source);
    default:
      return noKindLeft('source', source);
  }
}

type Rows = readonly Record<string, string>[];

function sampleRows(rows: Rows, path: string, source: SamplesSourceConfig): Entry<unknown>[] {
  const { timestamp = 'timestamp', value = 'value', metric } = source.columns ?? {};
  need(rows[0] ?? {}, rows.length, [timestamp, value, ...(metric === undefined ? [] : [metric])], path);
  const name = basename(path).replace(endings, '');
  return rows.map((row, index) => ({
    index,
    value: { metric: metric === undefined ? name : row[metric], timestamp: row[timestamp], value: numberOf(row[value]) },
  }));
}

function predictionRows(rows: Rows, path: string, source: PredictionsSourceConfig): Entry<unknown>[] {
  const first = rows[0] ?? {};
  const mapped: Partial<NonNullable<PredictionsSourceConfig['columns']>> = source.columns ?? ownNames(first);
  const { timestamp = 'timestamp', timestampUnit = 'instant', prediction = 'prediction', ...columns } = mapped;
  const named = [timestamp, prediction, columns.id, columns.score, columns.label, columns.version].filter(
    (name) => name !== undefined,
  );
  need(first, rows.length, [...named, ...(columns.features ?? [])], path);
  const features = columns.features ?? Object.keys(first).filter((name) => !named.includes(name));
  const times =
    timestampUnit === 'year' ? spreadOverYears(rows.map((row) => row[timestamp] ?? '')) : rows.map((row) => row[timestamp]);
  return rows.map((row, index) => ({
    index,
    value: {
      timestamp: times[index],
      prediction: cellOf(row[prediction]),
      id: columns.id === undefined ? undefined : row[columns.id],
      version: columns.version === undefined ? undefined : row[columns.version],
      score: columns.score === undefined ? undefined : cellOf(row[columns.score]),
      label: columns.label === undefined ? undefined : cellOf(row[columns.label]),
      features: Object.fromEntries(features.map((name) => [name, cellOf(row[name])])),
    },
  }));
}

/** Without a mapping, columns named like record fields are these fields. */
function ownNames(row: Record<string, string>): Partial<NonNullable<PredictionsSourceConfig['columns']>> {
  return Object.fromEntries(
    ['id', 'score', 'label', 'version'].filter((name) => Object.hasOwn(row, name)).map((name) => [name, name]),
  );
}

function need(row: Record<string, string>, rows: number, columns: readonly string[], path: string): void {
  const missing = columns.filter((name) => !Object.hasOwn(row, name));
  if (rows > 0 && missing.length > 0) {
    throw new StartError(
      `${path} has no column ${missing.join(', ')}; it has ${Object.keys(row).join(', ')}. Name the right ones in the source's \`columns\``,
    );
  }
}

export function cellOf(text: string | undefined): string | number | null {
  if (text === undefined || nulls.has(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) && text.trim() !== '' ? value : text;
}

/** Non-numeric samples stay as they are, so that the rejection shows them. */
const numberOf = (text: string | undefined): unknown =>
  text === undefined || text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);

/** Spreads the rows of one year evenly over that year, in order, in UTC. */
function spreadOverYears(years: readonly string[]): (number | string)[] {
  const total = new Map<string, number>();
  for (const year of years) total.set(year, (total.get(year) ?? 0) + 1);
  const seen = new Map<string, number>();
  return years.map((year) => {
    if (!/^\d{4}$/.test(year)) return year;
    const place = seen.get(year) ?? 0;
    seen.set(year, place + 1);
    const start = Date.UTC(Number(year), 0);
    return Math.floor(start + ((Date.UTC(Number(year) + 1, 0) - start) * place) / (total.get(year) ?? 1));
  });
}
