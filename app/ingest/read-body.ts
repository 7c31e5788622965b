import { type Body, type BodyShape, bodyInParts, recordsShape } from '../../core/telemetry/samples/body.ts';
import type { Entry, Parsed, ParseRecords } from '../../core/telemetry/samples/records.ts';
import { type Refused, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { IngestError } from './ingest-result.ts';

/** What a request that brings records holds. */
export type IngestBody = {
  contentType: string | undefined;
  text: string;
  idempotencyKey?: string | undefined;
  /** Whose keys and batches these are: the name of an ingest key. All who need none are one sender. */
  sender?: string | undefined;
};

/** Records are checked so many in a row. */
const recordsInARow = 500;

/** Splits a body into records, with turns for others between its parts. Throws IngestError. */
export async function entriesOf(body: IngestBody, shape: BodyShape): Promise<Extract<Body, { ok: true }>> {
  const read = await inParts(bodyInParts(body.contentType, body.text, shape));
  if (read.ok) return read;
  throw new IngestError(read.tooLarge === true ? 'size' : 'body', read.error);
}

/** Reads the records of a body. Refusals are counted, and the first of them listed. Throws IngestError. */
export async function recordsIn<T>(body: IngestBody, parse: ParseRecords<T>, shape = recordsShape): Promise<Parsed<T>> {
  const { entries, ...refused } = await entriesOf(body, shape);
  return inParts(parsedInParts(entries, refused, parse));
}

function* parsedInParts<T>(
  entries: readonly Entry<unknown>[],
  refused: Refused,
  parse: ParseRecords<T>,
): Generator<void, Parsed<T>> {
  if (entries.length <= recordsInARow) {
    const { records, ...also } = parse(entries);
    return { records, ...refusedTogether([refused, also]) };
  }
  const records: Entry<T>[] = [];
  let all = refused;
  for (let from = 0; from < entries.length; from += recordsInARow) {
    const part = parse(entries.slice(from, from + recordsInARow));
    for (const record of part.records) records.push(record);
    all = refusedTogether([all, part]);
    yield;
  }
  return { records, ...all };
}
