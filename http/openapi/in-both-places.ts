import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';

export const sourceInPath = z.string().meta({ description: 'Name of the source in the config.', examples: ['prometheus'] });

/** An address, also below `/alerts/SOURCE`, which clients of other systems call a path prefix. */
export function inBothPlaces(
  path: string,
  method: 'get' | 'post' | 'delete',
  operation: ZodOpenApiOperationObject,
  named: Record<string, z.ZodType> = {},
): ZodOpenApiPathsObject {
  const { operationId, requestParams = {} } = operation;
  const here = Object.keys(named).length === 0 ? requestParams : { ...requestParams, path: z.object(named) };
  return {
    [path]: { [method]: { ...operation, requestParams: here } },
    [`/alerts/{source}${path}`]: {
      [method]: {
        ...operation,
        operationId: `${operationId}Of`,
        requestParams: { ...requestParams, path: z.object({ source: sourceInPath, ...named }) },
      },
    },
  };
}
