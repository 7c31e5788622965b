import { signatureToleranceSeconds } from '../core/access/signing/hmac.ts';

/** A signature is good for as long as its timestamp is, which may be ahead of our clock by as much again. */
const rememberMs = 2 * signatureToleranceSeconds * 1000;

/**
 * Tells the first time that a signature is seen from every later one, so that a request which was recorded and is sent
 * again does nothing. Signatures must have been checked before: what is remembered is bounded by what the signer sends.
 * Each process remembers for itself.
 */
export function replayGuard(): (signature: string, nowMs: number) => boolean {
  const seen = new Map<string, number>();
  return (signature, nowMs) => {
    // In the order in which they were added, so that the old ones stand first.
    for (const [one, at] of seen) {
      if (nowMs - at < rememberMs) break;
      seen.delete(one);
    }
    if (seen.has(signature)) return false;
    seen.set(signature, nowMs);
    return true;
  };
}
