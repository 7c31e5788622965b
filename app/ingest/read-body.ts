import { type Body, type BodyShape, bodyInParts, recordsShape } from '../../core/telemetry/samples/body.ts';
import type { Entry, Parsed, ParseRecords } from '../../core/telemetry/samples/records.ts';
import { type Refused, refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import { inParts } from '../yield-to-event-loop.ts';
import { IngestError } from './ingest-result.ts';

/** An ingest request. */
export type IngestBody = {
  contentType: string | undefined;
  text: string;
  /** false: bytes that are not UTF-8 were replaced by U+FFFD. */
  isUtf8?: boolean;
  idempotencyKey?: string | undefined;
  /**
   * The owner of keys and batches: an ingest key's name. All senders without a key count as one.
   */
  sender?: string | undefined;
};

/** Records checked before other work may run. */
const recordsInARow = 500;

/** Splits a body into records, yielding to other work between parts. Throws IngestError. */
export async function entriesOf(body: IngestBody, shape: BodyShape): Promise<Extract<Body, { ok: true }>> {
  const read = await inParts(bodyInParts(body.contentType, body.text, shape));
  if (read.ok) return body.isUtf8 === false ? withoutOtherBytes(read, shape) : read;
  throw new IngestError(read.tooLarge === true ? 'size' : 'body', read.error);
}

const notUtf8 = 'expected text in UTF-8; received other bytes';

/**
 * Refuses entries with U+FFFD, which replaces any invalid byte: different ids or categories would
 * become equal.
 */
function withoutOtherBytes(read: Extract<Body, { ok: true }>, { one, listed }: BodyShape): Extract<Body, { ok: true }> {
  if (one === 'whole body') throw new IngestError('body', notUtf8);
  const refused = refusals(listed);
  const entries = read.entries.filter(({ index, value }) => {
    const isWhole = !JSON.stringify(value).includes('\uFFFD');
    if (!isWhole) refused.add(index, () => notUtf8);
    return isWhole;
  });
  return { ok: true, entries, ...refusedTogether([read, refused.all()]) };
}

/** Reads the records of a body. Counts refusals and lists the first. Throws IngestError. */
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
