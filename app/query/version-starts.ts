import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import { groupsOf } from '../../core/telemetry/samples/groups.ts';
import { servedSince } from '../../core/telemetry/training/served-since.ts';
import type { Ports } from '../ports/ports.ts';
import { seriesOfModel } from '../sources/model-series.ts';

/** Buckets that are read to find out when versions began; a longer time shows no such starts. */
const mostBuckets = 50_000;

export type VersionStart = { at: number; source: string; version: string };

/**
 * When versions of the model that a rule watches began to serve, within a span: as noted, or else
 * by their first records. A version that a rollback brought back is left out.
 */
export async function versionStarts(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  ruleId: string,
  span: { from: number; to: number },
): Promise<VersionStart[]> {
  const rule = Object.hasOwn(config.rules, ruleId) ? config.rules[ruleId] : undefined;
  const source = rule !== undefined && isAsking(rule) ? config.sources[rule.source] : undefined;
  if (rule === undefined || !isAsking(rule) || source?.kind !== 'predictions') return [];
  const serving = await store.serving(rule.source);
  if (serving !== undefined)
    return servedSince(serving)
      .filter(({ how, since }) => how !== 'rolled back' && since >= span.from && since <= span.to)
      .map(({ version, since }) => ({ at: since, source: rule.source, version }));
  const series = (await seriesOfModel(store, rule.source, source)).filter(({ labels }) => labels['version'] !== undefined);
  const versions = groupsOf(series, ({ version = '' }) => ({ version }));
  const { bucket } = source;
  if (versions.length < 2 || (series.length * (span.to - span.from)) / bucket > mostBuckets) return [];
  const read = await store.buckets(series.map((one) => ({ series: one, from: span.from, to: span.to })));
  const firstOf = new Map(series.map(({ key }, place) => [key, read[place]?.[0]?.start]));
  const starts = versions.map(({ labels, members }) => ({
    source: rule.source,
    version: labels['version'] ?? '',
    at: Math.min(...members.flatMap(({ key }) => firstOf.get(key) ?? [])),
  }));
  // What has records in the first bucket may have served for long; so may the first of all, before
  // anybody looked.
  const earliest = Math.min(...starts.map(({ at }) => at));
  return starts.filter(({ at }) => Number.isFinite(at) && at > earliest && at >= span.from + bucket);
}
