import type { Context } from 'hono';
import { auth } from 'hono/utils/basic-auth';
import type { Person } from '../core/access/permission.ts';
import { sameText } from '../core/access/signing/hmac.ts';
import type { HttpOptions } from './options.ts';

/**
 * Why this request may not see incident pages and API, or undefined. With `settings.webPassword`
 * they need that password by HTTP Basic authentication; the user name becomes the actor on the
 * timeline.
 */
export async function webRefusal(c: Context, { ports, access }: HttpOptions): Promise<Response | undefined> {
  const name = ports.config.settings.webPassword;
  if (name === undefined) {
    if (access === 'local') return undefined;
    return c.json(
      { error: 'the incident pages are closed: settings.webPassword names no secret; use Slack or the command line' },
      403,
    );
  }
  const password = await ports.secrets.get(name);
  if (password === undefined || password === '') {
    ports.log('error', 'the web password has no value', { secret: name });
    c.header('Retry-After', '60');
    return c.json({ error: `the secret ${name} has no value` }, 503);
  }
  const given = auth(c.req.raw);
  if (given !== undefined && sameText(password, given.password)) return undefined;
  c.header('WWW-Authenticate', 'Basic realm="Tocsin", charset="UTF-8"');
  return c.json({ error: 'expected any user name, and the web password' }, 401);
}

/**
 * The actor: the user name, which also counts as that of a responder. Whoever knows the password
 * may act on incidents; on a machine without one, everybody is its owner.
 */
export function webPerson(c: Context, { ports }: HttpOptions): Person {
  const { settings, responders } = ports.config;
  const name = auth(c.req.raw)?.username ?? '';
  return {
    actor: /^[\w.@ -]{1,60}$/.test(name) ? `web:${name}` : 'web',
    role: settings.webPassword === undefined ? 'admin' : 'responder',
    ...(Object.hasOwn(responders, name) && { responder: name }),
  };
}
