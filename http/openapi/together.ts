import type { ZodOpenApiPathsObject } from 'zod-openapi';

/** Paths that share addresses: some take alerts from senders, and show them to people. */
export function together(...all: readonly ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const part of all) for (const [path, item] of Object.entries(part)) paths[path] = { ...paths[path], ...item };
  return paths;
}
