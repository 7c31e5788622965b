import type { BaselineOf } from '../../core/detection/baselines/schema.ts';
import { versionBeforeOf } from '../../core/detection/learning.ts';
import { type Group, groupsOf } from '../../core/telemetry/samples/groups.ts';
import { predictionSeries } from '../../core/telemetry/samples/prediction-series.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { mergeBuckets, spansOf } from '../../core/telemetry/samples/windows.ts';
import type { Previous, Series } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { SourceRequest } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { FirstSeen } from './first-seen.ts';
import { readShared, type Want } from './shared-reads.ts';

/** The series a request found for one version. */
export type OfVersion = { request: SourceRequest; version: string | undefined; series: readonly Series[] };

/**
 * Adds the previous version's data to series of a version. Versions are ordered by first sighting;
 * within one bucket by name.
 */
export async function addPrevious(
  store: Pick<Store, 'buckets'>,
  firstSeen: FirstSeen,
  found: readonly OfVersion[],
  known: readonly SeriesRef[],
  context: { source: PredictionsSourceConfig; now: number },
): Promise<void> {
  if (found.length === 0) return;
  const { source, now } = context;
  const versions = groupsOf(
    known.filter(({ labels }) => labels['version'] !== undefined),
    ({ version = '' }) => ({ version }),
  );
  const everything = { from: now - source.retain - source.bucket, to: now + source.bucket };
  await firstSeen.look(
    versions.map(({ members }) => ({ series: members, from: everything.to })),
    everything.from,
  );
  const order = versions
    .map((group) => ({ group, version: group.labels['version'] ?? '', since: firstSeen.startOf(group.members) }))
    .filter((one): one is Placed => one.since !== undefined)
    .sort((a, b) => a.since - b.since || (a.version < b.version ? -1 : 1));

  const wants: Want[] = [];
  for (const { request, version, series } of found) {
    const place = order.findIndex((one) => one.version === version);
    const before = order[place - 1];
    const config = versionBeforeOf(request.rule);
    if (before === undefined || config === undefined) {
      const none: Previous =
        version === undefined
          ? { ok: false, reason: 'the series belongs to no version' }
          : { ok: false, reason: `no version was seen before ${version}`, isNormal: true };
      for (const one of series) one.previous = none;
    } else wants.push(wantOf(request, config, series, before, (order[place] as Placed).since, source));
  }
  await readShared(store, wants);
}

type Placed = { group: Group; version: string; since: number };

/**
 * The previous version's points until `since`, by the same query, attached to the series with
 * otherwise equal labels.
 */
function wantOf(
  request: SourceRequest,
  config: BaselineOf<'version'>,
  series: readonly Series[],
  before: Placed,
  since: number,
  source: PredictionsSourceConfig,
): Want {
  const query = request.rule.query.predictions;
  const over = query?.over ?? request.rule.step;
  const planned = spansOf({ from: since - config.window - 1, to: since }, request.rule.step, over, source.bucket);
  const attach = (previousOf: (one: Series) => Previous): void => {
    for (const one of series) one.previous = previousOf(one);
  };
  const { members } = before.group;
  if (query === undefined || !planned.ok) {
    attach(() => ({ ok: false, reason: planned.ok ? 'the query is not one of predictions' : planned.error }));
    return { series: [], from: 0, to: 0, take: () => {} };
  }
  const { spans } = planned;
  return {
    series: members,
    from: spans.first - over - (query.after ?? 0),
    to: since,
    take(buckets) {
      const merged = mergeBuckets(buckets, 'predictions');
      const earlier = predictionSeries({ ...query, by: [] }, source, {}, merged, spans, before.since);
      // They differ in model and version labels, and share the feature label.
      const byFeature = new Map(earlier.map(({ labels, points }) => [labels['feature'] ?? '', points]));
      attach(({ labels }) => ({
        ok: true,
        version: before.version,
        since,
        points: byFeature.get(labels['feature'] ?? '') ?? [],
      }));
    },
  };
}
