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
import { jsonLines, jsonRecords } from './files/json-values.ts';
import { isTable, noColumns, openTable, type TableFile } from './files/open-table.ts';
import { reading } from './files/readable.ts';

export type FileRecord =
  | { kind: 'prediction'; at: number; record: PredictionRecord }
  | { kind: 'label'; at: number; record: LabelRecord }
  | { kind: 'sample'; at: number; record: SampleRecord };

/** The content of a file, in order; `rejected` counts rows, lines or array indexes from 0. */
export type FileRecords = { records: FileRecord[]; rejected: Rejection[] };

/** The file is the user's own, so every fault is listed. */
const all = Number.POSITIVE_INFINITY;

/** Kinds of source whose records a file may hold. */
type FileSource = SourceOf<StoredKind>;

/**
 * Reads recorded predictions, labels or samples: .csv or .parquet (mapped by the source's
 * `columns`), .ndjson, .jsonl or .json; text may be gzipped. The same rows give the same records in
 * every format. Throws StartError if the file is none of these. Single bad records are rejected by
 * index.
 */
export async function readRecords(path: string, source: FileSource): Promise<FileRecords> {
  const file = dataFile(path);
  return reading(path, async () => {
    const values = isTable(file) ? await rowsIn(file, source) : await valuesIn(file, source);
    return recordsOf(isTable(file) || source.kind !== 'predictions' ? values : withRows(values, source), source);
  });
}

async function valuesIn(file: DataFile, source: FileSource): Promise<Entry<unknown>[]> {
  const numbers = source.kind === 'predictions' ? namedNumbersInFile(source) : undefined;
  if (file.format === 'json') return jsonRecords(file, numbers);
  const entries: Entry<unknown>[] = [];
  for await (const value of jsonLines(file, numbers)) entries.push({ index: entries.length, value });
  return entries;
}

/** A file of JSON holds records as a sender sends them, or flat rows with the columns of the source. */
function withRows(values: readonly Entry<unknown>[], source: PredictionsSourceConfig): Entry<unknown>[] {
  const recordOf = flatRows(source);
  return values.map(({ index, value }) => {
    // A member that no feature can be is ignored, as in a request.
    const row = isFlat(value) ? recordOf(scalarsOf(value)) : undefined;
    return { index, value: row === undefined || row.missing.length > 0 ? value : row.record };
  });
}

const scalarsOf = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object' || value === null));

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

function rowsIn(file: TableFile, source: FileSource): Promise<Entry<unknown>[]> {
  switch (source.kind) {
    case 'samples':
      return sampleRows(file, source);
    case 'predictions':
      return predictionRows(file, source);
    default:
      return noKindLeft('source', source);
  }
}

async function sampleRows(file: TableFile, source: SamplesSourceConfig): Promise<Entry<unknown>[]> {
  const { timestamp = 'timestamp', value = 'value', metric } = source.columns ?? {};
  const table = await openTable(file);
  const uses = new Map<string, ColumnUse>([
    [timestamp, { use: 'time' }],
    [value, { use: 'number' }],
  ]);
  if (metric !== undefined) uses.set(metric, { use: 'name' });
  const missing = [...uses.keys()].filter((name) => !table.header.includes(name));
  if (missing.length > 0 && table.header.length > 0) throw noColumns(file.path, missing, table.header);
  const name = withoutEnding(basename(file.path));
  const entries: Entry<unknown>[] = [];
  for await (const row of table.rows(uses)) {
    const sample = { metric: metric === undefined ? name : row[metric], timestamp: row[timestamp], value: row[value] };
    entries.push({ index: entries.length, value: sample });
  }
  return entries;
}

async function predictionRows(file: TableFile, source: PredictionsSourceConfig): Promise<Entry<unknown>[]> {
  const table = await openTable(file);
  const { header } = table;
  if (header.length === 0) return [];
  const { columns, missing } = tableColumns(source, header, table.first);
  const { timestamp, prediction, id, label } = columns.roles;
  // A table with ids and labels, but no predictions, is one of labels that came later.
  const needed = { timestamp, ...(id !== undefined && label !== undefined ? {} : { prediction }) };
  const without = Object.entries(needed).flatMap(([role, name]) => (name === undefined ? [role] : []));
  const names = new Set([...missing.map(({ name }) => name), ...without]);
  if (names.size > 0) throw noColumns(file.path, [...names], header);
  const records: Record<string, unknown>[] = [];
  for await (const row of table.rows(columnUses(source, columns))) records.push(recordOfRow(row, columns));
  if (source.columns?.timestampUnit === 'year') spreadOverYears(records);
  return records.map((value, index) => ({ index, value }));
}

/** Spreads the rows of one year evenly over that year, in order, in UTC. */
function spreadOverYears(records: readonly Record<string, unknown>[]): void {
  const yearOf = ({ timestamp }: Record<string, unknown>): string => String(timestamp);
  const total = new Map<string, number>();
  for (const record of records) total.set(yearOf(record), (total.get(yearOf(record)) ?? 0) + 1);
  const seen = new Map<string, number>();
  for (const record of records) {
    const year = yearOf(record);
    if (!/^\d{4}$/.test(year)) continue;
    const place = seen.get(year) ?? 0;
    seen.set(year, place + 1);
    const start = Date.UTC(Number(year), 0);
    record['timestamp'] = Math.floor(start + ((Date.UTC(Number(year) + 1, 0) - start) * place) / (total.get(year) ?? 1));
  }
}
