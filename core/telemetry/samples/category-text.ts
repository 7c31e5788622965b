const flag = /^(?:true|false)$/i;
const wholeFloat = /^-?\d+\.0$/;

/**
 * One spelling per category, whatever it was sent in: `True` of a CSV file is the `true` of JSON,
 * and `3.0`, as pandas writes a whole number in a column with gaps, is `3`. Anything else stays as
 * it is written: 01067, 1.10 and 1e5 are themselves.
 */
export function categoryText(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const { length } = value;
  if ((length === 4 || length === 5) && flag.test(value)) return value.toLowerCase();
  return length > 2 && value.endsWith('.0') && wholeFloat.test(value) ? value.slice(0, -2) : value;
}
