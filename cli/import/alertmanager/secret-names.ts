import type { Notes } from '../note.ts';

/**
 * Names for the secrets of a file, whose values are not written. The note says where each value is
 * to be kept.
 */
export function secretNamesOf(notes: Notes): (what: string, receiver: string, line: number, value: string) => string {
  const used = new Set<string>();
  return (what, receiver, line, value) => {
    const plain = `${what}_${receiver.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`.slice(0, 55).replace(/_+$/, '');
    let name = plain;
    for (let count = 2; used.has(name); count += 1) name = `${plain}_${count}`;
    used.add(name);
    notes.push({ line, kind: 'differs', text: `${value} is the secret ${name} here: keep its value where Tocsin runs` });
    return name;
  };
}
