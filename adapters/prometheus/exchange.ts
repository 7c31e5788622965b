import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Share } from '../asked-in-time.ts';
import { TimedOutError } from '../exchange.ts';
import { AnswerError, matrixReader, type RangeAnswer } from './matrix.ts';

/** What one source connects with. Kept between calls while its certificates are the same. */
export type Connection = HttpAgent;

export type Tls = { ca?: string; cert?: string; key?: string; servername?: string };

/** Connections are kept for the time between two ticks of a minute, and no longer than most servers keep them. */
export const connect = (url: string, tls: Tls): Connection =>
  url.startsWith('https:')
    ? new HttpsAgent({ keepAlive: true, timeout: 30_000, ...tls })
    : new HttpAgent({ keepAlive: true, timeout: 30_000 });

/** An answer that holds no series. `text`: the start of its body. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly status: number;
  readonly text: string;
  constructor(status: number, text: string) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.text = text;
  }
}

/** No more is read of an answer. */
const maxBytes = 32 * 1024 * 1024;
const maxRefusalBytes = 64 * 1024;

type Exchange = {
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** What the error says after that. */
  late: string;
  connection: Connection;
  take: Share['take'];
};

/**
 * One POST, whose answer is read as it arrives. Redirects are not followed, so credentials go nowhere else. Throws
 * `RefusedError`, `AnswerError`, `TimedOutError`, what `take` throws, or the error of the connection.
 */
export async function ask(url: URL, exchange: Exchange): Promise<RangeAnswer> {
  try {
    return await askOnce(url, exchange);
  } catch (error) {
    // The server closed a kept connection while it was idle.
    if (error instanceof CutError) return askOnce(url, exchange);
    throw error;
  }
}

class CutError extends Error {
  override name = 'CutError';
}

function askOnce(url: URL, { headers, body, timeoutMs, late, connection, take }: Exchange): Promise<RangeAnswer> {
  return new Promise((resolve, reject) => {
    const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      method: 'POST',
      agent: connection,
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    };
    let answered = false;
    const request = make(url, options, (response) => {
      answered = true;
      read(response, take).then(done, fail);
    });
    const timer = setTimeout(() => fail(new TimedOutError(late)), timeoutMs);
    function done(answer: RangeAnswer): void {
      clearTimeout(timer);
      resolve(answer);
    }
    function fail(error: Error): void {
      clearTimeout(timer);
      const code = 'code' in error ? error.code : undefined;
      const wasCut = (code === 'ECONNRESET' || code === 'EPIPE') && request.reusedSocket && !answered;
      reject(wasCut ? new CutError() : error);
      request.destroy();
    }
    request.on('error', fail);
    request.end(body);
  });
}

async function read(response: IncomingMessage, take: Share['take']): Promise<RangeAnswer> {
  const { statusCode: status = 0 } = response;
  if (status < 200 || status >= 300) throw new RefusedError(status, await startOf(response));
  const reader = matrixReader();
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new AnswerError(`its answer is longer than ${maxBytes / 1024 ** 2} MB; aggregate, as with \`sum by (...)\``);
    take(chunk.length);
    reader.take(chunk);
  }
  return reader.end();
}

async function startOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxRefusalBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, maxRefusalBytes);
}
