import { Temporal } from 'temporal-polyfill';

/** Zones whose clocks do something odd, and a year in which they do. */
const odd: [zone: string, year: number][] = [
  ['Europe/Berlin', 2026],
  ['America/New_York', 2026],
  // Half an hour.
  ['Australia/Lord_Howe', 2026],
  // Two hours.
  ['Antarctica/Troll', 2026],
  // Around Ramadan, backwards in spring.
  ['Africa/Casablanca', 2025],
  // At midnight: the day begins at one, or ends twice.
  ['America/Havana', 2026],
  ['Africa/Cairo', 2026],
  ['America/Sao_Paulo', 2018],
  // A day that never was.
  ['Pacific/Apia', 2011],
  // Moved its zone by half an hour, and by a quarter.
  ['Asia/Pyongyang', 2018],
  ['Asia/Kathmandu', 1986],
];

export type ClockChange = { zone: string; at: number };

/** Every change of the clocks in one year of each zone. */
export const clockChanges: ClockChange[] = odd.flatMap(([zone, year]) => {
  const found: ClockChange[] = [];
  let time: Temporal.ZonedDateTime | null = Temporal.PlainDate.from({ year, month: 1, day: 1 })
    .subtract({ days: 1 })
    .toZonedDateTime(zone);
  for (time = time.getTimeZoneTransition('next'); time !== null && time.year <= year; time = time.getTimeZoneTransition('next'))
    found.push({ zone, at: time.epochMilliseconds });
  return found;
});

/** Each minute from some hours before a change to some hours after it. */
export function minutesAround({ at }: ClockChange, hours = 4): number[] {
  return Array.from({ length: 2 * hours * 60 }, (_, index) => at + (index - hours * 60) * 60_000);
}

/** What the wall shows, asked of a calendar library each time. */
export const onTheWall = (zone: string, at: number): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
