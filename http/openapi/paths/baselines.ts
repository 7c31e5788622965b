import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { acceptedListSchema, acceptRequestSchema } from '../../api/dto/accepted.ts';
import { promotedSchema } from '../../api/dto/action.ts';
import { trainingsSchema } from '../../api/dto/training.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { actorBody, deed, look } from '../people.ts';

const serving = { source: 'churn', version: '7', since: at, how: 'promoted', by: 'cli:ana', before: [] };

const accepted = {
  rule: 'inputs-drift',
  labels: { model: 'churn', feature: 'price' },
  from: '2025-12-29T00:00:00.000Z',
  to: '2026-01-05T00:00:00.000Z',
  values: 48_120,
  at,
  by: 'cli:ana',
  comment: 'a new supplier',
};

export const baselinePaths: ZodOpenApiPathsObject = {
  '/api/baselines': {
    get: look({
      operationId: 'listTrainings',
      tags: ['Baselines'],
      summary: 'What versions of models were trained on, which are in use, and what was accepted as normal since',
      responses: {
        '200': json(trainingsSchema, 'Every training that is kept.', {
          at,
          trainings: [
            {
              source: 'churn',
              version: '7',
              dataset: '2026-01',
              trainedAt: '2026-01-01T00:00:00.000Z',
              rows: 4812,
              metrics: { accuracy: { value: 0.83, count: 4812 } },
              features: { age: { seen: 4812, nulls: 3, kind: 'numbers' } },
              storedAt: '2026-01-02T08:00:00.000Z',
              by: 'key:ml',
            },
          ],
          serving: [serving],
          accepted: [accepted],
        }),
      },
    }),
  },
  '/api/accepted-baselines': {
    post: deed({
      operationId: 'acceptBaseline',
      tags: ['Baselines'],
      summary: 'Take what drifted features are like by now for their normal',
      description:
        'The features of the firing alerts of a drift rule are from then on compared with what they are like now, until the baseline of the rule is another: a new training, another span in the config. The alerts end. It is in the audit log, and on the timelines of their incidents.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: acceptRequestSchema,
            example: {
              rule: 'inputs-drift',
              match: { feature: 'price' },
              window: '7d',
              comment: 'a new supplier',
              actor: 'cli:ana',
            },
          },
        },
      },
      responses: {
        '200': json(acceptedListSchema, 'It is their normal.', {
          message:
            'inputs-drift: the new normal of price is what it was like from 2025-12-29T00:00:00.000Z to 2026-01-05T00:00:00.000Z',
          accepted: [accepted],
        }),
        '400': refusal(
          'The body is wrong, or the rule is of another kind.',
          'expected a rule of the kind drift; accuracy is of the kind threshold',
        ),
        '404': refusal('There is no such rule.', 'there is no rule "input-drift"'),
        '409': refusal(
          'No drift alert of the rule fires, or there are too few values.',
          'no alert of inputs-drift with feature=price fires, so there is nothing to accept',
        ),
      },
    }),
  },
  '/api/baselines/{source}/{version}/promote': {
    post: deed({
      operationId: 'promote',
      tags: ['Baselines'],
      summary: 'Say which version of a model is in use',
      description: 'From then on rules with a training baseline compare with what this version was trained on.',
      requestParams: {
        path: z.object({
          source: z.string().meta({ description: 'Name of the source in the config.', examples: ['churn'] }),
          version: z.string().meta({ description: 'Version of the model, up to 128 characters.', examples: ['7'] }),
        }),
      },
      requestBody: actorBody,
      responses: {
        '200': json(promotedSchema, 'It is in use.', { message: 'churn: version 7 was promoted', serving }),
        '400': refusal('The body or the version is wrong.', 'expected a version of 1 to 128 characters'),
        '404': refusal('There is no such source.', 'expected a source of predictions (churn); received chrun'),
      },
    }),
  },
};
