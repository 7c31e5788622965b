import { anomalousScore } from '../../core/detection/kinds/anomaly/detect.ts';
import { normalFrom, randomFrom } from './random.ts';
import { tocsinDetector } from './table.ts';

type Draw = { i: number; noise: number; uniform: number; before: number };

/**
 * Series in which nothing ever happens, five minutes apart: each value from the row, fresh noise
 * and the value before.
 */
const calm: Record<string, (draw: Draw) => number> = {
  constant: () => 1,
  'normal noise': ({ noise }) => noise,
  'correlated noise (0.9)': ({ noise, before }) => 0.9 * before + noise,
  'daily season and noise': ({ i, noise }) => 5 * Math.sin((2 * Math.PI * i) / 288) + noise,
  'weekly season and noise': ({ i, noise }) =>
    (Math.floor(i / 288) % 7 < 5 ? 5 : 1) * (1 + Math.sin((2 * Math.PI * i) / 288)) + 0.3 * noise,
  'trend and noise': ({ i, noise }) => i / 100 + noise,
  'random walk': ({ noise, before }) => before + noise,
  'idle, 1 in 2 % of samples': ({ uniform }) => (uniform < 0.02 ? 1 : 0),
  'log-normal noise': ({ noise }) => Math.exp(noise),
  'Cauchy noise (no mean)': ({ uniform }) => Math.tan(Math.PI * (uniform - 0.5)),
};

const week = 2016;

/**
 * Events told in the first week and, on average, in each of the four that follow, with the
 * detector's own threshold.
 */
export function falseAlarms(seeds = 6): { name: string; first: number; later: number }[] {
  return Object.entries(calm).map(([name, next]) => {
    let [first, later] = [0, 0];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = randomFrom(seed);
      const values: number[] = [];
      for (let i = 0; i < 5 * week; i += 1) {
        values.push(next({ i, noise: normalFrom(random), uniform: random(), before: values.at(-1) ?? 0 }));
      }
      const times = values.map((_, i) => 1_600_000_000_000 + i * 300_000);
      tocsinDetector({ name, times, values, windows: [] }).forEach((score, i) => {
        if (score < anomalousScore) return;
        if (i < week) first += 1;
        else later += 1;
      });
    }
    return { name, first: first / seeds, later: later / seeds / 4 };
  });
}
