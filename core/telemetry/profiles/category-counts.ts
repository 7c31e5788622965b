import { type Categories, categoryTable } from '../../statistics/distributions/categories.ts';
import { type Table, tableOfCounts } from '../../statistics/distributions/table.ts';
import type { Refused } from '../../statistics/refused.ts';
import { hash32 } from './hash.ts';

/**
 * How often each category occurred. Plain JSON of bounded size: at most `mostNames` categories keep
 * a count by name. What names lose goes to `rest`, by hash of the name, so hash-bin counts stay
 * exact for any number of categories.
 */
export type CategoryCounts = {
  /** Category and count, sorted by name. */
  names: [name: string, count: number][];
  /** Counts no longer kept by name, per hash bin. Absent while every count is exact. */
  rest?: number[];
};

export const mostNames = 128;
export const hashBins = 64;
const longestName = 64;
/** Counting by name pauses at so many, to drop the rare ones. */
const mostAtOnce = 20 * mostNames;

/** Cuts a long name and appends its hash, so that two long names stay distinct. */
export function categoryName(text: string): string {
  if (text.length <= longestName) return text;
  return `${text.slice(0, longestName - 9)}~${hash32(text).toString(16).padStart(8, '0')}`;
}

export function categoriesOf(values: Iterable<string>): CategoryCounts {
  const counts = new Map<string, number>();
  let rest: number[] | undefined;
  for (const value of values) {
    const name = categoryName(value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size > mostAtOnce) rest = reduced(counts, rest);
  }
  return closed(counts, rest);
}

/**
 * Exact while all names fit. Beyond that, every category above 1 in 129 of all is still there by
 * name, undercounted by at most a 129th of what `rest` holds, whatever the order of merging.
 * Source: P. K. Agarwal et al., Mergeable summaries, ACM TODS 38 (2013), for the counts of J. Misra
 * and D. Gries.
 */
export function mergedCategories(all: readonly CategoryCounts[]): CategoryCounts {
  const counts = new Map<string, number>();
  let rest: number[] | undefined;
  for (const part of all) {
    for (const [name, count] of part.names) counts.set(name, (counts.get(name) ?? 0) + count);
    if (part.rest !== undefined) rest = rest === undefined ? part.rest : rest.map((n, i) => n + (part.rest?.[i] ?? 0));
    if (counts.size > mostAtOnce) rest = reduced(counts, rest);
  }
  return closed(counts, rest);
}

/**
 * The table of both: by name while both are exact, otherwise by hash bin. Hash-bin counts are
 * exact, so a test holds, but it cannot name a category and misses shifts within one bin.
 */
export function categoriesTable(baseline: CategoryCounts, current: CategoryCounts): Table | Refused {
  if (baseline.rest === undefined && current.rest === undefined) return categoryTable(named(baseline), named(current));
  return tableOfCounts(inHashBins(baseline), inHashBins(current), `${hashBins} hash bins`, (bin) => `hash bin ${bin}`);
}

const named = ({ names }: CategoryCounts): Categories => ({ counts: new Map(names) });

/** Exact counts per hash bin. */
export function inHashBins({ names, rest }: CategoryCounts): number[] {
  const bins = rest === undefined ? new Array<number>(hashBins).fill(0) : [...rest];
  for (const [name, count] of names) addTo(bins, name, count);
  return bins;
}

function addTo(bins: number[], name: string, count: number): void {
  const bin = hash32(name) % hashBins;
  bins[bin] = (bins[bin] as number) + count;
}

function closed(counts: Map<string, number>, before: number[] | undefined): CategoryCounts {
  const rest = counts.size > mostNames ? reduced(counts, before) : before;
  const names = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return rest === undefined ? { names } : { names, rest: [...rest] };
}

/**
 * Subtracts from every count that of the largest name too many, which leaves at most `mostNames`.
 */
function reduced(counts: Map<string, number>, before: number[] | undefined): number[] {
  const rest = before === undefined ? new Array<number>(hashBins).fill(0) : [...before];
  const taken = [...counts.values()].sort((a, b) => b - a)[mostNames] as number;
  for (const [name, count] of counts) {
    addTo(rest, name, Math.min(count, taken));
    if (count > taken) counts.set(name, count - taken);
    else counts.delete(name);
  }
  return rest;
}
