import { namedNumbersInFile } from '../core/telemetry/samples/named-numbers.ts';
import type { Rejection } from '../core/telemetry/samples/refusals.ts';
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
import { jsonLines } from './files/json-values.ts';
import { isTable, openTable, type TableFile } from './files/open-table.ts';
import { reading } from './files/readable.ts';
import { StartError } from './start-error.ts';

/** Columns of training data that are not features. */
export type TrainingColumns = Pick<NamedColumns, 'prediction' | 'score' | 'label' | 'ignore'>;

export type TrainingFile = TrainingSums & { rejected: Rejection[] };

/**
 * Profiles a file of training rows in bounded memory: .csv, .parquet, .ndjson or .jsonl; text may
 * be gzipped. Each row is a flat record, or `{ "features": {...}, "prediction": ..., "label": ... }`.
 * Columns called `prediction`, `score`, `label`, `id`, `version` or `timestamp` are these, unless
 * others are named; all others are features. Throws StartError; single bad rows are rejected by
 * index.
 */
export async function readTraining(path: string, source: PredictionsSourceConfig, named: TrainingColumns): Promise<TrainingFile> {
  const file = dataFile(path);
  if (file.format === 'json')
    throw new StartError(`expected a .csv, .parquet, .ndjson or .jsonl file, the text ones gzipped or not; received ${path}`);
  const sums = trainingSums(source);
  const rejected: Rejection[] = [];
  let index = 0;
  return reading(path, async () => {
    for await (const value of isTable(file)
      ? tableRows(file, source, named)
      : jsonRows(jsonLines(file, namedNumbersInFile(source, named)), path, source, named)) {
      const parsed = parseRow(value);
      if (parsed.ok) sums.add(parsed.row);
      else if (rejected.length < mostRejected) rejected.push({ index, reason: parsed.error });
      index += 1;
    }
    return { ...sums.finish(), rejected };
  });
}

const mostRejected = 1000;

async function* tableRows(file: TableFile, source: PredictionsSourceConfig, named: TrainingColumns): AsyncGenerator<unknown> {
  const table = await openTable(file);
  const { header } = table;
  const { columns, missing } = tableColumns(source, header, table.first, named);
  check(file.path, missing, header);
  for await (const row of table.rows(columnUses(source, columns))) yield recordOfRow(row, columns);
}

async function* jsonRows(
  values: AsyncIterable<unknown>,
  path: string,
  source: PredictionsSourceConfig,
  named: TrainingColumns,
): AsyncGenerator<unknown> {
  const recordOf = flatRows(source, named);
  let isFirst = true;
  for await (const value of values) {
    if (!isFlat(value)) {
      yield value;
      continue;
    }
    const { record, missing, header } = recordOf(value);
    if (isFirst) check(path, missing, header);
    isFirst = false;
    yield record;
  }
}

/** Training data often has no times, ids or versions, whatever the source says of live files. */
function check(path: string, missing: readonly MissingColumn[], header: readonly string[]): void {
  const names = missing.flatMap(({ role, name }) => (optional.has(role) ? [] : [name]));
  if (names.length > 0) throw new StartError(`${path} has no column ${names.join(', ')}; it has ${header.join(', ')}`);
}

const optional: ReadonlySet<string> = new Set<Role>(['timestamp', 'id', 'version']);
