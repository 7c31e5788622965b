import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce, bodyInParts, parseBody, recordsShape } from '../../../core/telemetry/samples/body.ts';
import { namedNumbers } from '../../../core/telemetry/samples/named-numbers.ts';
import { numbersAsWritten, plainNumbers } from '../../../core/telemetry/samples/written-numbers.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { configOf } from '../../app/runtime.ts';

const names = ['id', 'größe', 'a.b', 'a/<b>'];
const numbers = numbersAsWritten({ names, outcomes: ['label'] });
/** What is read when every number with such a name is one. */
const read = (text: string) => atOnce(plainNumbers(JSON.parse(numbers.marked(text)), () => new Set([...names, 'label'])));

/** The number as JSON and its text. */
const long = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String);
const number = fc.oneof(
  long,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('1.10', '1.0', '0.0', '-0', '0', '1e5', '1E-7', '1.50e+3', '0.12345678901234567890', '12', '-1.5'),
);

describe('numbers that are names', () => {
  it('keep their text, whatever is around them', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...names), fc.constantFrom('', ' ', '\n\t'), fc.json(), (text, name, space, other) => {
        const one = read(`{"other":${other},${JSON.stringify(name)}${space}:${space}${text}${space}}`) as Record<string, unknown>;
        // A number that a double gives back may stay one: its text is the same.
        expect(String(one[name])).toBe(text);
        expect(one['other']).toEqual(JSON.parse(other));
      }),
    );
  });

  it.each([
    ['Python', '"gr\\u00f6\\u00dfe"', 'größe'],
    ['Java', '"gr\\u00F6\\u00DFe"', 'größe'],
    ['Go', '"a/\\u003cb\\u003e"', 'a/<b>'],
    ['PHP', '"a\\/<b>"', 'a/<b>'],
  ])('are found by a name that %s has escaped', (_, written, name) => {
    expect(read(`{${written}: 1.10}`)).toEqual({ [name]: '1.10' });
  });

  it('keep their text whatever else the body holds, and texts that begin as their mark does stay texts', () => {
    const nul = fc.string({ unit: fc.constantFrom('\u0000', '"', '\\', '1', 'u0000', ':', ' ', '\n') });
    const texts = fc.oneof(
      nul,
      nul.map((text) => `\u0000${text}`),
      fc.constantFrom('\u00007300000000000000001', '\u0000\u00001'),
    );
    const value = fc.oneof(texts, fc.array(texts), fc.dictionary(texts, texts));
    fc.assert(
      fc.property(number, value, fc.boolean(), (text, other, isFirst) => {
        const own = `"note":${JSON.stringify(other)}`;
        const { id, note } = read(`{${isFirst ? `${own},"id":${text}` : `"id":${text},${own}`}}`) as Record<string, unknown>;
        expect(String(id)).toBe(text);
        expect(note).toEqual(other);
      }),
    );
  });

  it('leave every other text as JSON.parse reads it', () => {
    const nothing = (text: string) => atOnce(plainNumbers(JSON.parse(numbers.marked(text)), () => new Set()));
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(nothing(json)).toEqual(JSON.parse(json));
        const held = JSON.stringify({ id: json, deep: [json, { id: [json] }], [json]: 1 });
        expect(nothing(held)).toEqual(JSON.parse(held));
      }),
    );
    for (const text of [
      '{"x":"\\"id\\": 7300000000000000001"}',
      '{"x\\"id":7300000000000000001}',
      '{"id":[7300000000000000001]}',
      '{"id":{"id":"7300000000000000001"}}',
      '{"features":{"id":1.10}}',
    ])
      expect(nothing(text)).toEqual(JSON.parse(text));
  });

  it('do not make JSON of what is none', () => {
    for (const text of [
      '{"id":01234567890123456789}',
      '{"id":1.}',
      '{"id":12345678901234567890',
      '{"id":1e}',
      '{"id":-}',
      '{"id":1.10.0}',
    ])
      expect(() => JSON.parse(numbers.marked(text)), text).toThrow();
  });

  it('are classes as outcomes only where no double holds them', () => {
    expect(read('{"label":7300000000000000001}')).toEqual({ label: '7300000000000000001' });
    expect(read('{"label":1.10,"x":7300000000000000001}')).toEqual({ label: 1.1, x: Number('7300000000000000001') });
  });
});

describe('a body with numbers that are names', () => {
  const { sources } = configOf({
    sources: {
      a: { kind: 'predictions', model: 'a', schema: { zip: { type: 'category' } } },
      b: { kind: 'predictions', model: 'b', segments: { app: ['1.10'] } },
    },
  });
  const kept = namedNumbers(sources, (record) => {
    const { model } = record as { model?: string };
    return Object.values(sources).find((one) => one.kind === 'predictions' && one.model === model) as PredictionsSourceConfig;
  });
  const record = (model: string) =>
    `{"model":"${model}","id":7300000000000000001,"version":1.10,"prediction":1.0,"features":{"zip":1.10,"app":1.10,"id":7300000000000000001,"prediction":1e2}}`;
  const of = (model: string, zip: unknown, app: unknown) => ({
    ...{ model, id: '7300000000000000001', version: '1.10', prediction: 1 },
    features: { zip, app, id: Number('7300000000000000001'), prediction: 100 },
  });
  const expected = [of('a', '1.10', 1.1), of('b', 1.1, '1.10'), of('c', 1.1, 1.1)];
  const records = ['a', 'b', 'c'].map(record);

  it.each([
    ['a list', 'application/json', `[${records.join(',')}]`],
    ['an object of records', 'application/json', `{"records":[${records.join(',')}]}`],
    ['lines', 'application/x-ndjson', records.join('\n')],
  ])('is read by the declarations of the source of each record, as %s', (_, contentType, text) => {
    const body = parseBody(contentType, text, kept);
    expect(body.ok && body.entries.map(({ value }) => value)).toEqual(expected);
  });

  it('is read alike in parts of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 400 }), fc.boolean(), (part, isObject) => {
        const list = `[${[...records, ...records].join(' , ')}]`;
        const shape = { ...recordsShape, part, numbers: kept, objects: ['features'] };
        const body = atOnce(bodyInParts('application/json', isObject ? `{"version":1.10,"records":${list}}` : list, shape));
        const read = body.ok ? body.entries.map(({ value }) => value) : [];
        // Whatever is longer than a part is refused, as ever.
        for (const value of read) expect(expected).toContainEqual(value);
        if (part > 170) expect(read).toHaveLength(6);
      }),
    );
  });

  it('is read so beside a record that holds the mark, in parts of any size', () => {
    const marked = `{"model":"c","id":"\\u00001","\\u00002":"\\u0000\\u00003","features":{"a":"\\u0000\\"4","id":7300000000000000001}}`;
    const held = {
      model: 'c',
      id: '\u00001',
      '\u00002': '\u0000\u00003',
      features: { a: '\u0000"4', id: Number('7300000000000000001') },
    };
    const all = [marked, ...records, '"\\u00005"'];
    const read = (contentType: string, text: string, part?: number) => {
      const shape = { ...recordsShape, ...(part && { part }), numbers: kept, objects: ['features'] };
      const body = atOnce(bodyInParts(contentType, text, shape));
      return body.ok && body.entries.map(({ value }) => value);
    };
    for (const part of [200, 300, 1000])
      expect(read('application/json', `[${all.join(',')}]`, part)).toEqual([held, ...expected, '\u00005']);
    expect(read('application/x-ndjson', all.join('\n'))).toEqual([held, ...expected, '\u00005']);
    expect(read('application/json', marked, 20)).toEqual([held]);
  });

  it('names the place where it stops being JSON, as it was sent', () => {
    const text = `[${record('a')}, x]`;
    expect(parseBody('application/json', text, kept)).toEqual(parseBody('application/json', text));
  });
});
