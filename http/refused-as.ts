import type { Context } from 'hono';
import type { RefusalKind, Refused } from '../app/respond/refused.ts';

const statusOf = {
  invalid: 400,
  'not allowed': 403,
  'not found': 404,
  conflict: 409,
} as const satisfies Record<RefusalKind, number>;

/** The response for a refused request of a person or sender. */
export const refusedAs = (c: Context, { kind, message, field }: Refused, more: object = {}): Response =>
  c.json(
    { error: message, ...(field === undefined ? {} : { faults: [{ path: field, text: message }] }), ...more },
    statusOf[kind],
  );
