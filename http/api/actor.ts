import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import * as z from 'zod';
import { actorExpected, actorPattern } from '../../core/access/actor-name.ts';
import type { Person } from '../../core/access/permission.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { signedInAs } from '../sign-in/signed-in.ts';

/**
 * Shown in terminals and on pages. Nobody may claim a Slack or web identity here, or to be Tocsin.
 */
export const actorSchema = z
  .string()
  .normalize('NFKC')
  .trim()
  .regex(actorPattern, { error: actorExpected })
  .optional()
  .describe('Actor for the timeline, for programs; by default whoever signed in, and in a session nobody else.');

/**
 * The actor: whoever signed in, under the name in the body where programs act for people. Who
 * signed in on the pages acts under that name alone: another one is refused.
 */
export function personOf(c: Context, _options: HttpOptions, name: string | undefined): Person {
  const { person, name: own, inBrowser } = signedInAs(c);
  if (name === undefined || (inBrowser && [own, person.actor, person.responder].includes(name))) return person;
  if (!inBrowser) return { ...person, actor: name };
  const message = `you are signed in as ${person.actor}; received the actor ${shown(name)}; leave the actor out`;
  throw new HTTPException(403, { message });
}
