import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, parseLabels, parsePredictions, parseSamples } from '../../../core/telemetry/samples/records.ts';
import { parseRow } from '../../../core/telemetry/training/posted.ts';

const entries = (...values: unknown[]): Entry<unknown>[] => values.map((value, index) => ({ index, value }));
const good = { timestamp: '2026-01-05T09:00:00Z', prediction: 1 };
const at = Date.parse('2026-01-05T09:00:00Z');

describe('a prediction record', () => {
  it('needs a time and a prediction, and may carry the rest', () => {
    const full = {
      ...good,
      id: 'a',
      model: 'm',
      version: 7,
      features: { age: 3, city: 'x', member: true, income: null },
      score: 0.5,
      label: false,
      note: 'ignored',
    };
    const { records, rejected } = parsePredictions(entries(good, full));
    expect(rejected).toEqual([]);
    expect(records[0]).toEqual({ index: 0, value: { timestamp: at, prediction: 1 } });
    expect(records[1]?.value).toEqual({
      timestamp: at,
      id: 'a',
      model: 'm',
      version: '7',
      prediction: 1,
      features: { age: 3, city: 'x', member: true, income: null },
      score: 0.5,
      label: false,
    });
  });

  it('takes null for absent', () => {
    const { records } = parsePredictions(entries({ ...good, id: null, score: null, label: null, version: null, features: null }));
    expect(records).toEqual([{ index: 0, value: { timestamp: at, prediction: 1 } }]);
  });

  it('is refused by itself, with the field and what came', () => {
    const { records, rejected } = parsePredictions(
      entries(
        { ...good, timestamp: 'yesterday' },
        good,
        { prediction: 1 },
        { ...good, score: '0.5' },
        { ...good, score: Number.POSITIVE_INFINITY },
        { ...good, prediction: Number.NaN },
        { ...good, prediction: undefined },
        { ...good, features: { age: [1] } },
        { ...good, features: 'age' },
        { ...good, id: '' },
        'text',
        null,
        [],
      ),
    );
    expect(records.map(({ index }) => index)).toEqual([1]);
    const time = 'timestamp: expected ISO 8601 text such as 2026-01-05T09:00:00Z, or milliseconds since the epoch';
    expect(rejected.map(({ index, reason }) => `${index} ${reason}`)).toEqual([
      `0 ${time}; received "yesterday"`,
      `2 ${time}; received nothing`,
      '3 score: expected a finite number; received "0.5"',
      '4 score: expected a finite number; received Infinity',
      '5 prediction: expected text, a finite number or true/false; received NaN',
      '6 prediction: expected text, a finite number or true/false; received nothing',
      '7 features.age: expected text, a finite number, true/false or null; received [1]',
      '8 features: expected an object of feature names and values; received "age"',
      '9 id: expected an id, not empty; received ""',
      '10 expected a record, an object of fields; received "text"',
      '11 expected a record, an object of fields; received null',
      '12 expected a record, an object of fields; received []',
    ]);
  });

  it('cannot reach the prototype of anything', () => {
    const evil = (features: string) =>
      JSON.parse(`{"timestamp":0,"prediction":1,"__proto__":{"polluted":1},"features":{${features}"constructor":1}}`);
    const { records, rejected } = parsePredictions(entries(evil(''), evil('"__proto__":{"polluted":1},')));
    expect(rejected).toMatchObject([{ index: 1, reason: expect.stringMatching(/^features: expected .* other than __proto__/) }]);
    expect(records).toHaveLength(1);
    expect(Object.keys(records[0]?.value.features ?? {})).toEqual(['constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a sample record', () => {
  it('is a metric, a value and a time', () => {
    const { records, rejected } = parseSamples(
      entries(
        { metric: 'lag', value: 1.5, timestamp: 0, labels: { host: 'a' } },
        { metric: 'lag', value: '1', timestamp: 0 },
        { metric: '', value: 1, timestamp: 0 },
        { metric: 'lag', value: null, timestamp: 0 },
      ),
    );
    expect(records).toEqual([{ index: 0, value: { metric: 'lag', value: 1.5, timestamp: 0, labels: { host: 'a' } } }]);
    expect(rejected).toEqual([
      { index: 1, reason: 'value: expected a finite number; received "1"' },
      { index: 2, reason: 'metric: expected the name of a metric, not empty; received ""' },
      { index: 3, reason: 'value: expected a finite number; received null' },
    ]);
  });
});

describe('a label record', () => {
  it('names its prediction by id, or carries it', () => {
    const { records, rejected } = parseLabels(
      entries({ id: 5, label: 1 }, { timestamp: 0, prediction: 'a', label: 'b' }, { label: 1 }, { id: 'a' }),
    );
    expect(records).toEqual([
      { index: 0, value: { by: 'id', id: '5', label: 1 } },
      { index: 1, value: { by: 'prediction', timestamp: 0, prediction: 'a', label: 'b' } },
    ]);
    expect(rejected.map(({ index, reason }) => [index, reason.split(':')[0]])).toEqual([
      [2, 'timestamp'],
      [3, 'label'],
    ]);
  });
});

describe('a label or a row of training data', () => {
  it('with an outcome that is no value, or that is no object, is told what was expected', () => {
    const label = (value: unknown) => parseLabels(entries({ id: 'a', label: value })).rejected[0]?.reason;
    expect(label('')).toBe('label: expected text, not empty; received ""');
    expect(label('x'.repeat(257))).toMatch(/^label: expected text of at most 256 characters; received "x/);
    expect(parseRow({ prediction: [1] }, { score: 'probability' })).toEqual({
      ok: false,
      error: 'prediction: expected text, a finite number or true/false',
    });
    expect(parseRow([1], { score: 'probability' })).toEqual({ ok: false, error: 'expected a row, an object of fields' });
  });
});

describe('any value at all', () => {
  it('is kept or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (values) => {
        for (const parse of [parsePredictions, parseSamples, parseLabels]) {
          const { records, rejected } = parse(entries(...values));
          expect([...records, ...rejected].map(({ index }) => index).sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
        }
      }),
    );
  });
});
