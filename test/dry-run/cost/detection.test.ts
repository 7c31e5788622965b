import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmDelay, surelySeenPoints, type Timing, tocsinDelay } from '../../../core/dry-run/cost/detection.ts';
import { minute } from './configs.ts';

const second = 1000;
const timing = (m: number, n: number, every: number, whileActive?: number, step = 1): Timing => ({
  step: step * minute,
  every: every * minute,
  for: { m, n },
  ...(whileActive === undefined ? {} : { whileActive: whileActive * minute }),
});
const lag = 2 * minute;

describe('how late a breach is seen', () => {
  it('each minute: a step and a half until a whole one has breached, two more, the lag, and half a tick', () => {
    // 1.5 + 2 + 2 + 0.5 minutes; at worst 2 + 2 + 2 + 1.
    expect(tocsinDelay(timing(3, 3, 1), lag)).toEqual({ mean: 6 * minute, worst: 7 * minute });
  });

  it('every five minutes: the third breaching point waits for up to four more', () => {
    // The first point ends 0 to 4 minutes before an evaluation, the third is seen after 5, 4, 3, 2
    // or 6 minutes: 4 on average.
    expect(tocsinDelay(timing(3, 5, 5), lag)).toEqual({ mean: 8 * minute, worst: 11 * minute });
  });

  it('every five minutes, but each while active: the first breaching point is what waits', () => {
    // An evaluation comes 0 to 4 minutes after the first point; where it comes before the third,
    // that one is waited for.
    const { mean, worst } = tocsinDelay(timing(3, 5, 5, 1), lag);
    expect(mean).toBe((1.5 + 2 + 0.5) * minute + ((2 + 4 + 3 + 2 + 2) / 5) * minute);
    expect(worst).toBe((2 + 2 + 1 + 4) * minute);
  });

  it('by an alarm: M periods, a minute until the datapoint is there, and the next evaluation', () => {
    expect(alarmDelay(timing(3, 5, 5), minute)).toEqual({ mean: 4.5 * minute, worst: 5 * minute });
    expect(alarmDelay({ ...timing(1, 1, 1), step: 10 * second }, minute)).toEqual({ mean: 75 * second, worst: 80 * second });
  });

  it('is what comes out when breaches are played through, for any timing', () => {
    const small = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        small,
        small,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        small,
        (m, extra, every, fast, step) => {
          const rule = timing(m, m + extra, every, fast < every ? fast : undefined, step);
          const played = playedDelays(rule, lag);
          const told = tocsinDelay(rule, lag);
          expect(told.mean - 30 * second).toBeCloseTo(played.reduce((sum, one) => sum + one, 0) / played.length, 3);
          expect(told.worst - minute).toBeGreaterThanOrEqual(Math.max(...played));
          expect(told.worst - minute - Math.max(...played)).toBeLessThan(minute);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/**
 * Breaches that begin at every quarter of a minute and never end, on a tick that comes on the
 * minute.
 */
function playedDelays({ step, every = step, whileActive, for: { m } }: Timing, lagMs: number): number[] {
  const delays: number[] = [];
  const span = (step / minute) * (every / minute) * ((whileActive ?? minute) / minute) * minute;
  for (let start = 7.5 * second; start < span; start += 15 * second) {
    const breachingAt = (now: number): number => Math.max(0, Math.floor((now - lagMs) / step) - Math.ceil(start / step));
    let pending = false;
    for (let now = Math.ceil(start / minute) * minute; ; now += minute) {
      const cadence = pending && whileActive !== undefined ? Math.min(every, whileActive) : every;
      if ((now - lagMs) % cadence !== 0) continue;
      pending ||= breachingAt(now) > 0;
      if (breachingAt(now) < m) continue;
      delays.push(now - start);
      break;
    }
  }
  return delays;
}

describe('the shortest breach that is surely seen', () => {
  it('is that of an alarm where the N points reach back to the last evaluation with M - 1 to spare', () => {
    expect(surelySeenPoints(timing(3, 5, 1))).toBe(3);
    expect(surelySeenPoints(timing(3, 5, 3))).toBe(3);
    expect(surelySeenPoints(timing(3, 5, 5))).toBe(5);
  });

  it('is that of an alarm up to N points apart, when one breaching point is enough to look again soon', () => {
    expect(surelySeenPoints(timing(3, 5, 5, 1))).toBe(3);
    expect(surelySeenPoints(timing(3, 5, 10, 1))).toBe(8);
  });

  it('is what comes out when breaches are played through, for any timing', () => {
    const upTo = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(upTo(5), fc.nat(5), upTo(4), fc.option(upTo(4), { nil: undefined }), (m, extra, slower, fast) => {
        const f = fast === undefined || slower === 1 ? undefined : fast;
        const rule = timing(m, m + extra, (f ?? 1) * slower, f);
        let shortest = 1;
        while (!surelySeen(rule, shortest)) shortest += 1;
        expect(surelySeenPoints(rule)).toBe(shortest);
      }),
      { numRuns: 200 },
    );
  });
});

/** Whether so many breaching points in a row are seen wherever they begin. */
function surelySeen({ step, every = step, whileActive, for: { m, n } }: Timing, length: number): boolean {
  const calm = every / step;
  for (let start = 0; start < calm; start += 1) {
    let pending = false;
    let seen = false;
    for (let now = start; now <= start + length + n + calm; now += 1) {
      if (now % (pending && whileActive !== undefined ? whileActive / step : calm) !== 0) continue;
      const breaching = Math.max(0, Math.min(now, start + length) - Math.max(now - n, start));
      seen ||= breaching >= m;
      pending = breaching > 0;
    }
    if (!seen) return false;
  }
  return true;
}
