import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, type Random, randomOf } from '../../../bench/random.ts';
import { binned, quantileBinning } from '../../../core/statistics/distributions/binning.ts';
import type { Sample } from '../../../core/statistics/distributions/sample.ts';
import { alignedSamples, binnedSketch, sampleOfSketch } from '../../../core/telemetry/profiles/aligned-samples.ts';
import { append, comparePlaces, roomFor } from '../../../core/telemetry/profiles/double-tree.ts';
import {
  mergedSketch,
  mergeSketches,
  mostBins,
  nodesOf,
  type Sketch,
  sketchOf,
} from '../../../core/telemetry/profiles/sketch.ts';

/** No rank may be further off than this share of all, however the parts were split and merged. */
const rankBound = 0.015;

const sampleOf = (sketch: Sketch): Sample => {
  const sample = sampleOfSketch(sketch);
  if (!sample.ok) throw new Error(sample.reason);
  return sample;
};
const binsIn = ({ bins }: Sketch): number => bins.length / 3;

/** The largest difference of the share at or below any number, from what is true. */
function rankError(all: readonly number[], sketch: Sketch): number {
  const { values, counts } = sampleOf(sketch);
  const sorted = Float64Array.from(all).sort();
  const places = Float64Array.from([...sorted, ...values]).sort();
  let [i, j, told, worst] = [0, 0, 0, 0];
  for (const place of places) {
    while (i < sorted.length && (sorted[i] as number) <= place) i += 1;
    while (j < values.length && (values[j] as number) <= place) told += counts?.[j++] ?? 0;
    worst = Math.max(worst, Math.abs(i - told));
  }
  return worst / sorted.length;
}

/** The share of numbers in bins around one place: how far a rank there can be off at most. */
function uncertainty(sketch: Sketch): number {
  const nodes = nodesOf(sketch);
  const around: number[] = [];
  let [total, worst] = [0, 0];
  const isInside = (i: number, outer: number): boolean => {
    const node = roomFor(1);
    append(node, nodes.values[i] as number, nodes.levels[outer] as number, 1);
    return comparePlaces(node, 0, nodes, outer) === 0;
  };
  for (let i = 0; i < nodes.size; i += 1) {
    total += nodes.counts[i] as number;
    while (around.length > 0 && !isInside(i, around.at(-1) as number)) around.pop();
    around.push(i);
    const sum = around.reduce((all, k) => all + (nodes.levels[k] === 0 ? 0 : (nodes.counts[k] as number)), 0);
    worst = Math.max(worst, sum);
  }
  return worst / total;
}

/** What features are like, and what breaks sketches, as parts of one feature. */
const shapes: Record<string, (random: Random, part: number) => number> = {
  'around zero': (random) => normal(random),
  'Unix seconds of a day': (random) => 1_767_225_600 + Math.floor(86_400 * random()),
  'a million and a little': (random) => 1e6 + 1000 * normal(random),
  'cents around a price': (random) => Math.round(100 * (99.99 + 0.3 * normal(random))) / 100,
  'integers beyond 2^53': (random) => 2 ** 53 + 2 * Math.floor(5000 * random()),
  'a heavy tail': (random) => 1 / random(),
  'a heavy tail on both sides': (random) => Math.tan(Math.PI * (random() - 0.5)),
  'a heavy tail far from zero': (random) => 1e9 + Math.exp(3 * normal(random)),
  'near and far from zero': (random) => (random() < 0.5 ? 0.001 * normal(random) : 1e6 + normal(random)),
  'two values far apart, and noise': (random) => (random() < 0.9 ? (random() < 0.5 ? -1e300 : 1e300) : normal(random)),
  'all sizes': (random) => (random() < 0.5 ? -1 : 1) * 10 ** (600 * random() - 300),
  subnormal: (random) => 5e-324 * Math.floor(1e6 * random()) - 2e-318,
  'mostly zeros': (random) => (random() < 0.6 ? 0 : -50 * Math.log(random() + 1e-12)),
  sorted: (random, part) => part + random(),
  'narrower from part to part': (random, part) => 1000 + random() / 4 ** part,
  'wider from part to part': (random, part) => 1000 + random() * 4 ** part,
  'a comb of combs': (random) => 1 + 2 ** -Math.floor(20 * random()) * (1 + 2 ** -Math.floor(20 * random()) * (1 + random())),
};

const story = fc.record({
  shape: fc.constantFrom(...Object.keys(shapes)),
  seed: fc.nat(),
  sizes: fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 100, max: 900 })), {
    minLength: 1,
    maxLength: 12,
  }),
});
const partsOf = ({ shape, seed, sizes }: { shape: string; seed: number; sizes: number[] }): number[][] => {
  const random = randomOf(seed);
  return sizes.map((size, part) => Array.from({ length: size }, () => shapes[shape]?.(random, part) ?? 0));
};
const inPairs = (all: readonly Sketch[]): Sketch =>
  all.length === 1
    ? (all[0] as Sketch)
    : mergeSketches(inPairs(all.slice(0, all.length >> 1)), inPairs(all.slice(all.length >> 1)));

describe('a sketch', () => {
  it('knows every rank within its bound, its ends and its count exactly, however its parts were merged', () => {
    fc.assert(
      fc.property(story, (told) => {
        const parts = partsOf(told);
        const all = parts.flat();
        const sketches = parts.map((part) => sketchOf(part));
        const ways = [
          sketchOf(all),
          sketches.reduce(mergeSketches),
          [...sketches].reverse().reduce(mergeSketches),
          inPairs(sketches),
          mergedSketch(sketches),
        ];
        for (const sketch of ways) {
          expect(binsIn(sketch)).toBeLessThanOrEqual(mostBins);
          const { values, count } = sampleOf(sketch);
          expect(count).toBe(all.length);
          expect([values[0], values.at(-1)]).toEqual([
            all.reduce((a, b) => Math.min(a, b)) + 0,
            all.reduce((a, b) => Math.max(a, b)) + 0,
          ]);
          expect(uncertainty(sketch)).toBeLessThanOrEqual(rankBound);
          expect(rankError(all, sketch)).toBeLessThanOrEqual(rankBound);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same whichever of two is merged into the other', () => {
    fc.assert(
      fc.property(story, story, (one, other) => {
        const [a, b] = [sketchOf(partsOf(one).flat()), sketchOf(partsOf(other).flat())];
        expect(mergeSketches(a, b)).toEqual(mergeSketches(b, a));
      }),
    );
  });

  it('keeps up to as many different numbers as it has bins as they are, in any order of merging', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.array(any, { maxLength: 80 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const whole = sketchOf(parts.flat());
        const sketches = parts.map((part) => sketchOf(part));
        expect(sketches.reduce(mergeSketches)).toEqual(whole);
        expect([...sketches].reverse().reduce(mergeSketches)).toEqual(whole);
        expect(mergedSketch(sketches)).toEqual(whole);
        const exact = whole.bins.filter((_, i) => i % 3 === 1).every((level) => level === 0);
        expect(exact).toBe(true);
      }),
    );
  });

  it('grows by one number at a time as well as by many', () => {
    for (const shape of ['around zero', 'a million and a little', 'narrower from part to part', 'a heavy tail']) {
      const all = partsOf({ shape, seed: 5, sizes: [600, 600, 600] }).flat();
      const sketch = all.map((value) => sketchOf([value])).reduce(mergeSketches);
      expect(rankError(all, sketch)).toBeLessThanOrEqual(rankBound);
      // More than are merged at once.
      expect(rankError(all, mergedSketch(all.map((value) => sketchOf([value]))))).toBeLessThanOrEqual(rankBound);
    }
  });

  it('keeps heavy tails within a sixteenth of an octave of their size', () => {
    const random = randomOf(9);
    const all = Array.from({ length: 20_000 }, () => Math.exp(2 * normal(random)));
    const { values, counts } = sampleOf(sketchOf(all));
    const told = [...values].flatMap((value, i) => new Array<number>(counts?.[i] ?? 0).fill(value));
    const sorted = Float64Array.from(all).sort();
    for (const [i, value] of sorted.entries()) expect(Math.abs((told[i] as number) - value)).toBeLessThanOrEqual(value / 12);
  });

  it('goes through JSON unchanged, and takes at most 14 kB, mostly about 5', () => {
    for (const shape of Object.keys(shapes)) {
      const sketch = sketchOf(partsOf({ shape, seed: 1, sizes: [5000] }).flat());
      expect(JSON.parse(JSON.stringify(sketch))).toEqual(sketch);
      expect(JSON.stringify(sketch).length).toBeLessThan(14_000);
    }
    const usual = sketchOf(partsOf({ shape: 'around zero', seed: 1, sizes: [5000] }).flat());
    expect(JSON.stringify(usual).length).toBeLessThan(5500);
  });
});

describe('two sketches side by side', () => {
  it('are cut at the same places, and lose no number', () => {
    fc.assert(
      fc.property(story, story, (one, other) => {
        const [a, b] = [partsOf(one).flat(), partsOf(other).flat()];
        const { baseline, current } = alignedSamples(sketchOf(a), sketchOf(b));
        if (!baseline.ok || !current.ok) throw new Error('expected two samples');
        expect([baseline.count, current.count]).toEqual([a.length, b.length]);
        expect(baseline.origin).toBe(current.origin);
      }),
    );
  });

  it('count as much in bins as samples that are cut at their edges', () => {
    fc.assert(
      fc.property(story, story, (one, other) => {
        const [a, b] = [sketchOf(partsOf(one).flat()), sketchOf(partsOf(other).flat())];
        const binning = quantileBinning(sampleOf(a));
        const { baseline, current } = alignedSamples(a, b, binning.edges);
        if (!baseline.ok || !current.ok) throw new Error('expected two samples');
        expect(binnedSketch(a, binning)).toEqual(binned(baseline, binning));
        expect(binnedSketch(b, binning)).toEqual(binned(current, binning));
      }),
    );
  });

  it('of none are refused', () => {
    expect(alignedSamples(sketchOf([]), sketchOf([1]))).toMatchObject({ baseline: { ok: false }, current: { ok: true } });
  });
});
