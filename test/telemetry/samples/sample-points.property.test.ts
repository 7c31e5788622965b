import fc from 'fast-check';
import { expect, test } from 'vitest';
import { growth } from '../../../core/telemetry/samples/counter-readings.ts';
import { foldSampleRecords } from '../../../core/telemetry/samples/folding.ts';
import { looksBefore, samplePoints } from '../../../core/telemetry/samples/sample-series.ts';
import { storedSummary } from '../../../core/telemetry/samples/stored-summary.ts';
import { type Bucket, mergeSummary, type Summary } from '../../../core/telemetry/samples/summary.ts';
import type { Keeps } from '../../../core/telemetry/samples/value-detail.ts';
import { type Spans, spansOf } from '../../../core/telemetry/samples/windows.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { type SamplesQuery, samplesKind } from '../../../core/telemetry/sources/kinds/samples.ts';

const minute = 60_000;
const source = samplesKind.schema.parse({ kind: 'samples', bucket: '1m' });
const everything: Keeps = { histogram: true, readings: true };
const nothing: Keeps = { histogram: false, readings: false };

type Sample = { metric: string; at: number; value: number };

/** Folds the samples batch by batch, through the stored form, as a store does. */
function bucketsFrom(batches: readonly (readonly Sample[])[], metric = 'x', keeps: Keeps = everything): Bucket[] {
  const stored = new Map<number, string>();
  for (const batch of batches) {
    const entries = batch.map(({ at, value, metric: name }, index) => ({
      index,
      value: { metric: name, timestamp: at, value, labels: {} },
    }));
    const context = { sourceName: 's', source, now: 60 * minute, maxFuture: 0, keepsOf: () => keeps };
    for (const { series, bucketStart, summary } of foldSampleRecords(entries, context).deltas) {
      if (series.metric !== metric) continue;
      const before = stored.get(bucketStart);
      stored.set(bucketStart, storedSummary.encode(before === undefined ? summary : mergeSummary(decoded(before), summary)));
    }
  }
  return [...stored].map(([start, text]) => ({ start, summary: decoded(text) })).sort((a, b) => a.start - b.start);
}

function decoded(text: string): Summary {
  const read = storedSummary.decode(text);
  if (!read.ok) throw new Error(read.reason.text);
  return read.value;
}

const query = (asked: object): SamplesQuery => samplesKind.query.parse(asked);

function spans(over: number): Spans {
  const made = spansOf({ from: 0, to: 20 * minute }, minute, over, minute);
  if (!made.ok) throw new Error(made.error);
  return made.spans;
}

const pointsOf = (asked: object, buckets: readonly Bucket[], over: number): Point[] =>
  samplePoints(query({ metric: 'x', ...asked }), {}, [buckets], spans(over), 0);

/** Batches in any order, of any size. */
const batched = (sample: fc.Arbitrary<Sample>) =>
  fc.array(fc.array(sample, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 });

const at = fc.integer({ min: 0, max: 20 * minute - 1 });
const value = fc.oneof(
  fc.integer({ min: -50, max: 300 }),
  fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const sample = fc.record({ metric: fc.constant('x'), at, value });
const over = fc.integer({ min: 1, max: 6 }).map((minutes) => minutes * minute);

const inside = (batches: readonly (readonly Sample[])[], end: number, span: number): number[] =>
  batches
    .flat()
    .filter((one) => one.at >= end - span && one.at < end)
    .map((one) => one.value)
    .sort((a, b) => a - b);

test('a percentile is within its error bound of that of the raw samples, for any split into batches', () => {
  fc.assert(
    fc.property(
      batched(sample),
      over,
      fc.constantFrom(['p50', 0.5], ['p90', 0.9], ['p95', 0.95], ['p99', 0.99]),
      (all, span, [name, q]) => {
        const points = pointsOf({ statistic: name }, bucketsFrom(all), span);
        for (const point of points) {
          const raw = inside(all, point.at, span);
          const exact = raw[Math.max(1, Math.ceil((q as number) * raw.length)) - 1] as number;
          expect(point.refused).toBeUndefined();
          expect(point.count).toBe(raw.length);
          const bound = (point.errorBound ?? 0) / (1 - (point.errorBound ?? 0) / Math.max(Math.abs(point.value), 5e-324));
          expect(Math.abs(point.value - exact)).toBeLessThanOrEqual(bound + 1e-12 * Math.abs(exact) + 5e-324);
        }
        expect(points.length).toBe(
          Array.from({ length: 20 }, (_, n) => (n + 1) * minute).filter((end) => inside(all, end, span).length > 0).length,
        );
      },
    ),
  );
});

test('a share of samples beyond a bound is that of the raw samples, but for those that a bucket cannot tell from the bound', () => {
  const near = 0.01;
  fc.assert(
    fc.property(
      batched(fc.record({ metric: fc.constant('x'), at, value: fc.integer({ min: -300, max: 300 }) })),
      over,
      fc.integer({ min: -300, max: 300 }),
      (all, span, bound) => {
        const buckets = bucketsFrom(all);
        for (const side of ['above', 'below'] as const) {
          for (const point of pointsOf({ share: { [side]: bound } }, buckets, span)) {
            const raw = inside(all, point.at, span);
            const beyond = (least: number): number =>
              raw.filter((one) => (side === 'above' ? one - bound : bound - one) > least * Math.abs(bound)).length;
            expect(point.count).toBe(raw.length);
            expect(point.value * raw.length).toBeLessThanOrEqual(beyond(0) + 1e-9);
            expect(point.value * raw.length).toBeGreaterThanOrEqual(beyond(near) - 1e-9);
          }
        }
      },
    ),
  );
});

/** The documented rule, reading by reading. */
function naiveRate(readings: readonly Sample[], end: number, span: number): number | undefined {
  const from = end - 2 * span;
  const known = new Map(readings.map((one) => [`${one.at} ${one.value}`, one]));
  const sorted = [...known.values()].sort((a, b) => a.at - b.at || a.value - b.value).filter((one) => one.at < end);
  let [grown, begun]: [number, number | undefined] = [0, undefined];
  for (const [place, one] of sorted.entries()) {
    if (one.at < end - span) continue;
    const before = sorted[place - 1];
    if (before === undefined || before.at < from) continue;
    begun ??= before.at;
    grown += growth(before.value, one.value);
  }
  const last = sorted.at(-1);
  if (begun === undefined || last === undefined || last.at < end - span || last.at === begun) return undefined;
  return (1000 * grown) / (last.at - begun);
}

test('a rate is that of the readings one by one, with resets and gaps, for any split into batches and any order', () => {
  const reading = fc.record({ metric: fc.constant('x'), at, value: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(batched(reading), over, (all, span) => {
      const points = pointsOf({ statistic: 'rate' }, bucketsFrom(all), span);
      const expected = Array.from({ length: 20 }, (_, n) => (n + 1) * minute).flatMap((end) => {
        const rate = naiveRate(all.flat(), end, span);
        return rate === undefined ? [] : [{ at: end, value: expect.closeTo(rate, 9) }];
      });
      expect(points.map(({ at: end, value: rate }) => ({ at: end, value: rate }))).toEqual(expected);
    }),
  );
});

test('more readings than a bucket keeps give the same rate if they come in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 200, maxLength: 500 }), (steps) => {
      let total = 0;
      const readings = steps.map((step, n): Sample => {
        total += step;
        return { metric: 'x', at: minute + n * 100, value: total };
      });
      const batches = Array.from({ length: Math.ceil(readings.length / 50) }, (_, n) => readings.slice(50 * n, 50 * n + 50));
      const [point] = pointsOf({ statistic: 'rate' }, bucketsFrom(batches), minute);
      expect(point?.value).toBeCloseTo(naiveRate(readings, 2 * minute, minute) as number, 9);
    }),
  );
});

test('a counter that is reset more often than a bucket can keep is refused, and says what to do', () => {
  const readings = Array.from({ length: 400 }, (_, n): Sample => ({ metric: 'x', at: minute + n * 100, value: n % 2 }));
  const [point] = pointsOf({ statistic: 'rate' }, bucketsFrom([readings]), minute);
  expect(point?.refused).toContain('more than 120 readings of the counter');
});

test('what came before a rule asked is judged where its numbers tell enough, and refused with the reason otherwise', () => {
  const old = bucketsFrom([[1, 2, 3].map((one) => ({ metric: 'x', at: minute + one, value: one }))], 'x', nothing);
  const two = bucketsFrom([[1, 9].map((one) => ({ metric: 'x', at: 2 * minute + one, value: one }))], 'x', nothing);
  const equal = bucketsFrom([[7, 7, 7].map((one, n) => ({ metric: 'x', at: 3 * minute + n, value: one }))], 'x', nothing);
  const points = pointsOf({ statistic: 'p50' }, [...old, ...two, ...equal], minute);
  expect(points.map(({ refused }) => refused === undefined)).toEqual([false, true, true]);
  expect(points[0]?.refused).toContain('came before a rule asked');
  expect(points[1]?.value).toBeCloseTo(1, 2);
  expect(points[2]?.value).toBe(7);
  expect(pointsOf({ statistic: 'rate' }, old, minute)[0]?.refused).toContain('came before a rule asked for the rate');
});

const both = (ratio: object, of: readonly Sample[], below: readonly Sample[], span = minute): Point[] => {
  const asked = query({ ratio: { of: { metric: 'of' }, over: { metric: 'over' }, ...ratio } });
  const lists = [bucketsFrom([of], 'of'), bucketsFrom([below], 'over')];
  return samplePoints(asked, { of: [0], over: [1] }, lists, spans(span), undefined);
};
const sent = (metric: string, ...values: [minutes: number, value: number][]): Sample[] =>
  values.map(([minutes, one]) => ({ metric, at: minutes * minute, value: one }));

test('a ratio divides sums span by span, and is a proportion only if the config says so', () => {
  expect(both({}, sent('of', [1, 1], [1.5, 2]), sent('over', [1, 10]))).toEqual([{ at: 2 * minute, value: 0.3 }]);
  const [point] = both({ proportion: true }, sent('of', [1, 1]), sent('over', [1, 10]));
  expect(point).toEqual({ at: 2 * minute, value: 0.1, count: 10 });
});

test('each missing or zero side of a ratio has its rule', () => {
  expect(both({}, [], sent('over', [1, 10]))).toEqual([{ at: 2 * minute, value: 0 }]);
  expect(both({}, sent('of', [1, 0]), [])).toEqual([]);
  expect(both({}, sent('of', [1, 0]), sent('over', [1, 0]))).toEqual([]);
  expect(both({}, sent('of', [1, 3]), sent('over', [1, 0]))[0]?.refused).toBe('not judged: over is 0, and of is 3');
  expect(both({}, sent('of', [1, 3]), [])[0]?.refused).toBe('not judged: over has no samples in this span, and of is 3');
  expect(both({ of: { metric: 'of', statistic: 'mean' } }, [], sent('over', [1, 10]))[0]?.refused).toBe(
    'not judged: of has no samples in this span, and over has',
  );
  expect(both({ proportion: true }, sent('of', [1, 12]), sent('over', [1, 10]))[0]?.refused).toBe(
    'not judged: of is 12 of 10 of over, so it is no part of it, as `proportion: true` says',
  );
});

test('a ratio of two counters divides their rates, and rests on the growth of the second', () => {
  const of = sent('of', [1, 5], [2, 6], [3, 8]);
  const below = sent('over', [1, 100], [2, 110], [3, 140]);
  const rates = { of: { metric: 'of', statistic: 'rate' }, over: { metric: 'over', statistic: 'rate' }, proportion: true };
  const points = both(rates, of, below, 2 * minute);
  expect(points.find(({ at: end }) => end === 4 * minute)).toEqual({
    at: 4 * minute,
    value: expect.closeTo(3 / 40, 9),
    count: 40,
  });
  expect(looksBefore(query({ ratio: rates }), minute)).toBe(minute);
});
