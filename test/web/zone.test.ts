import { expect, it } from 'vitest';
import { instantOf, weekdayStart } from '../../web/frame/wall-clock.ts';
import { scheduleShown, zoneChoices } from '../../web/frame/zone-choice.ts';
import { periodsWith } from '../../web/screens/incidents/period.ts';

const ml = { name: 'ml', timezone: 'America/New_York' };
const data = { name: 'data', timezone: 'Asia/Kolkata' };

it('offers UTC, one’s own zone and that of a schedule, which is named, each once', () => {
  const texts = (own: string, schedule?: typeof ml) => zoneChoices(own, schedule).map(({ text }) => text);
  expect(texts('Europe/Berlin', ml)).toEqual(['UTC', 'Europe/Berlin', 'New York (ml)']);
  expect(texts('America/New_York', ml)).toEqual(['UTC', 'America/New_York']);
  expect(texts('UTC')).toEqual(['UTC']);
});

it('takes the schedule of the thing shown, else that of the team in scope, else that of one’s own team', () => {
  const teams = [{ name: 'mine', isOwn: true as const, schedule: ml }, { name: 'theirs', schedule: data }, { name: 'none' }];
  expect(scheduleShown(data, 'mine', teams)).toBe(data);
  expect(scheduleShown(undefined, 'theirs', teams)).toBe(data);
  expect(scheduleShown(undefined, undefined, teams)).toBe(ml);
  expect(scheduleShown(undefined, undefined, [{ name: 'theirs', schedule: data }])).toBeUndefined();
});

it('begins a Friday at its midnight in the zone that is shown, today if it is one', () => {
  const at = (text: string) => Date.parse(text);
  expect(weekdayStart('Fri', at('2026-11-30T08:00:00Z'), 'UTC')).toBe(at('2026-11-27T00:00:00Z'));
  expect(weekdayStart('Fri', at('2026-11-30T08:00:00Z'), 'Europe/Berlin')).toBe(at('2026-11-26T23:00:00Z'));
  expect(weekdayStart('Fri', at('2026-11-27T23:30:00Z'), 'Europe/Berlin')).toBe(at('2026-11-26T23:00:00Z'));
  expect(weekdayStart('Fri', at('2026-11-27T10:00:00Z'), 'UTC')).toBe(at('2026-11-27T00:00:00Z'));
});

it('keeps the span of a link among the choices', () => {
  const now = Date.parse('2026-11-30T08:00:00Z');
  const utc = { timeZone: 'UTC', say: String };
  expect(periodsWith('2026-11-20T00:00:00.000Z', now, utc).map(({ since }) => since)).toContain('2026-11-20T00:00:00.000Z');
  expect(periodsWith('nonsense', now, utc)).toHaveLength(4);
});

it('reads what a clock of a zone shows, before and after clocks change', () => {
  const read = (text: string, timeZone: string) => new Date(instantOf(text, timeZone) ?? 0).toISOString();
  expect(read('2026-12-05T14:00', 'UTC')).toBe('2026-12-05T14:00:00.000Z');
  expect(read('2026-12-05T14:00', 'America/New_York')).toBe('2026-12-05T19:00:00.000Z');
  expect(read('2026-10-25T00:30', 'Europe/Berlin')).toBe('2026-10-24T22:30:00.000Z');
  expect(read('2026-10-25T12:00', 'Europe/Berlin')).toBe('2026-10-25T11:00:00.000Z');
  expect(instantOf('', 'UTC')).toBeUndefined();
});
