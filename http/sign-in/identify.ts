import type { Context } from 'hono';
import { auth } from 'hono/utils/basic-auth';
import { admit } from '../../core/access/sign-in/admit.ts';
import type { Session } from '../../core/access/sign-in/session.ts';
import { signedInName } from '../../core/access/sign-in/signed-in-name.ts';
import type { HttpOptions } from '../options.ts';
import { byLink } from './link.ts';
import { isFromOwnPage } from './origin.ts';
import { comparePassword, webPassword } from './password.ts';
import { howToSignIn, readSession } from './session.ts';
import type { SignedIn } from './signed-in.ts';

/**
 * Who calls, or why nobody may. `waitSeconds`: the password was not looked at, after too many wrong
 * ones. `reason`: why a session is worth nothing.
 */
export type Identified =
  | { ok: true; who: SignedIn }
  | { ok: false; status: 401; waitSeconds?: number; reason?: string }
  | { ok: false; status: 403 }
  | { ok: false; status: 503; fault: string }
  | { ok: false; status: 'closed' };

/**
 * Whoever calls: by the session of the browser, by HTTP Basic authentication as programs do it, or,
 * on a machine that asks for nothing, its owner.
 */
export async function identify(c: Context, options: HttpOptions): Promise<Identified> {
  if (howToSignIn(options) === undefined) {
    if (options.access !== 'local') return { ok: false, status: 'closed' };
    return { ok: true, who: { person: { actor: 'web', role: 'admin' }, name: 'web', how: 'open', inBrowser: false } };
  }
  const session = await readSession(c, options);
  if (session !== undefined) {
    const found = isForged(c) ? ({ ok: false, status: 403 } as const) : bySession(options, session);
    if (found.ok || found.status !== 401) return found;
  }
  const found = await byPassword(c, options);
  if (found.ok || auth(c.req.raw) !== undefined) return found;
  const who = await byLink(c, options);
  return who === undefined ? found : { ok: true, who };
}

function bySession(options: HttpOptions, session: Session): Identified {
  const { settings, responders } = options.ports.config;
  const { how, until } = session;
  if (how === 'password') return { ok: true, who: { ...passwordPerson(options, session.name), how, until, inBrowser: true } };
  if (settings.signIn.oidc === undefined) return { ok: false, status: 401 };
  const admitted = admit(settings.signIn.oidc, responders, session);
  if (!admitted.ok) return { ok: false, status: 401, reason: admitted.reason };
  return { ok: true, who: { person: admitted.person, name: admitted.name, how, until, inBrowser: true } };
}

async function byPassword(c: Context, options: HttpOptions): Promise<Identified> {
  const password = await webPassword(options);
  if (password === undefined) return { ok: false, status: 401 };
  if (!password.ok) return { ok: false, status: 503, fault: password.fault };
  const given = auth(c.req.raw);
  if (given === undefined) return { ok: false, status: 401 };
  const compared = await comparePassword(c, options, password.value, given.password);
  if (compared === 'right')
    return { ok: true, who: { ...passwordPerson(options, given.username), how: 'password', inBrowser: false } };
  return { ok: false, status: 401, ...(compared !== 'wrong' && compared) };
}

/**
 * The name is not proven, since everybody knows the same password; so it makes a responder, never
 * an admin. Where people prove theirs at a provider, it is nobody of the config.
 */
export function passwordPerson({ ports: { config } }: HttpOptions, given: string): Pick<SignedIn, 'person' | 'name'> {
  const name = signedInName(config.responders, given);
  if (name === undefined) return { person: { actor: 'web', role: 'responder' }, name: 'web' };
  const proven = config.settings.signIn.oidc !== undefined;
  const known = !proven && Object.hasOwn(config.responders, name) ? config.responders[name] : undefined;
  return {
    person: { actor: `web:${name}`, role: 'responder', ...(known !== undefined && { responder: name }) },
    name: known?.name ?? name,
  };
}

/** What only looks changes nothing, so it may come from anywhere. */
const isForged = (c: Context): boolean => c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isFromOwnPage(c);
