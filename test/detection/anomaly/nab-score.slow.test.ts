import { describe, expect, it } from 'vitest';
import { nullDetector, randomDetector, windowedGaussian } from '../../../bench/nab/baselines.ts';
import { corpusFolder, readCorpus } from '../../../bench/nab/corpus.ts';
import { bestResult, probationaryRows, resultAt, type ScoredSeries, sigmoidWeight } from '../../../bench/nab/score.ts';
import { bestByProfile, fixedByProfile, scored, tocsinDetector } from '../../../bench/nab/table.ts';

const standard = { tp: 1, fp: 0.11, fn: 1 };
const lowFalsePositives = { tp: 1, fp: 0.22, fn: 1 };
const lowFalseNegatives = { tp: 1, fp: 0.11, fn: 2 };

/**
 * 1,000 rows (150 of them probationary), one window of 100 rows from 500 to 599, detections at the
 * rows given.
 */
const oneWindow = (...detections: number[]): ScoredSeries[] => [
  { scores: Array.from({ length: 1000 }, (_, i) => (detections.includes(i) ? 1 : 0)), windows: [[500, 599]] },
];

describe('the scoring of the Numenta Anomaly Benchmark', () => {
  it('weighs positions as the paper says: 0.987 at the start of a window, 0.848 in its middle, 0 at its end, -0.987 a window later', () => {
    expect(sigmoidWeight(-1)).toBeCloseTo(0.98661, 5);
    expect(sigmoidWeight(-0.5)).toBeCloseTo(0.84828, 5);
    expect(sigmoidWeight(0)).toBe(0);
    expect(sigmoidWeight(1)).toBeCloseTo(-0.98661, 5);
    expect(sigmoidWeight(3)).toBe(-1);
  });

  it('leaves out the first 15 % of the rows, at most 750', () => {
    expect(probationaryRows(1000)).toBe(150);
    expect(probationaryRows(4032)).toBe(604);
    expect(probationaryRows(15_902)).toBe(750);
  });

  it('gives 100 to the detector that finds the first row of every window and nothing else', () => {
    expect(bestResult(oneWindow(500), standard).score).toBe(100);
    expect(bestResult(oneWindow(500), lowFalsePositives).score).toBe(100);
    expect(bestResult(oneWindow(500), lowFalseNegatives).score).toBe(100);
  });

  it('gives 0 to the detector that says the same of every row, because no threshold helps it', () => {
    const flat = [{ scores: new Array<number>(1000).fill(0.5), windows: [[500, 599]] as [number, number][] }];
    const result = bestResult(flat, standard);
    expect(result).toMatchObject({ score: 0, found: 0, windows: 1, falsePoints: 0, threshold: Number.POSITIVE_INFINITY });
  });

  it('gives a window the worth of its earliest detection only', () => {
    const middle = (100 * (1 + sigmoidWeight(-0.5) / sigmoidWeight(-1))) / 2;
    expect(resultAt(oneWindow(550), standard, 1).score).toBeCloseTo(middle, 10);
    expect(resultAt(oneWindow(550, 560, 599), standard, 1).score).toBeCloseTo(middle, 10);
  });

  it('charges every false row before the first window in full', () => {
    expect(resultAt(oneWindow(500, 300, 301), standard, 1).score).toBeCloseTo(100 - (100 * 2 * 0.11) / 2, 10);
    expect(resultAt(oneWindow(500, 300, 301), lowFalsePositives, 1).score).toBeCloseTo(100 - (100 * 2 * 0.22) / 2, 10);
  });

  it('charges a false row by its distance behind a window: little just after, in full from three windows on', () => {
    const cost = (row: number): number => 100 - resultAt(oneWindow(500, row), standard, 1).score;
    expect(cost(600)).toBeCloseTo((-100 * 0.11 * sigmoidWeight(1 / 99)) / 2, 10);
    expect(cost(600)).toBeLessThan(0.2);
    expect(cost(649)).toBeCloseTo((-100 * 0.11 * sigmoidWeight(50 / 99)) / 2, 10);
    expect(cost(950)).toBeCloseTo((100 * 0.11) / 2, 10);
  });

  it('counts nothing in the probationary rows', () => {
    expect(resultAt(oneWindow(500, 10, 149), standard, 1)).toMatchObject({ score: 100, falsePoints: 0 });
    expect(resultAt(oneWindow(500, 150), standard, 1)).toMatchObject({ falsePoints: 1 });
  });

  it('makes a missed window twice as dear where false negatives are to be rare', () => {
    const two: ScoredSeries[] = [...oneWindow(500), ...oneWindow()];
    expect(resultAt(two, standard, 1).score).toBeCloseTo(50, 10);
    expect(resultAt([...oneWindow(500), ...oneWindow(300)], lowFalseNegatives, 1).score).toBeCloseTo(
      (100 * (1 - 2 - 0.11 + 4)) / 6,
      10,
    );
  });

  it('chooses one threshold for the whole corpus', () => {
    const quiet: ScoredSeries = { scores: Array.from({ length: 1000 }, (_, i) => (i === 500 ? 0.4 : 0)), windows: [[500, 599]] };
    const loud: ScoredSeries = {
      scores: Array.from({ length: 1000 }, (_, i) => (i === 500 ? 0.9 : i >= 200 && i < 240 ? 0.5 : 0)),
      windows: [[500, 599]],
    };
    expect(bestResult([quiet, loud], standard)).toMatchObject({ threshold: 0.9, found: 1 });
    expect(bestResult([quiet], standard)).toMatchObject({ threshold: 0.4, score: 100 });
  });
});

const corpus = readCorpus();
describe.skipIf(!corpus)(`the corpus (skipped when it is not at ${corpusFolder})`, () => {
  const { series, profiles } = corpus ?? { series: [], profiles: {} };

  it('gives the baselines what the published table gives them, within what the missing series may change', () => {
    const score = (detect: typeof nullDetector): number =>
      bestByProfile(scored(series, detect), profiles)['standard']?.score ?? 0;
    expect(score(nullDetector)).toBe(0);
    expect(Math.abs(score(randomDetector) - 16.8)).toBeLessThan(5);
    expect(Math.abs(score(windowedGaussian) - 39.6)).toBeLessThan(5);
  });

  it('gives the detector 60 or more in the standard profile and 50 or more where false positives are dear', () => {
    const own = scored(series, tocsinDetector);
    const best = bestByProfile(own, profiles);
    expect(best['standard']?.score).toBeGreaterThan(65);
    expect(best['reward_low_FP_rate']?.score).toBeGreaterThan(58);
    expect(fixedByProfile(own, profiles)['standard']?.score).toBeGreaterThan(60);
  });
});
