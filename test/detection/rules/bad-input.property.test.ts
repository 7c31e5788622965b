import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingBaselineOf } from '../../../core/detection/baselines/training.ts';
import { judge } from '../../../core/detection/judge.ts';
import { compareFeatures } from '../../../core/detection/kinds/drift/compare-features.ts';
import { driftBands } from '../../../core/detection/kinds/drift/schema.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import type { DriftMeasure } from '../../../core/statistics/distributions/measures.ts';
import { mostNames } from '../../../core/telemetry/profiles/category-counts.ts';
import { compareShapes } from '../../../core/telemetry/profiles/compare.ts';
import { type FeatureProfile, type FeatureValue, mergeProfiles, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { shapeOf } from '../../../core/telemetry/profiles/shape.ts';
import { parsePredictions } from '../../../core/telemetry/samples/records.ts';
import { binning, countsOf } from '../../../core/telemetry/training/training.ts';
import { ruleOfKind } from './rule.ts';

const measures = Object.keys(driftBands) as DriftMeasure[];
const extremes = [
  0,
  -0,
  1,
  -1,
  5e-324,
  -5e-324,
  2.2e-308,
  1e-300,
  1e300,
  1.79e308,
  -1.79e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const odd: fc.Arbitrary<FeatureValue> = fc.oneof(
  fc.constantFrom<FeatureValue>(...extremes, null, undefined, true, false, '', 'a', '__proto__', 'constructor', '\ud800'),
  fc.double(),
  fc.string(),
);
const many = (one: fc.Arbitrary<FeatureValue>): fc.Arbitrary<FeatureValue[]> => fc.array(one, { maxLength: 60 });
/**
 * Values as they should not be: anything at all, one value over and over, nothing but nulls, none.
 */
const column = fc.oneof(
  many(odd),
  odd.chain((value) => fc.integer({ min: 1, max: 60 }).map((n) => new Array<FeatureValue>(n).fill(value))),
  many(fc.constantFrom(...extremes)),
  fc.constant<FeatureValue[]>(new Array(40).fill(null)),
  fc.constant<FeatureValue[]>([]),
);

/** Every number in it is finite, and no text speaks of one that is not. */
function expectSound(value: unknown): void {
  const text = JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'number') expect(Number.isFinite(inner)).toBe(true);
    return inner;
  });
  expect(text ?? '').not.toMatch(/\bNaN\b|Infinity/);
}

function verdictOn(measure: DriftMeasure, baseline: FeatureProfile | undefined, current: FeatureProfile | undefined): Verdict {
  const rule = ruleOfKind('drift', {
    query: { predictions: { metric: 'drift', over: '1d' } },
    step: '1d',
    drift: { measure, baseline: { rolling: { window: '7d' } } },
  });
  const config = rule.drift;
  const parts = baseline === undefined ? [] : [{ from: 0, to: 1, profile: baseline }];
  const [drift] = compareFeatures([{ config, input: { at: 2, current, baseline: { what: 'the time before', parts } } }]);
  return judge(rule, [], { now: 2, to: 2, drift });
}

describe('features as they should not be', () => {
  it('give profiles of finite numbers, and the same whether summed up at once or in parts', () => {
    fc.assert(
      fc.property(column, column, (a, b) => {
        const merged = mergeProfiles(profileOf(a), profileOf(b));
        expectSound(merged);
        const whole = profileOf([...a, ...b]);
        for (const key of ['count', 'nulls', 'categories'] as const) expect(merged[key]).toEqual(whole[key]);
        expect(merged.numbers?.sketch).toEqual(whole.numbers?.sketch);
      }),
    );
  });

  it('give a verdict of finite numbers or a reason, by every measure, against whatever baseline', () => {
    fc.assert(
      fc.property(column, column, fc.constantFrom(...measures), fc.boolean(), (was, is, measure, nothing) => {
        const verdict = verdictOn(measure, nothing ? undefined : profileOf(was), profileOf(is));
        expect(verdict.reason).not.toBe('');
        expectSound({ ...verdict, baseline: undefined });
        if (nothing)
          expect(verdict).toMatchObject({ status: 'insufficient evidence', judged: false, refused: expect.any(String) });
      }),
      { numRuns: 300 },
    );
  });

  it('that are constant do not drift from themselves, and one that turns into another constant does', () => {
    const constant = (value: FeatureValue) => profileOf(new Array<FeatureValue>(500).fill(value));
    for (const measure of measures) {
      expect(verdictOn(measure, constant(3), constant(3)).status).toBe('ok');
      // A constant has no spread for the earth mover's distance to be told in.
      if (measure !== 'wasserstein') expect(verdictOn(measure, constant(3), constant(9)).status).toBe('critical');
    }
  });

  it('with categories never seen before drift; with nothing but nulls there is nothing to compare, and the reason says so', () => {
    const colours = profileOf(Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 'red' : 'blue')));
    const unseen = profileOf(new Array<string>(500).fill('green'));
    expect(verdictOn('psi', colours, unseen).status).toBe('critical');
    const nulls = profileOf(new Array<null>(500).fill(null));
    expect(verdictOn('psi', colours, nulls)).toMatchObject({
      judged: false,
      reason: 'drift not judged: it has no values in the judged span',
    });
    expect(verdictOn('psi', nulls, colours)).toMatchObject({
      judged: false,
      refused: 'the baseline, the time before, is refused: it has no values',
    });
    expect(verdictOn('psi', colours, undefined)).toMatchObject({
      judged: false,
      reason: 'drift not judged: no records came in the judged span',
    });
  });

  it('of a million categories take no more room than those of a hundred', () => {
    let all: FeatureProfile | undefined;
    for (let part = 0; part < 20; part += 1) {
      const one = profileOf(Array.from({ length: 50_000 }, (_, i) => `user ${part * 50_000 + i}`));
      all = all === undefined ? one : mergeProfiles(all, one);
    }
    const profile = all as FeatureProfile;
    expect(profile.categories?.names.length).toBeLessThanOrEqual(mostNames);
    expect(JSON.stringify(profile).length).toBeLessThan(12_000);
    const shape = shapeOf(profile);
    if ('ok' in shape) throw new Error(shape.reason);
    for (const measure of ['psi', 'js', 'chi2'] as const) {
      const found = compareShapes(measure, shape, shape);
      expect(found).toMatchObject({ ok: true, drift: { value: expect.closeTo(0, 9) } });
    }
  });

  it('in wide bins on one side and in narrow ones on the other compare', () => {
    const fine = profileOf(Array.from({ length: 2000 }, (_, i) => 100 + (i % 50)));
    const coarse = profileOf(Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 10 ** (i % 299)));
    for (const measure of measures) expectSound({ ...verdictOn(measure, fine, coarse), baseline: undefined });
    expect(verdictOn('psi', fine, coarse).status).toBe('critical');
  });
});

describe('a training as it should not be', () => {
  it('is a baseline of a finite number, or refused', () => {
    const number = fc.double();
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 1000 }), number, column, (value, count, trainedAt, values) => {
        const record = {
          source: 's',
          modelVersion: '1',
          dataset: 'd',
          trainedAt,
          rows: 1,
          metrics: { accuracy: { value, count } },
          features: { price: countsOf(profileOf(values)) },
          binning,
          parts: 1,
          digest: '',
          pushedAt: 0,
          by: '',
          version: 1,
        };
        for (const metric of ['accuracy', 'null_rate', 'recall']) {
          const found = trainingBaselineOf({ minCount: 1 }, { ok: true, record }, metric, 'price', 0, undefined);
          if (found.ok) expect(Number.isFinite(found.baseline.value)).toBe(true);
          else expect(found.reason).toMatch(/^baseline refused: ./);
        }
      }),
    );
  });
});

describe('scores and labels as they should not be', () => {
  it('are refused one by one, with the reason, or taken as finite numbers', () => {
    const value = fc.oneof(fc.constantFrom<unknown>(...extremes, null, '', 'x', {}, []), fc.double());
    fc.assert(
      fc.property(value, value, value, (prediction, score, label) => {
        const { records, rejected } = parsePredictions([{ index: 0, value: { timestamp: 0, prediction, score, label } }]);
        expect(records.length + rejected.length).toBe(1);
        for (const one of records) expectSound(one.value);
        for (const { reason } of rejected) expect(reason).not.toBe('');
      }),
    );
  });
});
