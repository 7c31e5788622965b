import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Matchers } from '../../vocabulary/matchers/matcher.ts';
import { matches } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { SeriesRef } from './summary.ts';

/** One series of an answer, and the stored series it merges. */
export type Group = { labels: Labels; members: readonly SeriesRef[] };

/** Groups of one metric, selectable by labels. */
export type GroupIndex = { matching: (match: Matchers) => readonly Group[] };

/** Stored series that look equal to the reader merge into one. */
export function groupsOf(members: readonly SeriesRef[], labelsOf: (own: Labels) => Labels): Group[] {
  const groups = new Map<string, { labels: Labels; members: SeriesRef[] }>();
  for (const one of members) {
    const labels = labelsOf(one.labels);
    const key = labelsKey(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, members: [one] });
    else group.members.push(one);
  }
  return [...groups.values()];
}

/**
 * Indexes series by label values, since many rules may each select a few of many series. Labels of
 * the source override stored ones.
 */
export function groupIndex(refs: readonly SeriesRef[], sourceLabels: Labels): GroupIndex {
  const own = Object.entries(sourceLabels);
  const current = refs.every(({ labels }) => own.every(([label, value]) => labels[label] === value));
  const groups: readonly Group[] = current
    ? refs.map((one) => ({ labels: one.labels, members: [one] }))
    : groupsOf(refs, (labels) => ({ ...labels, ...sourceLabels }));
  const index = new Map<string, Map<string, Group[]>>();
  const having = (label: string, value: string): readonly Group[] => {
    let values = index.get(label);
    if (values === undefined) {
      values = new Map();
      for (const group of groups) {
        const list = values.get(group.labels[label] ?? '');
        if (list === undefined) values.set(group.labels[label] ?? '', [group]);
        else list.push(group);
      }
      index.set(label, values);
    }
    return values.get(value) ?? [];
  };
  return {
    matching(match) {
      let candidates = groups;
      for (const { name, op, value } of match) {
        if (op !== '=') continue;
        const found = having(name, value);
        if (found.length < candidates.length) candidates = found;
      }
      return candidates.filter(({ labels }) => matches(match, { labels }));
    },
  };
}
