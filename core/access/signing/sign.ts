import { hmacHex, sameText, staleReason } from './hmac.ts';

/** Header with a webhook's signature: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "{t}.{body}">`. */
export const signatureHeader = 'Tocsin-Signature';

/** Header with the effect id. Equal on every attempt, so that a receiver can drop repeats. */
export const keyHeader = 'Tocsin-Key';

export type SignatureCheck = { ok: true } | { ok: false; reason: string };

/** The `Tocsin-Signature` value for a body. Throws RangeError for an empty secret. */
export function signBody(secret: string, timestampSeconds: number, body: string | Uint8Array): string {
  if (secret === '') throw new RangeError('cannot sign with an empty secret; give the secret a value');
  const t = String(Math.trunc(timestampSeconds));
  return `t=${t},v1=${hmacHex(secret, `${t}.`, body)}`;
}

/**
 * Checks a `Tocsin-Signature` header against the raw body. Refused if missing, malformed, signed
 * with another secret, or more than five minutes off. Several `v1` values are allowed, so that a
 * sender can rotate its secret; one must match.
 */
export function verifyBody(check: {
  secret: string;
  header: string | undefined;
  body: string | Uint8Array;
  nowSeconds: number;
}): SignatureCheck {
  const { secret, header, body, nowSeconds } = check;
  if (secret === '') return { ok: false, reason: 'there is no secret to check the signature with' };
  if (header === undefined || header === '') return { ok: false, reason: `the ${signatureHeader} header is missing` };
  const parts = header.split(',').map((part) => part.trim());
  const times = parts.filter((part) => part.startsWith('t='));
  const signatures = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3));
  const t = times[0]?.slice(2);
  // Many signatures in one header would buy an attacker many guesses per request.
  if (t === undefined || times.length !== 1 || signatures.length === 0 || signatures.length > 4) {
    return { ok: false, reason: `the ${signatureHeader} header is malformed; expected t=<Unix seconds>,v1=<hex>` };
  }
  const stale = staleReason(t, nowSeconds);
  if (stale !== undefined) return { ok: false, reason: stale };
  const expected = hmacHex(secret, `${t}.`, body);
  let matched = false;
  for (const signature of signatures) matched = sameText(expected, signature) || matched;
  return matched ? { ok: true } : { ok: false, reason: 'the signature does not match the body' };
}
