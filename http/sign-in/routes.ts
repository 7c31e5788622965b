import { type Context, Hono } from 'hono';
import { returnPath } from '../../core/access/sign-in/return-path.ts';
import { signedInName, signedInNameExpected } from '../../core/access/sign-in/signed-in-name.ts';
import { bodySize } from '../body-size.ts';
import type { HttpOptions } from '../options.ts';
import { signInPath } from '../web-access.ts';
import { dropCookie } from './cookies.ts';
import { identify, passwordPerson } from './identify.ts';
import { linkRoutes } from './link.ts';
import { noteSignIn } from './note-sign-in.ts';
import { oidcPaths, oidcRoutes } from './oidc-routes.ts';
import { isFromOwnPage } from './origin.ts';
import { comparePassword, webPassword } from './password.ts';
import { beginSession, howToSignIn } from './session.ts';
import { openText, passwordForm, providerText, signedInText, signInPage, unavailableText } from './sign-in-page.ts';

/** `/signin` and `/signout`: the shared password or a provider, and the session that follows. */
export function signInRoutes(options: HttpOptions): Hono {
  const { ports } = options;
  const app = new Hono();
  app.use(signInPath, noStore);
  app.use(`${signInPath}/*`, noStore);
  app.use('/signout', noStore);

  app.get(signInPath, async (c) => {
    const to = returnPath(c.req.query('to'));
    const found = await identify(c, options);
    if (found.ok && found.who.how === 'open') return signInPage(c, options, openText());
    if (found.ok) return signInPage(c, options, signedInText(found.who.person.actor));
    if (found.status === 'closed') return signInPage(c, options, unavailableText(closed), 403);
    if (howToSignIn(options) === 'password') return signInPage(c, options, passwordForm({ to }));
    const reason = found.status === 401 ? found.reason : undefined;
    const link = `${oidcPaths.begin}?to=${encodeURIComponent(to)}`;
    return signInPage(c, options, providerText(new URL(ports.config.settings.signIn.oidc?.issuer ?? '').host, link, reason));
  });

  app.post(signInPath, bodySize({ maxSize: 16 * 1024 }), async (c) => {
    // A page elsewhere must not sign somebody in under a name of its choice.
    if (!isFromOwnPage(c))
      return c.json({ error: 'expected a post of the sign-in page; programs use HTTP Basic authentication' }, 403);
    const { name: given, password, to: wanted } = await formOf(c);
    const to = returnPath(wanted);
    const expected = howToSignIn(options) === 'password' ? await webPassword(options) : undefined;
    if (expected === undefined) return signInPage(c, options, unavailableText(closed), 403);
    if (!expected.ok) return unavailable(c, options, expected.fault);
    const name = signedInName(ports.config.responders, given);
    if (name === undefined) return signInPage(c, options, passwordForm({ to, fault: `${signedInNameExpected}.` }), 400);
    const compared = await comparePassword(c, options, expected.value, password);
    if (compared === 'wrong')
      return signInPage(c, options, passwordForm({ to, name, fault: 'That is not the web password.' }), 401);
    if (compared !== 'right') {
      c.header('Retry-After', String(compared.waitSeconds));
      const fault = `Too many wrong passwords from your address. Try again in ${compared.waitSeconds} s.`;
      return signInPage(c, options, passwordForm({ to, name, fault }), 429);
    }
    const fault = await beginSession(c, options, { how: 'password', name });
    if (fault !== undefined) return unavailable(c, options, fault);
    await noteSignIn(c, options, passwordPerson(options, name).person, 'password');
    return c.redirect(to, 303);
  });

  app.post('/signout', (c) => {
    dropCookie(c, options, 'tocsin');
    return c.redirect(signInPath, 303);
  });
  app.route('/', oidcRoutes(options));
  app.route('/', linkRoutes(options));
  return app;
}

const closed = 'settings.webPassword names no secret, and settings.signIn.oidc no provider; use Slack or the command line';

async function noStore(c: Context, next: () => Promise<void>): Promise<void> {
  c.header('Cache-Control', 'no-store');
  await next();
}

async function formOf(c: Context): Promise<{ name: string; password: string; to: string | undefined }> {
  const form: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  const text = (key: string): string | undefined => (typeof form[key] === 'string' ? form[key] : undefined);
  return { name: text('name') ?? '', password: text('password') ?? '', to: text('to') };
}

function unavailable(c: Context, options: HttpOptions, fault: string): Response | Promise<Response> {
  c.header('Retry-After', '60');
  return signInPage(c, options, unavailableText(fault), 503);
}
