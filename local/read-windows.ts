import { createReadStream, readFileSync } from 'node:fs';
import { parse } from 'csv-parse';
import { type LabelledWindow, readWindows } from '../core/dry-run/backtest/windows.ts';
import { StartError } from './start-error.ts';

/**
 * Labelled windows from a .json file, or a .csv file with columns from, to and optionally label.
 * Throws StartError.
 */
export async function readWindowsFile(path: string, dataFile: string): Promise<LabelledWindow[]> {
  const read = readWindows(await contentOf(path), dataFile);
  if (!read.ok) throw new StartError(`${path}: ${read.error}`);
  return read.windows;
}

async function contentOf(path: string): Promise<unknown> {
  try {
    if (!/\.csv$/i.test(path)) return JSON.parse(readFileSync(path, 'utf8'));
    const file = createReadStream(path);
    const parser = file.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
    file.on('error', (error) => parser.destroy(error));
    const rows: unknown[] = [];
    for await (const row of parser) rows.push(row);
    return rows;
  } catch (cause) {
    throw new StartError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
