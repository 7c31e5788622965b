import { groupsOf } from '../../core/telemetry/samples/groups.ts';
import type { Store } from '../ports/store.ts';
import { seriesOfModel } from '../sources/model-series.ts';
import type { ModelSource } from './model-of.ts';

/** A version in the records of a model, as far back as they are kept. */
export type VersionSeen = { version: string; firstAt: number; lastAt: number; count: number; labelled: number };

/** More versions at once than this are hardly looked at; their counts are left out. */
const mostVersions = 50;

/** Versions by their first records, oldest first. Times are those of buckets. */
export async function versionsSeen(
  store: Pick<Store, 'series' | 'buckets'>,
  { name, source }: ModelSource,
  now: number,
): Promise<VersionSeen[]> {
  const known = await seriesOfModel(store, name, source);
  const groups = groupsOf(
    known.filter(({ labels }) => labels['version'] !== undefined),
    ({ version = '' }) => ({ version }),
  );
  const span = { from: now - source.retain - source.bucket, to: now + source.bucket };
  const seen: VersionSeen[] = [];
  for (const { labels, members } of groups.slice(-mostVersions)) {
    const buckets = (await store.buckets(members.map((series) => ({ series, ...span })))).flat();
    if (buckets.length === 0) continue;
    const one = { version: labels['version'] ?? '', firstAt: Number.POSITIVE_INFINITY, lastAt: 0, count: 0, labelled: 0 };
    for (const { start, summary } of buckets) {
      one.firstAt = Math.min(one.firstAt, start);
      one.lastAt = Math.max(one.lastAt, start + source.bucket);
      if (summary.kind !== 'predictions') continue;
      one.count += summary.count;
      one.labelled += summary.labelled;
    }
    seen.push(one);
  }
  return seen.sort((a, b) => a.firstAt - b.firstAt || (a.version < b.version ? -1 : 1));
}
