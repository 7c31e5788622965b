/**
 * Characters that can move a cursor, repaint a screen, or reorder text: control characters
 * (C0, C1, DEL), bidirectional controls (UAX #9), and line and paragraph separators (UAX #14).
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const escapeOf = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text as a store takes it: no NUL, and no half of a character. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** One line of text that is safe on a terminal. What could act on the terminal becomes a space. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** A line end, a tab, or one of the colours and weights that this program paints with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is recognised here.
const ownSigns = /\n|\t|\u001b\[(?:0|1|2|22|3[0-79]|9[0-7])m/g;

/**
 * Whole output of a program, with its own colours and line ends, as a terminal may have it. Every
 * other character that could act on the terminal is written as its escape, such as `\u202e`; in
 * JSON that is the same text.
 */
export function safeOutput(text: string): string {
  if (text.search(unprintable) < 0) return text;
  let safe = '';
  let from = 0;
  for (const own of text.matchAll(ownSigns)) {
    safe += text.slice(from, own.index).replace(unprintable, escapeOf) + own[0];
    from = own.index + own[0].length;
  }
  return safe + text.slice(from).replace(unprintable, escapeOf);
}
