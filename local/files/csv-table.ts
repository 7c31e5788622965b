import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { type Cell, type ColumnUse, cellOfText, needsKind } from '../../core/telemetry/tables/cell.ts';
import { type ColumnKind, columnKinds } from '../../core/telemetry/tables/column-kind.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { StartError } from '../start-error.ts';
import type { DataFile } from './data-file.ts';
import type { FileValue } from './file-value.ts';
import type { Table } from './table.ts';
import { textOf } from './text.ts';

type TextRow = Readonly<Record<string, string>>;

/**
 * Opens a CSV file. It is read in bounded memory, and twice where the type of a column shows only
 * in all of its cells. A row of more or fewer cells than the header has is refused: nobody can say
 * which of them is missing. Throws StartError.
 */
export async function csvTable(file: DataFile): Promise<Table> {
  let header: readonly string[] = [];
  let first: TextRow = {};
  for await (const row of textRows(file, (names) => (header = names))) {
    if ('fault' in row) continue;
    first = row.value;
    break;
  }
  return { header, first, rows: (uses) => typedRows(file, uses) };
}

async function* typedRows(file: DataFile, uses: ReadonlyMap<string, ColumnUse>): AsyncGenerator<FileValue<Record<string, Cell>>> {
  const kinds = await kindsIn(file, uses);
  for await (const row of textRows(file)) {
    if ('fault' in row) {
      yield row;
      continue;
    }
    const typed: Record<string, Cell> = Object.create(null);
    for (const [column, use] of uses) typed[column] = cellOfText(row.value[column] ?? '', use, kinds.get(column));
    yield { at: row.at, value: typed };
  }
}

async function kindsIn(file: DataFile, uses: ReadonlyMap<string, ColumnUse>): Promise<ReadonlyMap<string, ColumnKind>> {
  const kinds = columnKinds([...uses].flatMap(([column, use]) => (needsKind(use) ? [column] : [])));
  if (kinds.areSettled()) return kinds.kinds();
  for await (const row of textRows(file)) {
    if ('value' in row) kinds.see(row.value);
    if (kinds.areSettled()) break;
  }
  return kinds.kinds();
}

/** `line`: where the row ends. */
type ParsedRow = { record: string[]; info: { lines: number } };

async function* textRows(file: DataFile, onHeader?: (names: readonly string[]) => void): AsyncGenerator<FileValue<TextRow>> {
  const text = Readable.from(textOf(file));
  const parser = text.pipe(parse({ skip_empty_lines: true, relax_column_count: true, info: true }));
  text.on('error', (error) => parser.destroy(error));
  let header: string[] | undefined;
  /** The parser counts both signs of a line that ends within quotes. */
  let twice = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      for (const cell of record) if (cell.includes('\r\n')) twice += cell.split('\r\n').length - 1;
      if (header === undefined) {
        header = checked(file.path, record);
        onHeader?.(header);
      } else if (record.length === header.length) yield { at: info.lines - twice, value: rowOf(header, record) };
      else yield { at: info.lines - twice, fault: raggedRow(record, header) };
    }
  } finally {
    text.destroy();
  }
}

function checked(path: string, names: string[]): string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i);
  if (twice !== undefined) throw new StartError(`${path} has two columns ${twice}; rename one of them`);
  const [only = '', another] = names;
  const [, called] = otherSeparators.find(([sign]) => another === undefined && only.includes(sign)) ?? [];
  if (called !== undefined)
    throw new StartError(
      `${path} has a single column, ${JSON.stringify(only)}; expected columns separated by commas, not by ${called}`,
    );
  return names;
}

/** A file that is separated so would be read as one text a row, without any fault. */
const otherSeparators = [
  ['\t', 'tabs'],
  [';', 'semicolons'],
  ['|', 'bars'],
] as const;

function rowOf(header: readonly string[], cells: readonly string[]): TextRow {
  // Without a prototype: a column may be called `__proto__`.
  const row: Record<string, string> = Object.create(null);
  for (const [i, name] of header.entries()) row[name] = cells[i] ?? '';
  return row;
}

const raggedRow = (cells: readonly string[], header: readonly string[]): string =>
  `expected ${counted(header.length, 'cell')}, as many as the header has; received ${cells.length}`;
