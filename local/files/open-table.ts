import { StartError } from '../start-error.ts';
import { csvTable } from './csv-table.ts';
import type { DataFile } from './data-file.ts';
import { parquetTable } from './parquet-table.ts';
import type { Table } from './table.ts';

export type TableFile = DataFile & { format: 'csv' | 'parquet' };

export const isTable = (file: DataFile): file is TableFile => file.format === 'csv' || file.format === 'parquet';

/** Throws StartError. */
export const openTable = (file: TableFile): Promise<Table> => (file.format === 'csv' ? csvTable(file) : parquetTable(file.path));

export function noColumns(path: string, missing: readonly string[], header: readonly string[]): StartError {
  return new StartError(
    `${path} has no column ${missing.join(', ')}; it has ${header.join(', ')}. Name the right ones in the source's \`columns\``,
  );
}
