import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { actRequestSchema } from '../api/dto/action.ts';
import { entityTagHeader, faults, peopleOnly, tooLarge, unchanged } from './answers.ts';
import { bodyLimit } from './limits.ts';
import { ifNoneMatch } from './parameters.ts';
import { people } from './security.ts';

type Look = ZodOpenApiOperationObject & { responses: { '200': ZodOpenApiResponseObject } };

/** Something that people look at. */
export function look(operation: Look): ZodOpenApiOperationObject {
  const { requestParams, responses } = operation;
  const shown = responses['200'];
  return {
    security: people,
    ...operation,
    requestParams: { ...requestParams, header: z.object({ 'If-None-Match': ifNoneMatch }) },
    responses: {
      ...responses,
      '200': { ...shown, headers: { ...shown.headers, ...entityTagHeader } },
      ...unchanged,
      ...peopleOnly,
      ...faults,
    },
  };
}

/** Something that people do. */
export const deed = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  security: people,
  'x-max-body-bytes': bodyLimit.api,
  ...operation,
  responses: {
    ...operation.responses,
    ...peopleOnly,
    ...tooLarge('the body is larger than this address takes'),
    ...faults,
  },
});

/** A body that may be left out, and says no more than who acts. */
export const actorBody: ZodOpenApiOperationObject['requestBody'] = {
  required: false,
  content: { 'application/json': { schema: actRequestSchema, example: { actor: 'cli:ana' } } },
};
