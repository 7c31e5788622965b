import type { Context } from 'hono';
import * as z from 'zod';
import { actorExpected, actorPattern } from '../../core/access/actor-name.ts';
import type { Person } from '../../core/access/permission.ts';
import type { HttpOptions } from '../options.ts';
import { webPerson } from '../web-access.ts';

/**
 * Shown in terminals and on pages. Nobody may claim a Slack or web identity here, or to be Tocsin.
 */
export const actorSchema = z
  .string()
  .normalize('NFKC')
  .trim()
  .regex(actorPattern, { error: actorExpected })
  .optional()
  .describe('Actor for the timeline; by default whoever signed in.');

/** The actor: whoever signed in, under the name in the body. */
export function personOf(c: Context, options: HttpOptions, name: string | undefined): Person {
  const person = webPerson(c, options);
  return name === undefined ? person : { ...person, actor: name };
}
