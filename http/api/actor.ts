import type { Context } from 'hono';
import * as z from 'zod';
import type { Person } from '../../core/access/permission.ts';
import type { HttpOptions } from '../options.ts';
import { webPerson } from '../web-access.ts';

/**
 * Shown in terminals and on pages. Nobody may claim a Slack or web identity here, or to be Tocsin.
 */
export const actorSchema = z
  .string()
  .regex(/^(?!tocsin$|web$|web:|slack:|responder\/)\P{C}{1,100}$/u, {
    error: 'expected a name of up to 100 printed characters, not tocsin, and not one of Slack or the pages',
  })
  .optional()
  .describe('Actor for the timeline; by default whoever signed in.');

/** The actor: whoever signed in, under the name in the body. */
export function personOf(c: Context, options: HttpOptions, name: string | undefined): Person {
  const person = webPerson(c, options);
  return name === undefined ? person : { ...person, actor: name };
}
