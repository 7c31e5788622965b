import type { Compressors, DecodedArray, FileMetaData, SchemaElement } from 'hyparquet';
import { type Cell, type ColumnUse, cellOfValue, type TypedValue } from '../../core/telemetry/tables/cell.ts';
import { StartError } from '../start-error.ts';
import { decimalText } from './decimal-text.ts';
import type { Table } from './table.ts';

/** Values of one column, as the file stores them, to values of one type. */
type Reading = (stored: unknown) => TypedValue;
type Column = { name: string; read: Reading } | { name: string; holds: string };

/**
 * Opens a Parquet file. It is read in the memory of one row group. A column of lists or structures
 * is refused by name where it is used. Throws StartError.
 */
export async function parquetTable(path: string): Promise<Table> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const tree = parquetSchema(metadata);
  const columns = new Map(tree.children.map(({ element, children }) => [element.name, columnOf(element, children.length > 0)]));
  // Text stays bytes where the file does not say that it is text: not all bytes are UTF-8.
  const scan = await parquetScan({
    ...{ file, metadata, compressors: withEmptyPages(compressors), utf8: false, geoparquet: false },
    parsers: { jsonFromBytes: textOf },
  });

  async function* rows(uses: ReadonlyMap<string, ColumnUse>, most = Number.POSITIVE_INFINITY) {
    const used = [...uses].map(([name, use]) => ({ use, name, read: readingOf(path, columns.get(name), name) }));
    let from = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const to = from + Number(count);
      const range = { rowStart: from, rowEnd: Math.min(to, from + most) };
      const values: DecodedArray[] = [];
      for (const { name } of used)
        values.push(await scan.readColumn({ column: name, ...range }).catch((cause) => fail(path, name, cause)));
      for (let row = 0; row < range.rowEnd - range.rowStart; row += 1) {
        const typed: Record<string, Cell> = Object.create(null);
        for (const [i, { name, use, read }] of used.entries()) {
          const stored: unknown = values[i]?.[row];
          typed[name] = stored === null || stored === undefined ? null : cellOfValue(read(stored), use);
        }
        yield { at: from + row + 1, value: typed };
      }
      from = to;
      if (from >= most) return;
    }
  }

  return { header: [...columns.keys()], first: await firstOf(metadata, columns, rows), rows };
}

/** A page of nulls is empty, and the reader of LZ4 fails on it. */
const withEmptyPages = (all: Compressors): Compressors =>
  Object.fromEntries(
    Object.entries(all).map(([codec, decompress]) => [
      codec,
      (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array() : decompress(input, length)),
    ]),
  );

/** The first row's `model`, which decides how the other columns are read. */
async function firstOf(
  { num_rows: count }: FileMetaData,
  columns: ReadonlyMap<string, Column>,
  rows: (uses: ReadonlyMap<string, ColumnUse>, most: number) => AsyncIterable<{ value: Record<string, Cell> }>,
): Promise<Record<string, Cell>> {
  const model = columns.get('model');
  if (count === 0n || model === undefined || 'holds' in model) return {};
  for await (const { value } of rows(new Map([['model', { use: 'name' }]]), 1)) return value;
  return {};
}

function readingOf(path: string, column: Column | undefined, name: string): Reading {
  if (column === undefined) throw new StartError(`${path} has no column ${name}`);
  if ('read' in column) return column.read;
  throw new StartError(
    `${path}: the column ${name} holds ${column.holds}, and a record takes texts, numbers and true/false; leave it out (\`baseline push --ignore ${name}\`), or list the features under \`columns\` of the source`,
  );
}

function fail(path: string, column: string, cause: unknown): never {
  const what = cause instanceof Error ? cause.message : String(cause);
  throw new StartError(`${path}: the column ${column} cannot be read: ${what}`, { cause });
}

/** Takes the annotation of a decimal off: the reader would make a double of it. */
function columnOf(element: SchemaElement, isNested: boolean): Column {
  const { name, type, converted_type: kind, logical_type: logical, repetition_type: repeated, scale = 0 } = element;
  if (isNested || repeated === 'REPEATED') return { name, holds: holdsOf(element) };
  if (kind === 'INTERVAL' || kind === 'BSON') return { name, holds: kind.toLowerCase() };
  if (kind === 'DECIMAL' || logical?.type === 'DECIMAL') {
    delete element.converted_type;
    delete element.logical_type;
    return { name, read: (stored) => ({ decimal: decimalText(stored as number | bigint | Uint8Array, scale) }) };
  }
  if (kind === 'DATE' || logical?.type === 'DATE') return { name, read: (stored) => ({ day: stored as Date }) };
  if (type === 'FLOAT') return { name, read: (stored) => shortest(stored as number) };
  if (type === 'INT32') return { name, read: (stored) => (typeof stored === 'number' ? BigInt(stored) : (stored as Date)) };
  return { name, read: (stored) => (stored instanceof Uint8Array ? textIn(name, stored) : (stored as TypedValue)) };
}

function holdsOf({ converted_type: kind }: SchemaElement): string {
  return kind === 'LIST' ? 'lists' : kind === 'MAP' ? 'mappings' : 'structures';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const textOf = (bytes: Uint8Array): string => utf8.decode(bytes);

function textIn(column: string, bytes: Uint8Array): string {
  try {
    return textOf(bytes);
  } catch (cause) {
    throw new Error(`the column ${column} holds bytes that are not text`, { cause });
  }
}

/**
 * The shortest decimal of a 32-bit float, as pandas writes it: 0.1, and not 0.10000000149011612.
 */
function shortest(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
