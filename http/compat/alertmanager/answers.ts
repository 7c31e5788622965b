import type { Context } from 'hono';
import type { RefusalKind } from '../../../app/respond/refused.ts';

/** Alertmanager's own refusals are texts. */
export const refusedText = (c: Context, status: 400 | 403 | 404 | 409, text: string): Response => c.json(text, status);

/** Refusals of its generated part, which checks parameters and bodies, are a code and a message. */
export const invalid = (c: Context, status: 400 | 422, code: number, message: string): Response =>
  c.json({ code, message }, status);

/** Codes of go-openapi, which clients show. */
export const codes = { type: 601, required: 602, enumerated: 606, malformed: 400 } as const;

/**
 * Alertmanager knows of no roles: of a post that is refused its clients show the words only with
 * 400, and so the role that is too low for a long silence is said by that.
 */
export const refusedStatus = {
  invalid: 400,
  'not allowed': 400,
  'not found': 404,
  conflict: 409,
} as const satisfies Record<RefusalKind, number>;
