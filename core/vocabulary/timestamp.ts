const iso = /^(\d{4}-\d{2}-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** The largest time that `Date` can hold, milliseconds since the epoch. */
export const maxTime = 8.64e15;

/**
 * What a number is that is a time of ours in another unit: 1e8 to 1e11 are the years 1973 to 5138
 * in seconds, and 1970 to 1973 in milliseconds. Undefined for milliseconds.
 */
export function unlikeMilliseconds(
  value: number,
): 'seconds' | 'microseconds' | 'nanoseconds' | 'a date without dashes' | 'days' | undefined {
  if (Number.isInteger(value) && value > 19_000_000 && isDay(value)) return 'a date without dashes';
  // As Excel counts them, from 1900: 1954 to 2173.
  if (value >= 20_000 && value < 100_000) return 'days';
  if (value >= 1e8 && value < 1e11) return 'seconds';
  if (value >= 1e17 && value < 1e20) return 'nanoseconds';
  return value >= 1e14 && value < 1e17 ? 'microseconds' : undefined;
}

/** 20260105 */
function isDay(value: number): boolean {
  const [month, day] = [Math.floor(value / 100) % 100, value % 100];
  return value < 21_010_101 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/**
 * Reads ISO 8601 text or a number of milliseconds; milliseconds since the epoch, or undefined. Text
 * without an offset is UTC. A day that its month does not have is refused, where `Date.parse` would
 * move it; so is a number that looks like another unit, which would be a time in 1970.
 */
export function parseTimestamp(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Math.abs(value) <= maxTime && unlikeMilliseconds(value) === undefined ? Math.floor(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = iso.exec(value.trim());
  if (parts === null) return undefined;
  const [, date, day, time = '00:00', offset = 'Z'] = parts;
  if (offset === 'Z') {
    // The common case. 24:00 belongs to the next day and is handled below.
    const at = Date.parse(`${date}T${time}Z`);
    if (new Date(at).getUTCDate() === Number(day)) return at;
  }
  const midnight = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const at = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}
