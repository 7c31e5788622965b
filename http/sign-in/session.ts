import type { Context } from 'hono';
import type { Keys } from '../../app/signing-keys.ts';
import type { Identity } from '../../core/access/sign-in/admit.ts';
import { openSession, type Session, type SessionHow, sealSession } from '../../core/access/sign-in/session.ts';
import type { HttpOptions } from '../options.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { keysFor } from './keys.ts';
import { webPassword } from './password.ts';

/** How people sign in here; undefined: nobody can. A provider leaves the password to programs. */
export function howToSignIn({ ports }: HttpOptions): SessionHow | undefined {
  const { signIn, webPassword: password } = ports.config.settings;
  if (signIn.oidc !== undefined) return 'oidc';
  return password === undefined ? undefined : 'password';
}

/**
 * Keys of sessions. Who signed in by a password signs in again when it changes; who did at a
 * provider, when it is another.
 */
async function sessionKeys(options: HttpOptions, how: SessionHow): Promise<Keys> {
  const { oidc } = options.ports.config.settings.signIn;
  if (how === 'oidc') return keysFor(options, 'oidc session', oidc?.issuer ?? '', oidc?.clientId ?? '');
  const password = await webPassword(options);
  if (password === undefined) return { ok: false, fault: 'settings.webPassword names no secret' };
  return password.ok ? keysFor(options, 'password session', password.value) : password;
}

/** The session of this browser, if it has one that is valid. */
export async function readSession(c: Context, options: HttpOptions): Promise<Session | undefined> {
  const cookie = readCookie(c, options, 'tocsin');
  const how = howToSignIn(options);
  if (cookie === undefined || how === undefined) return undefined;
  const keys = await sessionKeys(options, how);
  if (!keys.ok) {
    options.ports.log('error', 'sessions cannot be checked', { fault: keys.fault });
    return undefined;
  }
  return openSession({ how, keys: keys.all }, cookie, options.now(), options.ports.config.settings.signIn.lasts);
}

export type Begun = { how: 'password'; name: string } | ({ how: 'oidc' } & Identity);

/** Begins a session; why not, if it cannot. */
export async function beginSession(c: Context, options: HttpOptions, who: Begun): Promise<string | undefined> {
  const keys = await sessionKeys(options, who.how);
  if (!keys.ok) return keys.fault;
  const from = options.now();
  const until = from + options.ports.config.settings.signIn.lasts;
  writeCookie(c, options, 'tocsin', sealSession(keys.first, { ...who, from, until }), until);
  return undefined;
}
