import { atOnce, type KeptNumbers, lineFault, parseBody } from '../../core/telemetry/samples/body.ts';
import type { DataFile } from './data-file.ts';
import type { FileValue } from './file-value.ts';
import { linesOf, textOf } from './text.ts';

/** The values of a file with one JSON value a line, in bounded memory; blank lines are skipped. */
export async function* jsonLines(file: DataFile, numbers: KeptNumbers | undefined): AsyncGenerator<FileValue<unknown>> {
  for await (const { number: at, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    try {
      yield { at, value: parsed(text, numbers) };
    } catch {
      yield { at, fault: lineFault(text) };
    }
  }
}

function parsed(line: string, numbers: KeptNumbers | undefined): unknown {
  const marked = numbers?.marked(line) ?? line;
  const value: unknown = JSON.parse(marked);
  return numbers === undefined || marked === line ? value : atOnce(numbers.plain(value));
}

/** The records of a JSON document, as a request would carry them. Throws if it is not JSON. */
export async function* jsonRecords(file: DataFile, numbers: KeptNumbers | undefined): AsyncGenerator<FileValue<unknown>> {
  const parts: string[] = [];
  for await (const part of textOf(file)) parts.push(part);
  const body = parseBody('application/json', parts.join(''), numbers);
  if (!body.ok) throw new Error(body.error);
  for (const { index, reason } of body.rejected) yield { at: index + 1, fault: reason };
  for (const { index, value } of body.entries) yield { at: index + 1, value };
}
