import type { Share } from '../asked-in-time.ts';
import { type Asked, chunksOf, exchange, isGood, startOf } from '../exchange.ts';
import { matrixReader, type RangeAnswer } from './matrix.ts';

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

const bounds = { mostBytes: 32 * 1024 ** 2, tooLong: 'its answer is longer than 32 MB; aggregate, as with `sum by (...)`' };
const maxRefusalBytes = 64 * 1024;

/**
 * One question, whose answer is read as it arrives. Throws `RefusedError`, `AnswerError`, what
 * `take` throws, or as `exchange` does.
 */
export const ask = (url: URL, asked: Asked & { body: string }, take: Share['take']): Promise<RangeAnswer> =>
  exchange(url, asked, async (response) => {
    const { statusCode: status = 0 } = response;
    if (!isGood(status)) throw new RefusedError(status, await startOf(response, maxRefusalBytes));
    const reader = matrixReader();
    for await (const chunk of chunksOf(response, { ...bounds, take })) reader.take(chunk);
    return reader.end();
  });
