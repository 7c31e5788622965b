import { digest } from '../../vocabulary/fingerprint.ts';

/** Keys are kept for each stream, in memory and on disk; longer ones are digests. */
const longestKey = 256;
/** Of a value within a list or a map, which each level escapes again. */
const longestNested = 4096;

const digestOf = (text: string): string => `#${digest(text, 40)}`;

/**
 * The key, or a digest of it. No key begins as a digest does: they are JSON, or begin with a form.
 */
export const shortKey = (key: string): string => (key.length > longestKey ? digestOf(key) : key);

/** A value within another: the letter of its type, and its text or a digest of it. */
export const shortNested = (value: string): string =>
  value.length > longestNested ? `${value.charAt(0)}${digestOf(value)}` : value;
