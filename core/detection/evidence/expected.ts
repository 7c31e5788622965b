import { normalQuantile } from '../../statistics/normal.ts';
import { isRatio } from '../../statistics/wilson.ts';
import { segmentOf, segmentValues } from '../../telemetry/samples/segments.ts';
import { featureMetrics } from '../../telemetry/sources/query-schema.ts';
import type { SourceConfig } from '../../telemetry/sources/source-schema.ts';
import { bandsOfDrift } from '../kinds/drift/schema.ts';
import { boundsOf } from '../points/bands.ts';
import type { Rule } from '../rules/rule-schema.ts';
import type { Baseline } from '../verdict.ts';
import { breachChance, driftSizeChance } from './chances.ts';
import { declaredAt, levelOf, monthMs, timingOf } from './level.ts';
import { onsetChance } from './onsets.ts';

/** What has been seen of one series of a rule, or is assumed of it. */
export type SeenSeries = {
  /** Samples behind a point: the median. Absent where nobody knows. */
  count?: number | undefined;
  /** What its points were on average; for a degradation the baseline is what normal is. */
  value?: number | undefined;
  baseline?: Baseline | undefined;
  /** Of a feature that drift compares: values on both sides, and the degrees of freedom of their chi-square test. */
  drift?: { current: number; baseline: number; degrees: number } | undefined;
};

export type Expected =
  | {
      ok: true;
      /** Alerts that begin in 30 days though nothing has changed. */
      alarms: number;
      /** Series that are tested side by side. */
      tested: number;
    }
  | { ok: false; reason: string };

/**
 * How many false alarms a rule will raise in 30 days if nothing changes: series x points x the chance that an alert begins at one,
 * where a point breaches with the chance of a proportion, or of drift, so far from what is normal. Alerts are counted one a series, though
 * those of one group are one incident. It is too high where series vary together, and where `keepFiring` or `recover` join what comes and goes.
 */
export function expectedAlarms(rule: Rule, seen: readonly SeenSeries[]): Expected {
  if (rule.drift !== undefined) return expectedOfDrift(rule, seen);
  const kind = (['anomaly', 'absence', 'composite', 'burnRate', 'rateOfChange'] as const).find((one) => rule[one] !== undefined);
  if (kind !== undefined) return { ok: false, reason: notCounted[kind] };
  const tested = seen.filter(({ count, value }) => count !== undefined && count >= 1 && value !== undefined && isRatio(value));
  if (seen.length === 0)
    return { ok: false, reason: 'what normal is has not been seen; name a store with --store, or a service with --url' };
  if (tested.length === 0) return { ok: false, reason: 'no proportions of counted samples; backtest them' };
  const isGuarded = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
  const z = isGuarded ? -normalQuantile(levelOf(rule, tested.length) / tested.length) : 0;
  const timing = timingOf(rule);
  let chance = 0;
  for (const { count = 0, value = 0, baseline } of tested) {
    if (count < rule.samples.minCount) continue;
    const bounds = boundsOf(rule, baseline, undefined);
    const bound = Number.isNaN(bounds.warn) ? bounds.critical : bounds.warn;
    const ratio = rule.degradation === undefined ? value : (baseline?.value ?? value);
    const noise = noiseOf(rule, baseline) * (ratio === 0 ? 0 : (bound / ratio) ** 2);
    chance += onsetChance(breachChance({ ratio, count, bound, sign: bounds.sign, z, noise }), timing);
  }
  return { ok: true, alarms: chance * (monthMs / rule.step), tested: tested.length };
}

const notCounted = {
  anomaly: 'up to one or two a week and series, as docs/anomaly.md measures',
  absence: 'silence does not come by chance',
  composite: 'as many as the rules behind it have together',
  burnRate: 'errors within the objective are no false alarms; backtest them',
  rateOfChange: 'changes are measured against one earlier point; backtest them',
} as const;

/** The variance of a baseline by that of one point: of windows that do not overlap, a median needs half as many again as a mean. */
function noiseOf({ degradation, query, step }: Rule, baseline: Baseline | undefined): number {
  const { rolling, version } = degradation?.baseline ?? {};
  const window = rolling ?? version;
  if (baseline?.kind === 'seasonal') return Math.PI / 2 / baseline.points;
  if (window === undefined) return 0;
  const over = (query?.predictions ?? query?.samples)?.over ?? step;
  return (window.statistic === 'mean' ? 1 : Math.PI / 2) * Math.min(1, over / window.window);
}

function expectedOfDrift(rule: Rule, seen: readonly SeenSeries[]): Expected {
  const config = rule.drift as NonNullable<Rule['drift']>;
  const features = seen.flatMap(({ drift }) => (drift === undefined ? [] : [drift]));
  if (features.length === 0) return { ok: false, reason: 'no feature of it has values on both sides yet' };
  const level = declaredAt(levelOf(rule, features.length)) / features.length;
  const { warn } = bandsOfDrift(config);
  let chance = 0;
  for (const one of features) {
    if (one.current < rule.samples.minCount) continue;
    chance += onsetChance(Math.min(level, driftSizeChance(config.measure, warn, one)), timingOf(rule));
  }
  return { ok: true, alarms: chance * (monthMs / rule.step), tested: features.length };
}

const assumedRatio = 0.8;
const assumedSamples = 100;
const assumedValues = 1000;

/**
 * What is assumed of a rule of which nothing has been seen: of a proportion 80 %, or its fixed baseline, on as many samples as `minCount`
 * asks for and at least 100; of a feature 1,000 numbers each `over`, in 10 bins. One series, or one for each feature that is declared.
 * Nothing of a threshold, for what is normal of it nobody knows, nor of values that may be no proportions.
 */
export function assumedSeries(rule: Rule, source: SourceConfig | undefined): SeenSeries[] {
  const query = rule.query?.predictions;
  const ofFeatures = query !== undefined && (query.metric === 'drift' || featureMetrics.some((one) => one === query.metric));
  const segment = segmentOf(query);
  const values = segment === undefined || source?.kind !== 'predictions' ? 1 : segmentValues(source, segment).length;
  const series = values * (ofFeatures ? Math.max(1, (query.features ?? featuresOf(source)).length) : 1);
  const each = (one: SeenSeries): SeenSeries[] => Array.from({ length: series }, () => one);
  if (rule.drift !== undefined && query !== undefined) {
    const times = Math.max(1, (rule.drift.baseline.rolling?.window ?? 0) / query.over);
    return each({ drift: { current: assumedValues, baseline: times * assumedValues, degrees: 9 } });
  }
  const isProportion = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined || query?.metric === 'accuracy';
  if (rule.degradation === undefined || !isProportion) return [];
  const value = rule.degradation.baseline.fixed ?? assumedRatio;
  return each({ count: Math.max(assumedSamples, rule.samples.minCount), value, baseline: { kind: 'fixed', value } });
}

function featuresOf(source: SourceConfig | undefined): string[] {
  if (source?.kind !== 'predictions') return [];
  const declared = [...(source.features ?? []), ...Object.keys(source.schema ?? {})];
  return [...new Set(Array.isArray(source.profiles) ? source.profiles : declared)];
}
