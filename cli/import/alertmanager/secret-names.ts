import type { Notes } from '../note.ts';

/** What to do about a key of the file whose value is a secret, and is not written. */
export const keptAs =
  (key: string) =>
  (name: string): string =>
    `${key} is the secret ${name} here: keep its value where Tocsin runs`;

/** Names a secret of a receiver, and notes at the line what to do about it. */
export type SecretFor = (what: string, receiver: string, line: number, todo: (name: string) => string) => string;

/** Each secret gets a name of its own. */
export function secretNamesOf(notes: Notes): SecretFor {
  const used = new Set<string>();
  return (what, receiver, line, todo) => {
    const plain = `${what}_${receiver.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`.slice(0, 55).replace(/_+$/, '');
    let name = plain;
    for (let count = 2; used.has(name); count += 1) name = `${plain}_${count}`;
    used.add(name);
    notes.push({ line, kind: 'differs', text: todo(name) });
    return name;
  };
}
