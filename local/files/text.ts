import { isUtf8 } from 'node:buffer';
import { StartError } from '../start-error.ts';
import { type DataFile, openFile } from './data-file.ts';

/**
 * The text of a file, in parts that may end anywhere, without its byte order mark. Throws
 * StartError at the first line that is not UTF-8: a sign that stands for any byte would make one
 * category of many.
 */
export async function* textOf(file: DataFile): AsyncGenerator<string> {
  let line = 1;
  let isFirst = true;
  let rest: Buffer = Buffer.alloc(0);
  const decoded = (bytes: Buffer): string => {
    if (!isUtf8(bytes)) throw notUtf8(file.path, line + lineOfFault(bytes), isFirst && isUtf16(bytes));
    const text = bytes.toString('utf8');
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1;
    const begin = isFirst && text.startsWith('\uFEFF') ? 1 : 0;
    isFirst = false;
    return text.slice(begin);
  };
  for await (const chunk of openFile(file)) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const whole = bytes.length - bytesOfCutSign(bytes);
    rest = bytes.subarray(whole);
    if (whole > 0) yield decoded(bytes.subarray(0, whole));
  }
  if (rest.length > 0) yield decoded(rest);
}

/** A line of a text file, by its number from 1. */
export type Line = { number: number; text: string };

/** Only a newline ends a line, as in a request: a text of JSON may hold other separators. */
export async function* linesOf(file: DataFile): AsyncGenerator<Line> {
  let number = 1;
  let begun: string[] = [];
  for await (const part of textOf(file)) {
    let from = 0;
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', from)) {
      begun.push(part.slice(from, at));
      yield { number, text: begun.join('') };
      begun = [];
      number += 1;
      from = at + 1;
    }
    begun.push(part.slice(from));
  }
  yield { number, text: begun.join('') };
}

/** How many bytes at the end begin a sign that goes on in the next part. */
function bytesOfCutSign(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** How many lines end before the first that is not UTF-8. */
function lineOfFault(bytes: Buffer): number {
  let before = 0;
  for (let from = 0; ; before += 1) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return before;
    from = end + 1;
  }
}

const isUtf16 = ([first, second]: Buffer): boolean => (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

const notUtf8 = (path: string, line: number, isWide: boolean): StartError =>
  new StartError(
    isWide
      ? `${path} is UTF-16; expected UTF-8; save it as UTF-8, for instance: iconv -f utf-16 -t utf-8`
      : `${path} is not UTF-8: line ${line} holds other bytes; save it as UTF-8, for instance: iconv -f latin1 -t utf-8`,
  );
