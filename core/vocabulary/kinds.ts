/**
 * A kind that no table knows, for example from a record or a config that a newer Tocsin wrote.
 * `sort` says what it should be a kind of, such as `contact`.
 */
export class UnknownKindError extends Error {
  override name = 'UnknownKindError';
  constructor(sort: string, kind: unknown) {
    super(unknownKind(sort, kind));
  }
}

/** `unknown contact kind "pager"`. */
export const unknownKind = (sort: string, kind: unknown): string => `unknown ${sort} kind ${JSON.stringify(kind) ?? 'undefined'}`;

/**
 * Ends a switch over all kinds: it does not compile while a kind is missing. Throws
 * UnknownKindError.
 */
export function noKindLeft(sort: string, value: never): never {
  const left: unknown = value;
  const kind = typeof left === 'object' && left !== null && 'kind' in left ? left.kind : left;
  throw new UnknownKindError(sort, kind);
}

/**
 * The table's entry for a kind. Undefined for an unknown kind, even if objects have a member of
 * that name.
 */
export function ofKind<T extends object>(table: T, kind: string): T[keyof T] | undefined {
  return Object.hasOwn(table, kind) ? table[kind as keyof T] : undefined;
}

/** The kinds of a table, in table order. */
export const kindsIn = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

/** Makes a table with the same kinds. */
export function forEveryKind<K extends string, V>(table: Record<K, unknown>, make: (kind: K) => V): Record<K, V> {
  return Object.fromEntries(kindsIn(table).map((kind) => [kind, make(kind)])) as Record<K, V>;
}
