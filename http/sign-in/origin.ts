import type { Context } from 'hono';
import { isLoopback } from '../../core/vocabulary/loopback.ts';
import type { HttpOptions } from '../options.ts';

/**
 * The origin under which people reach this service: that of `publicUrl`. On AWS it may name none,
 * since an address of its own is given at deployment; then it is that of the request, which AWS
 * routes by its host name.
 */
export function ownOrigin(c: Context, { ports, access }: HttpOptions): string {
  const { publicUrl } = ports.config.settings;
  return new URL(access === 'public' && isLoopback(publicUrl) ? c.req.url : publicUrl).origin;
}

/** Whether the browser and this service, or what stands before it, talk over TLS. */
export function isSecure(c: Context, options: HttpOptions): boolean {
  const host = c.req.header('host') ?? '';
  const here = options.access === 'local' && host !== '' && URL.canParse(`http://${host}`) && isLoopback(`http://${host}`);
  return !here && ownOrigin(c, options).startsWith('https:');
}

/**
 * Whether a page of ours sent this. A browser sends its cookie by itself, and says with every post
 * where it comes from; the guard has refused what names another place.
 */
export function isFromOwnPage(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  return site === undefined ? c.req.header('origin') !== undefined : site === 'same-origin';
}
