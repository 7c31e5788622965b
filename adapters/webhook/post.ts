import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { keyHeader, signatureHeader, signBody } from '../../core/access/signing/sign.ts';
import { type Answer, post, TimedOutError, TooLongError } from './exchange.ts';

export type WebhookOptions = {
  secrets: Secrets;
  /** The span that a request belongs to, as a W3C traceparent, for receivers that continue the trace. */
  traceparent?: () => string | undefined;
  /** How long an answer may take, connection and body together. */
  timeoutMs?: number;
};

/** More of an answer than this is not read. */
const maxAnswerBytes = 1024 * 1024;

/** Statuses that pass by on their own; every other 4xx means that this request will never be taken. */
const passing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * Posts a signed JSON body and returns the text of the answer. Throws DeliveryError. Messages name the host only: the
 * path or query of a webhook is often a secret itself.
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

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). Undefined when it is neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);

/** HTTP headers carry visible ASCII only. */
const headerSafe = (key: string): string => encodeURI(key.toWellFormed()).slice(0, 500);
