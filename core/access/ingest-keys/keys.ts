import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameText } from '../signing/hmac.ts';
import type { IngestKeyConfig, IngestScope } from './ingest-key-schema.ts';

/**
 * During a rotation the old and the new key are both valid. A third value is one that nobody
 * removed.
 */
const maxValues = 2;

const hashed = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * Whether a sender's key is valid: equal to a value of the secret, or to the HEX of a `sha256:HEX`
 * value. During a rotation the secret holds two values. Hashes are compared in constant time, so
 * timing reveals neither length nor prefix. Values after the second are never valid.
 */
export function isKeyOf(secret: string, given: string): boolean {
  const hash = hashed(given);
  let same = false;
  for (const value of valuesIn(secret)) {
    const [, hex] = /^sha256:([0-9a-f]{64})$/i.exec(value) ?? [];
    same = sameText(hex === undefined ? hashed(value) : hex.toLowerCase(), hash) || same;
  }
  return same && given !== '';
}

/**
 * The key that a sender gives in the header `Authorization`: as bearer token, as clients of
 * Opsgenie do, or as password of Basic auth under any user name, for senders that know nothing
 * else. Empty if there is none.
 */
export function keyIn(authorization: string): string {
  const [, scheme = '', value = ''] = /^(Bearer|Basic|GenieKey) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  try {
    const text = new TextDecoder().decode(Uint8Array.from(atob(value), (char) => char.charCodeAt(0)));
    return text.includes(':') ? text.slice(text.indexOf(':') + 1) : '';
  } catch {
    return '';
  }
}

/** The valid values of a secret; empty if it holds none. */
export function valuesIn(secret: string): string[] {
  const values = secret.split(/[\s,]+/).filter((value) => value !== '');
  return values.slice(0, maxValues);
}

/** Why a key may not send this, for its sender; undefined if it may. */
export function refusalOf(
  { name, scope, sources }: IngestKeyConfig,
  sent: { scope: IngestScope; source: string | undefined },
): string | undefined {
  if (!scope.includes(sent.scope)) return `key ${name} may send ${scope.join(', ')}; received ${sent.scope}`;
  if (sources === undefined || sent.source === undefined || sources.includes(sent.source)) return undefined;
  return `key ${name} may send to ${sources.join(', ')}; received another source`;
}
