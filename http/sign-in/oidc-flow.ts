import type { Context } from 'hono';
import * as z from 'zod';
import type { Flow } from '../../app/ports/identity-provider.ts';
import type { Keys } from '../../app/signing-keys.ts';
import { signed, verified } from '../../core/access/sign-in/signed-text.ts';
import type { HttpOptions } from '../options.ts';
import { dropCookie, readCookie, writeCookie } from './cookies.ts';
import { keysFor } from './keys.ts';

/** How long somebody may take at the provider. */
const withinMs = 600_000;

const schema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
  until: z.int(),
});

const keys = (options: HttpOptions): Promise<Keys> => keysFor(options, 'oidc sign-in');

/** Keeps in the browser what its return must fit; why not, if it cannot. */
export async function keepFlow(c: Context, options: HttpOptions, flow: Flow, to: string): Promise<string | undefined> {
  const known = await keys(options);
  if (!known.ok) return known.fault;
  const until = options.now() + withinMs;
  writeCookie(c, options, 'tocsin-sign-in', signed(known.first, { ...flow, to, until }), until);
  return undefined;
}

/** What this browser began, and no longer keeps; undefined if it began nothing, or too long ago. */
export async function takeFlow(c: Context, options: HttpOptions): Promise<(Flow & { to: string }) | undefined> {
  const cookie = readCookie(c, options, 'tocsin-sign-in');
  if (cookie === undefined) return undefined;
  dropCookie(c, options, 'tocsin-sign-in');
  const known = await keys(options);
  const read = schema.safeParse(known.ok ? verified(known.all, cookie) : undefined);
  return read.success && options.now() < read.data.until ? read.data : undefined;
}
