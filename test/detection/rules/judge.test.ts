import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import type { Severity } from '../../../core/vocabulary/schema-parts.ts';
import { below, drop, minute, pointsOf, ruleOf, to } from './rule.ts';

const now = to + 5_000;
const at = (current?: Severity) => ({ now, to, current });

describe('a degradation', () => {
  it('is measured against the baseline and judged in the highest band it reaches', () => {
    expect(judge(drop(), pointsOf([0.71]), at())).toEqual({
      status: 'critical',
      at: now,
      reason: 'accuracy 0.71 is 11.3% below the baseline 0.8 (critical from 10%), 1 of 1 points',
      point: { at: to, value: 0.71 },
      baseline: { kind: 'fixed', value: 0.8 },
      degradation: expect.closeTo(0.1125, 12),
      bound: expect.closeTo(0.72, 12),
      breaching: 1,
      looked: 1,
      judged: true,
    });
    expect(judge(drop(), pointsOf([0.75]), at()).status).toBe('warn');
    expect(judge(drop(), pointsOf([0.77]), at())).toMatchObject({
      status: 'ok',
      reason: 'accuracy 0.77 is 3.8% below the baseline 0.8',
    });
  });

  it('of exactly the bound breaches, however the numbers round', () => {
    for (const baseline of [0.7, 0.8, 0.9, 3, 110, 1e9]) {
      const rule = drop({ degradation: { direction: 'drop', baseline: { fixed: baseline } } });
      expect(judge(rule, pointsOf([baseline * 0.95]), at()).status, `5% below ${baseline}`).toBe('warn');
      expect(judge(rule, pointsOf([baseline - baseline / 10]), at()).status, `10% below ${baseline}`).toBe('critical');
    }
  });

  it('may be a rise', () => {
    const rule = drop({ degradation: { direction: 'rise', baseline: { fixed: 200 }, warn: '20%', critical: '50%' } });
    expect(judge(rule, pointsOf([260]), at())).toMatchObject({
      status: 'warn',
      degradation: 0.3,
      bound: 240,
      reason: 'accuracy 260 is 30% above the baseline 200 (warn from 20%), 1 of 1 points',
    });
    expect(judge(rule, pointsOf([100]), at())).toMatchObject({ status: 'ok', degradation: -0.5 });
  });

  it('of a negative baseline is relative to its size', () => {
    const rule = drop({ degradation: { direction: 'drop', baseline: { fixed: -10 } } });
    expect(judge(rule, pointsOf([-11]), at())).toMatchObject({ status: 'critical', degradation: 0.1, bound: -10.5 + -0.5 });
    expect(judge(rule, pointsOf([-9]), at())).toMatchObject({ status: 'ok', degradation: -0.1 });
  });

  it('is not judged without a baseline, which holds an alert', () => {
    const rule = drop({ degradation: { direction: 'drop', baseline: { rolling: { window: '10m' } } } });
    expect(judge(rule, pointsOf([0.8, 0.8, 0.1]), at())).toEqual({
      status: 'insufficient evidence',
      at: now,
      reason: 'accuracy: baseline refused: 2 points in the 10m before, expected at least 10',
      point: { at: to, value: 0.1 },
      refused: 'baseline refused: 2 points in the 10m before, expected at least 10',
      judged: false,
    });
  });

  it('keeps the judged points out of its rolling baseline', () => {
    const rule = drop({ for: '2/3', degradation: { direction: 'drop', baseline: { rolling: { window: '10m', minPoints: 5 } } } });
    const verdict = judge(rule, pointsOf([...Array(10).fill(0.8), 0.1, 0.1, 0.1]), at());
    expect(verdict).toMatchObject({ status: 'critical', baseline: { value: 0.8, points: 10, to: to - 2 * minute } });
  });

  it('uses the baseline that the alert froze', () => {
    const rule = drop({ degradation: { direction: 'drop', baseline: { rolling: { window: '10m' } } } });
    const frozen = { kind: 'rolling' as const, value: 0.8, statistic: 'median' as const, points: 10, from: 0, to: 1 };
    const degraded = pointsOf(Array(20).fill(0.5));
    expect(judge(rule, degraded, at('critical')).status).toBe('ok');
    expect(judge(rule, degraded, { ...at('critical'), frozen }).status).toBe('critical');
  });
});

describe('a threshold', () => {
  it('is breached past the bound, not at it', () => {
    expect(judge(below(), pointsOf([0.76]), at()).status).toBe('ok');
    expect(judge(below(), pointsOf([0.75]), at())).toMatchObject({
      status: 'warn',
      bound: 0.76,
      reason: 'accuracy 0.75 (warn below 0.76), 1 of 1 points',
    });
    const above = ruleOf({ threshold: { above: { critical: 500 } } });
    expect(judge(above, pointsOf([500]), at()).status).toBe('ok');
    expect(judge(above, pointsOf([501]), at())).toMatchObject({ status: 'critical', bound: 500 });
  });

  it('of one band never gives the other', () => {
    const warnOnly = ruleOf({ threshold: { above: { warn: 10 } } });
    expect(judge(warnOnly, pointsOf([1e9]), at()).status).toBe('warn');
  });
});

describe('M of N', () => {
  const rule = drop({ for: '3/5' });

  it('needs M breaching points of the latest N', () => {
    expect(judge(rule, pointsOf([0.7, 0.7, 0.8, 0.8, 0.7]), at())).toMatchObject({ status: 'critical', breaching: 3, looked: 5 });
    expect(judge(rule, pointsOf([0.7, 0.8, 0.8, 0.8, 0.7]), at())).toMatchObject({
      status: 'ok',
      breaching: 2,
      reason: 'accuracy 0.7 is 12.5% below the baseline 0.8, 2 of 5 points past a bound, 3 decide',
    });
  });

  it('counts critical points as warn, too', () => {
    expect(judge(rule, pointsOf([0.7, 0.75, 0.75, 0.8, 0.8]), at())).toMatchObject({ status: 'warn', breaching: 3 });
  });

  it('says when the latest point is good again', () => {
    expect(judge(rule, pointsOf([0.7, 0.7, 0.7, 0.8, 0.8]), at()).reason).toMatch(/3 of 5 points, though not the latest$/);
  });

  it('prefers older real points to missing ones', () => {
    expect(judge(rule, pointsOf([0.7, 0.7, undefined, undefined, 0.8, 0.8, 0.7]), at())).toMatchObject({
      status: 'critical',
      looked: 5,
    });
  });

  it('looks no further back than N steps and a little slack', () => {
    const sparse = [0.7, 0.7, 0.7, undefined, undefined, undefined, undefined, undefined, undefined, undefined, 0.7];
    expect(judge(drop({ for: '3/5', noData: 'ok' }), pointsOf(sparse), at())).toMatchObject({ status: 'ok', breaching: 1 });
  });

  it('leaves out points after the judged time', () => {
    expect(judge(drop(), [...pointsOf([0.8]), { at: to + minute, value: 0.1 }], at()).status).toBe('ok');
  });
});

describe('missing data', () => {
  const gaps = [0.7, undefined, undefined, undefined, undefined, undefined, undefined];

  it('counts as good with noData ok', () => {
    expect(judge(drop({ for: '2/3', noData: 'ok' }), pointsOf([0.7, undefined, undefined]), at('critical'))).toMatchObject({
      status: 'ok',
      judged: true,
      looked: 3,
    });
  });

  it('breaches as warn with noData alert', () => {
    expect(judge(drop({ for: '2/3', noData: 'alert' }), pointsOf([0.8, undefined, undefined]), at())).toMatchObject({
      status: 'warn',
      breaching: 2,
      looked: 3,
    });
    expect(judge(drop({ for: '2/3', noData: 'alert' }), pointsOf([0.8, undefined, undefined]), at()).reason).toContain(
      '2 of them missing',
    );
  });

  it('is not counted with noData hold, and holds an alert that it could decide about', () => {
    const rule = drop({ for: '2/3', noData: 'hold' });
    expect(judge(rule, pointsOf([0.7, undefined, undefined]), at())).toMatchObject({ status: 'ok', judged: true, looked: 1 });
    expect(judge(rule, pointsOf([0.7, undefined, undefined]), at('critical'))).toMatchObject({
      status: 'insufficient evidence',
      judged: false,
      reason: 'accuracy is held at critical: 1 point past the bound, 2 missing, 2 decide',
    });
    expect(judge(rule, pointsOf([0.8, 0.8, undefined]), at('critical'))).toMatchObject({ status: 'ok', judged: true });
  });

  it('is a verdict of its own when there is no point at all, whatever the policy', () => {
    for (const noData of ['ok', 'hold', 'alert'] as const) {
      const verdict = judge(drop({ for: '2/3', noData }), pointsOf(gaps), at());
      expect(verdict).toEqual({
        status: 'no data',
        at: now,
        reason: 'no data: accuracy has no point in the last 6m',
        judged: false,
      });
      expect(judge(drop({ noData }), [], at()).status).toBe('no data');
    }
  });
});

describe('points that cannot be judged as they come', () => {
  it('are dropped when they are not finite', () => {
    const points = pointsOf([0.7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(judge(drop(), points, at()).point).toEqual({ at: to - 3 * minute, value: 0.7 });
    expect(
      judge(
        drop(),
        [
          { at: Number.NaN, value: 0.1 },
          { at: Number.POSITIVE_INFINITY, value: 0.1 },
        ],
        at(),
      ).status,
    ).toBe('no data');
  });

  it('are put in order', () => {
    expect(judge(drop(), pointsOf([0.8, 0.8, 0.7]).reverse(), at())).toMatchObject({ status: 'critical', point: { value: 0.7 } });
  });

  it('count once a time, the last one given', () => {
    const points = [...pointsOf([0.8, 0.7]), { at: to, value: 0.8 }];
    expect(judge(drop({ for: '1/2' }), points, at())).toMatchObject({ status: 'ok', looked: 2 });
  });
});

describe('hysteresis', () => {
  it('keeps a band until the degradation is under its share of the bound', () => {
    expect(judge(drop(), pointsOf([0.73]), at()).status).toBe('warn');
    expect(judge(drop(), pointsOf([0.73]), at('critical'))).toMatchObject({
      status: 'critical',
      reason: 'accuracy 0.73 is 8.8% below the baseline 0.8 (critical until under 8%), 1 of 1 points',
    });
    expect(judge(drop(), pointsOf([0.74]), at('critical')).status).toBe('warn');
    expect(judge(drop(), pointsOf([0.765]), at('warn')).status).toBe('warn');
    expect(judge(drop(), pointsOf([0.77]), at('warn')).status).toBe('ok');
  });

  it('does not make it easier to rise into a higher band', () => {
    expect(judge(drop(), pointsOf([0.73]), at('warn')).status).toBe('warn');
  });

  it('of a threshold is a share of the room between the good end and the bound', () => {
    const rule = ruleOf({ threshold: { above: { warn: 100, critical: 200 } }, range: { min: 0 } });
    expect(judge(rule, pointsOf([170]), at('critical')).status).toBe('critical');
    expect(judge(rule, pointsOf([170]), at('critical')).reason).toBe(
      'accuracy 170 (critical above 200, until back at 160), 1 of 1 points',
    );
    expect(judge(rule, pointsOf([160]), at('critical')).status).toBe('warn');
    expect(judge(rule, pointsOf([80]), at('warn')).status).toBe('ok');
    const negative = ruleOf({ threshold: { below: { warn: -100 } }, range: { max: 0 } });
    expect(judge(negative, pointsOf([-90]), at('warn')).status).toBe('warn');
    expect(judge(negative, pointsOf([-80]), at('warn')).status).toBe('ok');
  });
});

describe('few samples', () => {
  const guarded = drop({ samples: { minCount: 30, confidence: '95%' } });

  it('under minCount never breach, and hold an alert', () => {
    expect(judge(guarded, pointsOf([0.1], 29), at())).toMatchObject({
      status: 'insufficient evidence',
      judged: false,
      reason: 'too few samples: accuracy 0.1 rests on 29 of at least 30 (minCount)',
    });
    expect(judge(guarded, pointsOf([0.8], 29), at('critical'))).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(judge(guarded, pointsOf([0.1], 30), at()).status).toBe('critical');
  });

  it('do not breach while the Wilson interval covers the bound', () => {
    const rule = drop({ samples: { confidence: '95%' } });
    expect(judge(rule, pointsOf([0.71], 14), at())).toMatchObject({
      status: 'insufficient evidence',
      judged: true,
      breaching: 0,
      reason: 'not significant: 14 samples, Wilson 95% interval 0.449-0.88 still covers the bound 0.76',
    });
    expect(judge(rule, pointsOf([0.7], 400), at()).status).toBe('warn');
    expect(judge(rule, pointsOf([0.7], 4000), at()).status).toBe('critical');
  });

  it('guard a rise from below', () => {
    const rule = ruleOf({ threshold: { above: { warn: 0.05 } }, samples: { confidence: '95%' } });
    expect(judge(rule, pointsOf([0.1], 20), at()).status).toBe('insufficient evidence');
    expect(judge(rule, pointsOf([0.1], 2000), at()).status).toBe('warn');
  });

  it('do not keep an alert for ever: to leave a band the value itself decides', () => {
    const rule = drop({ samples: { confidence: '95%' } });
    expect(judge(rule, pointsOf([0.74], 14), at('warn')).status).toBe('warn');
    expect(judge(rule, pointsOf([0.79], 14), at('warn'))).toMatchObject({ status: 'ok', judged: true });
  });

  it('are no reason to doubt a value whose count nobody knows', () => {
    expect(judge(guarded, pointsOf([0.1]), at()).status).toBe('critical');
  });

  it('cannot be weighed where the value is no ratio, and the reason says so', () => {
    const rule = ruleOf({ threshold: { above: { warn: 50 } }, samples: { confidence: '95%' } });
    expect(judge(rule, pointsOf([51], 2), at())).toMatchObject({
      status: 'warn',
      reason: 'accuracy 51 (warn above 50), 1 of 1 points; not a ratio, so judged without a confidence interval',
    });
  });
});

describe('the range a rule needs', () => {
  it('is N steps, slack for late points and the window of a rolling baseline', () => {
    expect(rangeNeeded(drop({ for: '3/5' }))).toBe(8 * minute);
    expect(rangeNeeded(drop({ for: '3/50' }))).toBe(60 * minute);
    expect(rangeNeeded(drop({ degradation: { direction: 'drop', baseline: { rolling: { window: '7d' } } } }))).toBe(
      7 * 1440 * minute + 4 * minute,
    );
  });
});
