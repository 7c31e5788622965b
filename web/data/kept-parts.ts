type Fields = Readonly<Record<string, unknown>>;

/** What names a thing in a list of its kind. */
const nameOf = (one: unknown): string | undefined => {
  if (typeof one !== 'object' || one === null) return undefined;
  const { id, rule, name, kind } = one as Fields;
  const named = id ?? rule ?? name;
  return typeof named === 'string' ? `${typeof kind === 'string' ? kind : ''} ${named}` : undefined;
};

/**
 * The new value, with those parts of the old one that say the same. So whoever draws a part sees by
 * its identity alone that nothing in it has changed.
 */
export function withKeptParts<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  return (Array.isArray(after) ? listOf(before as unknown[], after) : fieldsOf(before as Fields, after as Fields)) as T;
}

function listOf(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const named = new Map(before.map((one) => [nameOf(one), one]));
  named.delete(undefined);
  const list = after.map((one, place) => {
    const name = nameOf(one);
    return withKeptParts(name === undefined ? before[place] : named.get(name), one);
  });
  return list.length === before.length && list.every((one, place) => Object.is(one, before[place])) ? before : list;
}

function fieldsOf(before: Fields, after: Fields): Fields {
  const fields = Object.entries(after).map(
    ([name, value]) => [name, withKeptParts(Object.hasOwn(before, name) ? before[name] : undefined, value)] as const,
  );
  const same = fields.length === Object.keys(before).length && fields.every(([name, value]) => Object.is(value, before[name]));
  return same ? before : Object.fromEntries(fields);
}
