import { changeReachMs } from '../../core/alerting/correlation/causes.ts';
import type { Observed } from '../../core/alerting/correlation/graph.ts';
import type { Config } from '../../core/config/schema.ts';
import { changeText } from '../../core/telemetry/changes/change-text.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { Lineage } from '../ports/lineage.ts';
import type { Store } from '../ports/store.ts';
import { modelLabelOf, seriesOfModel } from './model-series.ts';
import { recentChanges } from './recent-changes.ts';

/** How long observations stay cached. */
const keepMs = 300_000;
/** A model's features beyond this many are left out. */
const maxFeatures = 1000;

type Reading = Pick<Store, 'series' | 'buckets' | 'serving' | 'changes'>;

/**
 * What prediction records show without any declaration: which features a model uses, and when
 * another version started to serve or was promoted; and what others said was changed. Reads the
 * last two days of records; cached for five minutes.
 */
export function recordedLineage(config: Pick<Config, 'sources'>, store: Reading): Lineage {
  let known: { at: number; observed: Promise<Observed[]> } | undefined;
  const look = async (now: number): Promise<Observed[]> => {
    const [told, ...records] = await Promise.all([
      toldOf(store, now),
      ...sourcesOf(config, 'predictions').map(({ name, source }) => observedIn(store, name, source, now)),
    ]);
    // A graph of what is declared alone is made once.
    return told.changes.length === 0 ? records : [...records, told];
  };
  return {
    observed(now) {
      if (known !== undefined && now >= known.at && now - known.at < keepMs) return known.observed;
      const observed = look(now);
      const mine = { at: now, observed };
      known = mine;
      observed.catch(() => {
        if (known === mine) known = undefined;
      });
      return observed;
    },
  };
}

async function toldOf(store: Reading, now: number): Promise<Observed> {
  const told = await recentChanges(store, now - changeReachMs);
  return {
    origin: 'changes',
    edges: [],
    changes: told.map((change) => ({ labels: change.labels, what: changeText(change), at: change.at })),
  };
}

async function observedIn(
  store: Pick<Store, 'series' | 'buckets' | 'serving'>,
  name: string,
  source: PredictionsSourceConfig,
  now: number,
): Promise<Observed> {
  const model = modelLabelOf(source);
  const members = await seriesOfModel(store, name, source);
  const from = now - 2 * changeReachMs;
  const [lists, serving] = await Promise.all([
    store.buckets(members.map((series) => ({ series, from, to: now + source.bucket }))),
    store.serving(name),
  ]);
  const of = { kind: 'model', labels: { model } } as const;
  const features = [...featuresIn(lists, source)].slice(0, maxFeatures);
  return {
    origin: 'prediction records',
    edges: features.map((feature) => ({ of, dependsOn: { kind: 'feature', labels: { model, feature } } })),
    changes: [
      ...versionsIn(members, lists, now).map(({ version, at }) => ({
        what: `version ${version} of ${model} started to serve`,
        at,
      })),
      ...promotionOf(serving, model, now),
    ].map((change) => ({ labels: { model }, ...change })),
  };
}

/**
 * A version promoted or rolled back to within the last day. First traffic is found through records
 * instead.
 */
function promotionOf(serving: ServingState | undefined, model: string, now: number): { what: string; at: number }[] {
  if (serving === undefined || serving.how === 'first traffic' || serving.since <= now - changeReachMs) return [];
  const { modelVersion, how, by, since } = serving;
  const what =
    how === 'rolled back'
      ? `${model} was rolled back to version ${modelVersion}`
      : `version ${modelVersion} of ${model} was promoted by ${by}`;
  return [{ what, at: since }];
}

function featuresIn(lists: readonly (readonly Bucket[])[], source: PredictionsSourceConfig): Set<string> {
  const names = new Set([...(source.features ?? []), ...Object.keys(source.schema ?? {})]);
  for (const list of lists)
    for (const { summary } of list)
      if (summary.kind === 'predictions') for (const feature of Object.keys(summary.features)) names.add(feature);
  return new Set([...names].sort());
}

/** Versions that started to serve within the last day, replacing another one. */
function versionsIn(
  members: readonly SeriesRef[],
  lists: readonly (readonly Bucket[])[],
  now: number,
): { version: string; at: number }[] {
  const firsts = new Map<string, number>();
  for (const [index, { labels }] of members.entries()) {
    const { version } = labels;
    const first = lists[index]?.[0]?.start;
    if (version !== undefined && first !== undefined) firsts.set(version, Math.min(first, firsts.get(version) ?? first));
  }
  const earliest = Math.min(...firsts.values());
  return [...firsts].flatMap(([version, at]) => (at > earliest && at > now - changeReachMs ? [{ version, at }] : []));
}
