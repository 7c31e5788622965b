import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** The response is longer than what is read. */
export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Nothing, or not everything, arrived in time. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';
}

/** What connections to a server are kept in. */
export type Connection = HttpAgent;

export type Asked = {
  headers: Record<string, string>;
  /** Sent by POST; without it, it is a GET. */
  body?: string | Uint8Array;
  /** In place of POST. */
  method?: 'PATCH';
  /** Until the whole answer is read. */
  timeoutMs: number;
  /** What the error says after that. */
  late?: string;
  /** Where connections are kept, if not with those of every other receiver. */
  connection?: Connection;
};

/**
 * Connections are reused, because in a storm pages go to the same few receivers; but only that
 * long. A receiver that vanishes leaves them open, and each page over one would run into its
 * time-out.
 */
const kept = { keepAlive: true, timeout: 1000 };
const plainAgent = new HttpAgent(kept);
const tlsAgent = new HttpsAgent(kept);

/**
 * One request, and what `read` makes of its response, whatever its status. Redirects are not
 * followed, so credentials go nowhere else. Uses node:http, which takes a quarter of fetch's time.
 * Throws what `read` throws, connection errors, or `TimedOutError`.
 */
export async function exchange<T>(url: URL, asked: Asked, read: (response: IncomingMessage) => Promise<T>): Promise<T> {
  const { connection = url.protocol === 'https:' ? tlsAgent : plainAgent } = asked;
  try {
    return await exchangeOnce(url, asked, connection, read);
  } catch (error) {
    // The receiver closed a reused connection: not a fault of the receiver, so retry on another
    // one.
    if (error instanceof ReusedError) return exchangeOnce(url, asked, asked.connection ?? false, read);
    throw error;
  }
}

/** A reused connection was cut before any response. */
class ReusedError extends Error {
  override name = 'ReusedError';
}

function exchangeOnce<T>(
  url: URL,
  {
    headers,
    body,
    method = body === undefined ? 'GET' : 'POST',
    timeoutMs,
    late = `none within ${timeoutMs} ms`,
  }: Omit<Asked, 'method'> & { method?: 'GET' | 'POST' | 'PATCH' },
  agent: Connection | false,
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...sent }, agent };
    let answered = false;
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      answered = true;
      // Whoever has read enough listens no more, and an error that nobody hears would end the
      // process.
      response.on('error', fail);
      response.on('close', () => clearTimeout(timer));
      read(response).then(resolve, giveUp);
    });
    const timer = setTimeout(() => giveUp(new TimedOutError(late)), timeoutMs);
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

/** What bounds the reading of a response. */
export type Bounds = {
  mostBytes: number;
  /** What the error says of a longer one. */
  tooLong?: string;
  /** Is told what is read, as it arrives, in bytes, and may throw. */
  take?: (bytes: number) => void;
};

/** A response as it arrives. Throws `TooLongError`, or what `take` throws. */
export async function* chunksOf(
  response: IncomingMessage,
  { mostBytes, tooLong = `longer than ${mostBytes} bytes`, take }: Bounds,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new TooLongError(tooLong);
    take?.(chunk.length);
    yield chunk;
  }
}

/** A whole response, without a byte order mark. Throws as `chunksOf` does. */
export async function textOf(response: IncomingMessage, bounds: Bounds): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(response, bounds)) chunks.push(chunk);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The start of a response, and no error if there is more. */
export async function startOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, mostBytes);
}

export const isGood = (status: number): boolean => status >= 200 && status < 300;

const mostIgnoredBytes = 64 * 1024;

/** `text` is read for 2xx only: a refusal's body is useless and may be long. */
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** One POST and its response, whatever its status. Throws as `exchange` does, or `TooLongError`. */
export const post = (
  url: URL,
  { maxBytes, ...asked }: Asked & { body: string | Uint8Array; maxBytes: number },
): Promise<Answer> =>
  exchange(url, asked, async (response) => {
    const { statusCode: status = 0, headers } = response;
    if (isGood(status)) return { status, headers, text: await textOf(response, { mostBytes: maxBytes }) };
    // Read all the same, so that the connection can be used again; one without end is cut.
    void startOf(response, mostIgnoredBytes).catch(() => undefined);
    return { status, headers, text: '' };
  });

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
