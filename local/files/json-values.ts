import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atOnce, type KeptNumbers, parseBody } from '../../core/telemetry/samples/body.ts';
import type { Entry } from '../../core/telemetry/samples/records.ts';
import { type DataFile, openFile } from './data-file.ts';

/**
 * The values of a file with one JSON value a line, in bounded memory; blank lines are skipped. A
 * line that is not JSON stays text: every schema refuses it and shows what was received.
 */
export async function* jsonLines(file: DataFile, numbers: KeptNumbers | undefined): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: openFile(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    try {
      yield parsed(line, numbers);
    } catch {
      yield line;
    }
  }
}

function parsed(line: string, numbers: KeptNumbers | undefined): unknown {
  const marked = numbers?.marked(line) ?? line;
  const value: unknown = JSON.parse(marked);
  return numbers === undefined || marked === line ? value : atOnce(numbers.plain(value));
}

/** The records of a JSON document, as a request would carry them. Throws if it is not JSON. */
export async function jsonRecords(file: DataFile, numbers: KeptNumbers | undefined): Promise<Entry<unknown>[]> {
  const body = parseBody('application/json', await textOf(openFile(file)), numbers);
  if (!body.ok) throw new Error(body.error);
  return body.entries;
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += chunk;
  return text;
}
