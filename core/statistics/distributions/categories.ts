import type { Refused } from '../refused.ts';
import { type Table, tableOfCounts } from './table.ts';

/**
 * Counts by category. `other` counts the categories that a bounded summary did not keep by name.
 */
export type Categories = { counts: ReadonlyMap<string, number>; other?: number };

/**
 * The table of two sets of categories. Only the `limit` most frequent of both together get their
 * own bin; the rest, and those counted as `other`, share one. Ties at the limit go to the first by
 * name, so input order does not matter. Refused as in `tableOf`. Throws RangeError for a limit
 * below 1.
 */
export function categoryTable(baseline: Categories, current: Categories, limit = 1000): Table | Refused {
  if (!(Number.isInteger(limit) && limit >= 1))
    throw new RangeError(`expected a limit of at least 1 category; received ${limit}`);
  const names: string[] = [];
  const was: number[] = [];
  const is: number[] = [];
  let wasOther = baseline.other ?? 0;
  let isOther = current.other ?? 0;
  const isKept = mostFrequent(baseline, current, limit);
  const add = (name: string, before: number | undefined, now: number | undefined): void => {
    const hidden = (before === undefined && (baseline.other ?? 0) > 0) || (now === undefined && (current.other ?? 0) > 0);
    if (hidden || !isKept(name, (before ?? 0) + (now ?? 0))) {
      wasOther += before ?? 0;
      isOther += now ?? 0;
      return;
    }
    names.push(name);
    was.push(before ?? 0);
    is.push(now ?? 0);
  };
  for (const [name, count] of baseline.counts) add(name, count, current.counts.get(name));
  for (const [name, count] of current.counts) if (!baseline.counts.has(name)) add(name, undefined, count);
  return tableOfCounts([...was, wasOther], [...is, isOther], `up to ${limit} categories`, (bin) => names[bin] ?? 'all others');
}

/** Whether a category with this combined count is among the `limit` most frequent. */
function mostFrequent(baseline: Categories, current: Categories, limit: number): (name: string, count: number) => boolean {
  const pooled = new Float64Array(baseline.counts.size + current.counts.size);
  let size = 0;
  const all = function* (): Generator<[name: string, count: number]> {
    for (const [name, count] of baseline.counts) yield [name, count + (current.counts.get(name) ?? 0)];
    for (const each of current.counts) if (!baseline.counts.has(each[0])) yield each;
  };
  for (const [, count] of all()) pooled[size++] = count;
  if (size <= limit) return () => true;
  const ascending = pooled.subarray(0, size).sort();
  const least = ascending[size - limit] as number;
  const room = size - ascending.findLastIndex((count) => count <= least) - 1;
  const ties = firstByName(all(), least, limit - room);
  // NaN compares with nothing, so it is kept here and refused by name later.
  return (name, count) => !(count <= least) || (count === least && ties.has(name));
}

/**
 * The first `room` names in order among those with exactly `count`. Memory stays within a few times
 * `room`.
 */
function firstByName(all: Iterable<[name: string, count: number]>, least: number, room: number): Set<string> {
  let first: string[] = [];
  let bound: string | undefined;
  const cut = (): void => {
    first = first.sort().slice(0, room);
    bound = first.length === room ? first.at(-1) : undefined;
  };
  for (const [name, count] of all) {
    if (count !== least || (bound !== undefined && name > bound)) continue;
    first.push(name);
    if (first.length > 2 * room + 100) cut();
  }
  cut();
  return new Set(first);
}
