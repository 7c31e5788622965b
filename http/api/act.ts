import type { Context } from 'hono';
import type { Refused } from '../../app/respond/refused.ts';
import type { Person } from '../../core/access/permission.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { actRequestSchema } from './dto/action.ts';

type Acted = { ok: true; message: string };

/**
 * Runs a person's action whose body may name only the actor; `show` adds to the response besides
 * the message.
 */
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
