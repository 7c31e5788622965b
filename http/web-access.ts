import type { Context } from 'hono';
import type { Person } from '../core/access/permission.ts';
import type { HttpOptions } from './options.ts';
import { identify } from './sign-in/identify.ts';
import { noteSignedIn, signedInAs } from './sign-in/signed-in.ts';

/** Where people sign in. */
export const signInPath = '/signin';

/**
 * Why this request may not see incident pages and API, or undefined. With `settings.webPassword`
 * people need a session of the sign-in page, and programs that password by HTTP Basic
 * authentication.
 */
export async function webRefusal(c: Context, options: HttpOptions): Promise<Response | undefined> {
  const found = await identify(c, options);
  if (found.ok) {
    noteSignedIn(c, found.who);
    return undefined;
  }
  switch (found.status) {
    case 'closed':
      return c.json(
        { error: 'the incident pages are closed: settings.webPassword names no secret; use Slack or the command line' },
        403,
      );
    case 401: {
      c.header('WWW-Authenticate', challenge(c, options));
      if (found.waitSeconds === undefined) return c.json({ error: found.reason ?? missing(options), signIn: signInPath }, 401);
      c.header('Retry-After', String(found.waitSeconds));
      const error = `too many wrong passwords from this address; try again in ${found.waitSeconds} s`;
      return c.json({ error, signIn: signInPath }, 401);
    }
    case 403:
      return c.json({ error: 'expected the header Origin of a page of this service, which every browser sends' }, 403);
    case 503:
      c.header('Retry-After', '60');
      return c.json({ error: found.fault }, 503);
  }
}

const missing = ({ ports: { config } }: HttpOptions): string => {
  const { webPassword, signIn } = config.settings;
  const password = webPassword === undefined ? [] : ['any user name, and the web password'];
  const session = signIn.oidc === undefined ? [] : ['a session of the sign-in page'];
  return `expected ${[...session, ...password].join(', or ')}`;
};

/** A browser would answer `Basic` with a dialog of its own, over the page that asked. */
function challenge(c: Context, { ports: { config } }: HttpOptions): string {
  const isProgram = c.req.header('sec-fetch-mode') === undefined && config.settings.webPassword !== undefined;
  return isProgram ? 'Basic realm="Tocsin", charset="UTF-8"' : `Cookie realm="Tocsin", form-action="${signInPath}"`;
}

/** A browser that shows a page, not a program, and not an image on a page. */
const wantsPage = (c: Context): boolean => (c.req.header('accept') ?? '').includes('text/html');

/** After a button, the page that had it. */
function backTo(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return c.req.method === 'GET' ? `${pathname}${search}` : pathname.replace(/\/[^/]*$/, '');
}

/** Why a page is not shown; whoever has only to sign in is led there, and back. */
export async function pageRefusal(c: Context, options: HttpOptions): Promise<Response | undefined> {
  c.header('Cache-Control', 'no-store');
  const refused = await webRefusal(c, options);
  if (refused?.status !== 401 || !wantsPage(c)) return refused;
  return c.redirect(`${signInPath}?to=${encodeURIComponent(backTo(c))}`, 303);
}

/** Whoever `webRefusal` let pass. */
export const webPerson = (c: Context, _options?: HttpOptions): Person => signedInAs(c).person;
