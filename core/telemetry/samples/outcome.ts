import { isWrittenNumber } from '../tables/spelling.ts';

export type Outcome = string | number | boolean;

const words: Record<string, string> = { true: '1', yes: '1', false: '0', no: '0' };
/**
 * A number as programs write it, also `+1`, `.5` and `1e-05`, is the nearest double, as in JSON. A
 * whole number counts as one up to 15 digits, which a double holds exactly: longer ones are ids,
 * and must stay apart. Leading zeros make a code, not a number.
 */
const id = /^[+-]?\d{16,}$/;

/**
 * One spelling per class, so that a prediction and its label compare equal: 1, 1.0, "1", "1.0",
 * "+1", true, "True" and "yes" are `1`; 0, false and "no" are `0`. Other text is trimmed and keeps
 * its case. "007" is a code and stays.
 */
export function canonicalOutcome(value: Outcome): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value === 0 ? 0 : value);
  const text = value.trim();
  const lower = text.toLowerCase();
  if (Object.hasOwn(words, lower)) return words[lower] as string;
  if (!isWrittenNumber(text) || id.test(text)) return text;
  const number = Number(text);
  return Number.isFinite(number) ? canonicalOutcome(number) : text;
}

/** Whether a canonical outcome is the positive class of a binary classifier. */
export const isPositive = (canonical: string): boolean => canonical === '1';
