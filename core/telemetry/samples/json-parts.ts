import { jsonErrorAt } from './json-error.ts';

/** JSON up to this many characters is parsed at once; longer texts in parts of about this size. */
export const partChars = 256 * 1024;

/** Stands for a value that was skipped because it is longer than a part. */
export class TooLong {
  chars: number;
  constructor(chars: number) {
    this.chars = chars;
  }
}

/** The text stops being JSON at this position. */
export class MalformedJson extends Error {
  override name = 'MalformedJson';
  at: number;
  constructor(at: number) {
    super(`malformed JSON at position ${at}`);
    this.at = at;
  }
}

/** A list, or an object read in parts, has too many members. */
export class TooManyMembers extends Error {
  override name = 'TooManyMembers';
  of: 'list' | 'object';
  constructor(of: TooManyMembers['of']) {
    super(`too many members of one ${of}`);
    this.of = of;
  }
}

export type JsonShape = {
  /** Names of members that are lists and may be as long as the text. They are read in parts. */
  lists: readonly string[];
  /** Names of members that are objects and may be as long. They are read member by member. */
  objects?: readonly string[];
  /** The largest number of members in a list. */
  most: number;
  /** Characters per part; default `partChars`. */
  part?: number;
};

/**
 * Like `JSON.parse`, but in parts, so that the caller can run other work in between. A value longer
 * than a part is replaced by a TooLong, unless it is a list declared in the shape. Throws
 * MalformedJson and TooManyMembers.
 */
export function* jsonInParts(text: string, shape: JsonShape): Generator<void, unknown> {
  const start = afterSpace(text, 0);
  const code = text.charCodeAt(start);
  if (text.length <= (shape.part ?? partChars)) {
    const value = parsed(text, 0, text.length);
    if (Array.isArray(value)) checkCount(value.length, shape);
    return value;
  }
  if (code !== openArray && code !== openObject) {
    if (!/["\-\dtfn]/.test(text.charAt(start))) throw new MalformedJson(start);
    return new TooLong(text.length - start);
  }
  const reader = { text, shape, at: start };
  const value = code === openArray ? yield* list(reader) : yield* object(reader);
  const end = afterSpace(text, reader.at);
  if (end < text.length) throw new MalformedJson(end);
  return value;
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
/** For an object that is read in parts; ours have fewer than half as many. */
const mostMembers = 1000;
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

type Reader = { text: string; shape: JsonShape; at: number };

/** Reads the list that opens at `reader.at` in runs of whole members, and moves past it. */
function* list(reader: Reader): Generator<void, unknown[]> {
  const { text, shape } = reader;
  const { part = partChars } = shape;
  const members: unknown[] = [];
  let from = reader.at + 1;
  const take = (to: number): void => {
    // A spread would put every member on the call stack.
    for (const member of parsed(text, from, to, '[', ']') as unknown[]) members.push(member);
    checkCount(members.length, shape);
  };
  for (let at = from; ; ) {
    const end = valueEnd(text, at);
    const isLast = text.charCodeAt(end) !== comma;
    if (isLast && text.charCodeAt(end) !== closeArray) throw new MalformedJson(firstFault(text, from, end));
    const memberAt = afterSpace(text, at);
    if (memberAt === end && !(isLast && members.length === 0 && from === at))
      throw new MalformedJson(firstFault(text, from, end));
    if (end - memberAt > part) {
      if (at > from) take(at - 1);
      members.push(new TooLong(end - memberAt));
      checkCount(members.length, shape);
      from = end + 1;
    } else if (isLast || end - from >= part) {
      take(end);
      from = end + 1;
    }
    if (from === end + 1) yield;
    at = end + 1;
    if (!isLast) continue;
    reader.at = at;
    return members;
  }
}

/** Reads the object that opens at `reader.at` member by member, and moves past it. */
function* object(reader: Reader): Generator<void, Record<string, unknown>> {
  const { text, shape } = reader;
  const { lists, objects = [], part = partChars } = shape;
  const members: Record<string, unknown> = {};
  for (let at = reader.at + 1, read = 0; ; read += 1) {
    if (read === mostMembers) throw new TooManyMembers('object');
    const keyAt = afterSpace(text, at);
    if (text.charCodeAt(keyAt) !== quote) {
      if (text.charCodeAt(keyAt) !== closeObject || read > 0) throw new MalformedJson(keyAt);
      reader.at = keyAt + 1;
      return members;
    }
    const keyEnd = stringEnd(text, keyAt);
    if (keyEnd - keyAt > part) throw new MalformedJson(keyAt);
    const key = parsed(text, keyAt, keyEnd) as string;
    const colonAt = afterSpace(text, keyEnd);
    if (text.charCodeAt(colonAt) !== colon) throw new MalformedJson(colonAt);
    const valueAt = afterSpace(text, colonAt + 1);
    let end: number;
    let value: unknown;
    const first = text.charCodeAt(valueAt);
    const isList = lists.includes(key) && first === openArray;
    if (isList || (objects.includes(key) && first === openObject)) {
      reader.at = valueAt;
      value = isList ? yield* list(reader) : yield* object(reader);
      end = afterSpace(text, reader.at);
    } else {
      end = valueEnd(text, valueAt);
      value = end - valueAt > part ? new TooLong(end - valueAt) : parsed(text, valueAt, end);
    }
    // As in JSON.parse, `__proto__` is an ordinary member.
    Object.defineProperty(members, key, { value, writable: true, enumerable: true, configurable: true });
    const after = text.charCodeAt(end);
    if (after !== comma && after !== closeObject) throw new MalformedJson(Math.min(end, text.length));
    at = end + 1;
    if (end - valueAt > part / 10) yield;
    if (after === comma) continue;
    reader.at = at;
    return members;
  }
}

function checkCount(count: number, { most }: JsonShape): void {
  if (count > most) throw new TooManyMembers('list');
}

function parsed(text: string, from: number, to: number, before = '', after = ''): unknown {
  const part = before + text.slice(from, to) + after;
  try {
    return JSON.parse(part);
  } catch {
    const at = jsonErrorAt(part) ?? part.length;
    throw new MalformedJson(Math.min(from + at - before.length, text.length));
  }
}

/**
 * Where the list members from `from` stop being JSON, if near; else `end`, where the brackets stop
 * matching.
 */
function firstFault(text: string, from: number, end: number): number {
  const part = `[${text.slice(from, Math.min(end + 1, from + partChars))}`;
  const at = jsonErrorAt(part) ?? part.length;
  return Math.min(at < part.length ? from + at - 1 : end, text.length);
}

function afterSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return at;
}

/**
 * The comma or bracket that ends the value starting at `from`, or the end of the text. Only counts
 * brackets.
 */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = stringEnd(text, at) - 1;
    else if (code === openArray || code === openObject) depth += 1;
    else if (code === closeArray || code === closeObject) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (code === comma && depth === 0) return at;
  }
  return text.length;
}

/** The position after the string that opens at `from`, or the end of the text. */
function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return text.length;
}
