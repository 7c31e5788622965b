import { effect, type Signal, signal } from '@preact/signals';

/**
 * A choice of this viewer, kept in this browser. A browser that keeps nothing forgets it with the
 * page.
 */
export function kept<T extends string>(name: string, choices: readonly [T, ...T[]]): Signal<T> {
  const known = read(name);
  return keeping(name, signal<T>(choices.find((one) => one === known) ?? choices[0]));
}

/** The same for what is no choice of a few, such as a name; empty at first. */
export const keptText = (name: string): Signal<string> => keeping(name, signal(read(name) ?? ''));

const keyOf = (name: string): string => `tocsin-${name}`;

function keeping<T extends string>(name: string, choice: Signal<T>): Signal<T> {
  effect(() => {
    try {
      localStorage.setItem(keyOf(name), choice.value);
    } catch {
      // Private windows may refuse.
    }
  });
  return choice;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(keyOf(name));
  } catch {
    return null;
  }
}
