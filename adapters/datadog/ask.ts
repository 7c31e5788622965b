import type { Secrets } from '../../app/ports/secrets.ts';
import type { DatadogSourceConfig } from '../../core/telemetry/sources/kinds/datadog.ts';
import { type Share, StarvedError, shortness } from '../asked-in-time.ts';
import { exchange, reasonOf, TimedOutError, TooLongError, textOf } from '../exchange.ts';
import { MissingSecretError, neededSecret } from '../secret-values.ts';
import { said } from './answer.ts';

/** The account has asked too often. */
export class LimitedError extends Error {
  override name = 'LimitedError';
  readonly waitMs: number;
  constructor(waitMs: number) {
    super(`Datadog limits how often this account may ask; it is asked again in ${Math.ceil(waitMs / 1000)} s`);
    this.waitMs = waitMs;
  }
}

/** No query will be answered with these keys. */
export class RefusedKeysError extends Error {
  override name = 'RefusedKeysError';
}

/** No more is read of an answer. */
const bounds = { mostBytes: 16 * 1024 ** 2, tooLong: 'the answer is longer than 16 MB; ask for fewer tags, or a longer step' };
/** Where Datadog does not say how long, and at most. */
const usualWaitMs = 60_000;
const longestWaitMs = 3_600_000;

/**
 * The body of a 200 answer. Throws an Error for people, which holds no key. Redirects are not
 * followed, so keys go nowhere else.
 */
export async function ask(
  address: string,
  { query, from, to }: { query: string; from: number; to: number },
  { apiKey, appKey, timeout }: DatadogSourceConfig,
  secrets: Secrets,
  share: Share,
): Promise<string> {
  const headers = {
    'DD-API-KEY': await keyOf(secrets, apiKey),
    'DD-APPLICATION-KEY': await keyOf(secrets, appKey),
    Accept: 'application/json',
  };
  const url = new URL('/api/v1/query', address);
  // The end is part of the range of Datadog.
  url.search = new URLSearchParams({ from: String(from / 1000), to: String(to / 1000 - 1), query }).toString();
  const timeoutMs = share.timeoutMs(timeout);
  const late = `no answer within ${timeoutMs / 1000} s${shortness(timeoutMs, timeout)}`;
  const { status, reset, text } = await exchange(url, { headers, timeoutMs, late }, async (response) => ({
    status: response.statusCode ?? 0,
    reset: response.headers['x-ratelimit-reset'],
    text: await textOf(response, { ...bounds, take: share.take }),
  })).catch((cause: unknown) => {
    if (cause instanceof TooLongError || cause instanceof TimedOutError || cause instanceof StarvedError) throw cause;
    throw new Error(`Datadog cannot be reached: ${reasonOf(cause)}`);
  });
  if (status === 200) return text;
  if (status === 429) throw new LimitedError(waitOf(typeof reset === 'string' ? reset : undefined));
  if (status === 401 || status === 403)
    throw new RefusedKeysError(
      `Datadog refuses the keys with status ${status}: check \`site\`, and the secrets ${apiKey} and ${appKey} (scope timeseries_query)`,
    );
  if (status >= 300 && status < 400) throw new RefusedKeysError(`Datadog redirects with status ${status}; check \`site\``);
  throw new Error(
    status === 400 || status === 422
      ? `Datadog refused the query: ${errorIn(text)}`
      : `Datadog answered with status ${status}: ${errorIn(text)}`,
  );
}

/** Seconds until the limit is over. */
function waitOf(reset: string | undefined): number {
  const seconds = reset === undefined || !/^\d{1,9}$/.test(reset.trim()) ? Number.NaN : Number(reset);
  return Number.isNaN(seconds) ? usualWaitMs : Math.min(longestWaitMs, Math.max(1000, seconds * 1000));
}

function errorIn(text: string): string {
  try {
    const { error, errors } = JSON.parse(text) as { error?: unknown; errors?: unknown };
    if (typeof error === 'string') return said(error);
    if (Array.isArray(errors)) return said(errors.filter((one) => typeof one === 'string').join('; '));
  } catch {
    // Not JSON, as from a proxy.
  }
  return 'without a reason';
}

async function keyOf(secrets: Secrets, name: string): Promise<string> {
  const value = await neededSecret(secrets, name).catch((cause: unknown) => {
    throw cause instanceof MissingSecretError ? new RefusedKeysError(cause.message) : cause;
  });
  if (!/^[\x21-\x7e]+$/.test(value)) throw new RefusedKeysError(`the secret ${name} holds characters that no key has`);
  return value;
}
