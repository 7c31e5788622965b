import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NabProfile } from './score.ts';

/** The benchmark's series, beside the repository: they are never part of it. */
export const corpusFolder = join(import.meta.dirname, '../../../shared/data/nab');

/**
 * One labelled series; times in milliseconds since the epoch, read as UTC; windows as inclusive
 * index pairs.
 */
export interface LabelledSeries {
  name: string;
  times: number[];
  values: number[];
  windows: [number, number][];
}

export interface Corpus {
  series: LabelledSeries[];
  profiles: Record<string, NabProfile>;
}

const timeOf = (text: string): number => Date.parse(`${text.trim().replace(' ', 'T').slice(0, 19)}Z`);

/**
 * The corpus in a folder laid out as NAB's (`windows.json`, `profiles.json`,
 * `<folder>/<series>.csv`); undefined when absent.
 */
export function readCorpus(folder = corpusFolder): Corpus | undefined {
  if (!existsSync(join(folder, 'windows.json'))) return undefined;
  const windows = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  const weights = JSON.parse(readFileSync(join(folder, 'profiles.json'), 'utf8')) as Record<
    string,
    { CostMatrix: { tpWeight: number; fpWeight: number; fnWeight: number } }
  >;
  const profiles = Object.fromEntries(
    Object.entries(weights).map(([name, { CostMatrix: w }]) => [name, { tp: w.tpWeight, fp: w.fpWeight, fn: w.fnWeight }]),
  );
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((name) => name.endsWith('.csv') && name in windows)
    .sort();
  return { profiles, series: names.map((name) => readSeries(folder, name, windows[name] ?? [])) };
}

function readSeries(folder: string, name: string, windows: [string, string][]): LabelledSeries {
  const rows = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/).slice(1);
  const times = rows.map((row) => timeOf(row.slice(0, row.indexOf(','))));
  const values = rows.map((row) => Number(row.slice(row.indexOf(',') + 1)));
  const limits = windows.map(([from, to]): [number, number] => {
    const left = times.findIndex((time) => time >= timeOf(from));
    const right = times.findLastIndex((time) => time <= timeOf(to));
    if (left === -1 || right < left) throw new Error(`the window ${from} to ${to} holds no row of ${name}`);
    return [left, right];
  });
  return { name, times, values, windows: limits.sort((a, b) => a[0] - b[0]) };
}
