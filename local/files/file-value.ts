import type { DataFile } from './data-file.ts';

/** A row or value of a file, or why it cannot be read. `at`: its number from 1; see `unitOf`. */
export type FileValue<T> = { at: number } & ({ value: T } | { fault: string });

/** What the numbers of a file count; a text file is shown with its lines by every editor. */
export const unitOf: Record<DataFile['format'], 'line' | 'row' | 'record'> = {
  csv: 'line',
  lines: 'line',
  parquet: 'row',
  json: 'record',
};
