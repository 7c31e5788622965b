import { isLoopback } from './loopback.ts';

/**
 * Whether the servers of a vendor can call this URL: HTTPS, at the usual port, and at a name or
 * address that is not of a private network. What only looks public fails there, and harms nothing.
 */
export function isPublicUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' || port !== '' || isLoopback(url) || hostname.startsWith('[')) return false;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return !privateAddress.test(hostname);
  return hostname.includes('.') && !privateName.test(hostname);
}

/** Private, link-local and shared addresses (RFC 1918, 3927, 6598). */
const privateAddress = /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
/** Names that no public name server answers (RFC 2606, 6761, 6762, and what routers give). */
const privateName = /\.(local|localhost|internal|lan|home|corp|intranet|test|invalid|home\.arpa)$/;
