import { signatureToleranceSeconds } from '../core/access/signing/hmac.ts';

/**
 * A signature is valid while its timestamp is, which may be that far ahead of our clock as well.
 */
const rememberMs = 2 * signatureToleranceSeconds * 1000;

/**
 * Returns whether a signature is new, so that a replayed request does nothing. Verify signatures
 * first: the signer then bounds how many are remembered. Each process remembers its own.
 */
export function replayGuard(): (signature: string, nowMs: number) => boolean {
  const seen = new Map<string, number>();
  return (signature, nowMs) => {
    // Insertion order, so the oldest come first.
    for (const [one, at] of seen) {
      if (nowMs - at < rememberMs) break;
      seen.delete(one);
    }
    if (seen.has(signature)) return false;
    seen.set(signature, nowMs);
    return true;
  };
}
