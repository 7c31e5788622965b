import { describe, expect, it } from 'vitest';
import { compareFeatures } from '../../../core/detection/kinds/drift/compare-features.ts';
import { judgeDrift } from '../../../core/detection/kinds/drift/judge.ts';
import type { DriftConfig } from '../../../core/detection/kinds/drift/schema.ts';
import type { RuleOf } from '../../../core/detection/rules/rule-schema.ts';
import { differentTerms, type KeptDrift, termsText } from '../../../core/statistics/distributions/value.ts';
import { type FeatureValue, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { shapeOf } from '../../../core/telemetry/profiles/shape.ts';
import type { DriftInput } from '../../../core/telemetry/series.ts';
import { ruleOfKind } from './rule.ts';

const at = Date.UTC(2026, 0, 6);
const config = (change: Partial<DriftConfig> = {}): DriftConfig => ({
  measure: 'psi',
  baseline: { kind: 'rolling', window: 1 },
  falseDiscovery: 0.05,
  ...change,
});
const ruleOf = (drift: DriftConfig): RuleOf<'drift'> => ({
  ...ruleOfKind('drift', { drift: { baseline: { rolling: { window: '1d' } } } }),
  drift,
});
const input = (was: readonly FeatureValue[] | undefined, is: readonly FeatureValue[] | undefined): DriftInput => ({
  at,
  current: is && profileOf(is),
  baseline: { what: 'the time before', parts: was === undefined ? [] : [{ from: at - 2, to: at - 1, profile: profileOf(was) }] },
});
const judged = (asked: DriftInput, change: Partial<DriftConfig> = {}, current?: 'warn' | 'critical') => {
  const [finding] = compareFeatures([{ config: config(change), input: asked }]);
  return judgeDrift(ruleOf(config(change)), finding, { now: at, to: at, current });
};
const ramp = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i / count);
const shares = (count: number, red: number) => Array.from({ length: count }, (_, i) => (i < count * red ? 'red' : 'blue'));

it('says in words what a value was computed with', () => {
  const binning = '10 quantiles #5bf2a0c1';
  expect(termsText({ measure: 'psi', binning, zero: '0.5 added to each count', logBase: 'e' })).toBe(
    'psi over 10 quantiles #5bf2a0c1, 0.5 added to each count, logarithm to base e',
  );
  expect(termsText({ measure: 'hellinger', binning, zero: 'as they are' })).toBe(
    'hellinger over 10 quantiles #5bf2a0c1, empty bins as they are',
  );
});

const measures = ['psi', 'js', 'hellinger', 'tv', 'linf', 'linf_robust', 'chi2', 'ks', 'wasserstein'] as const;

describe('the verdict of a drift rule', () => {
  it.each(measures)('is ok for the same numbers and critical for moved ones, by %s', (measure) => {
    expect(judged(input(ramp(1000), ramp(1000)), { measure })).toMatchObject({ status: 'ok', judged: true });
    const moved = judged(input(ramp(1000), ramp(1000, 0.5)), { measure });
    expect(moved).toMatchObject({ status: 'critical', breaching: 1, baseline: { kind: 'profile', shape: { kind: 'numbers' } } });
    expect(moved.reason).toContain('1000 values against 1000 of the time before; p below 0.0001 among 1 tests');
  });

  it.each(measures.slice(0, 7))('is critical for moved categories, by %s', (measure) => {
    expect(judged(input(shares(1000, 0.9), shares(1000, 0.5)), { measure, warn: 0.01, critical: 0.02 }).status).toBe('critical');
  });

  it.each([
    ['psi', 'nats', '0.5 added to each count', 'e'],
    ['js', '0 to 1', 'as they are', '2'],
    ['wasserstein', 'standard deviations of the baseline', 'as they are', undefined],
  ] as const)('keeps the terms of its value beside it, by %s', (measure, effectUnits, zero, logBase) => {
    const of = (from: number) => judged(input(ramp(1000), ramp(1000, from)), { measure }).drift;
    expect(of(0.5)).toMatchObject({ effectUnits, zero, baselineCount: 1000, currentCount: 1000, tested: 1 });
    expect(of(0.5)?.logBase).toBe(logBase);
    expect(of(0.5)?.value).toBe(judged(input(ramp(1000), ramp(1000, 0.5)), { measure }).point?.value);
    expect(differentTerms(of(0.5) as KeptDrift, of(0.1) as KeptDrift)).toBeUndefined();
    expect(differentTerms(of(0.5) as KeptDrift, judged(input(ramp(10), ramp(10)), { measure: 'tv' }).drift as KeptDrift)).toMatch(
      /^not comparable: measure/,
    );
  });

  it('takes off what chance alone gives, by linf_robust', () => {
    const asked = input(shares(100, 0.5), shares(100, 0.68));
    expect(judged(asked, { measure: 'linf' }).drift?.value).toBeCloseTo(0.18, 10);
    expect(judged(asked, { measure: 'linf_robust' }).drift?.value).toBe(0);
    const many = input(shares(10_000, 0.5), shares(10_000, 0.75));
    expect(judged(many, { measure: 'linf_robust' }).drift?.value).toBeCloseTo(0.25 - 1.8 * Math.sqrt(2 / 10_000), 10);
  });

  it('is measured against what an alert that has ended pinned, where all there is belongs to that alert', () => {
    const asked = input(ramp(1000, 0.5), ramp(1000, 0.5));
    const excluded = [{ from: at - 2, to: at - 1 }];
    const [pinned] = compareFeatures([{ config: config(), input: input(ramp(1000), ramp(1000)) }]);
    const baseline = pinned?.ok ? pinned.baseline : undefined;
    expect(compareFeatures([{ config: config(), input: asked, excluded }])).toMatchObject([{ ok: false, isRefused: true }]);
    const [found] = compareFeatures([{ config: config(), input: asked, excluded, pinned: baseline }]);
    expect(judgeDrift(ruleOf(config()), found, { now: at, to: at })).toMatchObject({ status: 'critical' });
  });

  it('is ok where the effect is small, however sure it is', () => {
    const { status, reason } = judged(input(shares(100_000, 0.5), shares(100_000, 0.52)));
    expect(status).toBe('ok');
    expect(reason).toContain('p below 0.0001');
  });

  it('is ok where the effect is large and chance may give it', () => {
    const verdict = judged(input(shares(40, 0.5), shares(40, 0.675)));
    expect(verdict).toMatchObject({ status: 'insufficient evidence', judged: true });
    expect(verdict.reason).toMatch(/^not significant: psi 0\.1/);
  });

  it('is not judged where there are too few values for any test', () => {
    const verdict = judged(input(shares(100, 0.5), ['green', 'green']));
    expect(verdict).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(verdict.reason).toMatch(/^insufficient evidence: /);
  });

  it('weighs a feature among all that were compared beside it', () => {
    const weak = input(shares(200, 0.5), shares(200, 0.64));
    const same = Array.from({ length: 60 }, () => ({ config: config(), input: input(shares(200, 0.5), shares(200, 0.5)) }));
    const alone = compareFeatures([{ config: config(), input: weak }])[0];
    const among = compareFeatures([{ config: config(), input: weak }, ...same])[0];
    if (!alone?.ok || !among?.ok) throw new Error('expected both to be compared');
    expect(alone.pValue).toBeLessThan(0.01);
    expect(among).toMatchObject({ drift: alone.drift, tested: 61 });
    expect(among.pValue).toBeGreaterThan(0.05);
  });

  it('stays in its band by the size alone, down to the share of the bound that recover says', () => {
    const asked = input(shares(40, 0.5), shares(40, 0.675));
    expect(judged(asked, {}, 'warn').status).toBe('warn');
    expect(judged(asked, { warn: 0.14 }, 'warn').status).toBe('warn');
    expect(judged(asked, { warn: 0.3, critical: 0.4 }, 'warn').status).toBe('ok');
  });

  it('uses the frozen baseline of an alert in place of a newer one', () => {
    const shape = shapeOf(profileOf(shares(1000, 0.9)));
    if ('ok' in shape) throw new Error(shape.reason);
    const frozen = { kind: 'profile', value: 0, what: 'last week', from: 0, to: 1, shape } as const;
    const asked = input(shares(1000, 0.1), shares(1000, 0.1));
    const [finding] = compareFeatures([{ config: config(), input: asked, frozen }]);
    expect(judgeDrift(ruleOf(config()), finding, { now: at, to: at }).status).toBe('critical');
  });

  it.each([
    ['no records now', input(shares(9, 1), undefined), 'no records came'],
    ['no baseline', input(undefined, shares(9, 1)), 'it has no records'],
    ['only nulls in the baseline', input([null, null], shares(9, 1)), 'it has no values'],
    ['only nulls now', input(shares(9, 1), [null, Number.NaN, Number.POSITIVE_INFINITY]), 'it has no values'],
    ['numbers that became names', input(ramp(100), shares(100, 1)), 'categories now, where the baseline has numbers'],
  ])('holds with a reason for %s', (_, asked, reason) => {
    const verdict = judged(asked);
    expect(verdict).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(verdict.reason).toContain(reason);
  });

  it('leaves out of a baseline what lies in the given spans', () => {
    const asked = input(shares(100, 0.5), shares(100, 0.5));
    const [finding] = compareFeatures([{ config: config(), input: asked, excluded: [{ from: at - 9, to: at }] }]);
    expect(finding).toMatchObject({ ok: false, reason: expect.stringContaining('in which the rule was firing') });
  });

  const odd: [string, FeatureValue[], FeatureValue[]][] = [
    ['constants', Array(500).fill(3), Array(500).fill(3)],
    ['one value', [1], [2]],
    ['huge numbers', ramp(500).map((x) => x * 1e308), ramp(500).map((x) => -x * 1e308)],
    ['denormals', ramp(500).map((x) => x * 1e-310), ramp(500).map((x) => x * 1e-320)],
    [
      'a million categories',
      Array.from({ length: 20_000 }, (_, i) => `c${i}`),
      Array.from({ length: 20_000 }, (_, i) => `d${i}`),
    ],
    ['a wide range against a narrow one', ramp(500).map((x) => 10 ** (600 * x - 300)), ramp(500)],
  ];
  it.each(odd)('is defined and finite for %s', (_, was, is) => {
    for (const measure of measures) {
      const { reason, point } = judged(input(was, is), { measure });
      expect(reason).not.toMatch(/NaN|Infinity|undefined/);
      expect(Number.isFinite(point?.value ?? 0)).toBe(true);
    }
  });

  it('does not take names that are all new for drift, nor fail to see that their hashes moved', () => {
    const many = (count: number, from: number) => Array.from({ length: count }, (_, i) => `c${(i * 7919 + from) % 50_000}`);
    expect(judged(input(many(40_000, 0), many(40_000, 1))).status).toBe('ok');
    const oneName = [...many(20_000, 0), ...Array<string>(20_000).fill('new')];
    expect(judged(input(many(40_000, 0), oneName)).status).toBe('critical');
  });
});
