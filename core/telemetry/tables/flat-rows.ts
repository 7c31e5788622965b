import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import { type MissingColumn, type NamedColumns, recordOfRow, type TableColumns, tableColumns } from './table-columns.ts';

type Row = Readonly<Record<string, unknown>>;
export type FlatRow = { record: Record<string, unknown>; missing: readonly MissingColumn[]; header: readonly string[] };

const mostHeaders = 1000;

/** Whether a value of a JSON file is a row of a table rather than a record: its features are beside its fields. */
export const isFlat = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('features' in value);

/**
 * Reads rows of a JSON file, such as pandas writes with `orient='records'`, as records. Each says
 * for itself what columns it has: a writer may leave out what has no value.
 */
export function flatRows(source: PredictionsSourceConfig, named: NamedColumns = {}): (row: Row) => FlatRow {
  const known = new Map<string, { columns: TableColumns; missing: readonly MissingColumn[]; header: readonly string[] }>();
  return (row) => {
    const header = Object.keys(row);
    const key = JSON.stringify(header);
    let found = known.get(key);
    if (found === undefined) {
      found = { ...tableColumns(source, header, { model: source.model }, named), header };
      if (known.size < mostHeaders) known.set(key, found);
    }
    return { record: recordOfRow(row, found.columns), missing: found.missing, header };
  };
}
