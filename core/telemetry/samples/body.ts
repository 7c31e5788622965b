import { jsonErrorAt } from './json-error.ts';
import {
  type JsonNumbers,
  type JsonShape,
  jsonInParts,
  MalformedJson,
  partChars,
  TooLong,
  TooManyMembers,
} from './json-parts.ts';
import type { Entry } from './records.ts';
import { type Refused, refusals } from './refusals.ts';

export type Body = ({ ok: true; entries: Entry<unknown>[] } & Refused) | { ok: false; error: string; tooLarge?: true };

export type BodyShape = JsonShape & {
  /**
   * Whether an object without a list of records is one record, which may then be as long as a
   * record or as the whole body.
   */
  one?: 'record' | 'whole body';
  /** The field name of the records. */
  called?: string;
  /** The number of refusals to list. */
  listed?: number;
  numbers?: KeptNumbers | undefined;
};

/** Keeps the text of numbers that are names; see `numbersAsWritten`. */
export type KeptNumbers = JsonNumbers & {
  /** A record without marks: each of its numbers is a number, or the text as it is written. */
  plain(record: unknown): Generator<void, unknown>;
};

/** Records per request. */
export const maxRecords = 10_000;
export const recordsShape: BodyShape = { lists: ['records'], most: maxRecords };

const lineTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'];
/** Blank lines are no records, but reading them takes time too. */
const linesInARow = 5000;

const typeOf = (contentType: string | undefined): string => (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Whether a content type means one record per line. */
export const isLines = (contentType: string | undefined): boolean => lineTypes.includes(typeOf(contentType));

/**
 * Splits a request body into records. JSON is an array, `{ "records": [...] }` or one record;
 * malformed JSON is an error with its position. NDJSON is one record per line; a malformed line is
 * refused alone, and empty lines are skipped. No content type means JSON. Works in parts of bounded
 * size, so that other work can run in between.
 */
export function* bodyInParts(contentType: string | undefined, sent: string, shape: BodyShape): Generator<void, Body> {
  const { numbers } = shape;
  if (numbers === undefined) return yield* splitBody(contentType, sent, shape);
  let isMarked = false;
  const marked = (part: string): string => {
    const text = numbers.marked(part);
    isMarked ||= text !== part;
    return text;
  };
  const body = yield* splitBody(contentType, sent, { ...shape, numbers: { ...numbers, marked } });
  if (!isMarked || !body.ok) return body;
  for (const [place, entry] of body.entries.entries()) {
    entry.value = yield* numbers.plain(entry.value);
    if (place % entriesInARow === entriesInARow - 1) yield;
  }
  return body;
}

const entriesInARow = 1000;

function* splitBody(contentType: string | undefined, text: string, shape: BodyShape): Generator<void, Body> {
  const type = typeOf(contentType);
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (isLines(contentType)) return yield* lines(body, shape);
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json')) {
    return { ok: false, error: `expected the content type application/json or application/x-ndjson; received ${type}` };
  }
  if (body.trim() === '') return { ok: false, error: 'expected a JSON array of records; received an empty body' };
  let value: unknown;
  try {
    value = yield* jsonInParts(body, shape);
    if (shape.one !== 'whole body') value = recordsOf(value, shape);
  } catch (error) {
    if (error instanceof TooManyMembers) return error.of === 'list' ? tooMany(shape) : tooWide;
    if (!(error instanceof MalformedJson)) throw error;
    const hint = looksLikeLines(body) ? '; for one record a line send it as application/x-ndjson' : '';
    return { ok: false, error: `expected JSON; ${describeError(body, error.at, true)}${hint}` };
  }
  if (value === undefined) {
    return { ok: false, error: 'expected an array of records, {"records": [...]} or one record; received a single value' };
  }
  const entries: Entry<unknown>[] = [];
  const refused = refusals(shape.listed);
  for (const [index, one] of (Array.isArray(value) ? value : [value]).entries()) {
    if (one instanceof TooLong)
      refused.add(index, () => (one.names === undefined ? tooLong(one.chars) : tooManyNames(one.names)));
    else entries.push({ index, value: one });
  }
  return { ok: true, entries, ...refused.all() };
}

/** Parses at once a body that is already on this machine, such as a file. */
export function parseBody(contentType: string | undefined, text: string, numbers?: KeptNumbers): Body {
  const unbounded = { ...recordsShape, most: Number.POSITIVE_INFINITY, listed: Number.POSITIVE_INFINITY, numbers };
  return atOnce(bodyInParts(contentType, text, unbounded));
}

/** Runs work in parts to its end, where nothing else waits. */
export function atOnce<T>(parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

const tooMany = ({ most, called = 'records' }: BodyShape): Body => ({
  ok: false,
  tooLarge: true,
  error: `expected at most ${most} ${called} per request; nothing was accepted, split them`,
});

const tooWide: Body = {
  ok: false,
  tooLarge: true,
  error: 'expected fewer names in one object; nothing was taken',
};

const tooManyNames = (most: number): string => `expected at most ${most} names in one object`;

const tooLong = (chars: number): string => `expected a record of at most ${partChars} characters; received ${chars}`;

function recordsOf(value: unknown, { most }: BodyShape): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null || value instanceof TooLong) return undefined;
  if (!('records' in value && Array.isArray(value.records))) {
    // An object too long to read at once may lack a part.
    const missing = Object.values(value).find((one) => one instanceof TooLong);
    return [missing ?? value];
  }
  if (value.records.length > most) throw new TooManyMembers('list');
  return value.records;
}

function* lines(body: string, shape: BodyShape): Generator<void, Body> {
  const entries: Entry<unknown>[] = [];
  const refused = refusals(shape.listed);
  let index = 0;
  let number = 0;
  for (const part of linesInParts(body)) {
    const marked = shape.numbers?.marked(part) ?? part;
    for (const line of linesOf(part, marked)) {
      number += 1;
      if (line.sent.length > partChars) refused.add(index++, () => tooLong(line.sent.length));
      else if (line.sent.trim() !== '') {
        if (index >= shape.most) return tooMany(shape);
        try {
          entries.push({ index, value: JSON.parse(line.marked) });
        } catch {
          const [at, { sent }] = [number, line];
          refused.add(index, () => `line ${at}: ${lineFault(sent)}`);
        }
        index += 1;
      }
      if (number % linesInARow === 0) yield;
    }
    yield;
  }
  return { ok: true, entries, ...refused.all() };
}

/** Whole lines of about the length of a part. */
function* linesInParts(body: string): Generator<string> {
  for (let from = 0; from < body.length; ) {
    const newline = body.indexOf('\n', from + partChars);
    const to = newline < 0 ? body.length : newline + 1;
    yield body.slice(from, to);
    from = to;
  }
}

/** Each line as it was sent, and with its marks. */
function* linesOf(part: string, marked: string): Generator<{ sent: string; marked: string }> {
  for (let from = 0, markedFrom = 0; from < part.length; ) {
    const end = lineEnd(part, from);
    const sent = part.slice(from, end);
    const markedEnd = marked === part ? end : lineEnd(marked, markedFrom);
    yield { sent, marked: marked === part ? sent : marked.slice(markedFrom, markedEnd) };
    from = end + 1;
    markedFrom = markedEnd + 1;
  }
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}

/** Why a line is no record. */
export const lineFault = (line: string): string =>
  `expected one JSON record; ${describeError(line, jsonErrorAt(line) ?? line.length, false)}`;

/** What is at the position where the text stops being JSON. */
function describeError(text: string, at: number, withLine: boolean): string {
  let line = 1;
  if (withLine) for (let n = 0; n < at; n += 1) if (text.charCodeAt(n) === 0x0a) line += 1;
  const column = at - (at === 0 ? -1 : text.lastIndexOf('\n', at - 1));
  const place = `at position ${at}${withLine ? ` (line ${line}, column ${column})` : ''}`;
  return at >= text.length ? `it ends too early, ${place}` : `received ${JSON.stringify(text.slice(at, at + 12))} ${place}`;
}

/**
 * Whether the first two non-empty lines each start as an object, and the first also ends as one.
 */
function looksLikeLines(body: string): boolean {
  const first = body.trimStart();
  const newline = first.indexOf('\n');
  if (newline < 0 || !first.startsWith('{')) return false;
  return first.slice(0, newline).trimEnd().endsWith('}') && first.slice(newline).trimStart().startsWith('{');
}
