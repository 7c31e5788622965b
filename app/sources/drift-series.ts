/**
 * What drift rules compare, from profiles: one series per feature, with its profile over the judged
 * span and those of its baseline. Profiles are stored in buckets of `profileBucket`; a span takes
 * the whole buckets inside.
 */

import type { TrainingBaselineConfig } from '../../core/detection/baselines/schema.ts';
import { featureRefusal, refusalOf } from '../../core/detection/baselines/training.ts';
import { type AcceptedBaseline, acceptedText, referenceOf } from '../../core/detection/kinds/drift/accepted.ts';
import type { DriftBaseline } from '../../core/detection/kinds/drift/schema.ts';
import { judgesProfiles } from '../../core/detection/rules/rule-schema.ts';
import { type FeatureProfile, mergedProfile } from '../../core/telemetry/profiles/profile.ts';
import type { Group } from '../../core/telemetry/samples/groups.ts';
import { profiledFeatures, profilesMetric } from '../../core/telemetry/samples/profile-parts.ts';
import { segmentOf, valueKey } from '../../core/telemetry/samples/segments.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { DriftInput, Series, Trained } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { binning } from '../../core/telemetry/training/training.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { unknownKind } from '../../core/vocabulary/unknown-kind.ts';
import type { SourceRequest, SourceResult } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { Crowding } from './crowded.ts';
import { groupsBy, knownBySegment } from './series-by-segment.ts';
import { type Trainings, versionOf } from './trained.ts';

type Reading = Pick<Store, 'buckets' | 'trainingFeatures' | 'acceptedBaselines'>;
type Span = { from: number; to: number };
/** A baseline: its name for people, its series, and its span. */
type Asked = { what: string; members: readonly SeriesRef[]; span: Span; missing?: string };

export async function driftSeries(
  store: Reading & Pick<Store, 'series'>,
  name: string,
  source: PredictionsSourceConfig,
  requests: readonly SourceRequest[],
  trainings: Trainings,
  crowd: Crowding,
): Promise<SourceResult[]> {
  if (requests.length === 0) return [];
  const known = await knownBySegment(store, name, source, requests, profilesMetric);
  const results: SourceResult[] = [];
  // One at a time: profiles of one rule over many features already fill enough memory.
  for (const request of requests) {
    const own = known.get(segmentOf(request.rule.query.predictions)) ?? [];
    results.push(await answer(store, source, request, own, trainings, crowd));
  }
  return results;
}

async function answer(
  store: Reading,
  source: PredictionsSourceConfig,
  request: SourceRequest,
  known: readonly SeriesRef[],
  trainings: Trainings,
  crowd: Crowding,
): Promise<SourceResult> {
  const { rule, ruleId, to } = request;
  const query = rule.query.predictions;
  if (query === undefined || !judgesProfiles(rule)) return { ok: false, error: `rule ${ruleId} does not query drift` };
  const ofVersion = query.version ?? trainings.servedOf(request);
  const members = ofVersion === undefined ? known : known.filter((one) => one.labels['version'] === ofVersion);
  const segment = segmentOf(query);
  const { groups, cut } = await crowd.admit(request, profilesMetric(segment), groupsBy(query, source, members));
  const features = query.features ?? profiledFeatures(source);
  const judged = { from: to - query.over, to };
  const series: Series[] = [];
  for (const group of groups) {
    const { baseline } = rule.drift;
    const current = await profilesIn(store, source, group.members, judged);
    // A version without records has been replaced.
    if (current.size === 0 && query.by.includes('version')) continue;
    let baselineOf: (feature: string) => DriftInput['baseline'];
    let trained: Trained | undefined;
    if (baseline.kind !== 'training') {
      const place = valueKey(segment, group.labels);
      const alike = known.filter((one) => valueKey(segment, one.labels) === place);
      const { what, missing, members: of, span } = askedOf(baseline, judged, group, alike);
      const profiles = await profilesIn(store, source, of, span);
      baselineOf = (feature) => ({ what, parts: profiles.get(feature) ?? [], missing });
    } else {
      trained = await trainings.of(versionOf(request, group.labels, trainings));
      baselineOf = await trainedProfiles(store, baseline, trained, to);
    }
    const against = referenceOf(baseline, trained?.ok ? trained.record : undefined);
    const labels = features.map((feature) => ({ ...group.labels, feature }));
    const accepted = await store.acceptedBaselines(labels.map((own) => fingerprint(ruleId, { ...own, ...rule.labels })));
    for (const [i, feature] of features.entries()) {
      const own = accepted[i]?.against === against ? accepted[i] : undefined;
      const drift = {
        at: to,
        current: mergedOf(current.get(feature) ?? []),
        baseline: own === undefined ? baselineOf(feature) : acceptedOf(own, baseline, baselineOf(feature)),
        against,
      };
      series.push({ labels: labels[i] as Labels, points: [], drift });
    }
  }
  return cut === undefined ? { ok: true, series } : { ok: true, series, cut };
}

/** For baselines made of record profiles; training profiles are read separately. */
function askedOf(
  baseline: Exclude<DriftBaseline, { kind: 'training' }>,
  judged: Span,
  { members }: Group,
  known: readonly SeriesRef[],
): Asked {
  switch (baseline.kind) {
    case 'rolling':
      return { what: 'the time before', members, span: { from: judged.from - baseline.window, to: judged.from } };
    case 'between': {
      const { from, to } = baseline;
      return { what: `${dayOf(from)} to ${dayOf(to)}`, members, span: { from, to }, missing: 'no records of it are stored' };
    }
    case 'version': {
      const of = known.filter(({ labels }) => labels['version'] === baseline.version);
      const what = `version ${baseline.version}`;
      return { what, members: of, span: { from: 0, to: judged.to }, missing: 'no records of that version are stored' };
    }
    default:
      return unknownKind('baseline kind of drift', baseline);
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().replace(/T00:00:00.000Z$/, '');

/** A training's profiles, one per feature, or why each is missing. */
async function trainedProfiles(
  store: Reading,
  config: TrainingBaselineConfig,
  trained: Trained,
  now: number,
): Promise<(feature: string) => DriftInput['baseline']> {
  const none = (what: string, missing: string) => () => ({ what, parts: [], missing });
  if (!trained.ok) return none('training data', trained.reason);
  const { record } = trained;
  const what = `the training of version ${record.modelVersion} (dataset ${record.dataset})`;
  const refused = refusalOf(config, trained, now);
  if (refused !== undefined) return none(what, refused);
  if (record.binning !== binning) {
    return none(what, `its profiles are binned as ${record.binning}, and those of today as ${binning}; send the training anew`);
  }
  const features = await store.trainingFeatures(record);
  if (features === undefined) return none(what, 'it is being replaced right now');
  return (feature) => {
    const missing = featureRefusal(config, record, feature);
    const profile = missing === undefined && Object.hasOwn(features, feature) ? features[feature] : undefined;
    const { trainedAt } = record;
    return { what, missing, parts: profile === undefined ? [] : [{ from: trainedAt, to: trainedAt, profile }] };
  };
}

/**
 * What was accepted, in place of a named baseline. A moving one starts anew with it: what came
 * before is no longer its past.
 */
function acceptedOf(
  accepted: AcceptedBaseline,
  { kind }: DriftBaseline,
  { what, parts }: DriftInput['baseline'],
): DriftInput['baseline'] {
  const { from, to, profile, at: acceptedAt } = accepted;
  const kept = kind === 'rolling' ? parts.filter((part) => part.from >= from) : [];
  return kept.length > 0
    ? { what, parts: kept, acceptedAt }
    : { what: acceptedText(accepted), parts: [{ from, to, profile }], acceptedAt };
}

type Part = { from: number; to: number; profile: FeatureProfile };
type Profiles = Map<string, Part[]>;

/** Profiles per feature, one per bucket and series, from buckets wholly inside the span. */
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

const mergedOf = (parts: readonly Part[]): FeatureProfile | undefined =>
  parts.length === 0 ? undefined : mergedProfile(parts.map(({ profile }) => profile));
