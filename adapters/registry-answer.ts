/**
 * One question to the server of a registry, and its answer as JSON. Errors are for people, and hold
 * no secret.
 */
import { exchange, reasonOf, TimedOutError, TooLongError, textOf } from './exchange.ts';

const pageTimeoutMs = 10_000;
/** Of all pages together: a tick on AWS waits for it. */
export const allPagesMs = 20_000;
const bounds = { mostBytes: 8 * 1024 ** 2, tooLong: 'the answer is longer than 8 MB' };

/** `path` stands below the address of the server. `body` is sent as JSON, if there is one. */
export type RegistryQuestion = {
  /** What the server is called in errors. */
  server: string;
  path: string;
  query?: Record<string, string>;
  body?: object;
};

/** `endsAt`: by the clock of `performance`, when all pages must have come. */
export async function askJson(
  address: string,
  { server, path, query = {}, body }: RegistryQuestion,
  { headers, endsAt }: { headers: Record<string, string>; endsAt: number },
): Promise<unknown> {
  const url = new URL(`${address.replace(/\/+$/, '')}${path}`);
  url.search = new URLSearchParams(query).toString();
  const timeoutMs = Math.min(pageTimeoutMs, Math.max(1, Math.trunc(endsAt - performance.now())));
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const { status, text } = await exchange(
    url,
    {
      headers: { ...headers, Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...sent,
      timeoutMs,
      late: `no answer within ${timeoutMs / 1000} s`,
    },
    async (response) => ({ status: response.statusCode, text: await textOf(response, bounds) }),
  ).catch((cause: unknown) => {
    if (cause instanceof TooLongError || cause instanceof TimedOutError) throw cause;
    throw new Error(`${server} cannot be reached: ${reasonOf(cause)}`);
  });
  if (status === 401 || status === 403)
    throw new Error(`${server} refuses the credentials with status ${status}; check basic or bearer of the registry`);
  if (status !== 200) throw new Error(`${server} answered with status ${status}; check url of the registry`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the answer of ${server} is not JSON; check url of the registry`);
  }
}
