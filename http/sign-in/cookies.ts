import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { HttpOptions } from '../options.ts';
import { isSecure } from './origin.ts';

/** The session, and what else a browser keeps for a while. */
export type CookieName = 'tocsin' | 'tocsin-sign-in' | 'tocsin-link';

/**
 * Over TLS the name begins with `__Host-`: no neighbour under the same domain, and nobody on the
 * way of a plain request, can set such a cookie. Over plain HTTP some browsers refuse that, also on
 * the loopback address.
 */
export const cookieName = (c: Context, options: HttpOptions, name: CookieName): string =>
  isSecure(c, options) ? `__Host-${name}` : name;

export const readCookie = (c: Context, options: HttpOptions, name: CookieName): string | undefined =>
  getCookie(c, cookieName(c, options, name));

/**
 * Lax, not Strict: somebody who follows a link from Slack, or comes back from an identity provider,
 * must not look signed out. Posts from elsewhere carry no Lax cookie either.
 */
export function writeCookie(c: Context, options: HttpOptions, name: CookieName, value: string, untilMs: number): void {
  setCookie(c, cookieName(c, options, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(c, options),
    maxAge: Math.max(0, Math.floor((untilMs - options.now()) / 1000)),
  });
}

export const dropCookie = (c: Context, options: HttpOptions, name: CookieName): void =>
  void deleteCookie(c, cookieName(c, options, name), { path: '/', secure: isSecure(c, options) });
