import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { keyHeader, signatureHeader, signBody } from '../../core/access/signing/sign.ts';
import { type Answer, passing, post, reasonOf, retryAfterMs, TimedOutError, TooLongError } from '../exchange.ts';

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
  target: { url: string; secret: string },
  body: unknown,
  key: string | undefined,
): Promise<string> {
  const to = `webhook ${new URL(target.url).host}`;
  const secret = await readSecret(options.secrets, target.secret, to);
  const text = JSON.stringify(body);
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'tocsin',
    [signatureHeader]: signBody(secret, Math.floor(Date.now() / 1000), text),
  };
  if (key !== undefined) headers[keyHeader] = headerSafe(key);
  const traceparent = options.traceparent?.();
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  let answer: Answer;
  try {
    answer = await post(new URL(target.url), {
      headers,
      body: text,
      timeoutMs: options.timeoutMs ?? 5000,
      maxBytes: maxAnswerBytes,
    });
  } catch (cause) {
    if (cause instanceof TooLongError) {
      throw new DeliveryError(`${to}: the answer is longer than ${maxAnswerBytes} bytes; answer with the documented JSON only`, {
        retryable: false,
      });
    }
    throw new DeliveryError(`${to}: no answer: ${reasonOf(cause)}`, {
      retryable: true,
      timedOut: cause instanceof TimedOutError,
      cause,
    });
  }
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, to);
  return answer.text;
}

async function readSecret(secrets: Secrets, name: string, to: string): Promise<string> {
  let secret: string | undefined;
  try {
    secret = await secrets.get(name);
  } catch (cause) {
    throw new DeliveryError(`${to}: the secret ${name} could not be read`, { retryable: true, cause });
  }
  if (secret === undefined || secret === '') {
    throw new DeliveryError(`${to}: the secret ${name} has no value; set it where Tocsin runs`, { retryable: false });
  }
  return secret;
}

function refusal({ status, headers }: Answer, to: string): DeliveryError {
  if (status >= 300 && status < 400) {
    return new DeliveryError(`${to}: redirects with status ${status}; put the final URL into the config`, { retryable: false });
  }
  const retryable = passing(status);
  const advice = retryable ? '' : '; the receiver refuses this request, see its log';
  return new DeliveryError(`${to}: HTTP status ${status}${advice}`, {
    retryable,
    retryAfterMs: retryable ? retryAfterMs(headers['retry-after'] ?? null, Date.now()) : undefined,
  });
}

/** HTTP headers allow visible ASCII only. */
const headerSafe = (key: string): string => encodeURI(key.toWellFormed()).slice(0, 500);
