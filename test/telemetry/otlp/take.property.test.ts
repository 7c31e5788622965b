import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergedBuckets } from '../../../core/telemetry/otlp/answer.ts';
import { type Content, mergeContent } from '../../../core/telemetry/otlp/content.ts';
import type { MetricData, MetricsRequest, Point } from '../../../core/telemetry/otlp/message.ts';
import { forgetSilent, newTelemetry, type Telemetry, take } from '../../../core/telemetry/otlp/take.ts';

const began = Date.UTC(2026, 10, 29);
const options = {
  now: began + 3_600_000,
  bucket: 60_000,
  retain: 86_400_000,
  maxFuture: 600_000,
  resource: ['service.name'],
  maxStreams: 1000,
  maxSeries: 100,
};

const resource = (instance: string) => ['service.name', 'schurn', 'service.instance.id', `s${instance}`];
const request = (instance: string, data: MetricData): MetricsRequest => [
  {
    resource: resource(instance),
    scopes: [{ scope: { name: 's', version: '', attributes: [] }, metrics: [{ name: 'm', unit: '', data }] }],
  },
];
const at = <V>(start: number, time: number, value: V): Point<V> => ({
  attributes: [],
  start: began + start,
  time: began + time,
  noValue: false,
  value,
});

/** Everything of the one series, as one content. */
function total({ series }: Telemetry): Content | undefined {
  const buckets = mergedBuckets([...series.values()].map(({ fresh }) => fresh));
  return buckets
    .map(({ content }) => content)
    .reduce<Content | undefined>((a, b) => (a === undefined ? b : mergeContent(a, b)), undefined);
}

function takeAll(requests: readonly MetricsRequest[]): Telemetry {
  const telemetry = newTelemetry(began);
  for (const one of requests) take(telemetry, one, options);
  return telemetry;
}

const sum = (points: Point<number>[], temporality: 'delta' | 'cumulative'): MetricData => ({
  kind: 'sum',
  temporality,
  monotonic: true,
  points,
});

/**
 * Runs of a process: growths of at most 50, one every 10 s; each begins at 0 with a start of its
 * own.
 */
const runs = fc.array(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });

/** As cumulative points, with what they add up to. */
function cumulative(all: number[][]): { points: Point<number>[]; grown: number } {
  let clock = 1000;
  let grown = 0;
  const points: Point<number>[] = [];
  for (const run of all) {
    const start = clock;
    let value = 0;
    for (const growth of run) {
      clock += 10_000;
      value += growth;
      grown += growth;
      points.push(at(start, clock, value));
    }
  }
  return { points, grown };
}

const shuffled = <T>(list: T[]) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length });

it('a counter that starts again grows by the same, however its points are split, repeated and put in order', () => {
  fc.assert(
    fc.property(
      runs.chain((all) => {
        const made = cumulative(all);
        return fc.tuple(fc.constant(made.grown), shuffled([...made.points, ...made.points.slice(0, 5)]), fc.nat({ max: 5 }));
      }),
      ([grown, points, split]) => {
        const parts = split === 0 ? [points] : points.map((one) => [one]);
        const found = total(takeAll(parts.map((some) => request('a', sum(some, 'cumulative')))));
        expect(found).toMatchObject({ form: 'counter', increase: grown });
      },
    ),
  );
});

it('processes that cannot be told apart add up, as long as their starts differ', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 10 }),
      (a, b) => {
        const points = [
          ...a.map((_, i) =>
            at(
              1,
              10_000 * (i + 1),
              a.slice(0, i + 1).reduce((x, y) => x + y),
            ),
          ),
          ...b.map((_, i) =>
            at(
              2,
              10_000 * (i + 1) + 5,
              b.slice(0, i + 1).reduce((x, y) => x + y),
            ),
          ),
        ].sort((x, y) => x.time - y.time);
        const grown = [...a, ...b].reduce((x, y) => x + y);
        expect(total(takeAll(points.map((one) => request('', sum([one], 'cumulative')))))).toMatchObject({ increase: grown });
      },
    ),
  );
});

it('deltas and gauges count once each, in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 30 }).chain((values) => {
        const points = values.map((value, i) => at(i * 1000 + 1, i * 1000 + 1001, value));
        return fc.tuple(fc.constant(values), shuffled([...points, ...points]));
      }),
      ([values, points]) => {
        const all = values.reduce((x, y) => x + y);
        expect(total(takeAll(points.map((one) => request('a', sum([one], 'delta')))))).toMatchObject({
          increase: all,
          points: values.length,
        });
        const gauges = total(takeAll(points.map((one) => request('a', { kind: 'gauge', points: [one] }))));
        expect(gauges).toMatchObject({ count: values.length, sum: all, max: Math.max(...values), last: values.at(-1) });
      },
    ),
  );
});

it('a counter that falls without a new start counts from 0 again', () => {
  const values = [5, 8, 3, 4];
  const points = values.map((value, i) => at(1, 10_000 * (i + 1), value));
  expect(total(takeAll([request('a', sum(points, 'cumulative'))]))).toMatchObject({ increase: 12 });
});

it('what a process counted before anything of it was known does not count, and what came since does', () => {
  const telemetry = newTelemetry(began + 60_000);
  take(telemetry, request('a', sum([at(1, 61_000, 900)], 'cumulative')), options);
  expect(total(telemetry)).toBeUndefined();
  take(telemetry, request('a', sum([at(1, 71_000, 907)], 'cumulative')), options);
  expect(total(telemetry)).toMatchObject({ increase: 7 });
});

it('what a pause hid is spread over it, and together is exactly the whole', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 200 }), (grown, minutes) => {
      const telemetry = newTelemetry(began - 1);
      const late = { ...options, now: began + 86_000_000 };
      take(telemetry, request('a', sum([at(0, 1, 0), at(0, 1 + minutes * 60_000, grown)], 'cumulative')), late);
      expect(total(telemetry)).toMatchObject({ increase: grown });
      const [series] = telemetry.series.values();
      const most = Math.max(...[...(series?.fresh.values() ?? [])].map((one) => (one.form === 'counter' ? one.increase : 0)));
      if (minutes > 2) expect(most).toBeLessThanOrEqual(Math.ceil(grown / Math.min(minutes, 60)));
    }),
  );
});

it('too many streams and series are refused with the reason, and cost no memory', () => {
  const telemetry = newTelemetry(began);
  const points = Array.from({ length: 300 }, (_, i) => ({ ...at(1, 1000, 1), attributes: ['user', `s${i}`] }));
  const took = take(telemetry, request('a', { kind: 'gauge', points }), options);
  expect(telemetry.series.size).toBe(100);
  expect([...took.refused]).toEqual([[expect.stringContaining('maxSeries'), 200]]);
  const more = take(telemetry, request('b', { kind: 'gauge', points: points.slice(0, 50) }), { ...options, maxStreams: 120 });
  expect([...more.refused]).toEqual([[expect.stringContaining('maxStreams'), 30]]);
});

it('points that make no sense are refused with the reason, and the others count', () => {
  const reasons = (data: MetricData): string => [...take(newTelemetry(began), request('a', data), options).refused.keys()].join();
  expect(reasons({ kind: 'gauge', points: [at(0, -began, 1)] })).toMatch('with its time');
  expect(reasons({ kind: 'gauge', points: [at(0, 5_000_000, 1)] })).toMatch('ahead of the clock');
  expect(reasons({ kind: 'gauge', points: [at(0, -90_000_000, 1)] })).toMatch('retain');
  expect(reasons({ kind: 'gauge', points: [at(0, 1, Number.NaN)] })).toMatch('finite');
  expect(reasons({ kind: 'sum', temporality: 'unsaid', monotonic: true, points: [at(0, 1, 1)] })).toMatch('temporality');
  expect(reasons(sum([at(0, 1, -1)], 'delta'))).toMatch('at least 0');
  expect(reasons(sum([at(9, 1, 1)], 'delta'))).toMatch('not after');
  const histogram = (counts: number[], bounds: number[], count: number): MetricData => ({
    kind: 'histogram',
    temporality: 'delta',
    points: [at(0, 1, { count, counts, bounds })],
  });
  expect(reasons(histogram([1, 2], [1, 2], 3))).toMatch('one count more than bounds');
  expect(reasons(histogram([1, 2], [1], 4))).toMatch('add up');
  expect(reasons(histogram([1, 2, 0], [2, 1], 3))).toMatch('grow');
  expect(reasons(histogram([1, 2], [1], 3))).toBe('');
});

it('what was forgotten of one process hides nothing of another that began earlier', () => {
  const hour = 3_600_000;
  const telemetry = newTelemetry(began - 1);
  const send = (process: string, type: string, start: number, time: number, value: number) => {
    const point = { ...at(start, time, value), attributes: ['type', `s${type}`] };
    take(telemetry, request(process, sum([point], 'cumulative')), { ...options, now: began + time });
  };
  send('old', 'timeout', 0, hour, 3);
  send('job', 'timeout', 10 * hour, 10 * hour + 1000, 5);
  send('old', 'timeout', 0, 12.5 * hour, 3);
  expect(forgetSilent(telemetry, began + 12 * hour, 100)).toHaveLength(1);
  expect(total(telemetry)).toMatchObject({ increase: 8 });
  send('old', 'oom', 0, 13 * hour, 500);
  expect(total(telemetry)).toMatchObject({ increase: 508 });
  // The one that was forgotten counts from its first point on.
  send('job', 'timeout', 10 * hour, 13 * hour, 7);
  expect(total(telemetry)).toMatchObject({ increase: 508 });
  send('job', 'timeout', 10 * hour, 13 * hour + 1000, 8);
  expect(total(telemetry)).toMatchObject({ increase: 509 });
});

it('of more that was forgotten than is remembered one by one, the source as a whole remembers', () => {
  const telemetry = newTelemetry(began - 1);
  for (const [process, start] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    take(telemetry, request(process, sum([at(start, 1000, 1)], 'cumulative')), { ...options, now: began + start });
  expect(forgetSilent(telemetry, began + 10, 1)).toHaveLength(3);
  expect([telemetry.sinceOf.size, telemetry.since]).toEqual([1, began + 3]);
});

it('keys have a length, and long names and units are refused with the reason', () => {
  const telemetry = newTelemetry(began);
  const long = '"'.repeat(100_000);
  const body = (instance: string, attributes: string[], name = 'm', unit = ''): MetricsRequest => [
    {
      resource: ['service.instance.id', `s${instance}`],
      scopes: [
        {
          scope: { name: long, version: '', attributes: [] },
          metrics: [{ name, unit, data: sum([{ ...at(1, 1000, 1), attributes }], 'cumulative') }],
        },
      ],
    },
  ];
  take(telemetry, body(`${long}a`, ['user', `s${'x'.repeat(900)}`]), options);
  take(telemetry, body(`${long}b`, ['user', `s${'x'.repeat(901)}`]), options);
  expect(total(telemetry)).toMatchObject({ increase: 2 });
  const keys = [...telemetry.streams].flatMap(([of, known]) => [of, ...known.keys()]);
  for (const key of [...keys, ...telemetry.series.keys()]) expect(key.length).toBeLessThanOrEqual(256);
  expect(new Set(keys).size).toBe(4);
  const refused = (...sent: Parameters<typeof body>) => [...take(telemetry, body(...sent), options).refused];
  expect(refused('', [], 'm'.repeat(256))).toEqual([[expect.stringContaining('at most 255'), 1]]);
  expect(refused('', [], 'm', 'u'.repeat(64))).toEqual([[expect.stringContaining('at most 63'), 1]]);
  expect(refused('', ['service.instance.id', `s${long}`])).toEqual([[expect.stringContaining('at most 1024'), 1]]);
  expect(refused('', [], 'm'.repeat(255), 'u'.repeat(63))).toEqual([]);
});

it('a large resource is read once, however many scopes it has', () => {
  const telemetry = newTelemetry(began);
  const large = Array.from({ length: 200_000 }, (_, i) => [`name${i}`, `s${i}`]).flat();
  const scopes = Array.from({ length: 500 }, (_, i) => ({
    scope: { name: `s${i}`, version: '', attributes: [] },
    metrics: [{ name: 'm', unit: '', data: sum([at(1, 1000, 1)], 'cumulative') }],
  }));
  take(telemetry, [{ resource: [...large, 'service.name', 'schurn'], scopes }], options);
  expect(telemetry.streamCount).toBe(500);
  expect([...telemetry.series.values()]).toMatchObject([{ labels: { 'service.name': 'churn' } }]);
});
