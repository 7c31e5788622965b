const fewDigits = 4;
/**
 * What differs only after so many digits is equal: binary fractions hold no more of a decimal one.
 */
const mostDigits = 12;

/** Exact, as `10 ** n` need not be. */
const powersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];

/**
 * `Number(value.toFixed(decimals))`. A tick formats many values, and `toFixed` is slow. Rounding a
 * product moves it onto a half, but never across one, so only halves are in doubt.
 */
function toDecimals(value: number, decimals: number): number {
  const power = powersOfTen[decimals] as number;
  const scaled = value * power;
  const whole = Math.round(scaled);
  const isSure = Math.abs(scaled) < 1e15 && Math.abs(scaled - whole) !== 0.5;
  return isSure ? whole / power : Number(value.toFixed(decimals));
}

/** `Number(value.toPrecision(digits))`, for at most 12 digits. */
function toDigits(value: number, digits: number): number {
  const size = Math.abs(value);
  if (size >= 1) {
    if (size >= 1000) return Number(value.toPrecision(digits));
    return toDecimals(value, digits - (size >= 100 ? 3 : size >= 10 ? 2 : 1));
  }
  if (size < 0.001) return Number(value.toPrecision(digits));
  return toDecimals(value, digits + (size >= 0.1 ? 0 : size >= 0.01 ? 1 : 2));
}

const exact = (value: number): number => toDigits(value, mostDigits);

/** Whether it has so few digits that a person wrote it. */
function isWritten(value: number): boolean {
  const short = toDigits(value, 8);
  // A cheaper answer for most: that of 12 digits is nearer than this.
  return Math.abs(short - value) <= 1e-11 * Math.abs(value) && exact(value) === short;
}

/** Whether the two may look alike in few digits. Asked first, for it costs least. */
const isNear = (value: number, other: number): boolean =>
  Math.abs(value - other) <= 0.011 * Math.max(Math.abs(value), Math.abs(other));

/** The same for percent, which have one digit after the point or more. */
const isNearInPercent = (fraction: number, other: number): boolean => Math.abs(fraction - other) <= 0.0011;

/**
 * Whether two that differ are shown so, and the greater one as the greater: what is rounded must
 * not pass its bound.
 */
const areApart = (value: number, other: number, shown: number, otherShown: number): boolean =>
  shown !== otherShown && value < other === shown < otherShown;

/** In so many significant digits, without an exponent where that is readable. */
function inDigits(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-4))
    return digits === fewDigits ? value.toExponential(2) : Number(value.toPrecision(digits)).toExponential();
  if (size >= 1000) return String(toDecimals(value, digits - fewDigits));
  return String(toDigits(value, digits));
}

const atMost = (value: number, digits: number): string => inDigits(value, isWritten(value) ? mostDigits : digits);

/**
 * A value for people: four significant digits, or as many more as tell it from those beside it,
 * such as its bound, and from 1, where a share ends.
 */
export function formatValue(value: number, ...beside: readonly number[]): string {
  if (!Number.isFinite(value)) return String(value);
  // Most values are far from all others, and there are many of them in a tick.
  if (!isNear(value, 1) && !someIsNear(value, beside, isNear)) return inDigits(value, fewDigits);
  const others = [1, ...beside].filter((other) => isNear(value, other) && exact(other) !== exact(value));
  for (let digits = fewDigits; digits < mostDigits; digits += 1) {
    const text = inDigits(value, digits);
    if (others.every((other) => areApart(value, other, Number(text), Number(atMost(other, digits))))) return text;
  }
  return inDigits(value, mostDigits);
}

/** A bound for people: as it was written, or a computed one as a value. */
export const formatBound = (bound: number, ...beside: readonly number[]): string =>
  Number.isFinite(bound) && isWritten(bound) ? inDigits(bound, mostDigits) : formatValue(bound, ...beside);

function someIsNear(value: number, beside: readonly number[], near: (value: number, other: number) => boolean): boolean {
  for (const other of beside) if (near(value, other)) return true;
  return false;
}

const inPercent = (of: number, digits: number): number => toDecimals(exact(of) * 100, digits);

/** `12.3%`, with as many digits as tell it from 0%, from 100% and from those beside it. */
export function formatPercent(fraction: number, ...beside: readonly number[]): string {
  if (!isNearInPercent(fraction, 0) && !isNearInPercent(fraction, 1) && !someIsNear(fraction, beside, isNearInPercent))
    return `${toDecimals(fraction * 100, 1)}%`;
  const others = [0, 1, ...beside].filter((other) => isNearInPercent(fraction, other) && exact(other) !== exact(fraction));
  for (let digits = 1; digits < mostDigits - 2; digits += 1) {
    const text = inPercent(fraction, digits);
    if (others.every((other) => areApart(fraction, other, text, inPercent(other, isWritten(other) ? mostDigits : digits))))
      return `${text}%`;
  }
  return `${inPercent(fraction, mostDigits - 2)}%`;
}

/** `2026-01-05 09:00:30 UTC`; without the seconds when they are 0. */
export function formatUtc(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, iso.slice(17, 19) === '00' ? 16 : 19)} UTC`;
}

export function describeLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
