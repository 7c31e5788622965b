import { namedNumbersInFile } from '../core/telemetry/samples/named-numbers.ts';
import type { PredictionsSourceConfig } from '../core/telemetry/sources/kinds/predictions.ts';
import { flatRows, isFlat } from '../core/telemetry/tables/flat-rows.ts';
import {
  columnUses,
  type MissingColumn,
  type NamedColumns,
  type Role,
  recordOfRow,
  tableColumns,
} from '../core/telemetry/tables/table-columns.ts';
import { parseRow } from '../core/telemetry/training/posted.ts';
import { type TrainingSums, trainingSums } from '../core/telemetry/training/sums.ts';
import { dataFile } from './files/data-file.ts';
import { type FileValue, unitOf } from './files/file-value.ts';
import { jsonLines } from './files/json-values.ts';
import { isTable, openTable, type TableFile } from './files/open-table.ts';
import { reading } from './files/readable.ts';
import { StartError } from './start-error.ts';

/** Columns of training data that are not features. */
export type TrainingColumns = Pick<NamedColumns, 'prediction' | 'score' | 'label' | 'ignore'>;

/** `rejected`: with their places, such as `line 3`; the first thousand. */
export type TrainingFile = TrainingSums & { refused: number; rejected: { place: string; reason: string }[] };

/**
 * Profiles a file of training rows in bounded memory: .csv, .parquet, .ndjson or .jsonl; text may
 * be gzipped. Each row is a flat record, or `{ "features": {...}, "prediction": ..., "label": ...
 * }`. Columns called `prediction`, `score`, `label`, `id`, `version` or `timestamp` are these,
 * unless others are named; all others are features. Throws StartError; single bad rows are rejected
 * by line or row.
 */
export async function readTraining(path: string, source: PredictionsSourceConfig, named: TrainingColumns): Promise<TrainingFile> {
  const file = dataFile(path);
  if (file.format === 'json')
    throw new StartError(`expected a .csv, .parquet, .ndjson or .jsonl file, the text ones gzipped or not; received ${path}`);
  const sums = trainingSums(source);
  const rejected: TrainingFile['rejected'] = [];
  let refused = 0;
  return reading(path, async () => {
    for await (const value of isTable(file)
      ? tableRows(file, source, named)
      : jsonRows(jsonLines(file, namedNumbersInFile(source, named)), path, source, named)) {
      const parsed = 'fault' in value ? { ok: false as const, error: value.fault } : parseRow(value.value, source);
      if (parsed.ok) {
        sums.add(parsed.row);
        continue;
      }
      refused += 1;
      if (refused <= mostRejected) rejected.push({ place: `${unitOf[file.format]} ${value.at}`, reason: parsed.error });
    }
    return { ...sums.finish(), refused, rejected };
  });
}

const mostRejected = 1000;

async function* tableRows(
  file: TableFile,
  source: PredictionsSourceConfig,
  named: TrainingColumns,
): AsyncGenerator<FileValue<unknown>> {
  const table = await openTable(file);
  const { header } = table;
  const { columns, missing } = tableColumns(source, header, table.first, named);
  check(file.path, missing, header);
  for await (const row of table.rows(columnUses(source, columns)))
    yield 'fault' in row ? row : { at: row.at, value: recordOfRow(row.value, columns) };
}

/**
 * A column that a flat row leaves out has no value there. One that every row leaves out was named
 * wrongly.
 */
async function* jsonRows(
  values: AsyncIterable<FileValue<unknown>>,
  path: string,
  source: PredictionsSourceConfig,
  named: TrainingColumns,
): AsyncGenerator<FileValue<unknown>> {
  const rows = flatRows(source, named);
  let header: string[] = [];
  for await (const one of values) {
    if ('fault' in one || !isFlat(one.value)) {
      yield one;
      continue;
    }
    if (header.length === 0) header = Object.keys(one.value);
    yield { at: one.at, value: rows.read(one.value).record };
  }
  check(path, rows.absent(), header);
}

/** Training data often has no times, ids or versions, whatever the source says of live files. */
function check(path: string, missing: readonly MissingColumn[], header: readonly string[]): void {
  const names = missing.flatMap(({ role, name }) => (optional.has(role) ? [] : [name]));
  if (names.length > 0) throw new StartError(`${path} has no column ${names.join(', ')}; it has ${header.join(', ')}`);
}

const optional: ReadonlySet<string> = new Set<Role>(['timestamp', 'id', 'version']);
