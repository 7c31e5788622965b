import { type Context, Hono } from 'hono';
import { SignInError } from '../../app/ports/identity-provider.ts';
import { noteRefused } from '../../app/respond/note-refused.ts';
import { asciiName } from '../../core/access/actor-name.ts';
import { admit, identityOf } from '../../core/access/sign-in/admit.ts';
import { returnPath } from '../../core/access/sign-in/return-path.ts';
import type { HttpOptions } from '../options.ts';
import { noteSignIn } from './note-sign-in.ts';
import { keepFlow, takeFlow } from './oidc-flow.ts';
import { ownOrigin } from './origin.ts';
import { beginSession } from './session.ts';
import { failedText, signInPage } from './sign-in-page.ts';

export const oidcPaths = { begin: '/signin/oidc', callback: '/signin/callback' } as const;

type Refusal = { status: 400 | 403 | 503; reason: string };

/** Signing in at the provider: there and back. */
export function oidcRoutes(options: HttpOptions): Hono {
  const { ports, identityProvider: provider } = options;
  const { oidc } = ports.config.settings.signIn;
  const app = new Hono();
  if (oidc === undefined || provider === undefined) return app;
  const redirectUri = (c: Context): string => `${ownOrigin(c, options)}${oidcPaths.callback}`;

  app.get(oidcPaths.begin, (c) =>
    orRefused(c, options, async () => {
      const { url, flow } = await provider.begin(redirectUri(c));
      const fault = await keepFlow(c, options, flow, returnPath(c.req.query('to')));
      return fault === undefined ? c.redirect(url, 303) : { status: 503, reason: fault };
    }),
  );

  app.get(oidcPaths.callback, (c) =>
    orRefused(c, options, async () => {
      const flow = await takeFlow(c, options);
      if (flow === undefined)
        return { status: 400, reason: 'this browser did not begin to sign in, or did so more than ten minutes ago' };
      const claims = await provider.finish(new URL(c.req.url), redirectUri(c), flow);
      const identity = identityOf(oidc, claims);
      if (identity === undefined) return { status: 400, reason: 'the provider did not say who this is' };
      const admitted = admit(oidc, ports.config.responders, identity);
      const now = options.now();
      if (!admitted.ok) {
        const actor = `oidc:${asciiName(identity.email ?? identity.subject)}`;
        await noteRefused(ports, 'sign in', { actor, role: 'viewer' }, admitted.reason, now);
        return { status: 403, reason: admitted.reason };
      }
      const fault = await beginSession(c, options, { how: 'oidc', ...identity });
      if (fault !== undefined) return { status: 503, reason: fault };
      await noteSignIn(c, options, admitted.person, 'oidc');
      return c.redirect(flow.to, 303);
    }),
  );
  return app;
}

/** Whoever was not signed in is told why, and where to try again. */
async function orRefused(c: Context, options: HttpOptions, work: () => Promise<Response | Refusal>): Promise<Response> {
  let found: Response | Refusal;
  try {
    found = await work();
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    options.ports.log('warn', 'somebody could not sign in', { why: error.why, error: error.message });
    found = { status: error.why === 'refused' ? 400 : 503, reason: error.message };
  }
  if (found instanceof Response) return found;
  if (found.status === 503) c.header('Retry-After', '60');
  return signInPage(c, options, failedText(found.reason), found.status);
}
