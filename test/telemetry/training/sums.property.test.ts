import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { parseTraining } from '../../../core/telemetry/training/posted.ts';
import { trainingSums } from '../../../core/telemetry/training/sums.ts';
import { binning } from '../../../core/telemetry/training/training.ts';
import { configOf } from '../../app/runtime.ts';

const source = configOf({ sources: { shop: { kind: 'predictions', model: 'prices' } } }).sources[
  'shop'
] as PredictionsSourceConfig;

const outcome = fc.oneof(
  fc.boolean(),
  fc.constantFrom('yes', 'no', 'a', '01'),
  fc.integer({ min: 0, max: 3 }),
  fc.double({ noNaN: true, min: -9, max: 9 }),
);
const row = fc.record({
  features: fc.record({ age: fc.option(fc.integer()), plan: fc.constantFrom('free', 'pro', null) }),
  prediction: fc.option(outcome, { nil: undefined }),
  score: fc.option(fc.double({ noNaN: true, min: -1, max: 2 }), { nil: undefined }),
  label: fc.option(outcome, { nil: undefined }),
});

describe('what a training is summed up to', () => {
  it('is taken as it is: the count of each metric is a number of rows', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const sums = trainingSums(source);
        for (const one of rows) sums.add(one);
        const { metrics, features, rows: count } = sums.finish();
        for (const [name, metric] of Object.entries(metrics)) {
          expect(metric.count, name).toSatisfy(Number.isInteger);
          expect(metric.count, name).toBeGreaterThan(0);
          expect(metric.count, name).toBeLessThanOrEqual(rows.length);
        }
        const sent = { version: '7', dataset: 'd', metrics, profile: { binning, rows: count, features } };
        const parsed = parseTraining(JSON.parse(JSON.stringify(sent)));
        expect(parsed.ok ? undefined : parsed.error).toBeUndefined();
      }),
    );
  });

  it.each([
    ['classes with names, without a positive one', {}, ['ja', 'nein'], ['accuracy']],
    ['numbers with fractions', {}, [0.25, 1.5], ['bias', 'mae', 'rmse']],
    ['declared numbers', { predicts: 'numbers' as const }, [1, 0], ['bias', 'mae', 'rmse']],
    [
      'declared classes',
      { predicts: ['a', '1'], positive: 'a' },
      ['a', '1'],
      ['accuracy', 'f1', 'positive_rate', 'precision', 'recall'],
    ],
  ])('has only metrics that mean something for %s', (_, declared, [one, other], expected) => {
    const sums = trainingSums({ ...source, ...declared });
    for (const [prediction, label] of [
      [one, one],
      [one, other],
      [other, other],
    ])
      sums.add({ features: {}, prediction, label });
    expect(Object.keys(sums.finish().metrics).sort()).toEqual(expected);
  });
});
