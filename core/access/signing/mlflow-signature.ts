import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameText } from './hmac.ts';

/** MLflow tries a few times within minutes, under the time of the first. */
export const mlflowRetriesSeconds = 15 * 60;
const aheadSeconds = 5 * 60;

/** Also said of a registry that there is not. */
export const unsigned = 'the signature is not that of a registry in the config: check its name in the address, and its secret';

type Signed = {
  secret: string;
  body: Uint8Array;
  deliveryId: string | undefined;
  /** Unix seconds. */
  timestamp: string | undefined;
  signature: string | undefined;
  nowSeconds: number;
};

/**
 * Whether MLflow sent a webhook: `v1,` and the base64 of HMAC-SHA256 over
 * `delivery-id.timestamp.body`. Retries have the id, the time and the signature of the first try,
 * so they are no replays; what is much older than a retry is one.
 */
export function checkMlflowSignature({ secret, body, deliveryId, timestamp, signature, nowSeconds }: Signed): string | undefined {
  if (deliveryId === undefined || timestamp === undefined || signature === undefined) {
    return 'expected the headers X-MLflow-Delivery-Id, X-MLflow-Timestamp and X-MLflow-Signature; give the webhook in MLflow the secret';
  }
  if (!/^\d{1,12}$/.test(timestamp) || deliveryId.length > 200) return 'the headers of the signature are not those of MLflow';
  const made = hmac(sha256, utf8ToBytes(secret), concatBytes(utf8ToBytes(`${deliveryId}.${timestamp}.`), body));
  const expected = `v1,${btoa(String.fromCharCode(...made))}`;
  // A secret that is being replaced may sign twice.
  const isSigned = signature
    .slice(0, 1000)
    .split(' ')
    .map((one) => sameText(expected, one))
    .includes(true);
  if (!isSigned) return unsigned;
  const age = Math.trunc(nowSeconds) - Number(timestamp);
  if (age > mlflowRetriesSeconds)
    return `the message is ${age} s old, and MLflow tries again for ${mlflowRetriesSeconds} s at most`;
  return age < -aheadSeconds ? `the message is ${-age} s ahead of our clock` : undefined;
}
