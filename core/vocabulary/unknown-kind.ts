/**
 * Ends a switch or look-up over a closed set. Throws a TypeError `unknown WHAT NAME`. The compiler
 * checks every known kind, so only unchecked data, or data from a newer version, gets here.
 */
export function unknownKind(what: string, kind: never): never {
  throw new TypeError(`unknown ${what} ${String(kind)}`);
}
