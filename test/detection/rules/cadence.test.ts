import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cadenceOf, isDue, nextEvaluationAt } from '../../../core/detection/rules/cadence.ts';
import { errorsOf, rule as yaml } from '../../config/errors-of.ts';
import { minute, ruleOf } from './rule.ts';

const rule = (keys: { step?: string; every?: string; whileActive?: string }) =>
  ruleOf({ threshold: { above: { warn: 1 } }, ...keys });

describe('how often a rule is evaluated', () => {
  it('is every step, unless it says otherwise', () => {
    expect(cadenceOf(rule({ step: '2m' }), false)).toBe(2 * minute);
    expect(cadenceOf(rule({ step: '2m', every: '10m' }), true)).toBe(10 * minute);
  });

  it('is faster while an alert of it is active, when it says so', () => {
    const adaptive = rule({ every: '10m', whileActive: '1m' });
    expect([cadenceOf(adaptive, false), cadenceOf(adaptive, true)]).toEqual([10 * minute, minute]);
  });

  it('must be faster while active, or the config is wrong', () => {
    expect(() => rule({ every: '5m', whileActive: '5m' })).toThrow(/expected less than the 5m .* received 5m/);
    expect(() => rule({ step: '1m', whileActive: '2m' })).toThrow(/expected less than the 1m .* received 2m/);
  });
});

describe('a rule on buckets', () => {
  it('may be evaluated more often than they end, where the times are even', () => {
    expect(errorsOf(yaml({ whileActive: '10m' }))).toEqual([]);
    expect(errorsOf(yaml({ whileActive: '7m' }))).toEqual([
      expect.stringMatching(
        /rules\.acc\.whileActive: expected a multiple of the bucket of flights, 1h, or an even part of it; received 7m/,
      ),
    ]);
  });
});

describe('a rule is due', () => {
  const adaptive = rule({ every: '10m', whileActive: '2m' });
  const at = (minutes: number, last: number | undefined, active: boolean): boolean =>
    isDue(adaptive, { last: last === undefined ? undefined : last * minute, now: minutes * minute, active, lagMs: 0 });

  it('on the first tick, and once a multiple of its cadence has passed', () => {
    expect([at(3, undefined, false), at(3, 2, false), at(10, 9, false), at(11, 9, false), at(11, 10, false)]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('more often while it is active, also at its usual times', () => {
    expect([at(3, 2, true), at(4, 3, true), at(5, 4, true), at(10, 9, true)]).toEqual([false, true, false, true]);
  });

  it('never on a clock that stepped back', () => {
    expect(at(9, 10, true)).toBe(false);
  });
});

describe('a rule on a source whose points may still change', () => {
  it('is due once they no longer do, rather than a whole cadence later', () => {
    const hourly = rule({ step: '1h' });
    const due = (minutes: number): boolean =>
      isDue(hourly, { last: (minutes - 1) * minute, now: minutes * minute, active: false, lagMs: 2 * minute });
    expect([59, 60, 61, 62, 63].filter(due)).toEqual([62]);
  });
});

describe('the next evaluation', () => {
  const config = (rules: Record<string, ReturnType<typeof rule>>, lag = 0) => ({
    rules,
    sources: { a: { kind: 'cloudwatch' as const, labels: {}, lag } },
  });

  it('is the first that any rule may be due at, active or not', () => {
    const both = config({ slow: rule({ every: '10m', whileActive: '4m' }), odd: rule({ every: '15m' }) });
    expect(nextEvaluationAt(both, 4 * minute, false)).toBe(8 * minute);
    expect(nextEvaluationAt(both, 8 * minute, false)).toBe(10 * minute);
    expect(nextEvaluationAt(config({ hourly: rule({ step: '1h' }) }, 2 * minute), 2 * minute, false)).toBe(62 * minute);
    expect(nextEvaluationAt(config({}), 0, false)).toBeUndefined();
    expect(nextEvaluationAt(config({}), 0, true)).toBe(minute);
  });

  it('is never after one at which a rule is due', () => {
    const minutes = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(minutes, minutes, fc.nat(10_000), fc.nat(5), (every, faster, last, lag) => {
        fc.pre(faster < every);
        const one = rule({ every: `${every}m`, whileActive: `${faster}m` });
        const next = nextEvaluationAt(config({ one }, lag * minute), last * minute, false) ?? Number.NaN;
        const isDueAt = (now: number): boolean =>
          [true, false].some((active) => isDue(one, { last: last * minute, now, active, lagMs: lag * minute }));
        for (let now = last * minute + minute; now < next; now += minute) expect(isDueAt(now)).toBe(false);
        expect(isDueAt(next)).toBe(true);
      }),
    );
  });
});
