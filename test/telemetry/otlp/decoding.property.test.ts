import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MetricsRequest, OtlpError } from '../../../core/telemetry/otlp/message.ts';
import { readJson } from '../../../core/telemetry/otlp/read-json.ts';
import { readProtobuf } from '../../../core/telemetry/otlp/read-protobuf.ts';
import { sentBodies } from './sent-bodies.ts';

const text = fc.string({ maxLength: 12 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat({ max: 1_000_000 });
const attributes = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'),
  fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    finite.filter((one) => !Number.isInteger(one)),
    fc.array(text, { maxLength: 3 }),
  ),
  { maxKeys: 4 },
);
const time = fc.tuple(fc.integer({ min: 1, max: 2_000_000_000 }), fc.nat({ max: 999_999_999 }));
const dataPoint = <V>(value: fc.Arbitrary<V>) =>
  fc.record({ startTime: time, endTime: time, attributes, value }) as fc.Arbitrary<never>;

const explicit = fc.uniqueArray(finite, { maxLength: 5 }).chain((bounds) =>
  fc.record({
    buckets: fc.record({
      boundaries: fc.constant([...bounds].sort((a, b) => a - b)),
      counts: fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
    }),
    sum: finite,
    count,
    min: finite,
    max: finite,
  }),
);
const side = fc.record({ offset: fc.integer({ min: -5000, max: 5000 }), bucketCounts: fc.array(count, { maxLength: 8 }) });
const exponential = fc.record({
  count,
  sum: finite,
  scale: fc.integer({ min: -10, max: 20 }),
  zeroCount: count,
  positive: side,
  negative: side,
  min: finite,
  max: finite,
});

const temporality = fc.constantFrom(AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE);
const descriptor = fc.record({ name: text, description: text, unit: text, valueType: fc.constant(1), advice: fc.constant({}) });
const points = <V>(value: fc.Arbitrary<V>) => fc.array(dataPoint(value), { maxLength: 4 });
const metric = fc.oneof(
  fc.record({
    dataPointType: fc.constant(DataPointType.GAUGE),
    descriptor,
    aggregationTemporality: temporality,
    dataPoints: points(finite),
  }),
  fc.record({
    dataPointType: fc.constant(DataPointType.SUM),
    descriptor,
    aggregationTemporality: temporality,
    isMonotonic: fc.boolean(),
    dataPoints: points(finite),
  }),
  fc.record({
    dataPointType: fc.constant(DataPointType.HISTOGRAM),
    descriptor,
    aggregationTemporality: temporality,
    dataPoints: points(explicit),
  }),
  fc.record({
    dataPointType: fc.constant(DataPointType.EXPONENTIAL_HISTOGRAM),
    descriptor,
    aggregationTemporality: temporality,
    dataPoints: points(exponential),
  }),
);
const message = fc
  .record({
    attributes,
    scopes: fc.array(
      fc.record({ scope: fc.record({ name: text, version: text }), metrics: fc.array(metric, { maxLength: 4 }) }),
      { maxLength: 3 },
    ),
  })
  .map(
    ({ attributes: own, scopes }) =>
      ({ resource: resourceFromAttributes(own), scopeMetrics: scopes }) as unknown as ResourceMetrics,
  );

/** -0 is 0 in JSON, and NaN cannot occur. */
const plain = (request: MetricsRequest): unknown => JSON.parse(JSON.stringify(request));

it('both decoders read the same of what the JavaScript SDK writes in protobuf and in JSON', () => {
  fc.assert(
    fc.property(message, (sent) => {
      const protobuf = ProtobufMetricsSerializer.serializeRequest(sent) as Uint8Array;
      const json = new TextDecoder().decode(JsonMetricsSerializer.serializeRequest(sent) as Uint8Array);
      expect(plain(readProtobuf(protobuf))).toEqual(plain(readJson(json)));
    }),
  );
});

it('any bytes give a request or a reason', () => {
  const read = (bytes: Uint8Array): void => {
    for (const decode of [() => readProtobuf(bytes), () => readJson(new TextDecoder().decode(bytes))]) {
      try {
        decode();
      } catch (error) {
        if (!(error instanceof OtlpError)) throw error;
      }
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read));
  // What almost is a request goes deeper than noise.
  const real = sentBodies().map(({ bytes }) => bytes);
  const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(), (body, changes, end) => {
      const broken = body.slice(0, 1 + (end % body.length));
      for (const { at, byte } of changes) broken[at % broken.length] = byte;
      read(broken);
    }),
    { numRuns: 500 },
  );
});

it('a JSON value of any shape gives a request or a reason', () => {
  const named = fc.constantFrom(
    'resourceMetrics',
    'scopeMetrics',
    'metrics',
    'gauge',
    'sum',
    'histogram',
    'dataPoints',
    'attributes',
    'value',
    'asDouble',
    'timeUnixNano',
    'resource',
    'key',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 9 },
      fc.constant(null),
      fc.integer(),
      text,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(named, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.record({ resourceMetrics: tree }), (value) => {
      try {
        readJson(JSON.stringify(value));
      } catch (error) {
        if (!(error instanceof OtlpError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

it('a body of empty parts is refused before it fills the memory', () => {
  // An empty attribute of a resource takes two bytes.
  const inner = Buffer.from('0a00'.repeat(1_100_000), 'hex');
  const length = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...length(n >>> 7)]);
  const wrapped = (body: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.from([10, ...length(body.length)]), body]);
  expect(() => readProtobuf(wrapped(wrapped(inner)))).toThrow(/at most 1000000/);
});

it('attributes of the same text and other types are told apart, and times are exact to a quarter of a microsecond', () => {
  const body = (value: object) =>
    JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'a', value }] },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'm',
                  gauge: {
                    dataPoints: [
                      {
                        timeUnixNano: '1795927599978000001',
                        asInt: '7',
                        exemplars: [{ traceId: '5B8EFFF798038103D269B633813FC60C', asDouble: 1 }],
                      },
                    ],
                  },
                },
              ],
            },
          ],
          more: true,
        },
      ],
    });
  const [text1, number1] = [readJson(body({ stringValue: '1' })), readJson(body({ intValue: 1 }))];
  expect(text1[0]?.resource).not.toEqual(number1[0]?.resource);
  const data = text1[0]?.scopes[0]?.metrics[0]?.data;
  expect(data?.points[0]?.time).toBeCloseTo(1_795_927_599_978, 3);
});

it('a value within lists is cut before it is escaped again', () => {
  const quotes = '"'.repeat(100_000);
  const nested = (value: object, depth: number): object =>
    depth === 0 ? value : { arrayValue: { values: [nested(value, depth - 1)] } };
  const keyOf = (text: string): string => {
    const attributes = [{ key: 'a', value: nested({ stringValue: text }, 3) }];
    const [found] = readJson(JSON.stringify({ resourceMetrics: [{ resource: { attributes } }] }));
    return found?.resource[1] ?? '';
  };
  expect(keyOf(quotes).length).toBeLessThan(200);
  expect(keyOf(quotes)).not.toBe(keyOf(`${quotes}"`));
});
