import type { Context } from 'hono';
import type { RefusalKind, Refused } from '../../app/respond/refused.ts';
import type { Person } from '../../core/access/permission.ts';
import type { HttpOptions } from '../options.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { actRequestSchema } from './dto/action.ts';

const statusOf = {
  invalid: 400,
  'not allowed': 403,
  'not found': 404,
  conflict: 409,
} as const satisfies Record<RefusalKind, number>;

/** Answers why something was not done. */
export const refusedAs = (c: Context, { kind, message }: Refused, more: object = {}): Response =>
  c.json({ error: message, ...more }, statusOf[kind]);

type Acted = { ok: true; message: string };

/** What a person does of whom the body may say no more than the name; `show` says what is answered beside the message. */
export async function act<T extends Acted>(
  c: Context,
  options: HttpOptions,
  work: (person: Person) => Promise<T | Refused>,
  show: (done: T) => object = () => ({}),
): Promise<Response> {
  const body = await readBody(c, actRequestSchema, { example: '{"actor": "ana"}', empty: {} });
  if (!body.ok) return body.refused;
  const result = await work(personOf(c, options, body.value.actor));
  return result.ok ? c.json({ message: result.message, ...show(result) }) : refusedAs(c, result);
}
