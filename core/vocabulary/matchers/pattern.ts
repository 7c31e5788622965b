import { RE2JS } from 're2js';

/** Long enough for a list of a hundred hosts. Time and memory grow with the length only. */
export const maxPattern = 4096;

/** Compiled patterns are kept: the same few are asked for every alert of every tick. */
const maxCompiled = 500;
const compiled = new Map<string, (text: string) => boolean>();

/**
 * Whether a whole text matches a pattern, in a time that grows only linearly with the text.
 * Anchored as in Alertmanager. A plain list of alternatives is looked up instead.
 *
 * Throws RE2JSException if it is no pattern; what is read from outside is checked by
 * `patternFault`.
 */
export function testOf(pattern: string): (text: string) => boolean {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= maxCompiled) compiled.clear();
  const test = made(pattern);
  compiled.set(pattern, test);
  return test;
}

function made(pattern: string): (text: string) => boolean {
  const literals = literalsOf(pattern);
  if (literals !== undefined) {
    const all = new Set(literals);
    return (text) => all.has(text);
  }
  const regex = RE2JS.compile(`^(?:${pattern})$`);
  return (text) => regex.test(text);
}

/** What is wrong with a pattern, or undefined. */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > maxPattern) return `expected a pattern of at most ${maxPattern} characters`;
  try {
    testOf(pattern);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return `expected a pattern in RE2 syntax, as in Alertmanager: ${why}`;
  }
}

/** `a` and `b.c` of `a|b\.c`; undefined if a pattern is more than a list of texts. */
export function literalsOf(pattern: string): string[] | undefined {
  const found: string[] = [];
  let text = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const one = pattern[at] ?? '';
    if (one === '|') {
      found.push(text);
      text = '';
    } else if (one === '\\') {
      const next = pattern[at + 1];
      // Escaped punctuation is itself; an escaped letter or digit has a meaning.
      if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return undefined;
      text += next;
      at += 1;
    } else if ('.+*?()[]{}^$'.includes(one)) return undefined;
    else text += one;
  }
  return [...found, text];
}
