import { shownJson } from '../../vocabulary/shown.ts';

/**
 * What a word means in a closed table; a text with those that it has for another one. `sent`: as it
 * was received.
 */
export function meaningIn<T>(
  table: Readonly<Record<string, T>>,
  field: string,
  word: string | undefined,
  sent: unknown = word,
): { meaning: T } | { fault: string } {
  if (word !== undefined && Object.hasOwn(table, word)) return { meaning: table[word] as T };
  return { fault: `${field}: expected one of ${Object.keys(table).join(', ')}; received ${shownJson(sent)}` };
}
