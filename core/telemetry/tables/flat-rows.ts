import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import { type MissingColumn, type NamedColumns, recordOfRow, type TableColumns, tableColumns } from './table-columns.ts';

type Row = Readonly<Record<string, unknown>>;
export type FlatRow = {
  record: Record<string, unknown>;
  /**
   * It has a field under the name of a record although the source names another column: it was
   * written as it is sent.
   */
  isSent: boolean;
};

const mostHeaders = 1000;

/**
 * Whether a value of a JSON file is a row of a table rather than a record: its features are beside
 * its fields.
 */
export const isFlat = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !holdsFeatures(value);

const holdsFeatures = (value: object): boolean => 'features' in value && typeof value.features === 'object';

/**
 * Reads rows of a JSON file, such as pandas writes with `orient='records'`, as records. Each says
 * for itself what columns it has: a writer may leave out what has no value.
 */
export function flatRows(source: PredictionsSourceConfig, named: NamedColumns = {}) {
  const known = new Map<string, { columns: TableColumns; isSent: boolean }>();
  /** The first row with a member `model`, as in a table. */
  let first: Row | undefined;
  let absent: MissingColumn[] | undefined;
  return {
    read(row: Row): FlatRow {
      const header = Object.keys(row);
      if (Object.hasOwn(row, 'model')) first ??= row;
      const key = JSON.stringify(header);
      let found = known.get(key);
      if (found === undefined) {
        const { columns, missing } = tableColumns(source, header, first ?? {}, named);
        found = { columns, isSent: missing.some(({ role }) => role !== 'feature' && Object.hasOwn(row, role)) };
        absent = absent?.filter(({ name }) => !Object.hasOwn(row, name)) ?? missing;
        if (known.size < mostHeaders) known.set(key, found);
      }
      return { record: recordOfRow(row, found.columns), isSent: found.isSent };
    },
    /** Columns that were named, and that no row had. */
    absent: (): readonly MissingColumn[] => absent ?? [],
  };
}
