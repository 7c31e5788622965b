import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameText } from '../signing/hmac.ts';
import type { IngestKeyConfig, IngestScope } from './ingest-key-schema.ts';

/** A key that is being replaced is good beside the new one; a third one would be a key that nobody took away. */
const maxValues = 2;

const hashed = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * Whether a sender's key is one of those that a secret holds: the key itself or `sha256:HEX` of it, and during a rotation
 * two of these. Hashes are compared, each in constant time, so neither a length nor a beginning can be learnt. A third
 * value and those after it are never good.
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

/** The values that count of a secret; an empty list means that it holds none. */
export function valuesIn(secret: string): string[] {
  const values = secret.split(/[\s,]+/).filter((value) => value !== '');
  return values.slice(0, maxValues);
}

/** Why a key may not send this, in words for its sender; undefined when it may. */
export function refusalOf(
  { name, scope, sources }: IngestKeyConfig,
  sent: { scope: IngestScope; source: string | undefined },
): string | undefined {
  if (!scope.includes(sent.scope)) return `the key ${name} may send ${scope.join(', ')}; received ${sent.scope}`;
  if (sources === undefined || sent.source === undefined || sources.includes(sent.source)) return undefined;
  return `the key ${name} may send to ${sources.join(', ')}; received another source`;
}
