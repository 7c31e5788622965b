import type { Secrets } from '../../app/ports/secrets.ts';
import { keyHeader, signatureHeader, signBody } from '../../core/access/signing/sign.ts';
import { delivered, deliverySecret, deliveryToken, jsonHeaders } from '../vendor-post.ts';

export type WebhookOptions = {
  secrets: Secrets;
  /** The request's span as a W3C traceparent, for receivers that continue the trace. */
  traceparent?: () => string | undefined;
  /** Time limit for a response, including connection and body. */
  timeoutMs?: number;
};

/** The rest of a response is not read. */
const maxAnswerBytes = 1024 * 1024;

/**
 * Posts a signed JSON body and returns the response text. Throws DeliveryError. Messages name only
 * the host: a webhook's path or query often is a secret.
 */
export async function postSigned(
  options: WebhookOptions,
  target: { url: string; secret: string; bearer?: string | undefined },
  body: unknown,
  key: string | undefined,
): Promise<string> {
  const to = `webhook ${new URL(target.url).host}`;
  const secret = await deliverySecret(options.secrets, target.secret, to);
  const text = JSON.stringify(body);
  const headers: Record<string, string> = {
    ...jsonHeaders,
    [signatureHeader]: signBody(secret, Math.floor(Date.now() / 1000), text),
  };
  if (key !== undefined) headers[keyHeader] = headerSafe(key);
  if (target.bearer !== undefined) headers['Authorization'] = `Bearer ${await deliveryToken(options.secrets, target.bearer, to)}`;
  const traceparent = options.traceparent?.();
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  const exchange = { headers, body: text, timeoutMs: options.timeoutMs ?? 5000, maxBytes: maxAnswerBytes };
  const { text: answer } = await delivered(to, new URL(target.url), exchange, () => refused);
  return answer;
}

const refused = 'the receiver refuses this request, see its log';

/** HTTP headers allow visible ASCII only. */
const headerSafe = (key: string): string => encodeURI(key.toWellFormed()).slice(0, 500);
