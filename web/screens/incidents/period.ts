import { weekdayStart } from '../../frame/wall-clock.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The zone that times are shown in, and how one is written. */
type Zone = { timeZone: string; say(at: number): string };

export type Period = { since: string; text: string };

const back = (now: number, ms: number): string => new Date(Math.floor((now - ms) / hourMs) * hourMs).toISOString();

/**
 * Spans that somebody asks for. They are times, not lengths, so that a link shows the same later.
 */
export const periods = (now: number, timeZone: string): Period[] => [
  { since: back(now, dayMs), text: 'the last 24 hours' },
  { since: new Date(weekdayStart('Fri', now, timeZone)).toISOString(), text: 'since Friday' },
  { since: back(now, 7 * dayMs), text: 'the last 7 days' },
  { since: back(now, 28 * dayMs), text: 'the last 28 days' },
];

/** The choices, with that of the address if a link or an hour ago named another one. */
export function periodsWith(since: string | undefined, now: number, zone: Zone): Period[] {
  const usual = periods(now, zone.timeZone);
  if (since === undefined || Number.isNaN(Date.parse(since)) || usual.some((one) => one.since === since)) return usual;
  return [...usual, { since, text: `since ${zone.say(Date.parse(since))}` }];
}
