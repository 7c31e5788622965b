import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOutcome, noOutcomes } from '../../../core/telemetry/samples/outcome-sums.ts';
import { shares } from '../../../core/telemetry/samples/prediction-metrics.ts';
import { aucOf, calibrationError } from '../../../core/telemetry/samples/score-quality.ts';
import { movingScores } from '../../../core/telemetry/samples/score-slots.ts';
import { addLabelledScore, addScore, noScores } from '../../../core/telemetry/samples/score-sums.ts';

import type { PredictionSummary } from '../../../core/telemetry/samples/summary.ts';
import { mergeSummary } from '../../../core/telemetry/samples/summary.ts';
import { aucPoints, sharePoints } from '../../../core/telemetry/samples/windows.ts';

type Row = { prediction: string; label?: string | undefined; score?: number };

function summaryOf(rows: readonly Row[]): PredictionSummary {
  const outcomes = noOutcomes();
  const scores = noScores();
  let [labelled, correct] = [0, 0];
  for (const { prediction, label, score } of rows) {
    if (score !== undefined) addScore(scores, prediction === '1', score);
    if (label === undefined) continue;
    labelled += 1;
    if (label === prediction) correct += 1;
    addOutcome(outcomes, prediction, label, score);
    addLabelledScore(scores, label, score);
  }
  return {
    kind: 'predictions',
    count: rows.length,
    labelled,
    correct,
    positive: 0,
    scored: 0,
    scoreSum: 0,
    features: {},
    outcomes,
    scores,
  };
}

type Metric = keyof typeof shares;
const spans = (length: number, over = 1) => ({ first: 1, to: length, step: 1, over, bucket: 1 });
const metricOf = (metric: Metric, rows: readonly Row[]) =>
  sharePoints([{ start: 0, summary: summaryOf(rows) }], shares[metric], spans(1))[0];

/** 3 true positives, 1 false positive, 2 false negatives, 4 true negatives. */
const table: Row[] = [
  ...Array.from({ length: 3 }, () => ({ prediction: '1', label: '1', score: 0.9 })),
  { prediction: '1', label: '0', score: 0.6 },
  ...Array.from({ length: 2 }, () => ({ prediction: '0', label: '1', score: 0.4 })),
  ...Array.from({ length: 4 }, () => ({ prediction: '0', label: '0', score: 0.1 })),
];

describe('metrics of a binary classifier, by hand', () => {
  it.each([
    ['accuracy', 0.7, 10],
    ['precision', 3 / 4, 4],
    ['recall', 3 / 5, 5],
    ['f1', 6 / 9, 4.5],
    ['brier', (3 * 0.01 + 0.36 + 2 * 0.36 + 4 * 0.01) / 10, 10],
    ['log_loss', -(3 * Math.log(0.9) + Math.log(0.4) + 2 * Math.log(0.4) + 4 * Math.log(0.9)) / 10, 10],
  ] as const)('%s', (metric, value, count) => {
    const point = metricOf(metric, table);
    expect(point?.value).toBeCloseTo(value, 12);
    expect(point).toMatchObject({ count, labelled: 1 });
  });

  it('auc is the share of pairs that are in order', () => {
    // Of 5 x 5 pairs: 0.9 beats all (15); 0.4 beats 0.1 four times each (8), and loses to 0.6.
    const [point] = aucPoints([{ start: 0, summary: summaryOf(table) }], spans(1));
    expect(point).toMatchObject({ value: 23 / 25, errorBound: 0, count: 10 });
  });

  it('none is there without anything to divide by', () => {
    const negatives = table.filter(({ prediction, label }) => prediction === '0' && label === '0');
    expect(metricOf('precision', negatives)).toBeUndefined();
    expect(metricOf('recall', negatives)).toBeUndefined();
    expect(aucPoints([{ start: 0, summary: summaryOf(negatives) }], spans(1))).toEqual([]);
    expect(metricOf('mae', [{ prediction: 'cat', label: 'dog' }])).toBeUndefined();
  });

  it('a certain score that is wrong costs much, but not infinitely much', () => {
    expect(metricOf('log_loss', [{ prediction: '1', label: '0', score: 1 }])?.value).toBeCloseTo(-Math.log(1e-15), 9);
  });

  it('scores outside [0, 1] are no probabilities, and other labels no binary ones', () => {
    const odd: Row[] = [
      { prediction: '1', label: '1', score: 2.5 },
      { prediction: '1', label: 'maybe', score: 0.5 },
    ];
    expect(metricOf('brier', odd)).toBeUndefined();
    expect(metricOf('precision', odd)).toMatchObject({ value: 0.5 });
  });
});

describe('metrics of numeric predictions, by hand', () => {
  const rows: Row[] = [
    { prediction: '10', label: '13' },
    { prediction: '-2.5', label: '-3.5' },
    { prediction: '7', label: '7' },
    { prediction: '007', label: '5' },
  ];
  it.each([
    ['mae', 4 / 3],
    ['rmse', Math.sqrt(10 / 3)],
    ['bias', -2 / 3],
  ] as const)('%s leaves codes out', (metric, value) => {
    expect(metricOf(metric, rows)?.value).toBeCloseTo(value, 12);
    expect(metricOf(metric, rows)?.count).toBe(3);
  });
});

describe('estimates from scores', () => {
  it('are what calibrated scores promise, by hand', () => {
    const unlabelled: Row[] = [
      { prediction: '1', score: 0.9 },
      { prediction: '1', score: 0.6 },
      { prediction: '0', score: 0.2 },
      { prediction: '0', score: 0.3 },
    ];
    expect(metricOf('estimated_accuracy', unlabelled)?.value).toBeCloseTo((0.9 + 0.6 + 0.8 + 0.7) / 4, 12);
    expect(metricOf('estimated_precision', unlabelled)?.value).toBeCloseTo(1.5 / 2, 12);
    expect(metricOf('estimated_recall', unlabelled)?.value).toBeCloseTo(1.5 / 2, 12);
    expect(metricOf('estimated_f1', unlabelled)?.value).toBeCloseTo(3 / (3 + 0.5 + 0.5), 12);
  });

  it('come near to the truth where scores are calibrated, and say how far off they are where not', () => {
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const rows = (shift: number): Row[] =>
      Array.from({ length: 20_000 }, () => {
        const score = random();
        return { prediction: score >= 0.5 ? '1' : '0', score, label: random() < score - shift ? '1' : '0' };
      });
    const honest = rows(0);
    const estimate = metricOf('estimated_accuracy', honest);
    expect(Math.abs((estimate?.value ?? 0) - (metricOf('accuracy', honest)?.value ?? 1))).toBeLessThan(0.01);
    expect(estimate?.calibrationError).toBeLessThan(0.02);
    const { scores } = summaryOf(rows(0.3));
    expect(calibrationError(movingScores(1, () => scores)(0, 1))).toBeGreaterThan(0.15);
    expect(metricOf('estimated_accuracy', honest.slice(0, 50))?.calibrationError).toBeUndefined();
  });
});

describe('any rows', () => {
  const row = fc.record({
    prediction: fc.constantFrom('0', '1'),
    label: fc.constantFrom('0', '1', undefined),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('have an exact auc within the error bound of the histogram', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const found = aucOf(movingScores(1, () => summaryOf(rows).scores)(0, 1));
        const [positives, negatives] = ['1', '0'].map((class_) => rows.filter(({ label }) => label === class_));
        let won = 0;
        for (const p of positives ?? [])
          for (const n of negatives ?? []) won += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
        const pairs = (positives?.length ?? 0) * (negatives?.length ?? 0);
        if (found === undefined) expect(pairs).toBe(0);
        else expect(Math.abs(found.auc - won / pairs)).toBeLessThanOrEqual(found.errorBound + 1e-12);
      }),
    );
  });

  it('give every window the metrics that all of its rows give together', () => {
    const buckets = fc.array(fc.array(row, { maxLength: 8 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(buckets, fc.integer({ min: 1, max: 5 }), (parts, over) => {
        const list = parts.map((rows, start) => ({ start, summary: summaryOf(rows) }));
        for (const point of aucPoints(list, spans(parts.length, over))) {
          const rows = parts.slice(Math.max(0, point.at - over), point.at).flat();
          expect(point).toEqual(
            aucPoints([{ start: 0, summary: summaryOf(rows) }], spans(1)).map((one) => ({ ...one, at: point.at }))[0],
          );
        }
        for (const metric of ['precision', 'recall', 'f1', 'rmse', 'brier', 'estimated_accuracy'] as const) {
          for (const point of sharePoints(list, shares[metric], spans(parts.length, over))) {
            const rows = parts.slice(Math.max(0, point.at - over), point.at).flat();
            expect(point.value).toBeCloseTo(metricOf(metric, rows)?.value ?? Number.NaN, 9);
          }
        }
      }),
    );
  });

  it('are the same however they are merged', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (a, b) => {
        const merged = mergeSummary(summaryOf(a), summaryOf(b)) as PredictionSummary;
        const whole = summaryOf([...a, ...b]);
        expect(merged.scores?.bins).toEqual(whole.scores?.bins);
        for (const [name, value] of Object.entries(whole.outcomes ?? {})) {
          expect(merged.outcomes?.[name as 'numeric']).toBeCloseTo(value, 9);
        }
      }),
    );
  });
});
