import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnomalySample, detectAnomalies } from '../../../core/detection/kinds/anomaly/detect.ts';
import { type AnomalyState, emptyAnomalyState } from '../../../core/detection/kinds/anomaly/state.ts';
import { start } from './series.ts';

const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 1, 1, 5) },
  { weight: 1, arbitrary: fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 1.7e308, -1.7e308, 5e-324, -5e-324, 1e-310) },
  { weight: 1, arbitrary: fc.double() },
);
/** Mostly five minutes apart, sometimes at once, after a gap of weeks, or back in time. */
const anyGap = fc.oneof(
  { weight: 12, arbitrary: fc.constant(300_000) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 3_600_000, 86_400_000 * 30, -600_000) },
);
const anySeries: fc.Arbitrary<AnomalySample[]> = fc
  .array(fc.tuple(anyValue, anyGap), { minLength: 1, maxLength: 400, size: 'max' })
  .map((rows) => {
    let at = start;
    return rows.map(([value, gap]) => {
      at += gap;
      return { at, value };
    });
  });

const run = (samples: readonly AnomalySample[], state = emptyAnomalyState()) => detectAnomalies(state, samples);

/** Every number in a JSON-like value. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (value !== null && typeof value === 'object') for (const part of Object.values(value)) yield* numbersIn(part);
}

describe('whatever the series, the anomaly detector', () => {
  it('gives finite scores from 0 to 1 and a state of finite numbers', () => {
    fc.assert(
      fc.property(anySeries, (samples) => {
        const { findings, state } = run(samples);
        for (const { score, surprise, expected, reason } of findings) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThan(1);
          expect(Number.isFinite(surprise)).toBe(true);
          expect(expected === undefined || Number.isFinite(expected)).toBe(true);
          expect(reason).not.toBe('');
        }
        for (const number of numbersIn(state)) expect(Number.isFinite(number)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives a prefix the same findings as the whole: it never looks ahead', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), (samples, cut) => {
        const part = samples.slice(0, cut % (samples.length + 1));
        expect(run(part).findings).toEqual(run(samples).findings.slice(0, part.length));
      }),
      { numRuns: 40 },
    );
  });

  it('goes on after its state was stored and read as if nothing had been', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), (samples, cut) => {
        const middle = cut % (samples.length + 1);
        const first = run(samples.slice(0, middle));
        const stored = JSON.parse(JSON.stringify(first.state)) as AnomalyState;
        const second = run(samples.slice(middle), stored);
        const whole = run(samples);
        expect([...first.findings, ...second.findings]).toEqual(whole.findings);
        expect(second.state).toEqual(whole.state);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the state it was given as it was', () => {
    fc.assert(
      fc.property(anySeries, (samples) => {
        const { state } = run(samples);
        const before = structuredClone(state);
        run(
          samples.map(({ at, value }) => ({ at: at + 90 * 86_400_000, value })),
          state,
        );
        expect(state).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the state', () => {
  it('stays under 3,500 numbers and 48 KiB of JSON, however long the series', () => {
    const random = (i: number): number => (Math.imul(i, 2_654_435_761) >>> 0) / 2 ** 32;
    let state = emptyAnomalyState();
    for (let day = 0; day < 70; day += 1) {
      const samples = Array.from({ length: 288 }, (_, i) => ({
        at: start + (day * 288 + i) * 300_000,
        value: random(day * 288 + i) * Math.E,
      }));
      ({ state } = run(samples, state));
      expect([...numbersIn(state)].length).toBeLessThan(3500);
    }
    expect(JSON.stringify(state).length).toBeLessThan(48 * 1024);
  });
});
