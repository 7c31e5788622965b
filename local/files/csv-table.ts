import { parse } from 'csv-parse';
import { type Cell, type ColumnUse, cellOfText, needsKind } from '../../core/telemetry/tables/cell.ts';
import { type ColumnKind, columnKinds } from '../../core/telemetry/tables/column-kind.ts';
import { StartError } from '../start-error.ts';
import { type DataFile, openFile } from './data-file.ts';
import type { Table } from './table.ts';

type TextRow = Readonly<Record<string, string>>;

/**
 * Opens a CSV file. It is read in bounded memory, and twice where the type of a column shows only
 * in all of its cells. Throws StartError.
 */
export async function csvTable(file: DataFile): Promise<Table> {
  let header: readonly string[] = [];
  let first: TextRow = {};
  for await (const row of textRows(file, (names) => (header = names))) {
    first = row;
    break;
  }
  return { header, first, rows: (uses) => typedRows(file, uses) };
}

async function* typedRows(file: DataFile, uses: ReadonlyMap<string, ColumnUse>): AsyncGenerator<Record<string, Cell>> {
  const kinds = await kindsIn(file, uses);
  for await (const row of textRows(file)) {
    const typed: Record<string, Cell> = {};
    for (const [column, use] of uses) typed[column] = cellOfText(row[column] ?? '', use, kinds.get(column));
    yield typed;
  }
}

async function kindsIn(file: DataFile, uses: ReadonlyMap<string, ColumnUse>): Promise<ReadonlyMap<string, ColumnKind>> {
  const kinds = columnKinds([...uses].flatMap(([column, use]) => (needsKind(use) ? [column] : [])));
  if (kinds.areSettled()) return kinds.kinds();
  for await (const row of textRows(file)) {
    kinds.see(row);
    if (kinds.areSettled()) break;
  }
  return kinds.kinds();
}

async function* textRows(file: DataFile, onHeader?: (names: readonly string[]) => void): AsyncGenerator<TextRow> {
  const columns = (names: string[]): string[] => {
    const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i);
    if (twice !== undefined) throw new StartError(`${file.path} has two columns ${twice}; rename one of them`);
    onHeader?.(names);
    return names;
  };
  const stream = openFile(file);
  const parser = stream.pipe(parse({ columns, bom: true, skip_empty_lines: true, relax_column_count: true }));
  stream.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of parser as AsyncIterable<TextRow>) yield row;
  } finally {
    stream.destroy();
  }
}
