import { parseTimestamp } from '../../vocabulary/timestamp.ts';

/** A span in which something was really wrong, both ends included; milliseconds since the epoch. */
export type LabelledWindow = { from: number; to: number; label?: string };

export type WindowsRead = { ok: true; windows: LabelledWindow[] } | { ok: false; error: string };

/**
 * Labelled windows from JSON: a list of `[from, to]` or `{ from, to, label }`, or an object of such
 * lists by file, as in the Numenta Anomaly Benchmark, where the entry whose name ends the data
 * file's path is used. Times are ISO 8601 or milliseconds.
 */
export function readWindows(value: unknown, dataFile: string): WindowsRead {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const path = `/${dataFile.replaceAll('\\', '/').replace(/\.gz$/, '')}`;
    const names = Object.keys(value).filter((name) => path.endsWith(`/${name}`));
    const [name] = names.sort((a, b) => b.length - a.length);
    if (name === undefined) return { ok: false, error: `the windows have no entry of ${dataFile}` };
    return readWindows((value as Record<string, unknown>)[name] ?? null, dataFile);
  }
  if (!Array.isArray(value)) return { ok: false, error: `expected a list of windows; received ${JSON.stringify(value)}` };
  const windows: LabelledWindow[] = [];
  for (const [index, item] of value.entries()) {
    const record = (Array.isArray(item) ? { from: item[0], to: item[1] } : (item ?? {})) as Record<string, unknown>;
    const [from, to] = [record['from'], record['to']].map(timeOf);
    if (from === undefined || to === undefined || to < from) {
      const expected = 'expected from and to as times, from not after to';
      return { ok: false, error: `window ${index}: ${expected}; received ${JSON.stringify(item)}` };
    }
    const label = record['label'];
    windows.push({ from, to, ...(typeof label === 'string' && label !== '' ? { label } : {}) });
  }
  return { ok: true, windows: windows.sort((a, b) => a.from - b.from || a.to - b.to) };
}

/** Milliseconds may be text, as in a CSV file. */
const timeOf = (value: unknown): number | undefined =>
  parseTimestamp(typeof value === 'string' && /^-?\d{5,}$/.test(value) ? Number(value) : value);
