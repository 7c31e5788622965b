import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** `text` is read for 2xx only: a refusal's body is useless and may be long. */
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** The response is longer than what is read. */
export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Nothing, or not everything, arrived in time. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';
}

type Exchange = { headers: Record<string, string>; body: string | Uint8Array; timeoutMs: number; maxBytes: number };

/**
 * Connections are reused, because in a storm pages go to the same few receivers; but only that
 * long. A receiver that vanishes leaves them open, and each page over one would run into its
 * time-out.
 */
const kept = { keepAlive: true, timeout: 1000 };
const plainAgent = new HttpAgent(kept);
const tlsAgent = new HttpsAgent(kept);

/**
 * One POST and its response, whatever its status; redirects are not followed. Uses node:http, which
 * takes a quarter of fetch's time. Throws connection errors, `TooLongError`, or `TimedOutError`
 * with the time waited.
 */
export async function post(url: URL, exchange: Exchange): Promise<Answer> {
  try {
    return await postOnce(url, exchange, url.protocol === 'https:' ? tlsAgent : plainAgent);
  } catch (error) {
    // The receiver closed a reused connection: not a fault of the receiver, so retry on a new one.
    if (error instanceof ReusedError) return postOnce(url, exchange, false);
    throw error;
  }
}

/** A reused connection was cut before any response. */
class ReusedError extends Error {
  override name = 'ReusedError';
}

function postOnce(
  url: URL,
  { headers, body, timeoutMs, maxBytes }: Exchange,
  agent: NonNullable<RequestOptions['agent']>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) }, agent };
    let answered = false;
    const request: ClientRequest = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      answered = true;
      const { statusCode: status = 0, headers: told } = response;
      const chunks: Buffer[] = [];
      let bytes = 0;
      if (status < 200 || status >= 300) resolve({ status, headers: told, text: '' });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) giveUp(new TooLongError(`longer than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        // Drops a byte order mark before the JSON.
        resolve({ status, headers: told, text: new TextDecoder().decode(Buffer.concat(chunks)) });
      });
    });
    const timer = setTimeout(() => giveUp(new TimedOutError(`none within ${timeoutMs} ms`)), timeoutMs);
    function fail(error: NodeJS.ErrnoException): void {
      clearTimeout(timer);
      const wasCut = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(wasCut && request.reusedSocket && !answered ? new ReusedError() : error);
    }
    /**
     * Do not pass the error to the connection: after the response nobody listens there, and it
     * would crash the process.
     */
    function giveUp(error: Error): void {
      fail(error);
      request.destroy();
    }
    request.on('error', fail);
    // A protocol upgrade closes without response or error.
    request.on('close', () => {
      if (!answered) fail(new Error('closed without an answer'));
    });
    request.end(body);
  });
}

/** Temporary statuses; every other 4xx means that this request will never be accepted. */
export const passing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). Undefined if neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Why there was no response: names no address. */
export const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
