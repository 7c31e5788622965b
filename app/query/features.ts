import { isActive } from '../../core/alerting/alerts/alert.ts';
import { byEvidence } from '../../core/detection/kinds/drift/evidence-order.ts';
import { type FeatureSide, featureSide } from '../../core/detection/kinds/drift/feature-side.ts';
import {
  type FeatureCounts,
  type FeatureFacts,
  featureNotes,
  featurePictureText,
  featureSentence,
  featuresHeadline,
} from '../../core/detection/kinds/drift/feature-words.ts';
import { bandsOfDrift } from '../../core/detection/kinds/drift/schema.ts';
import { type Verdict, verdictStatuses } from '../../core/detection/verdict.ts';
import type { DriftMeasure } from '../../core/statistics/distributions/measures.ts';
import { compareShapes } from '../../core/telemetry/profiles/compare.ts';
import { type Conversion, conversionOf } from '../../core/telemetry/profiles/conversion.ts';
import { type Picture, pictureOf } from '../../core/telemetry/profiles/picture.ts';
import { type FeatureProfile, mergedProfile } from '../../core/telemetry/profiles/profile.ts';
import { type Shape, shapeOf } from '../../core/telemetry/profiles/shape.ts';
import { profiledFeatures } from '../../core/telemetry/samples/profile-parts.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { declarationOf } from '../../core/telemetry/sources/kinds/feature-declaration.ts';
import type { FeatureSchema } from '../../core/telemetry/sources/kinds/feature-schema.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { judgeTogether, withLabels } from '../evaluate/judge-together.ts';
import { knownAlerts } from '../evaluate/known-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { storedSources } from '../sources/all-sources.ts';
import { type Comparison, type ComparisonAsked, comparisonOf } from './feature-comparison.ts';
import type { ModelSource } from './model-of.ts';

/**
 * How far apart both sides are, by other measures than the rule's; `pValue` is of this test alone.
 */
export type Distance = { measure: 'psi' | 'ks' | 'js'; value: number; pValue?: number };

export type FeatureFound = {
  feature: string;
  /** What tells it from the same feature elsewhere: a version, the value of a segment. */
  labels: Labels;
  unit?: string;
  declared?: FeatureSchema;
  verdict: Verdict;
  baseline?: FeatureSide;
  current?: FeatureSide;
  distances: Distance[];
  picture?: Picture;
  sentence: string;
  pictureText: string;
  notes: string[];
  /** Since when its alert finds it drifted, and the incident of that. */
  alert?: { since: number; incident?: IncidentId };
};

export type FeaturesFound = {
  comparison: Comparison;
  /** What the current span is compared with. */
  baseline: { what?: string; from?: number; to?: number };
  bounds: { warn: number; critical: number };
  headline: { title: string; detail: string };
  counts: FeatureCounts;
  /** Why there is nothing to show, where there is not. */
  empty?: string;
  total: number;
  /** Those asked for, the one with most evidence first. */
  shown: FeatureFound[];
  /** The place of the first that is not shown any more. */
  next?: number;
};

export type FeaturesAsked = ComparisonAsked & {
  /** The place of the first to show, and how many. */
  from: number;
  limit: number;
  /** Only this one. */
  feature?: string | undefined;
};

type JudgedSeries = { series: Series; feature: string; verdict: Verdict };

/** What the features of a model are like, and what they were like before. */
export async function featuresOf(
  ports: Pick<Ports, 'store' | 'config'>,
  model: ModelSource,
  asked: FeaturesAsked,
  now: number,
): Promise<FeaturesFound | { error: string }> {
  const { name, source } = model;
  const comparison = await comparisonOf(ports, model, asked, now);
  if ('error' in comparison) return comparison;
  const { rule, ruleId, isOfConfig, current } = comparison;
  const features = profiledFeatures(source);
  const common = { comparison, bounds: bandsOfDrift(rule.drift) };
  if (features.length === 0)
    return {
      ...common,
      ...nothing(`${model.model} keeps no profiles. Name its features, and add profiles: true to the source ${name}.`),
    };
  const request = { ruleId, rule, from: current.from, to: current.to };
  const [answer] = await storedSources(ports.store).predictions.query(name, source, [request], now);
  if (answer === undefined || !answer.ok) return { error: answer?.error ?? 'the source gave no answer' };
  const alerts = isOfConfig ? knownAlerts(await ports.store.alerts()).of(ruleId, false) : new Map();
  const verdicts = judgeTogether([{ rule, to: current.to, series: answer.series, alerts, labelWait: undefined }], now);
  const judged = answer.series
    .flatMap((series): JudgedSeries[] => {
      const verdict = verdicts.get(series);
      return verdict === undefined ? [] : [{ series, feature: series.labels['feature'] ?? '', verdict }];
    })
    .sort(byEvidence);
  const { minCount } = rule.samples;
  const most = judged.reduce((sum, { series }) => Math.max(sum, valuesIn(series.drift?.current)), 0);
  if (most === 0) return { ...common, ...nothing(`No profile yet: 0 of ${minCount} values came in that time.`) };
  const kept = asked.feature === undefined ? judged : judged.filter(({ feature }) => feature === asked.feature);
  const shown = kept.slice(asked.from, asked.from + asked.limit).map((one): FeatureFound => {
    const alert = alerts.get(labelsKey(withLabels(one.series, rule)));
    return { ...foundOf(model, comparison, one), ...(alert !== undefined && isActive(alert) && { alert: alertOf(alert) }) };
  });
  const counts = countsOf(judged);
  const worst = judged[0];
  const next = asked.from + asked.limit;
  return {
    ...common,
    baseline: baselineOf(judged),
    headline:
      most < minCount
        ? tooFew(most, minCount, worst && factsOfWorst(model, comparison, worst))
        : featuresHeadline(model.model, worst && worstOf(model, comparison, worst), counts),
    counts,
    total: kept.length,
    shown,
    ...(next < kept.length && { next }),
  };
}

/**
 * The sentence about the feature with most evidence says what is seen, and the title that it proves
 * nothing.
 */
const tooFew = (most: number, minCount: number, worst: FeatureFacts | undefined): FeaturesFound['headline'] => ({
  title: `Not judged: ${most} of at least ${minCount} values.`,
  detail: `${worst === undefined ? '' : `${featureSentence(worst)} `}On so few, chance alone moves a distribution.`,
});

const factsOfWorst = (model: ModelSource, comparison: Comparison, judged: JudgedSeries): FeatureFacts =>
  factsOf(model, comparison, judged, sidesOf(judged));

const valuesIn = (profile: FeatureProfile | undefined): number => (profile === undefined ? 0 : profile.count - profile.nulls);

const noCounts = (): FeatureCounts => Object.fromEntries(verdictStatuses.map((status) => [status, 0])) as FeatureCounts;

function countsOf(judged: readonly JudgedSeries[]): FeatureCounts {
  const counts = noCounts();
  for (const { verdict } of judged) counts[verdict.status] += 1;
  return counts;
}

const nothing = (empty: string): Omit<FeaturesFound, 'comparison' | 'bounds'> => ({
  baseline: {},
  headline: { title: empty, detail: '' },
  counts: noCounts(),
  empty,
  total: 0,
  shown: [],
});

function baselineOf(judged: readonly JudgedSeries[]): FeaturesFound['baseline'] {
  for (const { verdict } of judged) {
    const { baseline } = verdict;
    if (baseline?.kind === 'profile') return { what: baseline.what, from: baseline.from, to: baseline.to };
  }
  const what = judged[0]?.series.drift?.baseline.what;
  return what === undefined ? {} : { what };
}

const alertOf = (alert: { breachedFrom?: number; since: number; joined?: { incidentId: IncidentId } }) => ({
  since: alert.breachedFrom ?? alert.since,
  ...(alert.joined !== undefined && { incident: alert.joined.incidentId }),
});

/**
 * Both sides: what is current, and the baseline as it was judged, or as it is where it could not be
 * judged.
 */
function sidesOf({ series, verdict }: JudgedSeries) {
  const { current, baseline } = series.drift ?? {};
  const parts = baseline?.parts ?? [];
  const before = parts.length === 0 ? undefined : mergedProfile(parts.map(({ profile }) => profile));
  const pinned = verdict.baseline?.kind === 'profile' ? verdict.baseline.shape : undefined;
  return {
    current,
    before,
    shapes: { baseline: pinned ?? shapeIn(before), current: shapeIn(current) },
  };
}

function shapeIn(profile: FeatureProfile | undefined): Shape | undefined {
  const shape = profile === undefined ? undefined : shapeOf(profile);
  return shape === undefined || 'ok' in shape ? undefined : shape;
}

function factsOf(
  { source }: ModelSource,
  { rule, current: span }: Comparison,
  { feature, verdict }: JudgedSeries,
  sides: { current: FeatureProfile | undefined; before: FeatureProfile | undefined },
): FeatureFacts {
  return {
    feature,
    unit: declarationOf(feature, source)?.unit,
    status: verdict.status,
    current: sides.current === undefined ? undefined : featureSide(sides.current),
    baseline: sides.before === undefined ? undefined : featureSide(sides.before),
    spanMs: span.to - span.from,
    minCount: rule.samples.minCount,
  };
}

/** A guess is made only about what drifted: of what is as it was, everything fits. */
function guessOf(
  { verdict }: JudgedSeries,
  { baseline, current }: { baseline?: Shape | undefined; current?: Shape | undefined },
): Conversion | undefined {
  if (verdict.status === 'ok' || baseline?.kind !== 'numbers' || current?.kind !== 'numbers') return undefined;
  return conversionOf(baseline.sketch, current.sketch);
}

function worstOf(model: ModelSource, comparison: Comparison, judged: JudgedSeries) {
  const sides = sidesOf(judged);
  return { ...factsOf(model, comparison, judged, sides), guess: guessOf(judged, sides.shapes) };
}

function foundOf(model: ModelSource, comparison: Comparison, judged: JudgedSeries): FeatureFound {
  const { feature, verdict, series } = judged;
  const { source } = model;
  const sides = sidesOf(judged);
  const { shapes } = sides;
  const facts = factsOf(model, comparison, judged, sides);
  const declared = declarationOf(feature, source);
  const picture = pictureOf(shapes.baseline, shapes.current);
  const fixed = { model: model.model, ...source.labels };
  const labels = Object.fromEntries(
    Object.entries(series.labels).filter(([name]) => name !== 'feature' && !Object.hasOwn(fixed, name)),
  );
  return {
    feature,
    labels,
    ...(facts.unit !== undefined && { unit: facts.unit }),
    ...(declared !== undefined && { declared }),
    verdict,
    ...(facts.baseline !== undefined && { baseline: facts.baseline }),
    ...(facts.current !== undefined && { current: facts.current }),
    distances: distancesOf(shapes.baseline, shapes.current),
    ...(picture !== undefined && { picture }),
    sentence: featureSentence(facts),
    pictureText: featurePictureText(facts),
    notes: featureNotes(facts, guessOf(judged, shapes)),
  };
}

const measures = ['psi', 'ks', 'js'] as const satisfies DriftMeasure[];

function distancesOf(baseline: Shape | undefined, current: Shape | undefined): Distance[] {
  if (baseline === undefined || current === undefined) return [];
  return measures.flatMap((measure): Distance[] => {
    const compared = compareShapes(measure, baseline, current);
    if (!compared.ok) return [];
    return [{ measure, value: compared.drift.value, ...(compared.pValue !== undefined && { pValue: compared.pValue }) }];
  });
}
