import { createMiddleware } from 'hono/factory';
import type { HttpOptions } from './options.ts';

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Blocks attacks through a browser: a foreign page that posts to us (Origin), and a foreign name
 * that resolves to the loopback address (Host). Programs send neither.
 */
export function guard({ publicUrl, access }: Pick<HttpOptions, 'access'> & { publicUrl: string }) {
  const own = new URL(publicUrl).host;
  return createMiddleware(async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (access === 'local' && host !== '' && !loopback.test(host) && host !== own) {
      return c.json({ error: `expected the host ${own} or the loopback address; received ${host.slice(0, 100)}` }, 403);
    }
    const origin = c.req.header('origin');
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && origin !== undefined && !sameHost(origin, [host, own])) {
      return c.json({ error: `a page of ${origin.slice(0, 100)} may not post here` }, 403);
    }
    await next();
    return undefined;
  });
}

/** `null`, the Origin of pages without one, matches no host. */
function sameHost(origin: string, hosts: readonly string[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}
