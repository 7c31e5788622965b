import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { onCall } from '../../../core/response/oncall/schedule.ts';
import type { Schedule } from '../../../core/response/oncall/schedule-schema.ts';

const hour = 3_600_000;
const berlin: Schedule = {
  timezone: 'Europe/Berlin',
  start: '2026-01-05T09:00',
  rotation: 'weekly',
  responders: ['ana', 'ben', 'cem'],
  overrides: [],
};
const daily: Schedule = { ...berlin, rotation: 'daily' };
const utc = (text: string): number => Date.parse(`${text}Z`);

describe('a weekly rotation', () => {
  it('hands over at the local time of its start', () => {
    expect(onCall(berlin, utc('2026-01-05T08:00'))).toEqual({
      responder: 'ana',
      from: utc('2026-01-05T08:00'),
      until: utc('2026-01-12T08:00'),
      override: false,
    });
    expect(onCall(berlin, utc('2026-01-12T07:59')).responder).toBe('ana');
    expect(onCall(berlin, utc('2026-01-12T08:00')).responder).toBe('ben');
    expect(onCall(berlin, utc('2026-01-26T08:00')).responder).toBe('ana');
  });

  it('is counted backwards before its start', () => {
    expect(onCall(berlin, utc('2026-01-05T07:59'))).toMatchObject({ responder: 'cem', from: utc('2025-12-29T08:00') });
    expect(onCall(berlin, utc('2025-12-22T08:00')).responder).toBe('ben');
  });

  it('keeps its local time when clocks change in spring and in autumn', () => {
    expect(onCall(berlin, utc('2026-03-27T12:00'))).toMatchObject({
      from: utc('2026-03-23T08:00'),
      until: utc('2026-03-30T07:00'),
    });
    expect(onCall(berlin, utc('2026-10-24T12:00'))).toMatchObject({
      from: utc('2026-10-19T07:00'),
      until: utc('2026-10-26T08:00'),
    });
  });
});

describe('a daily rotation', () => {
  it('has a turn of 23 hours in spring and one of 25 in autumn', () => {
    const spring = onCall(daily, utc('2026-03-29T00:00'));
    expect(spring.until - spring.from).toBe(23 * hour);
    const autumn = onCall(daily, utc('2026-10-25T00:00'));
    expect(autumn.until - autumn.from).toBe(25 * hour);
  });

  it('hands over later on the day on which its local time does not exist', () => {
    const night = { ...daily, start: '2026-01-05T02:30' };
    expect(onCall(night, utc('2026-03-29T01:29')).until).toBe(utc('2026-03-29T01:30'));
    expect(onCall(night, utc('2026-03-29T01:30')).from).toBe(utc('2026-03-29T01:30'));
    expect(onCall(night, utc('2026-03-29T01:30')).until).toBe(utc('2026-03-30T00:30'));
  });

  it('hands over at the first of two equal local times', () => {
    const night = { ...daily, start: '2026-01-05T02:30' };
    expect(onCall(night, utc('2026-10-25T00:30')).from).toBe(utc('2026-10-25T00:30'));
  });

  it('survives a day that a country left out', () => {
    const apia: Schedule = { ...daily, timezone: 'Pacific/Apia', start: '2011-12-01T09:00' };
    const before = onCall(apia, utc('2011-12-30T00:00'));
    expect(onCall(apia, before.until).from).toBe(before.until);
  });
});

describe('an override', () => {
  const overridden: Schedule = {
    ...berlin,
    overrides: [
      { from: '2026-01-07T00:00', to: '2026-01-09T00:00', responder: 'dan' },
      { from: '2026-01-08T00:00', to: '2026-01-08T12:00', responder: 'eva' },
      { from: '2026-01-11T00:00', to: '2026-01-10T00:00', responder: 'nobody' },
    ],
  };

  it('takes its time from the rotation, and a later one from an earlier one', () => {
    const turns = [];
    for (let at = utc('2026-01-05T08:00'); at < utc('2026-01-12T08:00'); at = onCall(overridden, at).until)
      turns.push(onCall(overridden, at));
    expect(
      turns.map(({ responder, from, override }) => [responder, new Date(from).toISOString().slice(5, 16), override]),
    ).toEqual([
      ['ana', '01-05T08:00', false],
      ['dan', '01-06T23:00', true],
      ['eva', '01-07T23:00', true],
      ['dan', '01-08T11:00', true],
      ['ana', '01-08T23:00', false],
    ]);
  });
});

describe('a date that no calendar has', () => {
  it('is named in the error', () => {
    expect(() => onCall({ ...berlin, start: '2026-02-31T09:00' }, 0)).toThrow(/2026-02-31T09:00/);
    expect(() => onCall(berlin, Number.NaN)).toThrow(/NaN/);
  });
});

const local = fc
  .record({ day: fc.integer({ min: 0, max: 700 }), minute: fc.integer({ min: 0, max: 1439 }) })
  .map(({ day, minute }) =>
    Temporal.PlainDateTime.from('2025-06-01T00:00').add({ days: day, minutes: minute }).toString().slice(0, 16),
  );
const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  timezone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/Sao_Paulo',
    'Africa/Casablanca',
  ),
  start: local,
  rotation: fc.constantFrom('daily' as const, 'weekly' as const),
  responders: fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c', 'd']),
  overrides: fc.array(fc.record({ from: local, to: local, responder: fc.constantFrom('x', 'y') }), { maxLength: 4 }),
});
const instant = fc
  .integer({ min: utc('2025-06-01T00:00') / 60_000, max: utc('2027-06-01T00:00') / 60_000 })
  .map((m) => m * 60_000);

/** Walks hand-over by hand-over from the start, the plainest way to say what a rotation is. */
function walk(schedule: Schedule, at: number): string {
  const zoned = (text: string): number => Temporal.PlainDateTime.from(text).toZonedDateTime(schedule.timezone).epochMilliseconds;
  let name: string | undefined;
  for (const { from, to, responder } of schedule.overrides) if (zoned(from) <= at && at < zoned(to)) name = responder;
  if (name !== undefined) return name;
  const start = Temporal.PlainDateTime.from(schedule.start);
  const hand = (n: number): number =>
    start.add(schedule.rotation === 'weekly' ? { weeks: n } : { days: n }).toZonedDateTime(schedule.timezone).epochMilliseconds;
  let n = 0;
  while (hand(n + 1) <= at) n += 1;
  while (hand(n) > at) n -= 1;
  return schedule.responders.at(n % schedule.responders.length) as string;
}

describe('any schedule', () => {
  it('tiles time: a turn covers the instant asked for, and the next begins where it ends', () => {
    fc.assert(
      fc.property(anySchedule, instant, (schedule, at) => {
        const turn = onCall(schedule, at);
        expect(turn.from).toBeLessThanOrEqual(at);
        expect(turn.until).toBeGreaterThan(at);
        expect(onCall(schedule, turn.until).from).toBe(turn.until);
        expect(onCall(schedule, turn.from - 1).until).toBe(turn.from);
        expect(onCall(schedule, turn.from)).toEqual(turn);
        expect(onCall(schedule, turn.until - 1)).toEqual(turn);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with a walk from hand-over to hand-over', () => {
    fc.assert(
      fc.property(anySchedule, instant, (schedule, at) => {
        expect(onCall(schedule, at).responder).toBe(walk(schedule, at));
      }),
      { numRuns: 100 },
    );
  });
});
