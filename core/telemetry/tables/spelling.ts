/**
 * A number as programs write it. `01067` and `0x1F` are codes. So is `1e5`: programs give an
 * exponent a sign, or the number a point (1e-05, 1e+16, 1.0E10).
 */
const writtenNumber = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]\d+)?$|^[+-]?(?:0|[1-9]\d*)\.\d+e\d+$/i;
/** Anything with a decimal value, for a column that is declared as numbers. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** How programs write a missing number or flag, or a number that is not finite. */
const missing = new Set(['', 'na', 'n/a', '<na>', '#n/a', 'nan', 'nat', 'none', 'null']);
const infinite = /^[+-]?inf(?:inity)?$/i;

export const isWrittenNumber = (text: string): boolean => writtenNumber.test(text);

/** The value of a decimal text, or undefined. An overflow is no value. */
export function decimalOf(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value + 0 : undefined;
}

export const isMissing = (text: string): boolean => text.length <= 9 && (missing.has(text.toLowerCase()) || infinite.test(text));

/** true and false as programs write them: true, True, TRUE. */
export function flagOf(text: string): boolean | undefined {
  if (text.length !== 4 && text.length !== 5) return undefined;
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}
