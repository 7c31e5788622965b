import { type Categories, categoryTable } from '../../statistics/distributions/categories.ts';
import { type Table, tableOfCounts } from '../../statistics/distributions/table.ts';
import type { Refused } from '../../statistics/refused.ts';
import { hash32 } from './hash.ts';

/**
 * How often each category came. Plain JSON and bounded: at most `mostNames` categories keep a count by name. What is taken from
 * names goes to `rest`, by the hash of the name, so the counts of hash bins stay exact however many categories there are.
 */
export type CategoryCounts = {
  /** Category and count, sorted by name. */
  names: [name: string, count: number][];
  /** What is no longer counted by name, in each of the hash bins; absent while every count is exact. */
  rest?: number[];
};

export const mostNames = 128;
export const hashBins = 64;
const longestName = 64;

/** A long name is cut, with its hash behind, so that two of them do not become one. */
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
    if (counts.size > 20 * mostNames) rest = reduced(counts, rest);
  }
  return closed(counts, rest);
}

/**
 * Exact while there are no more names than are kept. Beyond, every category that makes up more than 1 in 129 of all is still
 * there by name, counted low by at most what `rest` holds divided by 129, whatever the order of merging.
 * Source: P. K. Agarwal et al., Mergeable summaries, ACM TODS 38 (2013), for the counts of J. Misra and D. Gries.
 */
export function mergeCategories(a: CategoryCounts, b: CategoryCounts): CategoryCounts {
  const counts = new Map(a.names);
  for (const [name, count] of b.names) counts.set(name, (counts.get(name) ?? 0) + count);
  const rest = a.rest === undefined ? b.rest : b.rest === undefined ? a.rest : a.rest.map((n, i) => n + (b.rest?.[i] ?? 0));
  return closed(counts, rest);
}

/**
 * The table of both, by name while both are exact; otherwise by hash bins, whose counts are exact: a test over them holds, though
 * it cannot name a category, and of changes within one bin it sees nothing.
 */
export function categoriesTable(baseline: CategoryCounts, current: CategoryCounts): Table | Refused {
  if (baseline.rest === undefined && current.rest === undefined) return categoryTable(named(baseline), named(current));
  return tableOfCounts(inHashBins(baseline), inHashBins(current), `${hashBins} hash bins`, (bin) => `hash bin ${bin}`);
}

const named = ({ names }: CategoryCounts): Categories => ({ counts: new Map(names) });

/** How often each hash bin came, exactly. */
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

/** Takes from every count that of the largest name that is too many, which leaves at most `mostNames` names. */
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
