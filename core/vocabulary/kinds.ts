/**
 * A kind that comes from outside the type check, as from a record or a config that a newer Tocsin wrote, and that no table
 * knows. `sort`: of what it would be a kind, such as `contact`.
 */
export class UnknownKindError extends Error {
  override name = 'UnknownKindError';
  constructor(sort: string, kind: unknown) {
    super(unknownKind(sort, kind));
  }
}

/** `unknown contact kind "pager"`. */
export const unknownKind = (sort: string, kind: unknown): string => `unknown ${sort} kind ${JSON.stringify(kind) ?? 'undefined'}`;

/** For the end of a switch over all kinds: the compiler refuses it while a kind is left. Throws UnknownKindError. */
export function noKindLeft(sort: string, value: never): never {
  const left: unknown = value;
  const kind = typeof left === 'object' && left !== null && 'kind' in left ? left.kind : left;
  throw new UnknownKindError(sort, kind);
}

/** What a table says of a kind; undefined for one it does not know, also where an object has a member of that name. */
export function ofKind<T extends object>(table: T, kind: string): T[keyof T] | undefined {
  return Object.hasOwn(table, kind) ? table[kind as keyof T] : undefined;
}

/** The kinds of a table, in its order. */
export const kindsIn = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

/** A table with the same kinds. */
export function forEveryKind<K extends string, V>(table: Record<K, unknown>, make: (kind: K) => V): Record<K, V> {
  return Object.fromEntries(kindsIn(table).map((kind) => [kind, make(kind)])) as Record<K, V>;
}
