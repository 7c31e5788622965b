import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { onCallNow, turnText, withOverrides } from '../../../core/response/oncall/in-force.ts';
import type { Override } from '../../../core/response/oncall/override.ts';
import { onCall } from '../../../core/response/oncall/schedule.ts';
import { readSpan } from '../../../core/response/oncall/until.ts';
import { exampleOverride } from '../../contract/store-examples.ts';
import { configOf } from '../../scenario/harness.ts';

const hour = 3_600_000;
const utc = (text: string): number => Date.parse(`${text}Z`);
const monday = utc('2026-01-05T08:00');
const ml = {
  timezone: 'Europe/Berlin',
  start: '2026-01-05T09:00',
  rotation: 'weekly',
  responders: ['ana', 'lea'],
  overrides: [{ from: '2026-01-06T09:00', to: '2026-01-07T09:00', responder: 'max' }],
} as const;
const config = configOf({ schedules: { ml: { ...ml, responders: [...ml.responders], overrides: [...ml.overrides] } } });
const made = (changes: Partial<Override>): Override =>
  exampleOverride({ from: monday, until: monday + hour, at: monday, ...changes });
const at = (overrides: Override[], time: number) => onCall(withOverrides(config, overrides).schedules['ml'] as never, time);

describe('an override that a person made', () => {
  it('holds from its beginning until just before its end', () => {
    const one = made({});
    expect(at([one], monday)).toEqual({ responder: 'ben', from: monday, until: monday + hour, override: true, made: one });
    expect(at([one], monday - 1)).toMatchObject({ responder: 'lea', until: monday });
    expect(at([one], monday + hour)).toMatchObject({ responder: 'ana', from: monday + hour, override: false });
  });

  it('wins over those of the config, and one that was made later over one made before', () => {
    const tuesday = utc('2026-01-06T12:00');
    expect(at([], tuesday).responder).toBe('max');
    const first = made({ id: 'a', from: tuesday, until: tuesday + 4 * hour });
    const second = made({ id: 'b', responder: 'lea', from: tuesday + hour, until: tuesday + 2 * hour });
    const whole = [first, second];
    expect([0, 1, 2, 4].map((n) => at(whole, tuesday + n * hour).responder)).toEqual(['ben', 'lea', 'ben', 'max']);
    expect(at(whole, tuesday)).toMatchObject({ from: tuesday, until: tuesday + hour });
  });

  it('says nothing for a schedule, or by a responder, that has left the config', () => {
    expect(withOverrides(config, [])).toBe(config);
    const gone = [made({ schedule: 'constructor' }), made({ responder: 'gone' }), made({ responder: 'toString' })];
    expect(withOverrides(config, gone).schedules).toEqual(config.schedules);
  });

  it('leaves the config itself as it was', () => {
    withOverrides(config, [made({})]);
    expect(onCall(config.schedules['ml'] as never, monday).responder).toBe('ana');
  });

  it('is told with who made it, why, and who comes next', () => {
    const [turn] = onCallNow(withOverrides(config, [made({})]), monday);
    expect(turn === undefined ? '' : turnText(turn)).toBe(
      'ml: ben until 2026-01-05 09:00 UTC, then ana (ovr-1 by responder/ben: Ana is ill)',
    );
    expect(onCallNow(config, utc('2026-01-06T12:00')).map(turnText)).toEqual([
      'ml: max until 2026-01-07 08:00 UTC, then ana (an override of the config)',
    ]);
    expect(onCallNow(config, monday).map(turnText)).toEqual(['ml: ana until 2026-01-06 08:00 UTC, then max']);
  });

  test('at any time exactly one is on call, and every turn begins where another ends', () => {
    const span = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 10 }), fc.constantFrom('ana', 'ben', 'lea', 'max'));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), fc.nat(30), (spans, n) => {
        const overrides = spans.map(([from, length, responder], i) =>
          made({ id: `o${i}`, responder, from: monday + from * hour, until: monday + (from + length) * hour }),
        );
        const turn = at(overrides, monday + n * hour);
        const last = overrides.findLast(({ from, until }) => from <= monday + n * hour && monday + n * hour < until);
        expect(turn.responder).toBe(last?.responder ?? at([], monday + n * hour).responder);
        expect(turn.from).toBeLessThanOrEqual(monday + n * hour);
        expect(turn.until).toBeGreaterThan(monday + n * hour);
        expect(at(overrides, turn.until).from).toBe(turn.until);
      }),
    );
  });
});

const zoneOf = 'Europe/Berlin';
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
const untilOf = (text: string, now = monday): string | undefined => {
  const span = readSpan({ until: text }, zoneOf, now);
  return 'unread' in span ? undefined : iso(span.until);
};

describe('a time as people say it', () => {
  test.each([
    ['4h', '2026-01-05T12:00'],
    ['1H30M', '2026-01-05T09:30'],
    ['17:00', '2026-01-05T16:00'],
    ['9:00', '2026-01-06T08:00'],
    ['08:59', '2026-01-06T07:59'],
    ['2026-07-01T09:00', '2026-07-01T07:00'],
    ['2026-01-05t17:00', '2026-01-05T16:00'],
    ['2026-03-29T02:30', '2026-03-29T01:00'],
    ['2026-10-25T02:30', '2026-10-25T01:30'],
    ['2026-01-05T17:00Z', '2026-01-05T17:00'],
    ['2026-01-05T17:00+09:00', '2026-01-05T08:00'],
  ])('%s', (text, expected) => {
    expect(untilOf(text)).toBe(expected);
  });

  test.each(['', 'soon', '0h', '25:00', '12:60', '2026-02-30T09:00', '2026-01-05', '99999999999999999999w', '-4h'])(
    'is not %j',
    (text) => {
      expect(readSpan({ until: text }, zoneOf, monday)).toEqual({ unread: text });
      expect(readSpan({ from: text, until: '17:00' }, zoneOf, monday)).toEqual({ unread: text });
    },
  );
});

describe('a span as people say it, on a day on which clocks change', () => {
  const spring = utc('2026-03-28T22:00');
  const autumn = utc('2026-10-24T22:00');
  test.each([
    ['begins at the change if clocks skip its beginning', spring, '02:30', '03:15', '2026-03-29T01:00', '2026-03-29T01:15'],
    ['ends at the change if clocks skip its end', spring, '01:00', '02:30', '2026-03-29T00:00', '2026-03-29T01:00'],
    ['is empty if clocks skip all of it', spring, '02:15', '02:45', '2026-03-29T01:00', '2026-03-29T01:00'],
    ['begins the first time and ends the last', autumn, '02:15', '02:45', '2026-10-25T00:15', '2026-10-25T01:45'],
    ['ends on the next day if its end is earlier', autumn, '02:45', '02:15', '2026-10-25T00:45', '2026-10-26T01:15'],
    ['reads dates in the same way', spring, '2026-03-29T02:30', '2026-03-29T03:15', '2026-03-29T01:00', '2026-03-29T01:15'],
    [
      'begins the second time once the first has passed',
      utc('2026-10-25T00:40'),
      '02:30',
      '3:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ],
  ])('%s', (_, now, from, until, begins, ends) => {
    const span = readSpan({ from, until }, zoneOf, now);
    expect('unread' in span ? span : [iso(span.from), iso(span.until)]).toEqual([begins, ends]);
  });

  it('takes the next day that there is', () => {
    const span = readSpan({ until: '09:00' }, 'Pacific/Apia', utc('2011-12-29T20:00'));
    expect('unread' in span ? span : iso(span.until)).toBe('2011-12-30T19:00');
  });
});

describe('an override of the config', () => {
  const schedule = (from: string, to: string) => ({ ...ml, responders: ['ana'], overrides: [{ from, to, responder: 'max' }] });

  it('covers what is left of it where clocks skip its beginning', () => {
    const spring = schedule('2026-03-29T02:30', '2026-03-29T03:15');
    expect(onCall(spring, utc('2026-03-29T01:00'))).toMatchObject({ responder: 'max', until: utc('2026-03-29T01:15') });
    expect(onCall(spring, utc('2026-03-29T00:59')).responder).toBe('ana');
    expect(onCall(spring, utc('2026-03-29T01:15')).responder).toBe('ana');
  });

  it('lasts from the first of two equal times to the last', () => {
    const autumn = schedule('2026-10-25T02:30', '2026-10-25T02:45');
    expect(onCall(autumn, utc('2026-10-25T00:30'))).toMatchObject({ responder: 'max', until: utc('2026-10-25T01:45') });
  });
});
