import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Keys } from '../../app/signing-keys.ts';
import { type IncidentLink, linkOpens, openLink, sealLink } from '../../core/access/sign-in/incident-link.ts';
import type { HttpOptions } from '../options.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { keysFor } from './keys.ts';
import { ownOrigin } from './origin.ts';
import { signInPage } from './sign-in-page.ts';
import type { SignedIn } from './signed-in.ts';

/**
 * Keys of links. Never made from the web password: a link goes to people who do not know it, and
 * could try passwords out on what it signed.
 */
async function linkKeys(options: HttpOptions): Promise<Keys> {
  if (options.ports.config.settings.signIn.secret !== undefined) return keysFor(options, 'incident link');
  return { ok: false, fault: 'links are signed by the secret that settings.signIn.secret names, and it names none' };
}

/** What makes the address of a link; why there can be none. */
export async function linkMaker(
  c: Context,
  options: HttpOptions,
): Promise<{ ok: true; address: (link: IncidentLink) => string } | { ok: false; fault: string }> {
  const keys = await linkKeys(options);
  if (!keys.ok) return keys;
  return { ok: true, address: (link) => `${ownOrigin(c, options)}/link/${sealLink(keys.first, link)}` };
}

/** Whoever followed a link, where it opens what they ask for. */
export async function byLink(c: Context, options: HttpOptions): Promise<SignedIn | undefined> {
  const token = readCookie(c, options, 'tocsin-link');
  if (token === undefined || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return undefined;
  const keys = await linkKeys(options);
  const link = keys.ok ? openLink(keys.all, token, options.now()) : undefined;
  if (link === undefined || !linkOpens(link, c.req.path)) return undefined;
  const person = { actor: `link:${link.incident}`, role: 'viewer' } as const;
  return { person, name: 'somebody with a link', how: 'link', until: link.until, incident: link.incident, inBrowser: true };
}

/**
 * `/link/TOKEN`: keeps the link in the browser, and leads to its incident. The token is then in no
 * address that is copied or sent on.
 */
export const linkRoutes = (options: HttpOptions): Hono =>
  new Hono().get('/link/:token', async (c) => {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    const keys = await linkKeys(options);
    const token = c.req.param('token');
    const link = keys.ok ? openLink(keys.all, token, options.now()) : undefined;
    if (link === undefined) {
      const content = html`<h1>This link opens nothing</h1><p>Its time is over, or it is not whole. Ask whoever sent it for another one.</p>`;
      return signInPage(c, options, content, 403);
    }
    writeCookie(c, options, 'tocsin-link', token, link.until);
    return c.redirect(`/incidents/${encodeURIComponent(link.incident)}`, 303);
  });
