import { expect } from 'vitest';
import * as z from 'zod';
import { hookQuestionSchema } from '../../../http/openapi/wire/rollback-hook.ts';
import { webhookDigestSchema } from '../../../http/openapi/wire/webhook-digest.ts';
import { webhookPageSchema } from '../../../http/openapi/wire/webhook-page.ts';
import { faultsOf } from './held-to-document.ts';

/** Closed, as what is answered is: a field that nobody documented is found. */
const schemas = {
  page: z.toJSONSchema(webhookPageSchema),
  digest: z.toJSONSchema(webhookDigestSchema),
  question: z.toJSONSchema(hookQuestionSchema),
};

/** Throws where Tocsin sent something else than the document says. */
export function expectDocumented(what: keyof typeof schemas, body: string): void {
  expect(faultsOf(schemas[what], JSON.parse(body))).toBe('');
}
