import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { plotStyleHash } from '../core/charts/style.ts';
import type { HttpOptions } from './options.ts';

/** The node:http response; absent behind a Function URL. */
type NodeAnswer = { outgoing?: { setHeader(name: string, value: string): unknown } };

/**
 * Sets a header directly on node:http if possible: on a finished response it costs a tenth of a
 * small request.
 */
function told(c: Context, name: string, value: string): boolean {
  const outgoing = (c.env as NodeAnswer | undefined)?.outgoing;
  outgoing?.setHeader(name, value);
  return outgoing !== undefined;
}

/**
 * Programs' responses are not meant for browsers; if one gets them, it must treat them as JSON
 * only.
 */
export const noSniff: MiddlewareHandler = async (c, next) => {
  if (!told(c, 'X-Content-Type-Options', 'nosniff')) c.header('X-Content-Type-Options', 'nosniff');
  return next();
};

/**
 * The page that registers the service worker, which the console has in a frame. It has one script
 * and nothing else.
 */
export const registerPath = '/worker';

/** Pictures of charts, for whoever has their link. */
const picturePath = '/c/';

const registerPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  frameAncestors: ["'self'"],
  baseUri: ["'none'"],
};

/** Headers that stop a browser from misusing a response. */
export function securityHeaders({ access }: HttpOptions): MiddlewareHandler {
  const common = { referrerPolicy: 'same-origin', strictTransportSecurity: access === 'public' } as const;
  const all = givenTo({
    ...common,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      // A chart has its style inside, so that it is whole when opened or saved by itself.
      styleSrc: ["'self'", plotStyleHash],
      imgSrc: ["'self'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      // No script makes HTML out of a text, and none is loaded from an address that is made of one.
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    xFrameOptions: 'DENY',
  });
  // Mail and chat show it on pages of theirs; it is no page.
  const picture = givenTo({
    ...common,
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: 'cross-origin',
  });
  const framed = givenTo({ ...common, contentSecurityPolicy: registerPolicy, xFrameOptions: 'SAMEORIGIN' });
  return (c, next) => (c.req.path === registerPath ? framed : c.req.path.startsWith(picturePath) ? picture : all)(c, next);
}

function givenTo(options: Parameters<typeof secureHeaders>[0]): MiddlewareHandler {
  const headers = secureHeaders(options);
  const sample = new Hono().get('/', headers, (c) => c.body(null));
  let all: Promise<[string, string][]> | [string, string][] | undefined;
  return async (c, next) => {
    all ??= Promise.resolve(sample.request('/')).then((answer) => (all = [...answer.headers]));
    for (const [name, value] of Array.isArray(all) ? all : await all) if (!told(c, name, value)) return headers(c, next);
    return next();
  };
}
