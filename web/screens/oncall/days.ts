/** One day of a zone; [start, end) in milliseconds since the epoch. It may have 23 or 25 hours. */
export type Day = { start: number; end: number; day: number; month: string; weekday: string; isWeekend: boolean };

const dayMs = 86_400_000;

/** How far the clocks of a zone are ahead of UTC at a time. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000;
}

/** The date that a wall of the zone shows, as days since 1970-01-01. */
export const dateOf = (at: number, zone: string): number => Math.floor((at + offsetAt(at, zone)) / dayMs);

/** When a date begins in a zone. */
export function beginOf(date: number, zone: string): number {
  const wall = date * dayMs;
  const first = wall - offsetAt(wall, zone);
  return wall - offsetAt(first, zone);
}

/** The Monday of the week of a date. The first day of 1970 was a Thursday. */
export const mondayOf = (date: number): number => date - ((((date + 3) % 7) + 7) % 7);

const words = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', month: 'long' });

export const daysFrom = (date: number, count: number, zone: string): Day[] =>
  Array.from({ length: count }, (_, n) => {
    const noon = (date + n) * dayMs + dayMs / 2;
    const parts = Object.fromEntries(words.formatToParts(noon).map(({ type, value }) => [type, value]));
    const weekday = parts['weekday'] ?? '';
    return {
      start: beginOf(date + n, zone),
      end: beginOf(date + n + 1, zone),
      day: new Date(noon).getUTCDate(),
      month: parts['month'] ?? '',
      weekday,
      isWeekend: weekday === 'Sat' || weekday === 'Sun',
    };
  });

/** `2026-06-01`; undefined for anything else. */
export function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at / dayMs;
}

export const dateText = (date: number): string => new Date(date * dayMs).toISOString().slice(0, 10);
