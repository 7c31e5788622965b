import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarOf, nextTurns } from '../../../core/response/oncall/calendar.ts';
import type { Override } from '../../../core/response/oncall/override.ts';
import { onCall, type ScheduleInForce } from '../../../core/response/oncall/schedule.ts';

const hour = 3_600_000;
const day = 24 * hour;
const t0 = Date.UTC(2026, 2, 16);

const schedule = (more: Partial<ScheduleInForce> = {}): ScheduleInForce => ({
  timezone: 'America/New_York',
  start: '2026-01-05T09:00',
  rotation: 'weekly',
  responders: ['ana', 'ben', 'chloe'],
  overrides: [],
  ...more,
});

const made = (responder: string, from: number, until: number, at = t0): Override => ({
  ...{ id: `ovr-${responder}-${from}`, schedule: 'ml', responder, from, until, at },
  ...{ by: 'web:ana', comment: '', version: 1 },
});

describe('the calendar of a schedule', () => {
  it('shows rotation, overrides as they were asked for, and who is on call', () => {
    const override = made('chloe', t0 + 2 * day, t0 + 3 * day);
    const calendar = calendarOf('ml', schedule({ made: [override] }), { from: t0, to: t0 + 5 * day });
    const begins = Date.UTC(2026, 2, 16, 13);
    const [before, after] = [onCall(schedule(), t0).responder, onCall(schedule(), t0 + day).responder];
    expect(calendar.turns).toEqual([
      { responder: before, from: t0, until: begins, override: false },
      { responder: after, from: begins, until: t0 + 5 * day, override: false },
    ]);
    expect(calendar.overrides).toEqual([
      { responder: 'chloe', from: override.from, until: override.until, override: true, made: override },
    ]);
    expect(calendar.result.map(({ responder, from, until }) => [responder, from, until])).toEqual([
      [before, t0, begins],
      [after, begins, override.from],
      ['chloe', override.from, override.until],
      [after, override.until, t0 + 5 * day],
    ]);
  });

  it('says when the clocks of its zone change, and turns stay at their local time', () => {
    const calendar = calendarOf('ml', schedule(), { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 15) });
    expect(calendar.clockChanges).toEqual([{ at: Date.UTC(2026, 2, 8, 7), before: -5 * hour, after: -4 * hour }]);
    expect(calendar.turns.map(({ from }) => new Date(from).getUTCHours())).toEqual([0, 14, 13]);
  });

  it('is without gaps, and everybody in it is on call then', () => {
    const spans = fc.array(
      fc.record({
        who: fc.constantFrom('ana', 'ben', 'chloe'),
        begin: fc.integer({ min: -48, max: 400 }),
        hours: fc.integer({ min: 1, max: 200 }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(spans, fc.constantFrom('daily' as const, 'weekly' as const), (asked, rotation) => {
        const one = schedule({
          rotation,
          made: asked.map(({ who, begin, hours }, n) => made(who, t0 + begin * hour, t0 + (begin + hours) * hour, n)),
        });
        const { result } = calendarOf('ml', one, { from: t0, to: t0 + 14 * day });
        expect(result[0]?.from).toBe(t0);
        expect(result.at(-1)?.until).toBe(t0 + 14 * day);
        for (const [n, { responder, from, until }] of result.entries()) {
          if (n > 0) expect(from).toBe(result[n - 1]?.until);
          for (const at of [from, Math.floor((from + until) / 2), until - 1]) expect(onCall(one, at).responder).toBe(responder);
        }
      }),
    );
  });
});

describe('the next turn of each responder', () => {
  it('is the current one for whoever is on call, and each once', () => {
    const schedules = { ml: schedule(), data: schedule({ responders: ['dev'] }) };
    const next = nextTurns({ schedules }, t0);
    expect(next.map(({ responder }) => responder).toSorted()).toEqual(['ana', 'ben', 'chloe', 'dev']);
    for (const { responder, schedule: name, from } of next)
      expect(onCall(schedules[name as 'ml'], Math.max(from, t0)).responder).toBe(responder);
    expect(next.filter(({ from }) => from <= t0)).toHaveLength(2);
  });

  it('counts overrides, also of people who are in no rotation', () => {
    const schedules = { ml: schedule({ made: [made('dora', t0 + 20 * day, t0 + 21 * day)] }) };
    expect(nextTurns({ schedules }, t0)).toContainEqual(
      expect.objectContaining({ responder: 'dora', from: t0 + 20 * day, until: t0 + 21 * day }),
    );
  });
});
