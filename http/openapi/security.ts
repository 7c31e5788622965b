import type { ZodOpenApiOperationObject } from 'zod-openapi';

type Security = NonNullable<ZodOpenApiOperationObject['security']>;

/** Who may call. `{}`: on one machine nobody is asked, unless the config names a secret for it. */
export const senders: Security = [{ ingestKey: [] }, { ingestKeyAsPassword: [] }, {}];
export const people: Security = [{ session: [] }, { webPassword: [] }, {}];
export const slackAlone: Security = [{ slackSignature: [] }];
export const mlflowAlone: Security = [{ mlflowSignature: [] }];
export const signedByUs: Security = [{ tocsinSignature: [] }];
export const everybody: Security = [{}];
