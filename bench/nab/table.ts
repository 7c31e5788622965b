import { anomalousScore, detectAnomalies } from '../../core/detection/kinds/anomaly/detect.ts';
import { emptyAnomalyState } from '../../core/detection/kinds/anomaly/state.ts';
import { type Detect, nullDetector, randomDetector, windowedGaussian } from './baselines.ts';
import type { Corpus, LabelledSeries } from './corpus.ts';
import { randomFrom } from './random.ts';
import { bestResult, type NabProfile, type NabResult, resultAt, type ScoredSeries } from './score.ts';

export const tocsinDetector: Detect = ({ times, values }) =>
  detectAnomalies(
    emptyAnomalyState(),
    times.map((at, i) => ({ at, value: values[i] ?? Number.NaN })),
  ).findings.map(({ score }) => score);

export const detectors: Record<string, Detect> = {
  null: nullDetector,
  random: randomDetector,
  'windowed Gaussian': windowedGaussian,
  tocsin: tocsinDetector,
};

export const scored = (series: readonly LabelledSeries[], detect: Detect): ScoredSeries[] =>
  series.map((one) => ({ scores: detect(one), windows: one.windows }));

/**
 * Results of one detector, one for each of the corpus's profiles, each with the threshold that
 * suits the profile best.
 */
export const bestByProfile = (corpus: readonly ScoredSeries[], profiles: Corpus['profiles']): Record<string, NabResult> =>
  mapProfiles(profiles, (profile) => bestResult(corpus, profile));

/** The same with the detector's own threshold, which no corpus has adjusted. */
export const fixedByProfile = (corpus: readonly ScoredSeries[], profiles: Corpus['profiles']): Record<string, NabResult> =>
  mapProfiles(profiles, (profile) => resultAt(corpus, profile, anomalousScore));

function mapProfiles(profiles: Corpus['profiles'], result: (profile: NabProfile) => NabResult): Record<string, NabResult> {
  return Object.fromEntries(Object.entries(profiles).map(([name, profile]) => [name, result(profile)]));
}

/**
 * The series in two random halves. Parameters were chosen on the first; the second was looked at to
 * see whether they hold. The shuffle knows positions in the sorted list only, no names.
 */
export function halves<T>(series: readonly T[]): [T[], T[]] {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const order = series.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const chosen = new Set(order.slice(0, Math.ceil(series.length / 2)));
  return [series.filter((_, i) => chosen.has(i)), series.filter((_, i) => !chosen.has(i))];
}

/** The mean score on one half with the threshold chosen on the other, over many random halves. */
export function transferred(corpus: readonly ScoredSeries[], profile: NabProfile, rounds = 40): number {
  const random = randomFrom(3);
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) {
    const order = corpus
      .map((series) => ({ series, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ series }) => series);
    const middle = Math.ceil(order.length / 2);
    sum += resultAt(order.slice(middle), profile, bestResult(order.slice(0, middle), profile).threshold).score;
  }
  return sum / rounds;
}
