import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** `text` is read of a 2xx only: what else is said with a refusal is of no use, and may go on for long. */
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** The answer goes on beyond what is read of it. */
export class TooLongError extends Error {
  override name = 'TooLongError';
}

/** Nothing, or not all, came in time. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';
}

type Exchange = { headers: Record<string, string>; body: string; timeoutMs: number; maxBytes: number };

/**
 * Connections are kept, for in a storm pages go to the same few receivers; but no longer than it lasts. A receiver that goes away
 * without a word leaves them open, and each page over one of these would wait for an answer until its time is over.
 */
const kept = { keepAlive: true, timeout: 1000 };
const plainAgent = new HttpAgent(kept);
const tlsAgent = new HttpsAgent(kept);

/**
 * One POST and its answer, whatever its status; redirects are not followed. node:http, for it takes a quarter of the time that fetch
 * does. Throws what the connection did, `TooLongError`, or `TimedOutError`, which says how long was waited.
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
        // A byte order mark before JSON is none of it.
        resolve({ status, headers: told, text: new TextDecoder().decode(Buffer.concat(chunks)) });
      });
    });
    const timer = setTimeout(() => giveUp(new TimedOutError(`none within ${timeoutMs} ms`)), timeoutMs);
    function fail(error: NodeJS.ErrnoException): void {
      clearTimeout(timer);
      const wasCut = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(wasCut && request.reusedSocket && !answered ? new ReusedError() : error);
    }
    /** The connection is not given the error: where the answer has come to its end nobody listens there any more, and it would end the process. */
    function giveUp(error: Error): void {
      fail(error);
      request.destroy();
    }
    request.on('error', fail);
    // One that changes to another protocol is closed without an answer or an error.
    request.on('close', () => {
      if (!answered) fail(new Error('closed without an answer'));
    });
    request.end(body);
  });
}
