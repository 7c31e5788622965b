import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MetricsRequest } from '../../../core/telemetry/otlp/message.ts';
import { readJson } from '../../../core/telemetry/otlp/read-json.ts';
import { readProtobuf } from '../../../core/telemetry/otlp/read-protobuf.ts';
import { mergeExamples, type TraceExample } from '../../../core/telemetry/trace-example.ts';
import { sentBodies } from './sent-bodies.ts';

const example: fc.Arbitrary<TraceExample> = fc.record({
  trace: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.integer({ min: -4, max: 4 }),
  at: fc.integer({ min: 1, max: 5 }),
});
const examples = fc.array(example, { maxLength: 8 });

it('of all examples the traces at both ends stay, in whatever order they are merged', () => {
  fc.assert(
    fc.property(examples, examples, examples, (a, b, c) => {
      const all = mergeExamples(mergeExamples(a, b), c);
      expect(mergeExamples(a, mergeExamples(c, b))).toEqual(all);
      const values = [...a, ...b, ...c].map(({ value }) => value);
      expect(all.length).toBeLessThanOrEqual(4);
      expect(all[0]?.value).toBe(values.length === 0 ? undefined : Math.max(...values));
      expect(all.at(-1)?.value).toBe(values.length === 0 ? undefined : Math.min(...values));
      const traces = new Set([...a, ...b, ...c].map(({ trace }) => trace));
      expect(new Set(all.map(({ trace }) => trace)).size).toBeGreaterThanOrEqual(Math.min(2, traces.size));
    }),
  );
});

const examplesIn = (request: MetricsRequest): TraceExample[] =>
  request.flatMap(({ scopes }) =>
    scopes.flatMap(({ metrics }) => metrics.flatMap(({ data }) => (data?.points ?? []).flatMap((point) => point.examples ?? []))),
  );

it('those that the Python SDK sent are read', () => {
  const [body] = sentBodies();
  const found = examplesIn(readProtobuf(body?.bytes ?? new Uint8Array()));
  expect(found).toContainEqual({
    trace: '4bf92f3577b34da6a3ce929d0e0e4736',
    value: 0.3096145716268649,
    at: expect.closeTo(1795927786015.8076, 3),
  });
});

const bodyOf = (exemplars: unknown[]): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        scopeMetrics: [
          { metrics: [{ name: 'm', gauge: { dataPoints: [{ timeUnixNano: '1000000000', asDouble: 1, exemplars }] } }] },
        ],
      },
    ],
  });
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

it('those without a trace, a value or a time are left out, and the point counts', () => {
  const good = { traceId: trace.toUpperCase(), asDouble: 0.5, timeUnixNano: '2000000' };
  const bad = [
    {},
    { ...good, traceId: '' },
    { ...good, traceId: '0'.repeat(32) },
    { ...good, traceId: 'javascript:alert(1)' },
    { ...good, timeUnixNano: '0' },
    { ...good, asDouble: 'NaN' },
  ];
  const request = readJson(bodyOf([...bad, good]));
  expect(examplesIn(request)).toEqual([{ trace, value: 0.5, at: 2 }]);
  expect(request[0]?.scopes[0]?.metrics[0]?.data?.points).toHaveLength(1);
});

it('a point with very many keeps a hundred', () => {
  const many = Array.from({ length: 5000 }, (_, n) => ({ traceId: trace, asInt: n, timeUnixNano: '2000000' }));
  expect(examplesIn(readJson(bodyOf(many)))).toHaveLength(100);
});
