import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { SeriesRead } from '../ports/series-store.ts';
import type { Store } from '../ports/store.ts';

/**
 * Requested buckets. `take` gets one list per entry of `series`; they may cover more than
 * requested.
 */
export type Want = {
  series: readonly SeriesRef[];
  from: number;
  to: number;
  take: (buckets: readonly (readonly Bucket[])[]) => void;
};

/**
 * Series per store read: enough to share its cost, few enough that their buckets are freed soon.
 */
const seriesARead = 50;

/** `uses` counts the wants still to serve; `buckets` live from the first to the last. */
type Need = SeriesRead & { uses: number; buckets: readonly Bucket[] | undefined };

/**
 * Serves all wants in order, and reads each series once. A series is freed after its last use, so a
 * tick over many series holds few of them at a time.
 */
export async function readShared(store: Pick<Store, 'buckets'>, wants: readonly Want[]): Promise<void> {
  const needs = needsOf(wants);
  const needsAt = (place: number): Need[] => (wants[place] as Want).series.map(({ key }) => needs.get(key) as Need);
  let next = 0;
  while (next < wants.length) {
    const reads = new Set<Need>();
    let end = next;
    for (; end < wants.length && reads.size < seriesARead; end += 1) {
      for (const need of needsAt(end)) if (need.buckets === undefined) reads.add(need);
    }
    await readInto(store, [...reads]);
    for (; next < end; next += 1) {
      const own = needsAt(next);
      (wants[next] as Want).take(own.map(({ buckets }) => buckets ?? []));
      // Not a map with deletions: its deleted entries stay in memory until the next full
      // collection.
      for (const need of own) if (--need.uses === 0) need.buckets = undefined;
    }
  }
}

function needsOf(wants: readonly Want[]): Map<string, Need> {
  const needs = new Map<string, Need>();
  for (const { series, from, to } of wants) {
    for (const one of series) {
      const need = needs.get(one.key);
      if (need === undefined) {
        needs.set(one.key, { series: one, from, to, uses: 1, buckets: undefined });
        continue;
      }
      need.from = Math.min(need.from, from);
      need.to = Math.max(need.to, to);
      need.uses += 1;
    }
  }
  return needs;
}

async function readInto(store: Pick<Store, 'buckets'>, needs: readonly Need[]): Promise<void> {
  if (needs.length === 0) return;
  const lists = await store.buckets(needs.map(({ series, from, to }) => ({ series, from, to })));
  for (const [place, need] of needs.entries()) need.buckets = lists[place] ?? [];
}
