import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** The answer goes on beyond what is read of it. */
export class TooLongError extends Error {
  override name = 'TooLongError';
}

type Exchange = { headers: Record<string, string>; body: string; timeoutMs: number; maxBytes: number };

// Connections are kept: in a storm pages go to the same few receivers.
const plainAgent = new HttpAgent({ keepAlive: true });
const tlsAgent = new HttpsAgent({ keepAlive: true });

/**
 * One POST and its whole answer, whatever its status; redirects are not followed. node:http, for it takes a quarter of the time that fetch
 * does. Throws what the connection did, `TooLongError`, or an error that says how long was waited.
 */
export async function post(url: URL, exchange: Exchange): Promise<Answer> {
  try {
    return await postOnce(url, exchange, url.protocol === 'https:' ? tlsAgent : plainAgent);
  } catch (error) {
    // Closed by the receiver just as it was used again: nothing is wrong with the receiver, and a new connection tells.
    if (error instanceof ReusedError) return postOnce(url, exchange, false);
    throw error;
  }
}

/** A connection that had been kept was cut before any answer. */
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
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) request.destroy(new TooLongError(`longer than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    const timer = setTimeout(() => request.destroy(new Error(`none within ${timeoutMs} ms`)), timeoutMs);
    function fail(error: NodeJS.ErrnoException): void {
      clearTimeout(timer);
      const wasCut = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(wasCut && request.reusedSocket && !answered ? new ReusedError() : error);
    }
    request.on('error', fail);
    request.end(body);
  });
}
