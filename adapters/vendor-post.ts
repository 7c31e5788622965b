import { DeliveryError } from '../app/ports/delivery-error.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import {
  type Answer,
  type Asked,
  exchange,
  isGood,
  passing,
  post,
  reasonOf,
  retryAfterMs,
  startOf,
  TimedOutError,
  TooLongError,
} from './exchange.ts';

/**
 * The value of a secret that a delivery needs, as it is stored. Throws DeliveryError. `to`: whom it
 * is for, for people.
 */
export async function deliverySecret(secrets: Secrets, name: string, to: string): Promise<string> {
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

/**
 * A token, key or address: as `deliverySecret`, without the spaces and line breaks that files and
 * copying leave around it.
 */
export async function deliveryToken(secrets: Secrets, name: string, to: string): Promise<string> {
  const token = (await deliverySecret(secrets, name, to)).trim();
  // The same words for each kind of fault: none of them may quote the value.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new DeliveryError(
    `${to}: expected the secret ${name} to hold one word of ASCII; received something else; store the value alone`,
    { retryable: false },
  );
}

/**
 * The address that a secret holds, of https or http. Throws DeliveryError, which does not quote it.
 */
export async function deliveryUrl(secrets: Secrets, name: string, to: string): Promise<URL> {
  const text = await deliveryToken(secrets, name, to);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new DeliveryError(`${to}: expected the secret ${name} to hold a URL; received something else; store the whole address`, {
    retryable: false,
  });
}

/** Who posts. */
export const userAgent = { 'User-Agent': 'tocsin' } as const;
export const jsonHeaders = { 'Content-Type': 'application/json', ...userAgent } as const;

export type Posted = Asked & {
  body: string | Uint8Array;
  /** Of an answer of status 2xx. */
  maxBytes: number;
  /** Refusals say in their body why: its start becomes the answer's text. */
  readsRefusals?: boolean;
  /**
   * How long the text of a refusal asks to be left alone, in milliseconds, where `Retry-After` does
   * not say it.
   */
  waitIn?: (text: string) => number | undefined;
};

/** Of a refusal. */
const maxReasonBytes = 4096;

const reasoned = (url: URL, asked: Posted): Promise<Answer> =>
  exchange(url, asked, async (response) => {
    const { statusCode: status = 0, headers } = response;
    return { status, headers, text: await startOf(response, isGood(status) ? asked.maxBytes : maxReasonBytes) };
  });

/** What to do about a refusal for good. */
export type Advice = (answer: Answer) => string;

/**
 * Posts, and returns an answer of status 2xx. Throws a DeliveryError that names `to` and no
 * address: the path or query of one often is a secret.
 */
export async function delivered(to: string, url: URL, posted: Posted, advice: Advice): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await (posted.readsRefusals ? reasoned : post)(url, posted);
  } catch (cause) {
    if (cause instanceof TooLongError) {
      throw new DeliveryError(`${to}: the answer is longer than ${posted.maxBytes} bytes; check the address`, {
        retryable: false,
      });
    }
    throw new DeliveryError(`${to}: no answer: ${reasonOf(cause)}`, {
      retryable: true,
      timedOut: cause instanceof TimedOutError,
      cause,
    });
  }
  if (isGood(answer.status)) return answer;
  throw refusal(answer, to, posted, advice);
}

function refusal(answer: Answer, to: string, { waitIn }: Posted, advice: Advice): DeliveryError {
  const { status, headers, text } = answer;
  if (status >= 300 && status < 400) {
    return new DeliveryError(`${to}: redirects with status ${status}; use the final address`, { retryable: false });
  }
  const retryable = passing(status);
  return new DeliveryError(`${to}: HTTP status ${status}${retryable ? '' : `; ${advice(answer)}`}`, {
    retryable,
    retryAfterMs: retryable ? (retryAfterMs(headers['retry-after'] ?? null, Date.now()) ?? waitIn?.(text)) : undefined,
  });
}
