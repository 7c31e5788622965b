/**
 * What drift rules compare, from the profiles of a source: one series for each feature, with its profile over the judged span
 * and those of its baseline. Profiles are folded into buckets of `profileBucket`, and a span takes the whole ones within it.
 */

import type { DriftConfig } from '../core/config/drift-schema.ts';
import type { Labels, PredictionsSourceConfig } from '../core/config/schema.ts';
import { type FeatureProfile, mergeProfiles } from '../core/profiles/profile.ts';
import type { DriftInput, Series } from '../core/rules/verdict.ts';
import { type Group, groupsOf } from '../core/samples/groups.ts';
import { profiledFeatures, profileMetric } from '../core/samples/profile-parts.ts';
import type { Bucket, SeriesRef } from '../core/samples/summary.ts';
import type { SourceRequest, SourceResult, Store } from './ports.ts';

type Span = { from: number; to: number };
/** What a baseline is to a person, whose profiles it takes, and which of them. */
type Asked = { what: string; members: readonly SeriesRef[]; span: Span; missing?: string };

export async function driftSeries(
  store: Pick<Store, 'series' | 'buckets'>,
  name: string,
  source: PredictionsSourceConfig,
  requests: readonly SourceRequest[],
): Promise<SourceResult[]> {
  if (requests.length === 0) return [];
  const model = source.labels.model ?? source.model;
  const known = (await store.series(name, profileMetric)).filter(({ labels }) => labels['model'] === model);
  const results: SourceResult[] = [];
  // One after the other: the profiles of one rule over many features are as much as should be held at once.
  for (const request of requests) results.push(await answer(store, source, request, known));
  return results;
}

async function answer(
  store: Pick<Store, 'buckets'>,
  source: PredictionsSourceConfig,
  { rule, ruleId, to }: SourceRequest,
  known: readonly SeriesRef[],
): Promise<SourceResult> {
  const query = rule.query.predictions;
  if (query === undefined || rule.drift === undefined) return { ok: false, error: `rule ${ruleId} asks for no drift` };
  const labels = { model: source.model, ...source.labels };
  const ofVersion = query.version;
  const members = ofVersion === undefined ? known : known.filter((one) => one.labels['version'] === ofVersion);
  const groups = query.by.includes('version')
    ? groupsOf(members, (own) => (own['version'] === undefined ? labels : { version: own['version'], ...labels }))
    : members.length === 0
      ? []
      : [{ labels, members: [...members] }];
  const features = query.features ?? profiledFeatures(source);
  const judged = { from: to - query.over, to };
  const series: Series[] = [];
  for (const group of groups) {
    const asked = askedOf(rule.drift, judged, group, known);
    const [current, baseline] = await Promise.all([
      profilesIn(store, source, group.members, judged),
      profilesIn(store, source, asked.members, asked.span),
    ]);
    // A version of which nothing came any more has been replaced.
    if (current.size === 0 && query.by.includes('version')) continue;
    for (const feature of features) series.push(seriesOf(feature, group.labels, asked, current, baseline, to));
  }
  return { ok: true, series };
}

function askedOf({ baseline }: DriftConfig, judged: Span, group: Group, known: readonly SeriesRef[]): Asked {
  const { members } = group;
  const { rolling, between, version } = baseline;
  if (rolling !== undefined)
    return { what: 'the time before', members, span: { from: judged.from - rolling.window, to: judged.from } };
  if (between !== undefined)
    return {
      what: `${dayOf(between.from)} to ${dayOf(between.to)}`,
      members,
      span: between,
      missing: 'no records are kept of it',
    };
  const of = known.filter(({ labels }) => labels['version'] === version);
  const what = `version ${version}`;
  return { what, members: of, span: { from: 0, to: judged.to }, missing: 'no records of that version are kept' };
}

const dayOf = (at: number): string => new Date(at).toISOString().replace(/T00:00:00.000Z$/, '');

function seriesOf(
  feature: string,
  labels: Labels,
  { what, missing }: Asked,
  current: Profiles,
  baseline: Profiles,
  at: number,
): Series {
  const parts = baseline.get(feature) ?? [];
  const drift: DriftInput = { at, current: mergedOf(current.get(feature) ?? []), baseline: { what, parts, missing } };
  return { labels: { ...labels, feature }, points: [], drift };
}

type Part = { from: number; to: number; profile: FeatureProfile };
type Profiles = Map<string, Part[]>;

/** The profiles of each feature, one a bucket and series, of the buckets that lie wholly within the span. */
async function profilesIn(
  store: Pick<Store, 'buckets'>,
  { profileBucket }: PredictionsSourceConfig,
  members: readonly SeriesRef[],
  { from, to }: Span,
): Promise<Profiles> {
  const lists = await store.buckets(members.map((series) => ({ series, from, to })));
  const found: Profiles = new Map();
  const add = ({ start, summary }: Bucket): void => {
    if (summary.kind !== 'profile' || start + profileBucket > to) return;
    for (const [feature, profile] of Object.entries(summary.features)) {
      const parts = found.get(feature) ?? [];
      parts.push({ from: start, to: start + profileBucket, profile });
      found.set(feature, parts);
    }
  };
  for (const list of lists) for (const bucket of list) add(bucket);
  return found;
}

function mergedOf([first, ...others]: readonly Part[]): FeatureProfile | undefined {
  return first === undefined ? undefined : others.reduce((sum, { profile }) => mergeProfiles(sum, profile), first.profile);
}
