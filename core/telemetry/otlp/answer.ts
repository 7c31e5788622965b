import { labelsKey } from '../../vocabulary/labels-key.ts';
import { matches } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { movingMerge } from '../samples/moving-merge.ts';
import { eachSpan, type Spans } from '../samples/windows.ts';
import type { Point, Series } from '../series.ts';
import type { OtlpQuery } from '../sources/kinds/otlp-query.ts';
import { type Content, mergeContent } from './content.ts';
import { statisticOf, statisticsOf } from './statistic.ts';
import type { SeriesState, Telemetry } from './take.ts';

export type Group = { labels: Labels; members: SeriesState[] };

/** The series that a query is about, by the labels that it keeps; or why it has no answer. */
export function groupsOf(
  { metrics }: Telemetry,
  { metric, statistic, where, by }: OtlpQuery,
  sourceLabels: Labels,
): { groups: Group[] } | { error: string } {
  const members = (metrics.get(metric) ?? []).filter(({ labels }) => matches(where, { labels: { ...labels, ...sourceLabels } }));
  const [first] = members;
  if (first === undefined) return { groups: [] };
  const other = members.find(({ form, unit }) => form !== first.form || unit !== first.unit);
  if (other !== undefined) {
    const named = ({ form, unit }: SeriesState): string => `a ${form}${unit === '' ? '' : ` in ${unit}`}`;
    return { error: `${metric} comes as ${named(first)} and as ${named(other)}, which do not add up; choose one with \`where\`` };
  }
  const known = statisticsOf[first.form];
  if (!known.includes(statistic))
    return { error: `expected ${known.join(', ')} of ${metric}, which is a ${first.form}; received ${statistic}` };
  const groups = new Map<string, Group>();
  for (const one of members) {
    const labels: Labels = {};
    for (const name of by) if (Object.hasOwn(one.labels, name)) labels[name] = one.labels[name] as string;
    Object.assign(labels, sourceLabels);
    const key = labelsKey(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, members: [one] });
    else group.members.push(one);
  }
  return { groups: [...groups.values()] };
}

/** Buckets of several series, or of a series and what is new of it, as one list by time. */
export function mergedBuckets(lists: readonly Iterable<readonly [number, Content]>[]): { start: number; content: Content }[] {
  const byStart = new Map<number, Content>();
  for (const list of lists) {
    for (const [start, content] of list) {
      const known = byStart.get(start);
      byStart.set(start, known === undefined ? content : mergeContent(known, content));
    }
  }
  return [...byStart].map(([start, content]) => ({ start, content })).sort((a, b) => a.start - b.start);
}

/** One point for each span in which something came. */
export function seriesOf(
  labels: Labels,
  buckets: readonly { start: number; content: Content }[],
  query: OtlpQuery,
  spans: Spans,
): { series: Series; missing: string | undefined } {
  const points: Point[] = [];
  let missing: string | undefined;
  const merged = movingMerge((place) => buckets[place]?.content, mergeContent);
  eachSpan(buckets, spans, (at, lo, hi) => {
    const content = merged(lo, hi);
    if (content === undefined) return;
    const found = statisticOf(content, query, spans.over / 1000);
    if ('missing' in found) missing = found.missing;
    else if (!Number.isFinite(found.value)) missing = 'a sum is too large for a number';
    else points.push({ at, ...found });
  });
  return { series: { labels, points }, missing };
}
