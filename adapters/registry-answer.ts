/** One question to the server of a registry, and its answer as JSON. Errors are for people, and hold no secret. */
import type { Secrets } from '../app/ports/secrets.ts';
import type { PolledRegistry } from '../core/telemetry/registries/registry-schema.ts';
import { reasonOf, TooLongError } from './exchange.ts';
import { neededSecret } from './secret-values.ts';

const pageTimeoutMs = 10_000;
/** Of all pages together: a tick on AWS waits for it. */
export const allPagesMs = 20_000;
const maxBytes = 8 * 1024 * 1024;

export async function headersOf({ basic, bearer }: PolledRegistry, secrets: Secrets): Promise<Record<string, string>> {
  if (basic !== undefined) {
    const both = `${basic.username}:${await neededSecret(secrets, basic.password)}`;
    return { Authorization: `Basic ${Buffer.from(both).toString('base64')}` };
  }
  return bearer === undefined ? {} : { Authorization: `Bearer ${await neededSecret(secrets, bearer)}` };
}

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
  let response: Response;
  let text: string;
  try {
    // Redirects are not followed, so that a password goes nowhere else.
    response = await fetch(url, {
      headers: { ...headers, Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await bodyOf(response);
  } catch (cause) {
    if (cause instanceof TooLongError) throw cause;
    if (cause instanceof DOMException) throw new Error(`no answer within ${timeoutMs / 1000} s`);
    throw new Error(`${server} cannot be reached: ${reasonOf(cause instanceof Error ? (cause.cause ?? cause) : cause)}`);
  }
  if (response.status === 401 || response.status === 403)
    throw new Error(`${server} refuses the credentials with status ${response.status}; check basic or bearer of the registry`);
  if (response.status !== 200) throw new Error(`${server} answered with status ${response.status}; check url of the registry`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the answer of ${server} is not JSON; check url of the registry`);
  }
}

async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new TooLongError(`the answer is longer than ${maxBytes / 1024 ** 2} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
