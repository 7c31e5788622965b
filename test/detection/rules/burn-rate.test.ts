import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { minute, ruleOf, to } from './rule.ts';

const hour = 60 * minute;
/**
 * 99 % promised: a budget of 1 %, so the bounds are 14.4 % of errors over an hour and 6 % over six.
 */
const rule = (more: object = {}, rest: object = {}) => ruleOf({ burnRate: { objective: '99%', ...more }, ...rest } as never);

/**
 * A point a minute over six hours with 100 requests each; `errors` gives the share of errors by
 * minutes ago.
 */
const minutes = (errors: (ago: number) => number | undefined, count: number | undefined = 100): Point[] =>
  Array.from({ length: 360 }, (_, i) => 359 - i).flatMap((ago) => {
    const value = errors(ago);
    return value === undefined ? [] : [{ at: to - ago * minute, value, ...(count === undefined ? {} : { count }) }];
  });
const judged = (points: Point[], current?: 'warn' | 'critical', of = rule()) => judge(of, points, { now: to, to, current });

describe('a rule on the burn rate of an error budget', () => {
  it('is critical when an hour and its last five minutes burn 14.4 times too fast', () => {
    const verdict = judged(minutes((ago) => (ago < 60 ? 0.15 : 0)));
    expect(verdict).toMatchObject({ status: 'critical', bound: expect.closeTo(0.144, 12), point: { count: 6000 } });
    expect(verdict.point?.value).toBeCloseTo(0.15, 12);
    expect(verdict.reason).toBe(
      'accuracy: 15% of errors in 1h burn the error budget of 1% 15 times as fast as it allows (critical from 14.4 over 1h and 5m)',
    );
  });

  it('warns when six hours and their last half hour burn 6 times too fast', () => {
    expect(judged(minutes(() => 0.06))).toMatchObject({ status: 'warn' });
    expect(judged(minutes(() => 0.059))).toMatchObject({ status: 'ok', judged: true });
  });

  it('is well again as soon as the short window is, though the long one remembers', () => {
    const over = minutes((ago) => (ago < 60 && ago >= 5 ? 1 : 0));
    expect(judged(over)).toMatchObject({ status: 'warn' });
    expect(judged(minutes((ago) => (ago < 90 && ago >= 30 ? 1 : 0)))).toMatchObject({ status: 'ok', judged: true });
  });

  it.each(['hold', 'alert'] as const)('stays critical where only the short window is silent, under noData: %s', (noData) => {
    const silent = minutes((ago) => (ago < 5 ? undefined : 0.15));
    expect(judged(silent, 'critical', rule({}, { noData }))).toMatchObject({ judged: false, tells: { warn: true } });
    expect(judged(silent, undefined, rule({}, { noData }))).toMatchObject({ status: 'warn' });
    expect(judged(silent, 'critical', rule({}, { noData: 'ok' }))).toMatchObject({ status: 'warn', judged: true });
  });

  it('leaves out estimates that are refused', () => {
    const refused = minutes(() => 0).map((point, i) => (i % 2 === 0 ? point : { ...point, value: 1, refused: 'scores are off' }));
    expect(judged(refused)).toMatchObject({ status: 'ok' });
  });

  it('weighs points by their requests', () => {
    const quietMinutes = minutes(() => 0).map((point, i) => (i % 2 === 0 ? point : { ...point, value: 1, count: 1 }));
    expect(judged(quietMinutes)).toMatchObject({ status: 'ok' });
    expect(judged(minutes((ago) => (ago % 2 === 0 ? 0 : 1), undefined))).toMatchObject({ status: 'critical' });
  });

  it('takes the share of good events, too', () => {
    expect(
      judged(
        minutes((ago) => (ago < 60 ? 0.8 : 1)),
        undefined,
        rule({ ratio: 'good' }),
      ),
    ).toMatchObject({ status: 'critical' });
  });

  it('stays quiet on few requests', () => {
    const few = minutes((ago) => (ago === 2 ? 1 : undefined), 1);
    expect(judged(few, undefined, rule({}, { samples: { minCount: 30 } }))).toMatchObject({ status: 'insufficient evidence' });
    const guarded = judged(few, undefined, rule({}, { samples: { confidence: '95%' } }));
    expect(guarded).toMatchObject({ status: 'critical' });
    const two = minutes((ago) => (ago < 5 ? (ago === 0 ? 1 : 0) : undefined), 1);
    const verdict = judged(two, undefined, rule({}, { samples: { confidence: '95%' } }));
    expect(verdict.status).toBe('insufficient evidence');
    expect(verdict.reason).toContain('not significant: 5 samples in 6h');
  });

  it('holds an alert while nothing comes, and says so', () => {
    const silent = minutes((ago) => (ago >= 10 ? 0.5 : undefined));
    expect(judged(silent, 'critical')).toMatchObject({
      judged: false,
      reason: 'held at critical: accuracy has no point in the last 5m',
    });
    expect(judged([], 'critical')).toMatchObject({ status: 'no data' });
  });

  it('has hysteresis in a band, and none outside it', () => {
    const points = minutes(() => 0.05);
    expect(judged(points)).toMatchObject({ status: 'ok' });
    expect(judged(points, 'warn')).toMatchObject({ status: 'warn' });
  });

  it('reads as far back as its longest window', () => {
    expect(rangeNeeded(rule())).toBe(6 * hour + minute);
  });

  it('never judges more errors better, and never gives NaN', () => {
    const rank = { ok: 0, 'insufficient evidence': 0, 'no data': 0, error: 0, warn: 1, critical: 2 };
    const shares = fc.array(
      fc.record({ ago: fc.integer({ min: 0, max: 400 }), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), (some, more) => {
        const points = some.map(({ ago, value }) => ({ at: to - ago * minute, value })).sort((a, b) => a.at - b.at);
        const verdict = judged(points);
        const worse = judged(points.map(({ at, value }) => ({ at, value: Math.min(1, value + more) })));
        expect(rank[worse.status]).toBeGreaterThanOrEqual(rank[verdict.status]);
        expect(JSON.stringify(verdict)).not.toContain('null');
      }),
    );
  });
});
