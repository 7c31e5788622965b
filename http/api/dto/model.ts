import * as z from 'zod';
import type { ModelFound, ModelVersion } from '../../../app/query/model.ts';
import type { ModelSource } from '../../../app/query/model-of.ts';
import type { Quality, QualityPart } from '../../../app/query/model-quality.ts';
import type { ModelSeen, ModelsSeen } from '../../../app/query/models.ts';
import { predictionMetrics } from '../../../core/telemetry/sources/kinds/predictions-query.ts';
import { acceptedDto, acceptedSchema } from './accepted.ts';
import { finite } from './numbers.ts';
import { ofOthersDto, ofOthersSchema } from './of-others.ts';
import { countsDto, healthCountsSchema, healthStateSchema } from './rule-health.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { trainingDto, trainingSchema } from './training.ts';
import { actorNameSchema, answeredAt, labelsSchema, severitySchema } from './words.ts';

const servesSchema = z
  .object({
    version: z.string(),
    since: timeSchema,
    how: z.enum(['promoted', 'first traffic', 'rolled back']),
    by: actorNameSchema,
  })
  .describe('The version that counts as the one in use; absent where nothing had to know it.');

const modelSeenSchema = z
  .object({
    model: z.string(),
    source: z.string().describe('Where its predictions are sent.'),
    serves: servesSchema.optional(),
    trainings: z.int().describe('Versions with a training profile.'),
    features: z.int().describe('Features of which profiles are kept.'),
    driftRules: z.int().describe('Rules that judge them.'),
    rules: healthCountsSchema,
    openIncidents: z.int(),
    owners: z.array(z.string()).describe('Who owns rules about it.'),
  })
  .meta({ id: 'ModelSeen' });

export const modelsSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    total: z.int(),
    models: z
      .array(modelSeenSchema)
      .describe('Every model to which predictions are sent: those of whoever asks first, then by name.'),
    next: z.int().optional().describe('For `cursor`: there are more.'),
    ofOthers: ofOthersSchema.optional().describe('What is left out; absent without `team`.'),
  })
  .meta({ id: 'ModelList' });

const versionSchema = z
  .object({
    version: z.string(),
    serves: z.boolean(),
    served: z
      .array(z.object({ since: timeSchema, until: timeSchema.optional() }))
      .describe('When it counted as the one in use, the latest first.'),
    records: z
      .object({ from: timeSchema, to: timeSchema, predictions: z.int(), labelled: z.int() })
      .optional()
      .describe('Its predictions that are kept.'),
    training: trainingSchema.optional(),
  })
  .meta({ id: 'ModelVersion' });

const partSchema = z
  .object({
    labels: labelsSchema,
    value: z.number(),
    count: z.number().optional().describe('Samples behind the value.'),
    interval: z.object({ low: z.number(), high: z.number() }).optional(),
  })
  .meta({ id: 'QualityPart' });

const qualitySchema = z
  .object({
    metric: z.enum(predictionMetrics),
    from: timeSchema,
    to: timeSchema,
    confidence: z.number().optional().describe('Of the intervals; absent where the metric has none.'),
    total: partSchema.optional().describe('Absent where nothing is known, such as without labels.'),
    by: z
      .array(
        z.object({
          by: z.string().describe('`version`, or a segment.'),
          parts: z.array(partSchema).describe('The one with most samples first.'),
          more: z.int().describe('Parts that are not shown.'),
        }),
      )
      .describe('By version, and by each segment.'),
  })
  .meta({ id: 'ModelQuality', description: 'How good a model was in the last week.' });

const total = z.int().describe('All of them; not all may be shown.');

export const modelSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    model: z.string(),
    source: z.string(),
    predicts: z
      .union([z.literal('numbers'), z.array(z.string())])
      .optional()
      .describe('As declared.'),
    serves: servesSchema.optional(),
    features: z.int().describe('Features of which profiles are kept.'),
    owners: z.array(z.string()),
    versions: z.object({ total, shown: z.array(versionSchema).describe('The one that serves first.') }),
    rules: z.object({
      total,
      counts: healthCountsSchema,
      shown: z
        .array(
          z.object({
            rule: z.string(),
            title: z.string(),
            health: healthStateSchema,
            since: timeSchema.optional(),
            reason: z.string().optional(),
          }),
        )
        .describe('The worst first.'),
    }),
    incidents: z.object({
      total,
      shown: z
        .array(z.object({ id: z.string(), title: z.string(), severity: severitySchema, status: z.string(), since: timeSchema }))
        .describe('Those that are open, the newest first.'),
    }),
    accepted: z.object({ total, shown: z.array(acceptedSchema).describe('What people accepted as normal, the latest first.') }),
    quality: qualitySchema,
  })
  .meta({ id: 'ModelDetail' });

export type ModelSeenDto = z.infer<typeof modelSeenSchema>;
export type ModelsDto = z.infer<typeof modelsSchema>;
export type ModelVersionDto = z.infer<typeof versionSchema>;
export type QualityDto = z.infer<typeof qualitySchema>;
export type ModelDetailDto = z.infer<typeof modelSchema>;

export const modelsDto = ({ total: all, shown, next, ofOthers }: ModelsSeen): Omit<ModelsDto, 'at'> => ({
  total: all,
  models: shown.map(seenDto),
  next,
  ofOthers: ofOthers === undefined ? undefined : ofOthersDto(ofOthers),
});

function seenDto({ name, serving, rules, ...seen }: ModelSeen): ModelSeenDto {
  return { ...seen, source: name, serves: servesDto(serving), rules: countsDto(rules) };
}

const servesDto = (serving: ModelFound['serving']) =>
  serving && { version: serving.modelVersion, since: timeOf(serving.since), how: serving.how, by: serving.by };

export function modelDto({ model, name, source }: ModelSource, found: ModelFound): Omit<ModelDetailDto, 'at'> {
  const { predicts } = source;
  const { rules, incidents, accepted } = found;
  return {
    ...{ model, source: name, predicts: Array.isArray(predicts) ? predicts.map(String) : predicts },
    ...{ serves: servesDto(found.serving), features: found.features, owners: found.owners },
    versions: { total: found.versions.total, shown: found.versions.shown.map(versionDto) },
    rules: {
      ...{ total: rules.total, counts: countsDto(rules.counts) },
      shown: rules.shown.map(({ rule, title, state, since, reason }) => ({
        ...{ rule, title, health: state, since: timeIfAny(since), reason },
      })),
    },
    incidents: {
      total: incidents.total,
      shown: incidents.shown.map(({ id, title, severity, status, openedAt }) => ({
        ...{ id, title, severity, status, since: timeOf(openedAt) },
      })),
    },
    accepted: { total: accepted.total, shown: accepted.shown.map(acceptedDto) },
    quality: qualityDto(found.quality),
  };
}

function versionDto({ version, serves, served, seen, training }: ModelVersion): ModelVersionDto {
  return {
    ...{ version, serves, served: served.map(({ since, until }) => ({ since: timeOf(since), until: timeIfAny(until) })) },
    records: seen && {
      ...{ from: timeOf(seen.firstAt), to: timeOf(seen.lastAt), predictions: seen.count, labelled: seen.labelled },
    },
    training: training && trainingDto(training),
  };
}

const qualityDto = ({ metric, from, to, confidence, total: all, by }: Quality): QualityDto => ({
  ...{ metric, from: timeOf(from), to: timeOf(to), confidence, total: all && partDto(all) },
  by: by.map(({ parts, ...one }) => ({ ...one, parts: parts.map(partDto) })),
});

const partDto = ({ labels, value, count, interval }: QualityPart) => ({
  ...{ labels, value: finite(value) ?? 0, count: finite(count), interval },
});
