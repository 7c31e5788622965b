import type { Context, MiddlewareHandler } from 'hono';
import { sha256 } from 'hono/utils/crypto';

/**
 * A browser may keep the answer and asks each time whether it still holds; nobody between may keep
 * it, as it belongs to whoever signed in.
 */
const kept = 'private, no-cache';

/** When the answer was made. It comes first, and changes with every answer. */
const answeredAt = /^\{"at":"[^"]*"/;

/**
 * Tags what a GET is answered by what it says, whenever it was said (docs/adr/0085). A client that
 * has the same already gets 304 without a body.
 */
export const entityTag: MiddlewareHandler = async (c, next) => {
  await next();
  if (!isTagged(c)) return;
  const text = await c.res.text();
  const tag = await tagOf(text);
  const headers = new Headers(c.res.headers);
  headers.set('ETag', tag);
  headers.set('Cache-Control', kept);
  const same = isNamed(tag, c.req.header('If-None-Match'));
  if (same) headers.delete('Content-Type');
  c.res = undefined;
  c.res = same ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
};

const isTagged = ({ req, res }: Context): boolean =>
  (req.method === 'GET' || req.method === 'HEAD') &&
  res.status === 200 &&
  res.headers.get('Content-Type')?.startsWith('application/json') === true;

/** Weak, because answers with the same tag may differ in their time. */
async function tagOf(text: string): Promise<string> {
  const digest = await sha256(text.replace(answeredAt, '{'));
  return `W/"${digest?.slice(0, 24)}"`;
}

/** A proxy that compresses may have made a weak tag of ours strong, or the other way. */
const isNamed = (tag: string, named = ''): boolean =>
  named.trim() === '*' || named.split(',').some((one) => weak(one.trim()) === weak(tag));

const weak = (tag: string): string => tag.replace(/^W\//, '');
