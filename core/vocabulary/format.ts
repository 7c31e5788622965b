const fewDigits = 4;
/** What differs only after so many digits is equal: binary fractions hold no more of a decimal one. */
const mostDigits = 12;

const exact = (value: number): number => Number(value.toPrecision(mostDigits));

/** Whether it has so few digits that a person wrote it. */
function isWritten(value: number): boolean {
  const short = Number(value.toPrecision(8));
  // A cheaper answer for most: that of 12 digits is nearer than this.
  return Math.abs(short - value) <= 1e-11 * Math.abs(value) && exact(value) === short;
}

/** Whether the two may look alike in few digits. Asked first, for it costs least. */
const isNear = (value: number, other: number): boolean =>
  Math.abs(value - other) <= 0.011 * Math.max(Math.abs(value), Math.abs(other));

/** The same for percent, which have one digit after the point or more. */
const isNearInPercent = (fraction: number, other: number): boolean => Math.abs(fraction - other) <= 0.0011;

/** In so many significant digits, without an exponent where that is readable. */
function inDigits(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-4))
    return digits === fewDigits ? value.toExponential(2) : Number(value.toPrecision(digits)).toExponential();
  if (size >= 1000) return String(Number(value.toFixed(digits - fewDigits)));
  return String(Number(value.toPrecision(digits)));
}

const atMost = (value: number, digits: number): string => inDigits(value, isWritten(value) ? mostDigits : digits);

/**
 * A value for people: four significant digits, or as many more as tell it from those beside it, such
 * as its bound, and from 1, where a share ends.
 */
export function formatValue(value: number, ...beside: readonly number[]): string {
  if (!Number.isFinite(value)) return String(value);
  // Most values are far from all others, and there are many of them in a tick.
  if (!isNear(value, 1) && !someIsNear(value, beside, isNear)) return inDigits(value, fewDigits);
  const others = [1, ...beside].filter((other) => isNear(value, other) && exact(other) !== exact(value));
  for (let digits = fewDigits; digits < mostDigits; digits += 1) {
    const text = inDigits(value, digits);
    if (others.every((other) => atMost(other, digits) !== text)) return text;
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

const inPercent = (of: number, digits: number): number => Number((exact(of) * 100).toFixed(digits));

/** `12.3%`, with as many digits as tell it from 0%, from 100% and from those beside it. */
export function formatPercent(fraction: number, ...beside: readonly number[]): string {
  if (!isNearInPercent(fraction, 0) && !isNearInPercent(fraction, 1) && !someIsNear(fraction, beside, isNearInPercent))
    return `${Number((fraction * 100).toFixed(1))}%`;
  const others = [0, 1, ...beside].filter((other) => isNearInPercent(fraction, other) && exact(other) !== exact(fraction));
  for (let digits = 1; digits < mostDigits - 2; digits += 1) {
    const text = inPercent(fraction, digits);
    if (others.every((other) => inPercent(other, isWritten(other) ? mostDigits : digits) !== text)) return `${text}%`;
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
