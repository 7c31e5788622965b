import { DeliveryError, type Secrets } from '../../app/ports.ts';
import { keyHeader, signatureHeader, signBody } from '../../core/signing/sign.ts';

export type WebhookOptions = {
  secrets: Secrets;
  /** For tests and proxies; the global one when left out. */
  fetch?: typeof fetch;
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
  try {
    const response = await (options.fetch ?? fetch)(target.url, {
      method: 'POST',
      headers,
      body: text,
      // A redirect would carry the signed body to a place nobody configured.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
    });
    if (!response.ok) throw await refusal(response, to);
    return await readLimited(response, to);
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError(`${to}: no answer: ${reasonOf(cause)}`, { retryable: true, cause });
  }
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

async function refusal(response: Response, to: string): Promise<DeliveryError> {
  const { status } = response;
  await response.body?.cancel();
  if (status >= 300 && status < 400) {
    return new DeliveryError(`${to}: redirects with status ${status}; put the final URL into the config`, { retryable: false });
  }
  const retryable = passing(status);
  const advice = retryable ? '' : '; the receiver refuses this request, see its log';
  return new DeliveryError(`${to}: HTTP status ${status}${advice}`, {
    retryable,
    retryAfterMs: retryable ? retryAfterMs(response.headers.get('retry-after'), Date.now()) : undefined,
  });
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). Undefined when it is neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

async function readLimited(response: Response, to: string): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) {
      throw new DeliveryError(`${to}: the answer is longer than ${maxAnswerBytes} bytes; answer with the documented JSON only`, {
        retryable: false,
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** fetch hides the reason of a failed connection in the cause. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause;
  if (inner instanceof Error) return 'code' in inner ? `${String(inner.code)}` : inner.message;
  return cause.message;
}

/** HTTP headers carry visible ASCII only. */
const headerSafe = (key: string): string => encodeURI(key.toWellFormed()).slice(0, 500);
