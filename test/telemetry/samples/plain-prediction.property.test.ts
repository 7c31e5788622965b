import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainPrediction } from '../../../core/telemetry/samples/plain-prediction.ts';
import { predictionRecord } from '../../../core/telemetry/samples/records.ts';

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('', 'a'.repeat(128), 'a'.repeat(129), 'a'.repeat(256), 'a'.repeat(257), 'a'.repeat(513)),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(1e100, -1e101, 1e-101, 5e-324, 0, -0, Number.NaN, Number.POSITIVE_INFINITY),
);
const any = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.constant(undefined), fc.constant([1]), fc.constant({}));
const fair = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));
const features = fc.oneof(
  fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a'.repeat(129))), any),
  fc.constant(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`f${i}`, i]))),
  fc.constant(Object.create({ inherited: 1 })),
  any,
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  any,
);
const record = fc.record(
  { id: any, timestamp: time, model: any, version: any, features, prediction: any, score: any, label: any, more: any },
  { requiredKeys: [] },
);
const usual = fc.record({
  id: fc.string({ minLength: 1 }),
  timestamp: fc.constant('2026-01-05T09:00:00Z'),
  prediction: fc.integer(),
  score: fc.double({ min: 1e-9, max: 1, noNaN: true }),
});

describe('the fast path of predictions', () => {
  it('reads what the schema reads, and nothing that it refuses', () => {
    let taken = 0;
    const check = (value: unknown): void => {
      const plain = plainPrediction(value);
      if (plain === undefined) return;
      taken += 1;
      const { success, data } = predictionRecord.safeParse(value);
      expect(success).toBe(true);
      expect(plain).toEqual(data);
    };
    check({ timestamp: '2026-01-05T09:00:00Z', prediction: -0, score: -0 });
    fc.assert(fc.property(record, check), { numRuns: 2000 });
    fc.assert(
      fc.property(
        usual,
        fc.oneof(
          fc.record({ features: fair, label: fc.boolean(), version: fc.integer() }),
          fc.record({ features, label: any, version: any }),
        ),
        (one, more) => check({ ...one, ...more }),
      ),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.anything(), check));
    expect(taken).toBeGreaterThan(300);
  });

  it('takes a prediction as nearly all senders write it', () => {
    fc.assert(
      fc.property(usual, (value) => {
        expect(plainPrediction(value)).toBeDefined();
      }),
    );
  });
});
