import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Group } from './groups.ts';
import type { SeriesRef } from './summary.ts';

/** The series that are divided by each other, with the places of either side among `members`. */
export type RatioGroup = Group & { of: readonly number[]; over: readonly number[] };

/**
 * Pairs the series of both sides by equal labels; by the labels in `by`, if given, and all series
 * that have them equal are added up. A series may be on both sides.
 */
export function ratioGroups(of: readonly Group[], over: readonly Group[], by: readonly string[] | undefined): RatioGroup[] {
  const pairs = new Map<string, Pair>();
  for (const [side, groups] of [['of', of] as const, ['over', over] as const]) {
    for (const group of groups) {
      const labels = by === undefined ? group.labels : only(by, group.labels);
      const key = labelsKey(labels);
      let pair = pairs.get(key);
      if (pair === undefined) {
        pair = { labels, members: [], places: new Map(), of: [], over: [] };
        pairs.set(key, pair);
      }
      for (const member of group.members) pair[side].push(placeIn(pair, member));
    }
  }
  return [...pairs.values()].map(({ places: _, ...group }) => group);
}

type Pair = { labels: Labels; members: SeriesRef[]; places: Map<string, number>; of: number[]; over: number[] };

/** The place of a series, which gets one if it has none. */
function placeIn({ members, places }: Pair, member: SeriesRef): number {
  const known = places.get(member.key);
  if (known !== undefined) return known;
  places.set(member.key, members.length);
  return members.push(member) - 1;
}

function only(by: readonly string[], labels: Labels): Labels {
  const kept: Labels = {};
  for (const label of by) {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (value !== undefined) kept[label] = value;
  }
  return kept;
}
