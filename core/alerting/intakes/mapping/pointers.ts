/** A place in a JSON document, such as `/checks/3` (RFC 6901), by the object or list that is there. */
export function pointersOf(document: unknown): ReadonlyMap<object, string> {
  const pointers = new Map<object, string>();
  const open: [unknown, string][] = [[document, '']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, at] = next;
    if (typeof value !== 'object' || value === null || at.length > longestPointer) continue;
    pointers.set(value, at);
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'object' && member !== null) open.push([member, `${at}/${escaped(name)}`]);
    }
  }
  return pointers;
}

/** What is deeper is not pointed at, or a message of many levels would take the square of its length. */
const longestPointer = 500;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
