import { labelsKey } from '../../vocabulary/labels-key.ts';
import { matches } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { movingMerge } from '../samples/moving-merge.ts';
import { eachSpan, type Spans, spansOf } from '../samples/windows.ts';
import type { Point, Series } from '../series.ts';
import type { OtlpQuery } from '../sources/kinds/otlp-query.ts';
import { type Content, mergeContent } from './content.ts';
import { statisticOf, statisticsOf } from './statistic.ts';
import type { SeriesState, Telemetry } from './take.ts';

/**
 * What a rule asks: spans that end in (from, to], one each `step`, of `over` each; milliseconds.
 */
export type OtlpQuestion = { query: OtlpQuery; from: number; to: number; step: number };

/**
 * Stored and new buckets of a series that start in [from, to), in any order; a start may come
 * twice.
 */
export type BucketsOf = (series: SeriesState, from: number, to: number) => Iterable<readonly [number, Content]>;

/**
 * Why there is no answer; or a series for each set of labels. `partial` says what could not be told
 * of some.
 */
export type OtlpAnswer = { ok: true; series: Series[]; partial?: string } | { ok: false; error: string };

/** What is known of a question. */
export function answerOf(
  telemetry: Pick<Telemetry, 'metrics'>,
  bucketsOf: BucketsOf,
  { query, from, to, step }: OtlpQuestion,
  { labels: sourceLabels, bucket }: { labels: Labels; bucket: number },
): OtlpAnswer {
  const found = groupsOf(telemetry, query, sourceLabels);
  if ('error' in found) return { ok: false, error: found.error };
  const spans = spansOf({ from, to }, step, query.over ?? step, bucket);
  if (!spans.ok) return { ok: false, error: spans.error };
  let missing: string | undefined;
  const { first, over } = spans.spans;
  const series = found.groups.map(({ labels, members }) => {
    const lists = members.map((one) => bucketsOf(one, first - over, to));
    const answered = seriesOf(labels, mergedBuckets(lists), query, spans.spans);
    missing ??= answered.missing;
    return answered.series;
  });
  return missing === undefined ? { ok: true, series } : { ok: true, series, partial: `${query.metric}: ${missing}` };
}

export type Group = { labels: Labels; members: SeriesState[] };

/** The series that a query is about, by the labels that it keeps; or why it has no answer. */
export function groupsOf(
  { metrics }: Pick<Telemetry, 'metrics'>,
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
    else points.push({ at, ...found, ...(content.examples && { traces: content.examples }) });
  });
  return { series: { labels, points }, missing };
}
