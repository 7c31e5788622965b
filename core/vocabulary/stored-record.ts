import type * as z from 'zod';

/** Every kind of record that a store keeps. */
export const storedKinds = [
  'incident',
  'timeline',
  'audit entry',
  'alert',
  'effect',
  'page slot',
  'silence',
  'override',
  'devices',
  'heartbeat',
  'deployment',
  'serving',
  'training',
  'training part',
  'change',
  'accepted baseline',
  'series',
  'bucket',
  'history entry',
  'waiting',
  'batch',
  'note',
] as const;
export type StoredKind = (typeof storedKinds)[number];

/**
 * Why a record does not decode. `newer`: a later Tocsin wrote it. `text` is for people and names
 * only fields of the record, no values: a record may hold URLs with tokens in them.
 */
export type Undecodable = { by: 'not JSON' | 'newer' | 'unknown version' | 'shape'; text: string };

export type Decoded<T> = { ok: true; value: T } | { ok: false; reason: Undecodable };

/** How records of one kind are written and read. Neither throws because of a record's content. */
export type StoredRecord<T> = {
  kind: StoredKind;
  /** The version of the shape. It grows with each change that an older Tocsin could not read. */
  version: number;
  /** JSON with the version as its last member, `v`. */
  encode(value: T): string;
  decode(text: string): Decoded<T>;
  /** The same for JSON that is parsed already. The value becomes the record; it is not copied. */
  decodeParsed(value: unknown): Decoded<T>;
  /** Reads what this process wrote itself, without checking it. */
  reread(text: string): T;
};

/** A type with all its parts expanded, so that two types can be compared. */
type Plain<T> = T extends string
  ? string extends T
    ? string
    : T
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly unknown[]
      ? { [N in keyof T]: Plain<T[N]> }
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T;
type Identical<A, B> =
  (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : { 'the schema reads': A; 'the type says': B };

/**
 * `true` if the schema reads exactly this type. Otherwise names both, so that the compiler error
 * shows them.
 */
export type Reads<S extends z.ZodType, T> = Identical<Plain<z.output<S>>, Plain<T>>;

/**
 * For each version of a shape, the step to the next one. A step never throws, whatever it is given.
 * A version without a step can no longer be read.
 */
export type Upgrades = Readonly<Record<number, (value: object) => object>>;

/**
 * Records of one kind, checked by a schema that reads exactly `T`: a field missing from the schema
 * does not compile. A record without a version has version 1. Unknown fields stay, so that a field
 * written by a newer Tocsin survives a rewrite by an older one.
 */
export const storedRecord =
  <T extends object>() =>
  <S extends z.ZodType>(
    kind: StoredKind,
    version: number,
    schema: Reads<S, T> extends true ? S : Reads<S, T>,
    upgrades: Upgrades = {},
  ): StoredRecord<T> => {
    const check = (value: object): Decoded<T> => {
      // Returns the input, not the parsed copy: the copy would lose a key such as `__proto__`.
      const checked = (schema as S).safeParse(value);
      return checked.success ? { ok: true, value: value as T } : shapeless(kind, checked.error.issues);
    };
    return { ...versioned(kind, version, check, upgrades), reread: (text) => withoutVersion(JSON.parse(text)) as T };
  };

/** The same with a hand-written check, for records that are read in very large numbers. */
export function versioned<T extends object>(
  kind: StoredKind,
  version: number,
  check: (value: object) => Decoded<T>,
  upgrades: Upgrades = {},
): Omit<StoredRecord<T>, 'reread'> {
  function decodeParsed(value: unknown): Decoded<T> {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return undecodable('shape', `the ${kind} is not a JSON object`);
    const written: unknown = 'v' in value ? value.v : 1;
    if (typeof written !== 'number' || !Number.isInteger(written) || written < 1)
      return undecodable('unknown version', `the ${kind} has no version that can be read`);
    if (written > version)
      return undecodable('newer', `the ${kind} is of version ${written}; this Tocsin knows up to ${version}`);
    let current = withoutVersion(value);
    for (let from = written; from < version; from += 1) {
      const upgrade = upgrades[from];
      if (upgrade === undefined)
        return undecodable('unknown version', `the ${kind} is of version ${written}, which this Tocsin reads no more`);
      current = upgrade(current);
    }
    return check(current);
  }
  return {
    kind,
    version,
    encode(value) {
      const text = JSON.stringify(value);
      return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"v":${version}}`;
    },
    decodeParsed,
    decode(text) {
      const parsed = parse(text);
      return parsed.ok ? decodeParsed(parsed.value) : parsed;
    },
  };
}

/** Records that are stored together as one JSON array. */
export function storedList<T extends object>(record: StoredRecord<T>): StoredRecord<T[]> {
  const { kind, version, encode } = record;
  function decodeParsed(value: unknown): Decoded<T[]> {
    if (!Array.isArray(value)) return undecodable('shape', `the ${kind} is not a JSON array`);
    for (const one of value) {
      const decoded = record.decodeParsed(one);
      if (!decoded.ok) return decoded;
    }
    return { ok: true, value };
  }
  return {
    kind,
    version,
    encode: (values) => `[${values.map(encode).join(',')}]`,
    decodeParsed,
    decode(text) {
      const parsed = parse(text);
      return parsed.ok ? decodeParsed(parsed.value) : parsed;
    },
    reread: (text) => (JSON.parse(text) as object[]).map((one) => withoutVersion(one) as T),
  };
}

/**
 * Reads a record that the store looks up by some of its fields, such as id and version. If the
 * record disagrees with the store on them, it does not decode: it would be another record, or could
 * never be written again.
 */
export function decodeAs<T extends object>(
  record: Pick<StoredRecord<T>, 'kind' | 'decode'>,
  text: string,
  known: Partial<Record<keyof T & string, string | number>>,
): Decoded<T> {
  const decoded = record.decode(text);
  if (!decoded.ok) return decoded;
  for (const [field, stored] of Object.entries(known)) {
    const said = decoded.value[field as keyof T];
    const isSame =
      typeof said === 'string' && typeof stored === 'string' ? said.toWellFormed() === stored.toWellFormed() : said === stored;
    if (!isSame) return undecodable('shape', `the ${record.kind} has another ${field} than the one that it is stored under`);
  }
  return decoded;
}

export const undecodable = (by: Undecodable['by'], text: string): { ok: false; reason: Undecodable } => ({
  ok: false,
  reason: { by, text },
});

/** The engine's own error message would quote the record. */
function parse(text: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return undecodable('not JSON', `it is not JSON, of ${text.length} characters`);
  }
}

/** The version is the last member, so deleting it is cheap. */
function withoutVersion(value: object): object {
  delete (value as { v?: unknown }).v;
  return value;
}

const maxNamed = 3;

function shapeless(kind: StoredKind, issues: readonly z.core.$ZodIssue[]): { ok: false; reason: Undecodable } {
  const named = issues
    .slice(0, maxNamed)
    .map(({ path, code }) => `${path.length === 0 ? 'the whole' : path.join('.')} (${code})`);
  const more = issues.length - named.length;
  return undecodable(
    'shape',
    `the ${kind} has not the fields that it must have: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  );
}

/** A small fact about the runtime itself, stored under its own key. */
export type StoredNote<T> = StoredRecord<T> & { key: string };

export const storedNote =
  <T extends object>() =>
  <S extends z.ZodType>(key: string, version: number, schema: Reads<S, T> extends true ? S : Reads<S, T>): StoredNote<T> => ({
    ...storedRecord<T>()<S>('note', version, schema),
    key,
  });
