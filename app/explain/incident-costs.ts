import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { type AskingRule, isAsking } from '../../core/detection/rules/rule-schema.ts';
import { costOf, type Exposure, type IncidentCost } from '../../core/response/incidents/cost.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { addedUp } from '../../core/telemetry/samples/outcome-sums.ts';
import { predictionsMetric, type Split, segmentOf } from '../../core/telemetry/samples/segments.ts';
import { noStakes } from '../../core/telemetry/samples/stakes.ts';
import type { Bucket, SeriesRef } from '../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { Ports } from '../ports/ports.ts';

const day = 86_400_000;
/** How far back is looked for what was usual. */
const usualFor = 7 * day;
/** Buckets of a span that are added up, of each series. */
const mostBuckets = 3000;
/** A source has a series a version; the oldest are long gone. */
const mostSeries = 200;

type Reading = Pick<Ports, 'store' | 'config'>;
type About = { alert: AlertSummary; rule: AskingRule };

/**
 * What an incident has cost since it began, for each source of predictions that says what is at
 * stake in them. The predictions are those that the breaches were judged by: from the first window
 * that breached to the last.
 */
export async function incidentCosts({ store, config }: Reading, incident: Incident, now: number): Promise<IncidentCost[]> {
  const costs: IncidentCost[] = [];
  for (const [name, about] of bySource(config, incident)) {
    const source = config.sources[name];
    if (source?.kind !== 'predictions' || source.value === undefined) continue;
    const cost = await costIn(store, { name, source, about }, incident, now);
    if (cost !== undefined) costs.push(cost);
  }
  return costs;
}

/**
 * Alerts about predictions, by the source of their rule. Those about a rule itself expose nobody.
 */
function bySource({ rules }: Reading['config'], { alerts }: Incident): Map<string, About[]> {
  const about = alerts.flatMap((alert): About[] => {
    const rule = Object.hasOwn(rules, alert.ruleId) ? rules[alert.ruleId] : undefined;
    const isAbout = rule !== undefined && isAsking(rule) && rule.query.predictions !== undefined && alert.aboutRule !== true;
    return isAbout ? [{ alert, rule }] : [];
  });
  return Map.groupBy(about, ({ rule }) => rule.source);
}

async function costIn(
  store: Reading['store'],
  { name, source, about }: { name: string; source: PredictionsSourceConfig; about: readonly About[] },
  { resolvedAt }: Incident,
  now: number,
): Promise<IncidentCost | undefined> {
  const { bucket, retain, value } = source;
  if (value === undefined) return undefined;
  const until = Math.max(...about.map(({ alert }) => endOf(alert, resolvedAt ?? now)));
  const began = Math.min(...about.map(({ alert, rule }) => beginningOf(alert, rule)));
  const to = Math.ceil(until / bucket) * bucket;
  const first = Math.floor(began / bucket) * bucket;
  const from = Math.max(first, to - mostBuckets * bucket, Math.ceil((now - retain) / bucket) * bucket);
  const usualFrom = Math.max(from - Math.min(usualFor, mostBuckets * bucket), now - retain);
  const { split, labels } = partOf(about);
  const known = await store.series(name, predictionsMetric(split));
  const members = known.filter((series) => isPart(series, labels)).slice(-mostSeries);
  const read = (span: { from: number; to: number }) => store.buckets(members.map((series) => ({ series, ...span })));
  const [during, before] = await Promise.all([read({ from, to }), read({ from: usualFrom, to: from })]);
  const cost = costOf(sumOf(during), sumOf(before), { predictsNumbers: source.predicts === 'numbers' });
  if (cost === undefined) return undefined;
  return { source: name, unit: value.unit, labels, from, to, ...(from > first && { cut: true as const }), ...cost };
}

/** A breach is judged by the predictions of a window that ended when it began. */
function beginningOf({ since }: AlertSummary, { query: { predictions }, step }: AskingRule): number {
  return since - (predictions?.over ?? step) - (predictions?.after ?? 0);
}

const endOf = ({ state, judgedAt }: AlertSummary, end: number): number =>
  state === 'resolved' ? Math.min(judgedAt ?? end, end) : end;

/**
 * The part of the predictions that all alerts are about: a version, or a segment; otherwise all of
 * them.
 */
function partOf(about: readonly About[]): { split: Split | undefined; labels: Labels } {
  const whole = { split: undefined, labels: {} };
  const parts = about.map(({ alert, rule }) => {
    const { predictions } = rule.query;
    const split = segmentOf(predictions);
    const { version } = predictions ?? {};
    const names = predictions?.by.filter((label) => label !== 'feature') ?? [];
    const own = names.flatMap((label): [string, string][] => {
      const text = alert.labels[label];
      return text === undefined ? [] : [[label, text]];
    });
    return { split, labels: Object.fromEntries(version === undefined ? own : [['version', version], ...own]) };
  });
  const [one, ...others] = parts;
  if (one === undefined) return whole;
  const key = JSON.stringify(one);
  return others.every((other) => JSON.stringify(other) === key) ? one : whole;
}

const isPart = ({ labels: own }: SeriesRef, labels: Labels): boolean =>
  Object.entries(labels).every(([label, text]) => own[label] === text);

function sumOf(lists: readonly (readonly Bucket[])[]): Exposure {
  let sum: Exposure = { count: 0, stakes: noStakes() };
  for (const { summary } of lists.flat()) {
    if (summary.kind !== 'predictions') continue;
    sum = { count: sum.count + summary.count, stakes: addedUp(sum.stakes, summary.stakes) ?? noStakes() };
  }
  return sum;
}
