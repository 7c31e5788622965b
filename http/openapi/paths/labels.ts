import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { labelRecordSchema, labelsSchema } from '../../api/dto/labels.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';

export const labelPaths: ZodOpenApiPathsObject = {
  '/api/labels': {
    get: look({
      operationId: 'showLabels',
      tags: ['True outcomes'],
      summary: 'Coverage, delay, unmatched and corrected labels of each model, in the last seven days',
      description: 'Predictions are counted by when they were made, labels by when they came.',
      responses: {
        '200': json(labelsSchema, 'The labels.', {
          at,
          sources: [
            {
              source: 'churn',
              model: 'churn',
              from: '2025-12-29T09:00:00.000Z',
              predictions: 48_000,
              labelled: 41_200,
              first: 40_100,
              meanDelayMs: 93_600_000,
              unmatched: 12,
              corrected: 3,
            },
          ],
        }),
      },
    }),
  },
  '/api/labels/{source}/{id}': {
    get: look({
      operationId: 'showLabel',
      tags: ['True outcomes'],
      summary: 'What is known about one prediction id: its label, and the labels that it replaced',
      requestParams: {
        path: z.object({
          source: z.string().meta({ description: 'Name of the source in the config.', examples: ['churn'] }),
          id: z.string().meta({ description: 'Id of the prediction.', examples: ['a1'] }),
        }),
      },
      responses: {
        '200': json(labelRecordSchema, 'The record.', {
          at,
          state: 'joined',
          prediction: '1',
          madeAt: '2026-01-02T09:00:00.000Z',
          label: '0',
          replaced: [{ label: '1', at: '2026-01-04T10:00:00.000Z' }],
          until: '2026-01-11T10:00:00.000Z',
        }),
        '404': refusal(
          'Nothing is known of it.',
          'nothing is known of a prediction "a1" of "churn": it was never sent with this id, or more than labelWait ago',
        ),
      },
    }),
  },
};
