import fc from 'fast-check';
import { type Sample, sampleOf } from '../../../core/statistics/distributions/sample.ts';
import { type Table, tableOfCounts } from '../../../core/statistics/distributions/table.ts';
import type { Refused } from '../../../core/statistics/refused.ts';

/** What must be there, for the answer is expected not to be refused. */
export function given<T extends { ok: true }>(answer: T | Refused): T {
  if (!answer.ok) throw new Error(`expected an answer; it was refused: ${answer.reason}`);
  return answer;
}

export function tableWith(baseline: readonly number[], current: readonly number[]): Table {
  return given(tableOfCounts(baseline, current, 'bins', (bin) => `bin ${bin}`));
}

export function sampleWith(...values: number[]): Sample {
  return given(sampleOf(values));
}

/**
 * Two rows of counts of one length, each with something in it; small, empty and huge bins among
 * them.
 */
export const rows: fc.Arbitrary<[number[], number[]]> = fc
  .array(fc.tuple(count(), count()), { minLength: 1, maxLength: 30 })
  .map((bins): [number[], number[]] => [bins.map(([was]) => was), bins.map(([, is]) => is)])
  .filter((pair) => pair.every((row) => row.some((each) => each > 0)));

function count(): fc.Arbitrary<number> {
  return fc.oneof(fc.nat(20), fc.constant(0), fc.nat(1000), fc.integer({ min: 1, max: 1e13 }));
}

/** Finite values with ties, zeros, denormals and huge ones. */
export const values: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(5e-324, -0, 1e308, -1e308),
  ),
  { minLength: 1, maxLength: 60 },
);

/** Uniform numbers in (0, 1) from a seed. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
