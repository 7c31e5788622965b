import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { unsigned } from '../../../core/access/signing/mlflow-signature.ts';
import { faults, foreignOnly, json, refusal, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { mlflowAlone } from '../security.ts';
import { mlflowEventSchema, mlflowTakenSchema } from '../wire/mlflow.ts';

const example = {
  entity: 'model_version_alias',
  action: 'created',
  timestamp: '2026-01-05T09:00:00.580746+00:00',
  data: { name: 'churn', alias: 'champion', version: '2' },
};

export const mlflowPaths: ZodOpenApiPathsObject = {
  '/v1/mlflow/{registry}': {
    post: {
      operationId: 'mlflowEvent',
      tags: ['Ingest'],
      summary: 'Called by MLflow when an alias moves, or a version is registered',
      description:
        'It is kept as a change, with the version before. Sent again it counts once, and so does what polling has found. MLflow tries again under the same signature, which is taken for 15 minutes.',
      'x-called-by': 'MLflow',
      security: mlflowAlone,
      'x-max-body-bytes': bodyLimit.mlflow,
      requestParams: {
        path: z.object({
          registry: z.string().meta({ description: 'Its name in `registries` of the config.', examples: ['mlflow'] }),
        }),
        header: z.object({
          'X-MLflow-Delivery-Id': z
            .string()
            .optional()
            .meta({ examples: ['9949a449-0dce-4533-bc22-6163045f8995'] }),
          'X-MLflow-Timestamp': z
            .string()
            .optional()
            .meta({ description: 'Unix seconds.', examples: ['1767603900'] }),
        }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: mlflowEventSchema, example } } },
      responses: {
        '200': json(mlflowTakenSchema, 'It was kept, was known, or is of no interest.', {
          taken: true,
          message: 'kept as a change',
        }),
        '400': refusal('It is signed, and no message of MLflow.', 'data.version: expected a version'),
        '401': refusal('The signature is missing, wrong or too old, or no registry with this name takes webhooks.', unsigned),
        ...foreignOnly,
        ...tooLarge(`expected at most ${bodyLimit.mlflow} bytes`),
        ...faults,
      },
    },
  },
};
