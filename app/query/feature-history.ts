import { type FeatureSide, featureSide } from '../../core/detection/kinds/drift/feature-side.ts';
import { type FeatureProfile, mergedProfile } from '../../core/telemetry/profiles/profile.ts';
import { profileMetric, profileParts } from '../../core/telemetry/samples/profile-parts.ts';
import type { Store } from '../ports/store.ts';
import { seriesOfModel } from '../sources/model-series.ts';
import type { ModelSource } from './model-of.ts';

/** What a feature was like in one span of its history. */
export type FeatureMoment = { from: number; to: number; side: FeatureSide };

/** More points than this are not told apart in a drawing. */
const mostMoments = 60;

/**
 * A feature over time, oldest first: whole buckets, several together where there are many. Spans
 * without records are left out.
 */
export async function featureHistory(
  store: Pick<Store, 'series' | 'buckets'>,
  { name, source }: ModelSource,
  feature: string,
  asked: { from: number; to: number; version: string | undefined },
): Promise<FeatureMoment[]> {
  const part = profileParts(source).findIndex((features) => features.includes(feature));
  const known = await seriesOfModel(store, name, source, profileMetric);
  const members = known.filter(
    ({ labels }) => labels['part'] === String(part) && (asked.version === undefined || labels['version'] === asked.version),
  );
  const { profileBucket } = source;
  const from = Math.floor(Math.max(asked.from, asked.to - source.retain) / profileBucket) * profileBucket;
  const step = Math.ceil((asked.to - from) / profileBucket / mostMoments) * profileBucket;
  const buckets = (await store.buckets(members.map((series) => ({ series, from, to: asked.to })))).flat();
  const slots = new Map<number, FeatureProfile[]>();
  for (const { start, summary } of buckets) {
    const profile =
      summary.kind === 'profile' && Object.hasOwn(summary.features, feature) ? summary.features[feature] : undefined;
    if (profile === undefined) continue;
    const slot = Math.floor((start - from) / step);
    slots.set(slot, [...(slots.get(slot) ?? []), profile]);
  }
  return [...slots]
    .sort(([a], [b]) => a - b)
    .map(([slot, profiles]) => ({
      from: from + slot * step,
      to: from + (slot + 1) * step,
      side: featureSide(mergedProfile(profiles)),
    }));
}
