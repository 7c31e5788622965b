import { jsonErrorAt } from './json-error.ts';

/** JSON up to this many characters is parsed at once; longer texts in parts of about this size. */
export const partChars = 256 * 1024;

/** Stands for a value that was skipped because it is longer than a part, or has too many names. */
export class TooLong {
  chars: number;
  /** Why, if not for its length: one of its objects has more names than are read. */
  names: number | undefined;
  constructor(chars: number, names?: number) {
    this.chars = chars;
    this.names = names;
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

/** Keeps the text of numbers whose digits a double would lose. */
export type JsonNumbers = {
  /** The JSON text with such numbers marked; the same text if there are none. */
  marked(text: string): string;
};

export type JsonShape = {
  /** Names of members that are lists and may be as long as the text. They are read in parts. */
  lists: readonly string[];
  /** Names of members that are objects and may be as long. They are read member by member. */
  objects?: readonly string[];
  /** The largest number of members in a list. */
  most: number;
  /** Characters per part; default `partChars`. */
  part?: number;
  numbers?: JsonNumbers | undefined;
  /**
   * For records of any length: the most names of one object. A longer member of a list is then read
   * in parts as well, with its `objects`, and its texts may be longer than a part. One with more
   * names is skipped alone.
   */
  longMembers?: { mostNames: number };
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
    const value = parsed({ text, shape }, 0, text.length);
    if (Array.isArray(value)) checkCount(value.length, shape);
    return value;
  }
  if (code !== openArray && code !== openObject) {
    if (!/["\-\dtfn]/.test(text.charAt(start))) throw new MalformedJson(start);
    return new TooLong(text.length - start);
  }
  const reader = { text, shape, at: start, depth: 0 };
  const value = code === openArray ? yield* list(reader) : yield* object(reader);
  const end = afterSpace(text, reader.at);
  if (end < text.length) throw new MalformedJson(end);
  return value;
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
/** For an object that is read in parts; ours have fewer than half as many. */
const mostMembers = 1000;
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

type Reader = { text: string; shape: JsonShape; at: number; depth: number };
/** Objects of the shape are read in parts down to here; each level is a call. */
const maxDepth = 8;

/** Reads the list that opens at `reader.at` in runs of whole members, and moves past it. */
function* list(reader: Reader): Generator<void, unknown[]> {
  const { text, shape } = reader;
  const { part = partChars } = shape;
  const members: unknown[] = [];
  let from = reader.at + 1;
  const take = (to: number): void => {
    // A spread would put every member on the call stack.
    for (const member of parsed(reader, from, to, '[', ']') as unknown[]) members.push(member);
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
      members.push(yield* longMember(reader, memberAt, end));
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

/** A member of a list that is longer than a part. */
function* longMember({ text, shape, depth }: Reader, from: number, end: number): Generator<void, unknown> {
  const { longMembers } = shape;
  const skipped = new TooLong(end - from, longMembers?.mostNames);
  if (longMembers === undefined || text.charCodeAt(from) !== openObject) return new TooLong(end - from);
  const reader = { text, shape, at: from, depth: depth + 1 };
  try {
    const value = yield* object(reader);
    if (afterSpace(text, reader.at) !== end) throw new MalformedJson(reader.at);
    return value;
  } catch (error) {
    if (error instanceof TooManyMembers) return skipped;
    throw error;
  }
}

/** Reads the object that opens at `reader.at` member by member, and moves past it. */
function* object(reader: Reader): Generator<void, Record<string, unknown>> {
  const { text, shape } = reader;
  const { lists, objects = [], part = partChars, longMembers } = shape;
  const members: Record<string, unknown> = {};
  let sinceTurn = reader.at;
  for (let at = reader.at + 1, read = 0; ; read += 1) {
    if (read === (longMembers?.mostNames ?? mostMembers)) throw new TooManyMembers('object');
    const keyAt = afterSpace(text, at);
    if (text.charCodeAt(keyAt) !== quote) {
      if (text.charCodeAt(keyAt) !== closeObject || read > 0) throw new MalformedJson(keyAt);
      reader.at = keyAt + 1;
      return members;
    }
    const keyEnd = stringEnd(text, keyAt);
    if (keyEnd - keyAt > part) throw new MalformedJson(keyAt);
    const key = parsed({ text, shape: noNumbers }, keyAt, keyEnd) as string;
    const colonAt = afterSpace(text, keyEnd);
    if (text.charCodeAt(colonAt) !== colon) throw new MalformedJson(colonAt);
    const valueAt = afterSpace(text, colonAt + 1);
    let end: number;
    let value: unknown;
    const first = text.charCodeAt(valueAt);
    const isList = lists.includes(key) && first === openArray;
    if (reader.depth < maxDepth && (isList || (objects.includes(key) && first === openObject))) {
      const inner = { ...reader, at: valueAt, depth: reader.depth + 1 };
      value = isList ? yield* list(inner) : yield* object(inner);
      end = afterSpace(text, inner.at);
    } else {
      end = valueEnd(text, valueAt);
      const isLongText = longMembers !== undefined && first === quote;
      value = end - valueAt > part && !isLongText ? new TooLong(end - valueAt) : member(reader, keyAt, valueAt, end);
    }
    // As in JSON.parse, `__proto__` is an ordinary member.
    Object.defineProperty(members, key, { value, writable: true, enumerable: true, configurable: true });
    const after = text.charCodeAt(end);
    if (after !== comma && after !== closeObject) throw new MalformedJson(Math.min(end, text.length));
    at = end + 1;
    if (at - sinceTurn > part / 10) {
      sinceTurn = at;
      yield;
    }
    if (after === comma) continue;
    reader.at = at;
    return members;
  }
}

/** Whether a number keeps its text depends on the name before it. */
function member(reader: Reader, keyAt: number, valueAt: number, end: number): unknown {
  const isNumber = reader.shape.numbers !== undefined && /[-\d]/.test(reader.text.charAt(valueAt));
  return isNumber ? Object.values(parsed(reader, keyAt, end, '{', '}') as object)[0] : parsed(reader, valueAt, end);
}

function checkCount(count: number, { most }: JsonShape): void {
  if (count > most) throw new TooManyMembers('list');
}

type Text = { text: string; shape: Pick<JsonShape, 'numbers'> };
/** A name is read as it is. */
const noNumbers: Text['shape'] = {};

function parsed({ text, shape: { numbers } }: Text, from: number, to: number, before = '', after = ''): unknown {
  const part = before + text.slice(from, to) + after;
  try {
    return JSON.parse(numbers === undefined ? part : numbers.marked(part));
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

const shortString = 64;

/** The position after the string that opens at `from`, or the end of the text. */
function stringEnd(text: string, from: number): number {
  // Most strings are short, and a call of indexOf costs as much as many characters.
  const near = Math.min(text.length, from + shortString);
  for (let at = from + 1; at < near; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at += 1;
  }
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return text.length;
}
