import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { againsts } from '../../../app/query/feature-comparison.ts';
import { featureDetailSchema, featuresSchema } from '../../api/dto/feature.ts';
import { modelSchema, modelsSchema } from '../../api/dto/model.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';
import { teamQuery } from '../team.ts';

const modelName = z.string().meta({ description: 'Name of the model.', examples: ['churn'] });
const sourceName = z.string().optional().meta({ description: 'Which one, where several sources have the model.' });
const cursor = z.int().min(0).optional().meta({ description: '`next` of the answer before.' });

const comparisonQuery = {
  source: sourceName,
  against: z.enum(againsts).optional().meta({ description: 'What to compare with; when left out, the first that there is.' }),
  rule: z.string().optional().meta({ description: 'Which drift rule, where several judge the model.' }),
  version: z.string().optional().meta({ description: 'Only records of this version of the model.' }),
  from: z.string().optional().meta({ description: 'The span to look at; a week up to now when left out.' }),
  to: z.string().optional().meta({ description: 'Its end. Whole buckets of profiles are taken.' }),
};

const counts = { ok: 2, warn: 0, critical: 0, 'insufficient evidence': 1, 'no data': 0, error: 0 };
const health = { critical: 0, warn: 0, error: 0, 'no data': 0, 'insufficient evidence': 0, starting: 0, ok: 2 };
const noModel = refusal(
  'No model of that name has a source of predictions.',
  'there is no model "chrun" with a source of predictions',
);

const compared = {
  ...{
    model: 'churn',
    source: 'churn',
    against: 'rule',
    choices: ['rule', 'before'],
    versions: ['6', '7'],
    rule: 'inputs-drift',
  },
  ...{ bounds: { warn: 0.1, critical: 0.25 }, minCount: 200 },
  current: { from: '2026-01-04T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z' },
  baseline: { what: 'the time before', from: '2025-12-21T00:00:00.000Z', to: '2026-01-04T00:00:00.000Z' },
};

const side = {
  ...{ records: 240, nulls: 0, values: 240, distinct: 60, distinctIsExact: true },
  numbers: { median: 29.5, mean: 29.5, min: 0, max: 59, low: 2.5, high: 56.5 },
};

const feature = {
  ...{ feature: 'price', labels: {}, unit: 'EUR', type: 'number' },
  verdict: {
    ...{
      status: 'ok',
      reason: 'psi 0.0112 (nats) is below 0.1: 240 values against 720 of the time before; p 0.98 among 3 tests',
    },
    ...{ measure: 'psi', value: 0.0112, pValue: 0.98, tested: 3, binning: '10 quantiles #5bf2a0c1' },
  },
  ...{ baseline: side, current: side },
  distances: [{ measure: 'psi', value: 0.0112, pValue: 0.98 }],
  picture: {
    ...{ kind: 'numbers', apart: false },
    baseline: { edges: [0, 20, 40, 60], counts: [252, 240, 228], below: 0, above: 0 },
    current: { edges: [0, 20, 40, 60], counts: [84, 80, 76], below: 0, above: 0 },
  },
  sentence: 'price has the same median, 29.5\u00a0EUR, and is spread differently.',
  pictureText:
    'price: before, 720 values from 0 to 59\u00a0EUR, median 29.5; now, 240 values from 0 to 59\u00a0EUR, median 29.5.',
  notes: [],
};

const serves = { version: '7', since: at, how: 'promoted', by: 'cli:ana' };

export const modelPaths: ZodOpenApiPathsObject = {
  '/api/models': {
    get: look({
      operationId: 'listModels',
      tags: ['Models'],
      summary: 'Every model to which predictions are sent',
      requestParams: { query: z.object({ team: teamQuery, limit: z.int().min(1).max(500).optional(), cursor }) },
      responses: {
        '200': json(modelsSchema, 'By name.', {
          at,
          total: 1,
          models: [
            {
              ...{ model: 'churn', source: 'churn', serves, trainings: 1, features: 3, driftRules: 1, rules: health },
              ...{ openIncidents: 0, owners: ['ml-platform'] },
            },
          ],
        }),
        '400': refusal('The page is none.', 'expected limit 1 to 500; received "0"'),
      },
    }),
  },
  '/api/models/{model}': {
    get: look({
      operationId: 'showModel',
      tags: ['Models'],
      summary: 'A model: its versions, its quality, its rules and open incidents, and what was accepted as normal',
      requestParams: { path: z.object({ model: modelName }), query: z.object({ source: sourceName }) },
      responses: {
        '200': json(modelSchema, 'What is known of it.', {
          ...{ at, model: 'churn', source: 'churn', serves, features: 3, owners: ['ml-platform'] },
          versions: {
            total: 1,
            shown: [
              {
                ...{ version: '7', serves: true, served: [{ since: at }] },
                records: { from: '2026-01-01T00:00:00.000Z', to: at, predictions: 4812, labelled: 4100 },
              },
            ],
          },
          rules: { total: 2, counts: health, shown: [{ rule: 'churn-accuracy', title: 'Accuracy of churn', health: 'ok' }] },
          incidents: { total: 0, shown: [] },
          accepted: { total: 0, shown: [] },
          quality: {
            ...{ metric: 'accuracy', from: '2025-12-29T10:00:00.000Z', to: '2026-01-05T10:00:00.000Z', confidence: 0.95 },
            total: { labels: {}, value: 0.83, count: 4100, interval: { low: 0.818, high: 0.841 } },
            by: [{ by: 'version', parts: [{ labels: { version: '7' }, value: 0.83, count: 4100 }], more: 0 }],
          },
        }),
        '404': noModel,
      },
    }),
  },
  '/api/models/{model}/features': {
    get: look({
      operationId: 'listFeatures',
      tags: ['Models'],
      summary: 'What the features of a model are like, beside what they were like',
      description:
        'Without `against`, features are judged as the drift rule of the model judges them, with its alerts; without such a rule, they are compared with the training of the version that serves, else with the version before, else with the time before. The one with most evidence of drift comes first: a large distance alone proves nothing.',
      requestParams: {
        path: z.object({ model: modelName }),
        query: z.object({ ...comparisonQuery, limit: z.int().min(1).max(100).optional(), cursor }),
      },
      responses: {
        '200': json(featuresSchema, 'Features, and how they were judged.', {
          ...{ at, ...compared, counts, total: 3, features: [feature], next: 1 },
          headline: { title: 'No feature of churn is known to have drifted.', detail: '1 is not judged, or too few to tell.' },
        }),
        '400': refusal('There is no such comparison.', 'no rule judges the drift of churn'),
        '404': noModel,
      },
    }),
  },
  '/api/models/{model}/features/{feature}': {
    get: look({
      operationId: 'showFeature',
      tags: ['Models'],
      summary: 'One feature, beside what it was like, and over time',
      requestParams: {
        path: z.object({ model: modelName, feature: z.string().meta({ examples: ['price'] }) }),
        query: z.object(comparisonQuery),
      },
      responses: {
        '200': json(featureDetailSchema, 'The feature.', {
          ...{ at, ...compared, features: [feature] },
          history: [{ from: '2026-01-04T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z', side }],
        }),
        '400': refusal('There is no such comparison.', 'no rule judges the drift of churn'),
        '404': refusal('No such model, or no profile of the feature.', 'churn keeps no profile of "prize"'),
      },
    }),
  },
};
