export type Outcome = string | number | boolean;

const words: Record<string, string> = { true: '1', yes: '1', false: '0', no: '0' };
/** Up to 15 digits, which a double holds exactly. Leading zeros make a code, not a number. */
const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/**
 * One spelling per class, so that a prediction and its label compare equal: 1, 1.0, "1", "1.0",
 * true, "True" and "yes" are `1`; 0, false and "no" are `0`. Other text is trimmed and keeps its
 * case. "007" is a code and stays.
 */
export function canonicalOutcome(value: Outcome): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value === 0 ? 0 : value);
  const text = value.trim();
  const lower = text.toLowerCase();
  if (Object.hasOwn(words, lower)) return words[lower] as string;
  return plainNumber.test(text) && text.length <= 16 ? canonicalOutcome(Number(text)) : text;
}

/** Whether a canonical outcome is the positive class of a binary classifier. */
export const isPositive = (canonical: string): boolean => canonical === '1';
