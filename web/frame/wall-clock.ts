const formats = new Map<string, Intl.DateTimeFormat>();
export type Parts = Readonly<Record<string, string>>;

/** What a clock of the zone shows. */
export function partsOf(at: number, timeZone: string): Parts {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
  formats.set(timeZone, format);
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

const dayMs = 86_400_000;

/** When the last such day of the week began, or this day if it is one: `Fri`. */
export function weekdayStart(weekday: string, at: number, timeZone: string): number {
  for (let day = 0; day < 7; day += 1) {
    const parts = partsOf(at - day * dayMs, timeZone);
    const sinceMidnight = Number(parts['hour']) * 3600 + Number(parts['minute']) * 60 + Number(parts['second']);
    if (parts['weekday'] === weekday) return Math.floor((at - day * dayMs) / 1000 - sinceMidnight) * 1000;
  }
  return at;
}

export const weekdayOf = (at: number, timeZone: string): string => partsOf(at, timeZone)['weekday'] ?? '';

/** The time that a clock of the zone shows as `2026-12-05T14:00`; undefined if it is none. */
export function instantOf(local: string, timeZone: string): number | undefined {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return undefined;
  const shownAt = (at: number): number => {
    const { year, month, day, hour, minute, second } = partsOf(at, timeZone);
    return Date.parse(`${day} ${month} ${year} ${hour}:${minute}:${second} UTC`);
  };
  const first = wanted + (wanted - shownAt(wanted));
  return first + (wanted - shownAt(first));
}
