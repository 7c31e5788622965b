/**
 * The end of a switch over a closed set, or of a look-up in a table of all kinds. Throws a TypeError `unknown WHAT NAME`: types hold every
 * kind to its case, so only data that was not checked, or that a newer version wrote, comes here.
 */
export function unknownKind(what: string, kind: never): never {
  throw new TypeError(`unknown ${what} ${String(kind)}`);
}
