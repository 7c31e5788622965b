import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StartError } from '../start-error.ts';

export type DataFile = { path: string; format: 'csv' | 'json' | 'lines' | 'parquet'; gzipped: boolean };

const endings = /\.(?:(csv|ndjson|jsonl|json)(\.gz)?|(parquet|pq))$/i;
const formats: Record<string, DataFile['format']> = {
  csv: 'csv',
  json: 'json',
  ndjson: 'lines',
  jsonl: 'lines',
  parquet: 'parquet',
  pq: 'parquet',
};

/** For help texts and errors. */
export const dataFormats = '.csv, .parquet, .ndjson, .jsonl or .json';

/** Tells the format from the name. Throws StartError if it is none of ours. */
export function dataFile(path: string): DataFile {
  const [, text = '', gz, binary = ''] = endings.exec(path) ?? [];
  const format = formats[(text || binary).toLowerCase()];
  if (format !== undefined) return { path, format, gzipped: gz !== undefined };
  throw new StartError(`expected a ${dataFormats} file, the text ones gzipped or not; received ${path}`);
}

export const withoutEnding = (name: string): string => name.replace(endings, '');

export function openFile({ path, gzipped }: DataFile): Readable {
  const file = createReadStream(path);
  if (!gzipped) return file;
  const plain = createGunzip();
  file.on('error', (error) => plain.destroy(error));
  plain.on('close', () => file.destroy());
  return file.pipe(plain);
}
