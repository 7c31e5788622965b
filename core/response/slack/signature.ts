import { hmacHex, sameText, staleReason } from '../../access/signing/hmac.ts';
import type { SignatureCheck } from '../../access/signing/sign.ts';

/**
 * Verifies a request from Slack: `X-Slack-Signature` must be `v0=` and the hex HMAC-SHA256 of
 * `v0:{X-Slack-Request-Timestamp}:{raw body}` under the signing secret, with a timestamp at most
 * five minutes off (https://docs.slack.dev/authentication/verifying-requests-from-slack). `rawBody`
 * must be the exact bytes received. The reason never contains the secret or the signature.
 */
export function verifySlackSignature(check: {
  secret: string;
  timestamp: string | undefined;
  signature: string | undefined;
  rawBody: string | Uint8Array;
  nowSeconds: number;
}): SignatureCheck {
  const { secret, timestamp, signature, rawBody, nowSeconds } = check;
  if (secret === '')
    return { ok: false, reason: "there is no signing secret; copy it from the Slack app's Basic Information page" };
  if (timestamp === undefined || timestamp === '')
    return { ok: false, reason: 'the X-Slack-Request-Timestamp header is missing' };
  if (signature === undefined || signature === '') return { ok: false, reason: 'the X-Slack-Signature header is missing' };
  const stale = staleReason(timestamp, nowSeconds);
  if (stale !== undefined) return { ok: false, reason: stale };
  const expected = `v0=${hmacHex(secret, `v0:${timestamp}:`, rawBody)}`;
  return sameText(expected, signature) ? { ok: true } : { ok: false, reason: 'the signature does not match the body' };
}
