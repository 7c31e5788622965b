import type { Cell, ColumnUse } from '../../core/telemetry/tables/cell.ts';
import type { FileValue } from './file-value.ts';

/** A file of rows with named columns. */
export type Table = {
  header: readonly string[];
  /** The first row, as far as it can be read without knowing what the columns are for. */
  first: Readonly<Record<string, unknown>>;
  /** The rows in order, with these columns. May be called once. */
  rows(uses: ReadonlyMap<string, ColumnUse>): AsyncIterable<FileValue<Record<string, Cell>>>;
};
