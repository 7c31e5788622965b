import { basename } from 'node:path';
import { namedNumbersInFile } from '../core/telemetry/samples/named-numbers.ts';
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
import type { ColumnUse } from '../core/telemetry/tables/cell.ts';
import { flatRows, isFlat } from '../core/telemetry/tables/flat-rows.ts';
import { columnUses, recordOfRow, tableColumns } from '../core/telemetry/tables/table-columns.ts';
import { noKindLeft } from '../core/vocabulary/kinds.ts';
import { type DataFile, dataFile, withoutEnding } from './files/data-file.ts';
import { type FileValue, unitOf } from './files/file-value.ts';
import { jsonLines, jsonRecords } from './files/json-values.ts';
import { isTable, noColumns, openTable, type TableFile } from './files/open-table.ts';
import { reading } from './files/readable.ts';
import { inUnit } from './files/time-unit.ts';

export type FileRecord =
  | { kind: 'prediction'; at: number; record: PredictionRecord }
  | { kind: 'label'; at: number; record: LabelRecord }
  | { kind: 'sample'; at: number; record: SampleRecord };

/** The content of a file, in order, and what of it cannot be read, with its place: `line 3`. */
export type FileRecords = { records: FileRecord[]; rejected: { place: string; reason: string }[] };

/** The file is the user's own, so every fault is listed. */
const all = Number.POSITIVE_INFINITY;

/** Kinds of source whose records a file may hold. */
type FileSource = SourceOf<StoredKind>;

/** By their numbers in the file, from 1. */
type Read = { records: FileRecord[]; rejected: Rejection[] };

/**
 * Reads recorded predictions, labels or samples: .csv or .parquet (mapped by the source's
 * `columns`), .ndjson, .jsonl or .json; text may be gzipped. The same rows give the same records in
 * every format. Throws StartError if the file is none of these, or text that is not UTF-8. Single
 * bad records are rejected by line or row.
 */
export async function readRecords(path: string, source: FileSource): Promise<FileRecords> {
  const file = dataFile(path);
  return reading(path, async () => {
    const entries: Entry<unknown>[] = [];
    const faults: Rejection[] = [];
    for await (const value of isTable(file) ? await rowsIn(file, source) : valuesIn(file, source)) {
      if ('fault' in value) faults.push({ index: value.at, reason: value.fault });
      else entries.push({ index: value.at, value: value.value });
    }
    const { records, rejected } = recordsOf(entries, source);
    const unread = [...faults, ...rejected].sort((a, b) => a.index - b.index);
    const unit = unitOf[file.format];
    return { records, rejected: unread.map(({ index, reason }) => ({ place: `${unit} ${index}`, reason })) };
  });
}

/**
 * A file of JSON holds records as a sender sends them, or flat rows with the columns of the source.
 */
async function* valuesIn(file: DataFile, source: FileSource): AsyncGenerator<FileValue<unknown>> {
  const isOfPredictions = source.kind === 'predictions';
  const numbers = isOfPredictions ? namedNumbersInFile(source) : undefined;
  const values = file.format === 'json' ? jsonRecords(file, numbers) : jsonLines(file, numbers);
  if (!isOfPredictions) return yield* values;
  yield* inUnit(source.columns?.timestampUnit, recordsOfFlat(values, source));
}

async function* recordsOfFlat(
  values: AsyncIterable<FileValue<unknown>>,
  source: PredictionsSourceConfig,
): AsyncGenerator<FileValue<unknown>> {
  const rows = flatRows(source);
  for await (const one of values) {
    // A member that no feature can be is ignored, as in a request.
    const row = 'value' in one && isFlat(one.value) ? rows.read(scalarsOf(one.value)) : undefined;
    yield row === undefined || row.isSent ? one : { at: one.at, value: row.record };
  }
}

const scalarsOf = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object' || value === null));

function recordsOf(values: Entry<unknown>[], source: FileSource): Read {
  switch (source.kind) {
    case 'samples':
      return samplesIn(values);
    case 'predictions':
      return predictionsIn(values);
    default:
      return noKindLeft('source', source);
  }
}

function samplesIn(values: Entry<unknown>[]): Read {
  const { records, rejected } = parseSamples(values, all);
  return { records: records.map(({ value }) => ({ kind: 'sample', at: value.timestamp, record: value })), rejected };
}

function predictionsIn(values: Entry<unknown>[]): Read {
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

function rowsIn(file: TableFile, source: FileSource): Promise<AsyncIterable<FileValue<unknown>>> {
  switch (source.kind) {
    case 'samples':
      return sampleRows(file, source);
    case 'predictions':
      return predictionRows(file, source);
    default:
      return noKindLeft('source', source);
  }
}

async function sampleRows(file: TableFile, source: SamplesSourceConfig): Promise<AsyncIterable<FileValue<unknown>>> {
  const { timestamp = 'timestamp', timestampUnit, value = 'value', metric } = source.columns ?? {};
  const table = await openTable(file);
  const uses = new Map<string, ColumnUse>([
    [timestamp, { use: 'time' }],
    [value, { use: 'number' }],
  ]);
  if (metric !== undefined) uses.set(metric, { use: 'name' });
  const missing = [...uses.keys()].filter((name) => !table.header.includes(name));
  if (missing.length > 0 && table.header.length > 0) throw noColumns(file.path, missing, table.header);
  const name = withoutEnding(basename(file.path));
  return inUnit(
    timestampUnit,
    mapped(table.rows(uses), (row) => ({
      metric: metric === undefined ? name : row[metric],
      timestamp: row[timestamp],
      value: row[value],
    })),
  );
}

async function predictionRows(file: TableFile, source: PredictionsSourceConfig): Promise<AsyncIterable<FileValue<unknown>>> {
  const table = await openTable(file);
  const { header } = table;
  const { columns, missing } = tableColumns(source, header, table.first);
  if (header.length === 0) return table.rows(new Map());
  const { timestamp, prediction, id, label } = columns.roles;
  // A table with ids and labels, but no predictions, is one of labels that came later.
  const needed = { timestamp, ...(id !== undefined && label !== undefined ? {} : { prediction }) };
  const without = Object.entries(needed).flatMap(([role, name]) => (name === undefined ? [role] : []));
  const names = new Set([...missing.map(({ name }) => name), ...without]);
  if (names.size > 0) throw noColumns(file.path, [...names], header);
  const rows = mapped(table.rows(columnUses(source, columns)), (row) => recordOfRow(row, columns));
  return inUnit(source.columns?.timestampUnit, rows);
}

async function* mapped<A, B>(values: AsyncIterable<FileValue<A>>, map: (value: A) => B): AsyncGenerator<FileValue<B>> {
  for await (const one of values) yield 'fault' in one ? one : { at: one.at, value: map(one.value) };
}
