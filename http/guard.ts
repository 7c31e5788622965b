import { createMiddleware } from 'hono/factory';
import type { HttpOptions } from './options.ts';

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * What a browser could be made to do against us is refused: a page elsewhere that posts to us (Origin), and a name
 * elsewhere that resolves to the loopback address (Host). Programs send neither a foreign Origin nor a foreign Host.
 */
export function guard({ ports, access }: HttpOptions) {
  const own = new URL(ports.config.settings.publicUrl).host;
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

/** `null`, which browsers send for pages without an origin, is nobody's host. */
function sameHost(origin: string, hosts: readonly string[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}
