import { type Group, groupsOf } from '../../core/telemetry/samples/groups.ts';
import { isListed, segmentOf } from '../../core/telemetry/samples/segments.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { RuleQuery } from '../../core/telemetry/sources/query-schema.ts';
import type { SourceRequest } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { seriesOfModel } from './model-series.ts';

/**
 * The stored series of the total (under `undefined`) and of each requested segment, for values the
 * config still lists.
 */
export async function knownBySegment(
  store: Pick<Store, 'series'>,
  name: string,
  source: PredictionsSourceConfig,
  requests: readonly SourceRequest[],
  metricOf: (segment: string | undefined) => string,
): Promise<ReadonlyMap<string | undefined, readonly SeriesRef[]>> {
  const asked = new Set(requests.map(({ rule }) => segmentOf(rule.query.predictions)));
  const found = await Promise.all(
    [...asked].map(async (segment) => {
      const known = await seriesOfModel(store, name, source, metricOf(segment));
      if (segment === undefined) return [segment, known] as const;
      return [segment, known.filter(({ labels }) => isListed(source, segment, labels))] as const;
    }),
  );
  return new Map(found);
}

/** Groups stored series for the answer: all together, or by version, segment or both. */
export function groupsBy(
  query: NonNullable<RuleQuery['predictions']>,
  source: PredictionsSourceConfig,
  members: readonly SeriesRef[],
): Group[] {
  const labels = { model: source.model, ...source.labels };
  const by = query.by.filter((label) => label !== 'feature');
  if (by.length === 0) return members.length === 0 ? [] : [{ labels, members }];
  return groupsOf(members, (own) => ({
    ...Object.fromEntries(by.flatMap((label) => (own[label] === undefined ? [] : [[label, own[label]]]))),
    ...labels,
  }));
}
