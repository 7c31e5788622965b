import type { Context } from 'hono';
import * as z from 'zod';
import type { Person } from '../../core/access/permission.ts';
import type { HttpOptions } from '../options.ts';
import { actorSchema, personOf } from './actor.ts';
import { readBody } from './body.ts';

const actorBody = z.strictObject({ actor: actorSchema });

/** What a person does of whom the body may say no more than the name. */
export async function act(
  c: Context,
  options: HttpOptions,
  work: (person: Person) => Promise<{ ok: boolean; message: string }>,
): Promise<Response> {
  const body = await readBody(c, actorBody, { example: '{"actor": "ana"}', empty: {} });
  if (!body.ok) return body.refused;
  const result = await work(personOf(c, options, body.value.actor));
  return c.json(result, result.ok ? 200 : 409);
}
