import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedBins, mergedBins, mostScoreBins } from '../../../core/telemetry/samples/score-bins.ts';
import { aucOf, calibrationError } from '../../../core/telemetry/samples/score-quality.ts';
import { movingScores, slotsOf } from '../../../core/telemetry/samples/score-slots.ts';
import { addLabelledScore, mergeScores, noScores, type ScoreSums } from '../../../core/telemetry/samples/score-sums.ts';
import { highOf, leafOf, lowOf, middleOf, nodeAt, placeOf, type ScoreBins } from '../../../core/telemetry/samples/score-tree.ts';
import { storedPredictionDetail } from '../../../core/telemetry/samples/stored-detail.ts';

type Scored = { score: number; label: '0' | '1' };
const label = fc.constantFrom('0' as const, '1' as const);
/**
 * Where scores of a model may lie: everywhere, near 0, near 1, all around one number, few
 * different.
 */
const around = (middle: number, spread: number) =>
  fc.double({ min: -1, max: 1, noNaN: true }).map((by) => Math.min(1, Math.max(0, middle + spread * by)));
const scoresOf = fc.constantFrom(
  fc.double({ min: 0, max: 1, noNaN: true }),
  around(0, 1e-4),
  around(1, 1e-3),
  around(0.5, 1e-3),
  fc.constantFrom(0, -0, 0.1, 0.5, 1),
  fc.oneof(around(0, 1e-6), fc.double({ min: 0.2, max: 0.9, noNaN: true })),
);
const scored = (most: number) =>
  scoresOf.chain((score) => fc.array(fc.record({ score, label }), { minLength: 1, maxLength: most }));

function sumsOf(rows: readonly Scored[]): ScoreSums {
  const sums = noScores();
  for (const { score, label: one } of rows) addLabelledScore(sums, one, score);
  return sums;
}

function exactAuc(rows: readonly Scored[]): number {
  let won = 0;
  const [positives, negatives] = [rows.filter((one) => one.label === '1'), rows.filter((one) => one.label === '0')];
  for (const p of positives) for (const n of negatives) won += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
  return won / (positives.length * negatives.length);
}

const nodesIn = (bins: ScoreBins): number[] => bins.filter((_, i) => i % 3 === 0);
const sumOf = (bins: ScoreBins, side: 1 | 2): number => bins.reduce((sum, one, i) => (i % 3 === side ? sum + one : sum), 0);
const total = (bins: ScoreBins): [number, number] => [sumOf(bins, 1), sumOf(bins, 2)];

describe('the node of a score', () => {
  it('holds it, and orders scores as they are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [one, other] = [leafOf(a), leafOf(b)];
        expect(Math.abs(middleOf(one) - a)).toBeLessThanOrEqual(Math.max(a * 1e-6, 1e-300));
        if (lowOf(one) < lowOf(other)) expect(a).toBeLessThan(b);
        expect(highOf(one)).toBe(lowOf(one) + 1);
        for (let node = one; node > 0; node >>>= 1) expect(nodeAt(placeOf(node))).toBe(node);
      }),
    );
    for (const exact of [0, 0.25, 0.5, 0.75, 1]) expect(middleOf(leafOf(exact))).toBe(exact);
    expect(leafOf(-0)).toBe(leafOf(0));
  });
});

describe('bins of scores', () => {
  it('are few, and count all, however they are merged', () => {
    fc.assert(
      fc.property(fc.array(scored(300), { minLength: 1, maxLength: 6 }), (parts) => {
        const merged = parts.map(sumsOf).reduce((a, b) => mergeScores(a, b) as ScoreSums);
        const rows = parts.flat();
        expect(merged.bins.length).toBeLessThanOrEqual(3 * mostScoreBins);
        const places = nodesIn(merged.bins).map(placeOf);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(total(merged.bins)).toEqual(['0', '1'].map((one) => rows.filter((row) => row.label === one).length));
      }),
      { numRuns: 100 },
    );
  });

  it('lose no label that is taken back after they were joined, in whatever parts it comes', () => {
    const places = fc.constantFrom<(share: number) => number>(
      (share) => share,
      (share) => 1e-5 * share,
      (share) => 0.99 + 0.001 * share,
    );
    const share = fc.integer({ min: 0, max: 2 ** 31 }).map((n) => n / 2 ** 31);
    const score = fc.tuple(places, share).map(([place, one]) => place(one));
    const row = fc.record({ score, label, next: fc.option(label) });
    const many = fc.noBias(fc.array(row, { minLength: 150, maxLength: 700, size: 'max' }));
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 200 }), (rows, size) => {
        let all: ScoreBins = [];
        const parts = Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
        const fold = (add: (sums: ScoreSums, one: (typeof rows)[number]) => void) => {
          for (const part of parts) {
            const sums = noScores();
            for (const one of part) add(sums, one);
            all = mergedBins(all, sums.bins);
            const held = nodesIn(all).map(placeOf);
            expect(held).toEqual([...new Set(held)].sort((a, b) => a - b));
            expect(Math.min(0, ...all)).toBe(0);
          }
        };
        fold((sums, one) => addLabelledScore(sums, one.label, one.score));
        fold((sums, one) => {
          if (one.next === null) return;
          addLabelledScore(sums, one.label, one.score, -1);
          addLabelledScore(sums, one.next, one.score);
        });
        const last = rows.map((one) => one.next ?? one.label);
        expect(total(all)).toEqual(['0', '1'].map((one) => last.filter((given) => given === one).length));
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

describe('the auc of windows', () => {
  it('is within its bound of that of all records, wherever the scores lie', () => {
    fc.assert(
      fc.property(fc.array(scored(300), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (parts, over) => {
        const sums = parts.map(sumsOf);
        const scores = movingScores(parts.length, (i) => sums[i]);
        for (let hi = 1; hi <= parts.length; hi += 1 + (over % 2)) {
          const lo = Math.max(0, hi - over);
          const rows = parts.slice(lo, hi).flat();
          const found = aucOf(scores(lo, hi));
          if (found === undefined) expect(exactAuc(rows)).toBeNaN();
          else {
            expect(found.count).toBe(rows.length);
            expect(Math.abs(found.auc - exactAuc(rows))).toBeLessThanOrEqual(found.errorBound + 1e-9);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['everywhere', 0, 1],
    ['near 0', 0, 1e-4],
    ['near 1', 0.999, 1],
    ['around 0.5', 0.5, 0.501],
    ['in one of ten thousand records near 0, and in all others near 1', 0, 1e-4],
  ])('is as exact for scores that lie %s', (where, from, to) => {
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const rows = (count: number, low: number, high: number): Scored[] =>
      Array.from({ length: count }, () => {
        const place = random();
        return { score: low + (high - low) * place, label: random() < place ? '1' : '0' };
      });
    const before = where.startsWith('in one') ? Array.from({ length: 200 }, () => rows(100, 0.99, 1)) : [];
    const now = rows(2000, from, to);
    const sums = [...before, now].map(sumsOf);
    const scores = movingScores(sums.length, (i) => sums[i]);
    scores(0, 1);
    const window = scores(sums.length - 1, sums.length);
    const found = aucOf(window);
    expect(found?.errorBound).toBeLessThan(0.01);
    expect(Math.abs((found?.auc ?? 0) - exactAuc(now))).toBeLessThan(0.003);
    const calibration = calibrationError(window);
    const groups = now.toSorted((a, b) => a.score - b.score);
    let off = 0;
    for (let group = 0; group < 10; group += 1) {
      const part = groups.slice(group * 200, (group + 1) * 200);
      off += Math.abs(part.reduce((sum, { score, label: one }) => sum + Number(one) - score, 0));
    }
    expect(Math.abs((calibration ?? 0) - off / 2000)).toBeLessThan(0.01);
  });
});

it('slots hold every node of their buckets', () => {
  fc.assert(
    fc.property(fc.array(scored(300), { minLength: 1, maxLength: 8 }), (parts) => {
      // A label that was taken back at once leaves a node without any.
      const sums = [...parts.map(sumsOf), { ...noScores(), bins: [leafOf(0.3), 0, 0] }];
      const slots = slotsOf(sums);
      expect(slots.middles.length).toBeLessThanOrEqual(800);
      for (const { bins } of sums) {
        const held: [number, number] = [0, 0];
        slots.placed(bins, (slot, negative, positive) => {
          expect(slots.middles[slot]).toBeDefined();
          held[0] += negative;
          held[1] += positive;
        });
        expect(held).toEqual(total(bins));
      }
      expect([...slots.middles]).toEqual([...slots.middles].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

it('joining keeps what is few apart', () => {
  const bins: ScoreBins = [];
  for (let i = 0; i < 1000; i += 1) bins.push(leafOf(1e-5 * (1 + i / 1000)), 1, 0);
  for (const score of [0.2, 0.4, 0.9]) bins.push(leafOf(score), 0, 1);
  const joined = nodesIn(joinedBins(bins));
  const widest = Math.max(...joined.map((node) => highOf(node) - lowOf(node)));
  expect(joined.length).toBeGreaterThan(mostScoreBins / 4);
  expect(widest).toBeLessThanOrEqual(2 ** 22);
});

it('a bucket that was stored with scores in hundredths is read with them at their middles', () => {
  const scores = { ...noScores(), probable: 3, bins: { 0: [2, 0], 99: [0, 1] }, predicted: { 50: [0, 3] } };
  const read = storedPredictionDetail.decode(JSON.stringify({ scores, v: 1 }));
  const bins = [leafOf(0.005), 2, 0, leafOf(0.995), 0, 1];
  expect(read).toMatchObject({ ok: true, value: { scores: { probable: 3, bins, predicted: [leafOf(0.505), 0, 3] } } });
  for (const wrong of [{ scores: 1 }, { scores: { ...scores, bins: 'x' } }, { scores: { ...scores, bins: { x: 1 } } }])
    expect(storedPredictionDetail.decode(JSON.stringify({ ...wrong, v: 1 })).ok).toBe(false);
});
