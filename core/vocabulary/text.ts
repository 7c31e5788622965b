/** A text of at most `max` characters. A longer one ends in an ellipsis. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ellipsis = '…';

/**
 * Well-formed text of at most `max` bytes of UTF-8 (3 or more), cut between characters. A longer
 * one ends in an ellipsis.
 */
export function cutBytes(text: string, max: number): string {
  const bytes = encoder.encode(text);
  if (bytes.length <= max) return text.toWellFormed();
  let end = Math.max(0, max - encoder.encode(ellipsis).length);
  // Bytes 10xxxxxx go on with a character that began before.
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return `${decoder.decode(bytes.subarray(0, end))}${ellipsis}`;
}

/** `Zoë Müller` as `Zoe Muller`. Letters that are not made of another one and a sign stay. */
export const withoutAccents = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '');

/** How many bytes of UTF-8 a text has. */
export const bytesOf = (text: string): number => encoder.encode(text).length;
