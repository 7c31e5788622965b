import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normal, randomOf } from '../../../bench/random.ts';
import { compareFeatures } from '../../../core/detection/kinds/drift/compare-features.ts';
import { judgeDrift } from '../../../core/detection/kinds/drift/judge.ts';
import { driftBands } from '../../../core/detection/kinds/drift/schema.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import { kolmogorovSmirnov } from '../../../core/statistics/distributions/kolmogorov-smirnov.ts';
import type { DriftMeasure } from '../../../core/statistics/distributions/measures.ts';
import { sampleOf } from '../../../core/statistics/distributions/sample.ts';
import { wasserstein } from '../../../core/statistics/distributions/wasserstein.ts';
import { type FeatureProfile, mergeProfiles, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { ruleOfKind } from './rule.ts';

const file = '../shared/cases/drift-far-from-zero.json';
type Case = { name: string; ks: number; wassersteinOverReferenceSd: number; reference: number[]; current: number[] };
const cases = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];

/** As a window is: merged from parts. */
const profiled = (values: readonly number[], parts: number): FeatureProfile =>
  Array.from({ length: parts }, (_, part) => profileOf(values.filter((_value, i) => i % parts === part))).reduce(mergeProfiles);

function judged(measure: DriftMeasure, was: readonly number[], is: readonly number[], parts: number): Verdict {
  const rule = ruleOfKind('drift', {
    query: { predictions: { metric: 'drift', over: '1d' } },
    step: '1d',
    drift: { measure, baseline: { rolling: { window: '7d' } } },
  });
  const baseline = { what: 'the time before', parts: [{ from: 0, to: 1, profile: profiled(was, parts) }] };
  const [finding] = compareFeatures([{ config: rule.drift, input: { at: 2, current: profiled(is, parts), baseline } }]);
  return judgeDrift(rule, finding, { now: 2, to: 2 });
}
const found = (measure: DriftMeasure, was: readonly number[], is: readonly number[], parts = 1): number => {
  const { drift, reason } = judged(measure, was, is, parts);
  if (drift === undefined) throw new Error(reason);
  return drift.value;
};

describe.skipIf(cases.length === 0)('recorded cases (skipped without ../shared/cases)', () => {
  it.each([1, 7])('have the KS and Wasserstein distance of scipy, as a window of %d parts', (parts) => {
    for (const { name, ks, wassersteinOverReferenceSd, reference, current } of cases) {
      expect(Math.abs(found('ks', reference, current, parts) - ks), name).toBeLessThanOrEqual(0.01);
      const distance = found('wasserstein', reference, current, parts);
      expect(Math.abs(distance / wassersteinOverReferenceSd - 1), name).toBeLessThanOrEqual(0.01);
    }
  });

  it('are drift, by the measures of size, and the controls are not, by any', () => {
    for (const { name, reference, current } of cases) {
      for (const measure of Object.keys(driftBands) as DriftMeasure[]) {
        const { status } = judged(measure, reference, current, 3);
        const isRefusing = ['violations', 'outliers', 'outliers_z'].includes(measure);
        if (name.startsWith('control')) expect(['ok', 'insufficient evidence'], `${name} by ${measure}`).toContain(status);
        else if (!isRefusing) expect(['warn', 'critical'], `${name} by ${measure}`).toContain(status);
      }
    }
  });
});

describe('a feature whose spread is small beside its size', () => {
  const random = randomOf(11);
  const around = (centre: number, spread: number, count = 8000) =>
    Array.from({ length: count }, () => centre + spread * normal(random));
  const places: [string, number, number][] = [
    ['near zero', 0, 1],
    ['a latitude', 52.5, 0.02],
    ['degrees kelvin', 310, 0.5],
    ['a million', 1e6, 1000],
    ['seconds since 1970', 1.767e9, 3600],
    ['milliseconds since 1970', 1.767e12, 60_000],
    ['below zero', -1e7, 2],
    ['beyond 2^53', 1e17, 1e5],
    ['huge', 1e300, 1e290],
  ];

  it.each(places)('drifts as much as anywhere: %s', (_, centre, spread) => {
    const was = around(centre, spread);
    const is = around(centre + spread / 2, spread, 6000);
    const [a, b] = [sampleOf(was), sampleOf(is)];
    if (!a.ok || !b.ok) throw new Error('expected samples');
    const distance = wasserstein(a, b);
    if (!distance.ok) throw new Error(distance.reason);
    expect(Math.abs(found('ks', was, is, 6) - kolmogorovSmirnov(a, b, { exactCells: 0 }).value)).toBeLessThanOrEqual(0.005);
    expect(Math.abs(found('wasserstein', was, is, 6) - distance.value)).toBeLessThanOrEqual(0.01);
    expect(found('psi', was, is, 6)).toBeGreaterThan(0.2);
    expect(found('psi', was, is, 6)).toBeLessThan(0.3);
  });

  it.each(places)('has the violations and outliers that it has: %s', (_, centre, spread) => {
    const was = around(centre, spread);
    const odd = [...around(centre, spread, 3800), ...around(centre + 12 * spread, spread, 200)];
    for (const measure of ['violations', 'outliers', 'outliers_z'] as const) {
      expect(Math.abs(found(measure, was, odd, 6) - 0.05)).toBeLessThanOrEqual(0.005);
      expect(judged(measure, was, odd, 6).status).not.toBe('ok');
      expect(judged(measure, was, around(centre, spread, 4000), 6).status).toBe('ok');
    }
  });

  it('in a window that was recorded beside another far away is still seen there', () => {
    const was = [...around(0, 1, 10_000), ...around(1e6, 1, 10_000)];
    const is = [...around(0, 1, 10_000), ...around(1e6 + 1, 1, 10_000)];
    const [a, b] = [sampleOf(was), sampleOf(is)];
    if (!a.ok || !b.ok) throw new Error('expected samples');
    expect(Math.abs(found('ks', was, is, 10) - kolmogorovSmirnov(a, b, { exactCells: 0 }).value)).toBeLessThanOrEqual(0.005);
  });
});
