import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf } from '../../../core/detection/baselines/baseline.ts';
import { medianAndSpread, seasonalBaseline } from '../../../core/detection/baselines/same-time.ts';
import { judge } from '../../../core/detection/judge.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { wallTime } from '../../../core/vocabulary/wall-clock.ts';
import { clockChanges } from '../../vocabulary/clock-changes.ts';
import { ruleOf } from './rule.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Monday. */
const monday = Date.UTC(2026, 0, 26);

/**
 * One point at the end of every hour of the days before `to`, of the value that `valueAt` gives to
 * the hour.
 */
const hourly = (to: number, days: number, valueAt: (at: number) => number): Point[] =>
  Array.from({ length: days * 24 + 1 }, (_, i) => to - (days * 24 - i) * hour).map((at) => ({ at, value: valueAt(at) }));
/** 200 from 8 to 18 o'clock UTC, 20 otherwise. */
const office = (at: number): number => (at % day > 8 * hour && at % day <= 18 * hour ? 200 : 20);

const config = { season: 'day' as const, periods: 4, minPeriods: 3, slot: hour, timezone: 'UTC', deviations: 3 };
const at = monday + 12 * hour;

describe('a seasonal baseline', () => {
  it('is the median of the same hour of earlier days', () => {
    const points = hourly(at, 6, (t) => office(t) + (t === at - day ? 1000 : 0));
    expect(seasonalBaseline(config, points, at, at, hour, [], undefined)).toEqual({
      ok: true,
      baseline: { kind: 'seasonal', value: 200, season: 'day', spread: 0, points: 4, periods: 4, from: at - 4 * day, to: at },
    });
    const night = seasonalBaseline(config, points, monday + 3 * hour, monday + 3 * hour, hour, [], undefined);
    expect(night).toMatchObject({ ok: true, baseline: { value: 20 } });
  });

  it('of a week compares a Monday with Mondays', () => {
    const weekly = { ...config, season: 'week' as const };
    const points = hourly(at, 30, (t) => (new Date(t).getUTCDay() === 1 ? 50 : 500));
    expect(seasonalBaseline(weekly, points, at, at, hour, [], undefined)).toMatchObject({
      baseline: { value: 50, periods: 4, from: at - 28 * day },
    });
  });

  it('takes every point of the slot, where the rule has a shorter step', () => {
    const points = hourly(at, 6, () => 10).flatMap(({ at }) =>
      [45, 30, 15, 0].map((minutes) => ({ at: at - minutes * 60_000, value: minutes + 1 })),
    );
    const found = seasonalBaseline(config, points, at, at, hour / 4, [], undefined);
    expect(found).toMatchObject({ baseline: { value: 23.5, points: 16, periods: 4 } });
  });

  it('follows the clocks of people through a change to summer time', () => {
    // Berlin goes forward on 29 March 2026: nine in the morning is 8:00 UTC before, and 7:00 UTC
    // after.
    const berlin = { ...config, timezone: 'Europe/Berlin' };
    const after = Date.UTC(2026, 2, 30, 7);
    const opening = (t: number): number => {
      const local = t + (t > Date.UTC(2026, 2, 29, 1) ? 2 : 1) * hour;
      return local % day === 9 * hour ? 900 : 1;
    };
    const points = hourly(after, 6, opening);
    expect(seasonalBaseline(berlin, points, after, after, hour, [], undefined)).toMatchObject({ baseline: { value: 900 } });
    expect(seasonalBaseline(config, points, after, after, hour, [], undefined)).toMatchObject({ baseline: { value: 1 } });
  });

  it.each(clockChanges)('learns exactly the points that the wall of $zone showed at this time ($at)', ({ zone, at: change }) => {
    const step = hour / 2;
    const points = Array.from({ length: 8 * 48 }, (_, n) => change + (n - 6 * 48) * step).map((time) => ({
      at: time,
      value: time,
    }));
    const slotOf = (time: number) => Math.floor(wallTime(zone, time - 1) / hour);
    for (let at = change - 6 * hour; at <= change + 50 * hour; at += step) {
      const found = seasonalBaseline({ ...config, timezone: zone, minPeriods: 1 }, points, at, at, step, [], undefined);
      const periods = [1, 2, 3, 4].map((days) =>
        points.filter((point) => point.at < at && slotOf(point.at) === slotOf(at) - 24 * days),
      );
      const learnt = periods.flat();
      expect(found.ok ? [found.baseline.kind === 'seasonal' && found.baseline.points, found.baseline.value] : [0]).toEqual(
        learnt.length === 0 ? [0] : [learnt.length, medianOf(Float64Array.from(learnt.map(({ value }) => value)))],
      );
    }
  });

  it('is refused with too few periods, and says how many points belong to alerts', () => {
    const points = hourly(at, 6, office);
    const excluded = [{ from: at - 2 * day - 2 * hour, to: at - hour }];
    expect(seasonalBaseline(config, points, at, at, hour, excluded, undefined)).toEqual({
      ok: false,
      byAlerts: true,
      reason:
        'baseline refused: 2 of the last 4 days have points at this time (2 more points belong to earlier alerts), expected at least 3',
    });
  });

  it('is refused when it is stale', () => {
    const points = hourly(at - 2 * day, 6, office);
    const found = seasonalBaseline({ ...config, periods: 6, maxAge: day }, points, at, at, hour, [], undefined);
    expect(found).toEqual({
      ok: false,
      reason: 'baseline refused: its newest point is 2d old, more than maxAge 1d',
    });
  });

  it('that is frozen learns nothing later, but still compares every hour with its own', () => {
    const noon = seasonalBaseline(config, hourly(at, 6, office), at, at, hour, [], undefined);
    const frozen = noon.ok ? noon.baseline : undefined;
    const points = hourly(at + 2 * day, 8, (t) => (t < at ? office(t) : 1));
    const next = at + day + 12 * hour;
    expect(seasonalBaseline(config, points, next, next, hour, [], frozen)).toMatchObject({ baseline: { value: 20, to: at } });
    expect(seasonalBaseline(config, points, at + 2 * day, at + 2 * day, hour, [], frozen)).toMatchObject({
      baseline: { value: 200, to: at },
    });
    expect(seasonalBaseline(config, [], next, next, hour, [], frozen)).toEqual(noon);
  });

  it('never rests on points of the judged time or later, whatever comes', () => {
    const points = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 200 }), value: fc.double({ noNaN: true, min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(points, fc.integer({ min: 100, max: 200 }), (some, hours) => {
        const sorted = some.map(({ at, value }) => ({ at: monday + at * hour, value })).sort((a, b) => a.at - b.at);
        const before = monday + hours * hour;
        const found = seasonalBaseline(config, sorted, before, before, hour, [], undefined);
        const past = seasonalBaseline(
          config,
          sorted.filter((p) => p.at < before),
          before,
          before,
          hour,
          [],
          undefined,
        );
        expect(found).toEqual(past);
        if (found.ok && found.baseline.kind === 'seasonal') expect(found.baseline.spread).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('a rule with a seasonal baseline', () => {
  const rule = ruleOf({
    step: '1h',
    for: '2/3',
    degradation: { direction: 'drop', baseline: { seasonal: { season: 'day' } }, warn: '20%', critical: '50%' },
  });
  const judged = (valueAt: (t: number) => number, to = at) => judge(rule, hourly(to, 7, valueAt), { now: to, to });

  it('takes the fall of every evening for what it is', () => {
    const evening = monday + 19 * hour;
    expect(judged(office, evening)).toMatchObject({ status: 'ok', baseline: { value: 20 } });
  });

  it('fires when an hour is unlike the same hour of earlier days, each point against its own hour', () => {
    const verdict = judged((t) => (t > at - 2 * hour ? 60 : office(t)));
    expect(verdict).toMatchObject({ status: 'critical', baseline: { kind: 'seasonal', value: 200 }, degradation: 0.7 });
    expect(verdict.reason).toBe(
      'accuracy 60 is 70% below the baseline 200 of this time of earlier days (critical from 50% and 3 spreads), 2 of 3 points',
    );
  });

  it('stays quiet within the noise of that hour, however large the share', () => {
    const noisy = (t: number): number => 100 + 60 * ([0, 1, -1, 0.5][Math.floor(t / day) % 4] as number);
    expect(judged((t) => (t > at - 2 * hour ? 55 : noisy(t)))).toMatchObject({ status: 'ok', judged: true });
    expect(judged((t) => (t > at - 2 * hour ? 55 : 100 + noisy(t) / 1000))).toMatchObject({ status: 'warn' });
  });

  it('leaves open what has nothing to be compared with', () => {
    const young = judge(rule, hourly(at, 2, office), { now: at, to: at });
    expect(young).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(young.reason).toBe('accuracy: baseline refused: 2 of the last 4 days have points at this time, expected at least 3');
  });
});

describe('median and spread', () => {
  it('of ten values are those of the hand', () => {
    // Median 5.5; deviations 4.5 3.5 2.5 1.5 0.5 0.5 1.5 2.5 3.5 94.5, of median 2.5; factors
    // 1.4826 and 10 / 9.2.
    const { value, spread } = medianAndSpread(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 100));
    expect(value).toBe(5.5);
    expect(spread).toBeCloseTo(2.5 * 1.482602218505602 * (10 / 9.2), 12);
  });
});
