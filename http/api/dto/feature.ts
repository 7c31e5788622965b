import * as z from 'zod';
import { againsts, type Comparison } from '../../../app/query/feature-comparison.ts';
import type { FeatureMoment } from '../../../app/query/feature-history.ts';
import type { FeatureFound, FeaturesFound } from '../../../app/query/features.ts';
import type { ModelSource } from '../../../app/query/model-of.ts';
import type { FeatureSide } from '../../../core/detection/kinds/drift/feature-side.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';
import { measures } from '../../../core/statistics/distributions/value.ts';
import type { Picture } from '../../../core/telemetry/profiles/picture.ts';
import { finite } from './numbers.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt, labelsSchema } from './words.ts';

const statusSchema = z.enum(verdictStatuses);

const sideSchema = z
  .object({
    records: z.int().describe('Records that carried it or should have.'),
    nulls: z.int().describe('Those without a value.'),
    values: z.int(),
    distinct: z.int().describe('Different values.'),
    distinctIsExact: z.boolean().describe('Otherwise it is an estimate, give or take 13 %.'),
    numbers: z
      .object({
        ...{ median: z.number(), mean: z.number(), min: z.number(), max: z.number() },
        low: z.number().describe('5 % of the values lie below.'),
        high: z.number().describe('5 % of the values lie above.'),
      })
      .optional()
      .describe('Where most values are numbers.'),
    mistyped: z.int().optional().describe('Values of another type than declared.'),
    outOfRange: z.int().optional().describe('Numbers outside the declared range.'),
    unseen: z.int().optional().describe('Undeclared categories.'),
  })
  .meta({ id: 'FeatureSide', description: 'What a feature was like in one span.' });

const binsSchema = z
  .object({
    edges: z.array(z.number()).describe('Ascending, one more than `counts`.'),
    counts: z.array(z.int()).describe('Values above an edge up to the next; the first with its edge.'),
    below: z.int().describe('Values below all bins.'),
    above: z.int().describe('Values above all bins.'),
  })
  .meta({ id: 'FeatureBins' });

const pictureSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('numbers'),
      apart: z.boolean().describe('Both share no range, so each has bins of its own: draw them on a broken axis.'),
      baseline: binsSchema.optional(),
      current: binsSchema.optional(),
    }),
    z.object({
      kind: z.literal('categories'),
      rows: z.array(z.object({ name: z.string(), baseline: z.int(), current: z.int() })).describe('The most frequent.'),
      others: z.object({ baseline: z.int(), current: z.int() }).describe('Values of all other categories.'),
    }),
  ])
  .meta({ id: 'FeaturePicture', description: 'Two distributions, to be drawn over each other.' });

const judgedSchema = z.object({
  status: statusSchema,
  reason: z.string(),
  measure: z.enum(measures).optional(),
  value: z.number().optional(),
  pValue: z.number().optional().describe('The chance of as much without drift, corrected for all features compared.'),
  tested: z.int().optional().describe('How many were compared together.'),
  binning: z.string().optional(),
});

const featureSchema = z
  .object({
    feature: z.string(),
    labels: labelsSchema.describe('What tells it from the same feature elsewhere, such as a version.'),
    unit: z.string().optional().describe('As declared.'),
    type: z.string().optional().describe('As declared.'),
    verdict: judgedSchema,
    baseline: sideSchema.optional(),
    current: sideSchema.optional(),
    distances: z
      .array(z.object({ measure: z.enum(['psi', 'ks', 'js']), value: z.number(), pValue: z.number().optional() }))
      .describe('How far apart both are; each `pValue` is of its test alone.'),
    picture: pictureSchema.optional(),
    sentence: z.string().describe('What changed, for people.'),
    pictureText: z.string().describe('The picture in words.'),
    notes: z.array(z.string()).describe('Why a large distance may be nothing, or what it may be.'),
    alert: z
      .object({ since: timeSchema, incident: z.string().optional() })
      .optional()
      .describe('It is found drifted since then.'),
  })
  .meta({ id: 'FeatureComparison' });

const comparison = {
  model: z.string(),
  source: z.string(),
  against: z.enum(againsts).describe('`rule`: the baseline of a drift rule, as it judges.'),
  choices: z.array(z.enum(againsts)).describe('What else could be asked for.'),
  versions: z.array(z.string()).describe('Versions of which records are kept, the oldest first.'),
  rule: z.string().optional().describe('The drift rule that judges. Without one, the usual bounds are taken.'),
  bounds: z.object({ warn: z.number(), critical: z.number() }),
  minCount: z.int().describe('On fewer values nothing is told.'),
  current: z.object({ version: z.string().optional(), from: timeSchema, to: timeSchema }),
  baseline: z.object({
    what: z.string().optional(),
    from: timeSchema.optional(),
    to: timeSchema.optional(),
  }),
};

export const featuresSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    ...comparison,
    headline: z.object({ title: z.string(), detail: z.string() }),
    counts: z.record(statusSchema, z.int()).describe('How many features are in each state, those that are not shown included.'),
    empty: z.string().optional().describe('Why there is nothing to show.'),
    total: z.int(),
    features: z.array(featureSchema).describe('The one with most evidence of drift first.'),
    next: z.int().optional().describe('For `cursor`: there are more.'),
  })
  .meta({ id: 'FeatureList' });

export const featureDetailSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    ...comparison,
    empty: z.string().optional().describe('Why there is nothing to show.'),
    features: z.array(featureSchema).describe('One, or one for each value by which the rule splits.'),
    history: z
      .array(z.object({ from: timeSchema, to: timeSchema, side: sideSchema }))
      .describe('The feature over time, at most 60.'),
  })
  .meta({ id: 'FeatureDetail' });

export type FeatureSideDto = z.infer<typeof sideSchema>;
export type FeatureBinsDto = z.infer<typeof binsSchema>;
export type FeaturePictureDto = z.infer<typeof pictureSchema>;
export type FeatureDto = z.infer<typeof featureSchema>;
export type FeaturesDto = z.infer<typeof featuresSchema>;
export type FeatureDetailDto = z.infer<typeof featureDetailSchema>;

function comparisonDto({ model, name }: ModelSource, found: FeaturesFound) {
  const { comparison: compared, bounds, baseline } = found;
  const { against, choices, versions, current, rule } = compared;
  return {
    ...{ model, source: name, against, choices, versions, rule: ruleIn(compared), bounds, minCount: rule.samples.minCount },
    current: { version: current.version, from: timeOf(current.from), to: timeOf(current.to) },
    baseline: { what: baseline.what, from: timeIfAny(baseline.from), to: timeIfAny(baseline.to) },
  };
}

const ruleIn = ({ isOfConfig, ruleId }: Comparison): string | undefined => (isOfConfig ? ruleId : undefined);

export function featuresDto(model: ModelSource, found: FeaturesFound): Omit<FeaturesDto, 'at'> {
  const { headline, counts, empty, total, shown, next } = found;
  return { ...comparisonDto(model, found), headline, counts, empty, total, features: shown.map(featureDto), next };
}

export function featureDetailDto(
  model: ModelSource,
  found: FeaturesFound,
  history: readonly FeatureMoment[],
): Omit<FeatureDetailDto, 'at'> {
  return {
    ...comparisonDto(model, found),
    empty: found.empty,
    features: found.shown.map(featureDto),
    history: history.map(({ from, to, side }) => ({ from: timeOf(from), to: timeOf(to), side: sideDto(side) })),
  };
}

function featureDto(found: FeatureFound): FeatureDto {
  const { feature, labels, unit, declared, verdict, baseline, current, distances, picture, alert } = found;
  const { sentence, pictureText, notes } = found;
  const { drift } = verdict;
  return {
    ...{ feature, labels, unit, type: declared?.type, sentence, pictureText, notes },
    verdict: {
      ...{ status: verdict.status, reason: verdict.reason, measure: drift?.measure, value: finite(drift?.value) },
      ...{ pValue: finite(drift?.pValue), tested: drift?.tested, binning: drift?.binning },
    },
    baseline: baseline && sideDto(baseline),
    current: current && sideDto(current),
    distances: distances.map(({ measure, value, pValue }) => ({ measure, value: finite(value) ?? 0, pValue: finite(pValue) })),
    picture: picture && pictureDto(picture),
    alert: alert && { since: timeOf(alert.since), incident: alert.incident },
  };
}

const sideDto = ({ count, nulls, values, distinct, numbers, mistyped, outOfRange, unseen }: FeatureSide): FeatureSideDto => ({
  ...{ records: count, nulls, values, distinct: distinct.count, distinctIsExact: distinct.exact },
  ...{ numbers, mistyped, outOfRange, unseen },
});

const pictureDto = (picture: Picture): FeaturePictureDto => picture;
