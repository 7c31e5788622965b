import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../core/config/schema.ts';
import { deltaSums } from '../../../core/telemetry/samples/deltas.ts';
import { estimatePoints } from '../../../core/telemetry/samples/estimate-points.ts';
import {
  type EstimatedMetric,
  estimateOf,
  expectedOf,
  isotonic,
  recalibrationOf,
} from '../../../core/telemetry/samples/recalibration.ts';
import { pooledError } from '../../../core/telemetry/samples/score-quality.ts';
import { slotsAt } from '../../../core/telemetry/samples/score-slots.ts';
import { leafOf } from '../../../core/telemetry/samples/score-tree.ts';
import { type Bucket, seriesRef } from '../../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';

const hour = 3_600_000;
const scoreBins = 100;
/** One slot a hundredth. */
const slots = slotsAt(Array.from({ length: scoreBins }, (_, bin) => leafOf((bin + 0.5) / scoreBins)));
const count = fc.integer({ min: 0, max: 1000 });
const histogram = fc
  .array(fc.tuple(count, count), { minLength: scoreBins, maxLength: scoreBins })
  .chain((all) =>
    fc.subarray([...all.keys()]).map((kept) => Float64Array.from(all.flatMap((pair, i) => (kept.includes(i) ? pair : [0, 0])))),
  );
const metrics: EstimatedMetric[] = ['estimated_accuracy', 'estimated_precision', 'estimated_recall', 'estimated_f1'];

const sumOf = (given: Float64Array, pick: (positive: number, negative: number, bin: number) => number): number => {
  let sum = 0;
  for (let bin = 0; bin < scoreBins; bin += 1) sum += pick(given[2 * bin + 1] as number, given[2 * bin] as number, bin);
  return sum;
};
const squaresOff = (given: Float64Array, shares: ArrayLike<number>): number =>
  sumOf(given, (positive, negative, bin) => {
    const n = positive + negative;
    return n === 0 ? 0 : n * (positive / n - (shares[bin] as number)) ** 2;
  });

describe('isotonic regression of labels on scores', () => {
  it('never falls, stays between 0 and 1, keeps the number of positives, and no other such curve is nearer', () => {
    fc.assert(
      fc.property(
        histogram,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: scoreBins, maxLength: scoreBins }),
        (given, other) => {
          const curve = isotonic(slots, given);
          if (curve === undefined) {
            expect(sumOf(given, (a, b) => a + b)).toBe(0);
            return;
          }
          for (const [bin, share] of curve.entries()) {
            expect(share >= 0 && share <= 1).toBe(true);
            if (bin > 0) expect(share).toBeGreaterThanOrEqual((curve[bin - 1] as number) - 1e-12);
          }
          const positives = sumOf(given, (positive) => positive);
          expect(sumOf(given, (a, b, bin) => (a + b) * (curve[bin] as number))).toBeCloseTo(positives, 6);
          expect(squaresOff(given, curve)).toBeLessThanOrEqual(
            squaresOff(
              given,
              other.toSorted((a, b) => a - b),
            ) + 1e-9,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('by hand: violators are pooled, and what lies between is on the line', () => {
    const given = new Float64Array(2 * scoreBins);
    for (const [bin, negative, positive] of [
      [10, 9, 1],
      [20, 6, 4],
      [30, 8, 2],
      [50, 0, 10],
    ] as const)
      given.set([negative, positive], 2 * bin);
    const curve = isotonic(slots, given) as Float64Array;
    expect([0, 10, 15, 20, 30, 40, 50, 99].map((bin) => Number(curve[bin]?.toFixed(4)))).toEqual([
      0.1, 0.1, 0.2, 0.3, 0.3, 0.65, 1, 1,
    ]);
  });
});

describe('estimates from binned scores', () => {
  it('equal those summed up prediction by prediction', () => {
    const prediction = fc.record({ bin: fc.nat(scoreBins - 1), positive: fc.boolean() });
    fc.assert(
      fc.property(histogram, fc.array(prediction, { minLength: 1, maxLength: 200 }), (labelled, predictions) => {
        const curve = isotonic(slots, labelled);
        fc.pre(curve !== undefined);
        const predicted = new Float64Array(2 * scoreBins);
        let [right, truePositive, positives, predictedPositive] = [0, 0, 0, 0];
        for (const { bin, positive } of predictions) {
          const at = 2 * bin + (positive ? 1 : 0);
          predicted[at] = (predicted[at] as number) + 1;
          const share = (curve as Float64Array)[bin] as number;
          right += positive ? share : 1 - share;
          positives += share;
          if (!positive) continue;
          predictedPositive += 1;
          truePositive += share;
        }
        const expected = expectedOf(predicted, curve as Float64Array);
        const close = (metric: EstimatedMetric, direct: number): void => {
          if (Number.isFinite(direct)) expect(estimateOf(metric, expected)).toBeCloseTo(direct, 9);
        };
        close('estimated_accuracy', right / predictions.length);
        close('estimated_precision', truePositive / predictedPositive);
        close('estimated_recall', truePositive / positives);
        close('estimated_f1', (2 * truePositive) / (predictedPositive + positives));
      }),
    );
  });

  it('the error by chance is what scores that are right show on average', () => {
    let random = 7;
    const uniform = (): number => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return random / 2 ** 32;
    };
    const errors = Array.from({ length: 200 }, () => {
      const given = new Float64Array(2 * scoreBins);
      for (let i = 0; i < 500; i += 1) {
        const bin = Math.floor(uniform() * scoreBins);
        const at = 2 * bin + (uniform() < (bin + 0.5) / scoreBins ? 1 : 0);
        given[at] = (given[at] as number) + 1;
      }
      return pooledError(slots, given);
    });
    const mean = (pick: (one: { error: number; chance: number }) => number): number =>
      errors.reduce((sum, one) => sum + pick(one), 0) / 200;
    expect(mean(({ error }) => error)).toBeCloseTo(
      mean(({ chance }) => chance),
      2,
    );
  });
});

/**
 * Buckets of an hour, each of so many predictions of class 1 with a score that means
 * `truth(score)`.
 */
function bucketsOf(hours: number, truth: (score: number) => number, labelled: (n: number) => boolean): Bucket[] {
  const config: PredictionsSourceConfig = configSchema.parse({
    sources: { a: { kind: 'predictions', model: 'm' } },
    channels: { c: { terminal: true } },
    policies: { p: { tiers: [{ targets: [{ channel: 'c' }], ackWithin: '1h' }] } },
    matrix: { default: { warn: { policy: 'p' }, critical: { policy: 'p' } } },
  }).sources['a'] as PredictionsSourceConfig;
  const series = seriesRef('a', 'predictions', {});
  return Array.from({ length: hours }, (_, n) => {
    const sums = deltaSums(config);
    for (let i = 0; i < 100; i += 1) {
      const score = (i + 0.5) / 100;
      const prediction = score >= 0.5 ? '1' : '0';
      const isPositive = ((i * 37 + n * 11) % 100) / 100 < truth(score);
      const record = {
        id: undefined,
        timestamp: n * hour,
        model: undefined,
        version: undefined,
        features: undefined,
        prediction,
        score,
        label: undefined,
      };
      sums.addPrediction(series, n * hour, record, prediction, labelled(n) ? (isPositive ? '1' : '0') : undefined);
    }
    return { start: n * hour, summary: (sums.deltas()[0] as { summary: Bucket['summary'] }).summary };
  });
}

const spans = { first: 50 * hour, to: 50 * hour, step: hour, over: 10 * hour, bucket: hour };
const accuracyOf = (truth: (score: number) => number): number =>
  Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100).reduce(
    (sum, score) => sum + (score >= 0.5 ? truth(score) : 1 - truth(score)),
    0,
  ) / 100;

describe('an estimate that is recalibrated', () => {
  const tooSure = (score: number): number => 0.35 + 0.3 * score;

  it('comes near the truth where scores alone promise too much', () => {
    const buckets = bucketsOf(50, tooSure, (n) => n < 40);
    const [raw] = estimatePoints(buckets, 'estimated_accuracy', spans, { window: hour / 2, maxError: 0.1 });
    const [point] = estimatePoints(buckets, 'estimated_accuracy', spans, { window: 40 * hour, maxError: 0.1 });
    expect(raw?.value).toBeCloseTo(0.75, 2);
    expect(accuracyOf(tooSure)).toBeCloseTo(0.575, 3);
    expect(Math.abs((point?.value ?? 0) - 0.575)).toBeLessThan(0.02);
    expect(point).toMatchObject({ count: 1000, recalibrated: { labels: 4000 } });
    expect(point?.recalibrated?.before).toBeCloseTo(0.175, 2);
    expect(point?.calibrationError ?? 1).toBeLessThan(0.03);
    expect(point?.refused).toBeUndefined();
  });

  it('is left as it is where too few labels tell, and refused where scores are far off and nothing mends them', () => {
    const few = bucketsOf(50, tooSure, (n) => n === 3);
    expect(estimatePoints(few, 'estimated_accuracy', spans, { window: 40 * hour, maxError: 0.1 })[0]).toMatchObject({
      count: 1000,
    });
    const [point] = estimatePoints(few, 'estimated_accuracy', spans, { window: 40 * hour, maxError: 0.05 });
    expect(point?.refused).toMatch(
      /^estimate refused: scores are off by 0\.\d+ on average on 100 labels of the 1d16h before, too few labels to recalibrate; more than maxError 0.05/,
    );
    const none = bucketsOf(50, tooSure, () => false);
    expect(estimatePoints(none, 'estimated_accuracy', spans, { window: 40 * hour, maxError: 0.01 })[0]?.refused).toBeUndefined();
  });

  it('is a number or refused, whatever the counts', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, fc.constantFrom(...metrics), (first, second, predicted, metric) => {
        const found = recalibrationOf(slots, first, second);
        if (found === undefined) return;
        expect(Number.isFinite(found.before) && Number.isFinite(found.chance)).toBe(true);
        if (found.calibration === undefined) return;
        const value = estimateOf(metric, expectedOf(predicted, found.calibration));
        expect(Number.isNaN(value) || (value >= 0 && value <= 1 + 1e-9)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
