import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/random.ts';
import { breachChance, driftSizeChance } from '../../../core/detection/evidence/chances.ts';
import { declaredAt, levelOf, levelToDeclare, monthMs } from '../../../core/detection/evidence/level.ts';
import { onsetChance, type Timing } from '../../../core/detection/evidence/onsets.ts';
import { judge } from '../../../core/detection/judge.ts';
import { testingOfPoints } from '../../../core/detection/points/point-kind.ts';
import { normalQuantile } from '../../../core/statistics/normal.ts';
import { minute, pointsOf, ruleOf, ruleOfKind, to } from '../rules/rule.ts';

/**
 * How often M of N begin to breach in a moving average of normal parts, each part new at one point.
 */
function simulated(tail: number, { spans, m, n }: Timing, points: number): number {
  const random = randomOf(11);
  const parts = new Float64Array(spans);
  const past = new Uint8Array(n);
  const bound = -normalQuantile(tail) * Math.sqrt(spans);
  let [sum, breaching, begun] = [0, 0, 0];
  let was = false;
  for (let t = 0; t < points; t += 1) {
    // A sum of twelve uniform numbers, less six, is near enough to normal within three deviations.
    let part = -6;
    for (let i = 0; i < 12; i += 1) part += random();
    sum += part - (parts[t % spans] as number);
    parts[t % spans] = part;
    const breach = sum > bound ? 1 : 0;
    breaching += breach - (past[t % n] as number);
    past[t % n] = breach;
    if (breaching >= m && !was) begun += 1;
    was = breaching >= m;
  }
  return begun / points;
}

describe('how often M of N points begin to breach by chance', () => {
  it('is the chance of one more breach, of independent points', () => {
    expect(onsetChance(0.1, { spans: 1, m: 1, n: 1 })).toBeCloseTo(0.1 * 0.9, 15);
    // The oldest of the three before does not breach, one of the other two does, and so does the
    // new one.
    expect(onsetChance(0.1, { spans: 1, m: 2, n: 3 })).toBeCloseTo(2 * 0.1 * 0.1 * 0.9 * 0.9, 15);
  });

  it.each<[number, Timing]>([
    [0.05, { spans: 1, m: 2, n: 3 }],
    [0.05, { spans: 24, m: 3, n: 5 }],
    [0.05, { spans: 24, m: 1, n: 1 }],
    [0.05, { spans: 7, m: 3, n: 5 }],
    [0.05, { spans: 3, m: 2, n: 3 }],
  ])('is what a simulation finds within a fifth, at %s and %j', (tail, timing) => {
    const ratio = onsetChance(tail, timing) / simulated(tail, timing, 400_000);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.2);
  });

  it('is nothing where nothing breaches, or everything does, and grows with the tail between', () => {
    const timing = { spans: 24, m: 3, n: 5 };
    for (const none of [0, 1, -1, Number.NaN]) expect(onsetChance(none, timing)).toBe(0);
    const rising = [1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.1].map((tail) => onsetChance(tail, timing));
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(rising[0]).toBeGreaterThan(0);
  });
});

describe('the chance of one point', () => {
  it.each([
    [0.8, 100, 0.76, -1, 0],
    [0.8, 100, 0.76, -1, 1.96],
    [0.8, 37, 0.76, -1, 1],
    [0.02, 200, 0.05, 1, 0],
    [0.02, 200, 0.05, 1, 1.96],
    [0.5, 1, 0.4, -1, 0],
  ] as const)('of a ratio of %s on %s samples past %s is what counting all outcomes gives', (ratio, count, bound, sign, z) => {
    const rule = ruleOf({ threshold: { [sign === 1 ? 'above' : 'below']: { warn: bound } } });
    let expected = 0;
    let ways = 1;
    for (let k = 0; k <= count; k += 1) {
      if (k > 0) ways *= (count - k + 1) / k;
      const edge = bound + sign * z * Math.sqrt((bound * (1 - bound)) / count);
      const breaches =
        z === 0 ? judge(rule, pointsOf([k / count], count), { now: to, to }).status === 'warn' : sign * (k / count - edge) > 0;
      if (breaches) expected += ways * ratio ** k * (1 - ratio) ** (count - k);
    }
    expect(breachChance({ ratio, count, bound, sign, z, noise: 0 })).toBeCloseTo(expected, 10);
  });

  it('is nothing without samples, and larger where the bound varies, too', () => {
    const one = { ratio: 0.8, count: 300, bound: 0.76, sign: -1, z: 0, noise: 0 } as const;
    expect(breachChance({ ...one, count: 0 })).toBe(0);
    expect(breachChance({ ...one, noise: 0.2 })).toBeGreaterThan(breachChance(one));
  });

  it('of drift falls with the number of values', () => {
    for (const measure of ['psi', 'js', 'hellinger', 'tv', 'linf', 'chi2', 'ks'] as const) {
      const chances = [50, 200, 800].map((current) =>
        driftSizeChance(measure, 0.1, { current, baseline: 7 * current, degrees: 9 }),
      );
      expect(chances).toEqual(chances.toSorted((a, b) => b - a));
      expect(chances.every((one) => one >= 0 && one <= 1)).toBe(true);
    }
    expect(driftSizeChance('wasserstein', 0.1, { current: 10, baseline: 10, degrees: 9 })).toBe(1);
  });
});

describe('the level of a rule', () => {
  const usual = { threshold: { below: { warn: 0.76 } }, query: { samples: { metric: 'a', over: '24m' } }, for: '3/5' };
  const guarded = (more: object) => ruleOfKind('threshold', { ...usual, ...more });
  const testing = (more: object) => testingOfPoints(guarded(more));

  it('is what its confidence says where it has no budget', () => {
    expect(levelOf(testing({ samples: { confidence: '90%' } }), 7)).toBeCloseTo(0.05, 12);
  });

  it.each([1, 3, 50, 4000])('spends the budget on %s series, all at their bound', (tests) => {
    const spending = testing({ falseAlarms: '2/month' });
    const alarms = (tests * monthMs * onsetChance(levelOf(spending, tests) / tests, spending.timing)) / minute;
    expect(alarms).toBeGreaterThan(1.96);
    expect(alarms).toBeLessThan(2.04);
  });

  it('is never laxer than the confidence, or 95 %, however large the budget', () => {
    expect(levelOf(testing({ falseAlarms: '99999/day' }), 1)).toBeCloseTo(0.025, 12);
    expect(levelOf(testing({ falseAlarms: '99999/day', samples: { confidence: '99%' } }), 1)).toBeCloseTo(0.005, 12);
  });

  it.each([0.1, 1e-4, 1e-9, 1e-14])('of drift declares %s tests on average, however few', (count) => {
    expect(declaredAt(levelToDeclare(count)) / count).toBeCloseTo(1, 9);
  });

  it('is stricter for a smaller budget, for less time between points, and without M of N', () => {
    const level = (more: object) => levelOf(testing(more), 1);
    expect(level({ falseAlarms: '1/year' })).toBeLessThan(level({ falseAlarms: '1/month' }));
    expect(level({ falseAlarms: '1/month' })).toBeLessThan(level({ falseAlarms: '1/month', step: '12m' }));
    expect(level({ falseAlarms: '1/month', for: '1/1' })).toBeLessThan(level({ falseAlarms: '1/month' }));
  });

  it('decides what a point needs', () => {
    const at = { now: to, to };
    const points = pointsOf([0.7, 0.7, 0.7, 0.7, 0.7], 600);
    expect(judge(guarded({ samples: { confidence: '95%' } }), points, at).status).toBe('warn');
    const verdict = judge(guarded({ falseAlarms: '1/year' }), points, at);
    expect(verdict.status).toBe('insufficient evidence');
    expect(verdict.reason).toMatch(/Wilson 99\.99\d*% interval/);
    expect(judge(guarded({ falseAlarms: '1/year' }), pointsOf([0.5, 0.5, 0.5], 600), at).status).toBe('warn');
  });
});
