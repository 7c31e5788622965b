/** Where a value is: its name or index, and in what. */
type Place = { value: object; name: string; within: Place | undefined; depth: number };

/**
 * Where objects and lists are in a JSON document, such as `/checks/3` (RFC 6901). Only those that
 * are wanted are written down, and what is deeper than a pointer may be long is not looked at. In
 * parts, so that other work can run in between: a message of a megabyte may hold half a million
 * values.
 */
export function* pointersOf(document: unknown, wanted: ReadonlySet<object>): Generator<void, ReadonlyMap<object, string>> {
  const pointers = new Map<object, string>();
  if (wanted.size === 0 || !isHolder(document)) return pointers;
  const open: Place[] = [{ value: document, name: '', within: undefined, depth: 0 }];
  let looked = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (wanted.has(next.value)) {
      const pointer = pointerTo(next);
      if (pointer.length <= longestPointer) pointers.set(next.value, pointer);
      if (pointers.size === wanted.size) break;
    }
    const { value, depth } = next;
    for (const name in value) {
      looked += 1;
      if (looked % valuesInARow === 0) yield;
      const member: unknown = (value as Record<string, unknown>)[name];
      if (isHolder(member) && depth < deepest) open.push({ value: member, name, within: next, depth: depth + 1 });
    }
  }
  return pointers;
}

export const valuesInARow = 5000;
/**
 * What is deeper is not pointed at, or a message of many levels would take the square of its
 * length.
 */
const longestPointer = 500;
/** A level takes two characters at least. */
const deepest = longestPointer / 2;

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

function pointerTo(place: Place): string {
  const names: string[] = [];
  for (let at: Place | undefined = place; at?.within !== undefined; at = at.within) names.push(`/${escaped(at.name)}`);
  return names.reverse().join('');
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
