import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** How far the clock of a signed request may be off, in either direction. */
export const signatureToleranceSeconds = 300;

/** HMAC-SHA256 (RFC 2104) of `prefix` followed by `body`, in lower-case hexadecimal. */
export function hmacHex(secret: string, prefix: string, body: string | Uint8Array): string {
  const bytes = typeof body === 'string' ? utf8ToBytes(body) : body;
  return bytesToHex(hmac(sha256, utf8ToBytes(secret), concatBytes(utf8ToBytes(prefix), bytes)));
}

/** Compares two texts in a time that depends on their lengths only. */
export function sameText(expected: string, received: string): boolean {
  let difference = expected.length ^ received.length;
  for (let i = 0; i < expected.length; i++) {
    // charCodeAt past the end is NaN, which XOR treats as 0. The lengths were compared before.
    difference |= expected.charCodeAt(i) ^ received.charCodeAt(i);
  }
  return difference === 0;
}

/** Why a timestamp (Unix seconds, digits only) is refused, or undefined. */
export function staleReason(timestamp: string, nowSeconds: number): string | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is not a number of Unix seconds';
  const off = Math.trunc(nowSeconds) - Number(timestamp);
  if (Math.abs(off) <= signatureToleranceSeconds) return undefined;
  const way = off > 0 ? 'old' : 'ahead of our clock';
  return `the request is ${Math.abs(off)} s ${way}; at most ${signatureToleranceSeconds} s are accepted`;
}
