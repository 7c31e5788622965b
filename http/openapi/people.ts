import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { actRequestSchema } from '../api/dto/action.ts';
import { faults, peopleOnly, tooLarge } from './answers.ts';
import { bodyLimit } from './limits.ts';
import { people } from './security.ts';

/** Something that people look at. */
export const look = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  security: people,
  ...operation,
  responses: { ...operation.responses, ...peopleOnly, ...faults },
});

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
