import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorAt } from '../../../core/telemetry/samples/json-error.ts';
import {
  type JsonShape,
  jsonInParts,
  MalformedJson,
  TooLong,
  TooManyMembers,
} from '../../../core/telemetry/samples/json-parts.ts';

const shape: JsonShape = { lists: ['records'], most: 1000, part: 40 };

function read(text: string, how = shape): { value: unknown; turns: number } {
  const work = jsonInParts(text, how);
  for (let turns = 0; ; turns += 1) {
    const { done, value } = work.next();
    if (done === true) return { value, turns };
  }
}

const member = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('"', '\\', '\\"', ',', '],[', '{"a":', '}', '😀\\', ' \n'),
);
const padding = fc.constantFrom('', ' ', '\n\t ');
/** JSON that is longer than a part, with white space where it may be. */
const text = fc
  .tuple(fc.array(member, { minLength: 3, maxLength: 30 }), fc.boolean(), fc.dictionary(fc.string(), member), padding)
  .map(([records, isList, more, space]) => {
    const list = `[${space}${records.map((one) => `${JSON.stringify(one, undefined, space)}${space}`).join(`,${space}`)}]`;
    const others = Object.entries(more).map(
      ([name, value]) => `${JSON.stringify(name)}${space}:${space}${JSON.stringify(value)}`,
    );
    return isList
      ? space + list + space
      : `${space}{${[...others, `"records":${space}${list}`].join(`${space},`)}${space}}${space}`;
  });

/** The same with what is longer than a part left out. */
function shortened(value: unknown, read: unknown): unknown {
  if (read instanceof TooLong) return read;
  if (Array.isArray(value) && Array.isArray(read)) return value.map((one, n) => (read[n] instanceof TooLong ? read[n] : one));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const all = Object.entries(value).map(([name, one]): [string, unknown] => {
    const other = Object.getOwnPropertyDescriptor(read, name)?.value;
    return [name, other instanceof TooLong ? other : name === 'records' ? shortened(one, other) : one];
  });
  return Object.fromEntries(all);
}

describe('JSON that is read in parts', () => {
  it('is what JSON.parse makes of it, but for members that are longer than a part', () => {
    fc.assert(
      fc.property(text, (json) => {
        const { value } = read(json);
        expect(value).toEqual(shortened(JSON.parse(json), value));
      }),
      { numRuns: 500 },
    );
  });

  it('is malformed where JSON.parse refuses it, nearly always at the very place at which it stops being JSON', () => {
    const signs = ['', ',', '}', ']', '{', '[', '"', 'x', '1', ':', '\\', ' '];
    let malformed = 0;
    let exact = 0;
    fc.assert(
      fc.property(text, fc.nat(), fc.constantFrom(...signs), (json, where, put) => {
        const at = where % (json.length + 1);
        const mangled = json.slice(0, at) + put + json.slice(at + 1);
        const wrongAt = jsonErrorAt(mangled);
        try {
          const { value } = read(mangled, { ...shape, part: 200 });
          // A text that is long and no list or object is not read at all.
          fc.pre(!(value instanceof TooLong));
          const members = Array.isArray(value) ? value : Object.values(value as object).flat();
          // What is too long to be read is not looked into.
          fc.pre(!members.some((one) => one instanceof TooLong));
          expect(wrongAt).toBeUndefined();
        } catch (error) {
          if (!(error instanceof MalformedJson)) throw error;
          malformed += 1;
          // Never before it; behind it where a lost quote made a member seem too long to be read.
          expect(wrongAt).toBeLessThanOrEqual(error.at);
          if (wrongAt === error.at) exact += 1;
        }
      }),
      { numRuns: 2000 },
    );
    expect(malformed).toBeGreaterThan(300);
    expect(exact / malformed).toBeGreaterThan(0.9);
  });

  it('gives others a turn after each part', () => {
    const numbers = JSON.stringify(Array.from({ length: 1000 }, (_, n) => n));
    expect(read(numbers).turns).toBeGreaterThan(numbers.length / 45);
    expect(read(numbers, { ...shape, part: 1e6 }).turns).toBe(0);
  });

  it('is read no further once it has more members than are taken', () => {
    const endless = `[${'0,'.repeat(100_000)}x`;
    const work = jsonInParts(endless, shape);
    let turns = 0;
    expect(() => {
      while (work.next().done !== true) turns += 1;
    }).toThrow(TooManyMembers);
    // A part of forty characters has at least twenty members.
    expect(turns).toBeLessThanOrEqual(1000 / 20);
  });

  it('leaves out a member that is longer than a part, and reads the others', () => {
    const long = `"${'x'.repeat(100)}"`;
    expect(read(`[1, ${long}, {"a": 2}]`).value).toEqual([1, new TooLong(102), { a: 2 }]);
    expect(read(`{"version": "7", "more": ${long}, "records": [${long},3]}`).value).toEqual({
      version: '7',
      more: new TooLong(102),
      records: [new TooLong(102), 3],
    });
    const nested = `{"more": {"a": "${'x'.repeat(30)}", "b": ${long}, "c": {"d": [1, 2]}}, "last": 3}`;
    expect(read(nested, { ...shape, objects: ['more'] }).value).toEqual({
      more: { a: 'x'.repeat(30), b: new TooLong(102), c: { d: [1, 2] } },
      last: 3,
    });
    expect(() => read(`{${Array.from({ length: 1001 }, (_, n) => `"k${n}":0`).join()}}`)).toThrow(TooManyMembers);
  });
});

describe('records of any length', () => {
  const any: JsonShape = {
    lists: ['records'],
    objects: ['labels', 'annotations'],
    most: 1000,
    part: 40,
    longMembers: { mostNames: 50 },
  };
  const texts = fc.dictionary(fc.string(), fc.string({ maxLength: 80 }), { maxKeys: 30 });
  const alert = fc.record({ labels: texts, annotations: texts, url: fc.string({ maxLength: 80 }) });

  it('are what JSON.parse makes of them, however long they and their texts are', () => {
    fc.assert(
      fc.property(fc.array(alert, { maxLength: 5 }), padding, (alerts, space) => {
        const json = JSON.stringify(alerts, undefined, space);
        expect(read(json, any).value).toEqual(JSON.parse(json));
      }),
    );
  });

  it('with too many names in one object are skipped alone', () => {
    const wide = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, 'x']));
    const { value } = read(JSON.stringify([{ labels: { a: '1' } }, { labels: wide }, { labels: { b: '2' } }]), any);
    expect(value).toEqual([{ labels: { a: '1' } }, expect.any(TooLong), { labels: { b: '2' } }]);
    expect((value as TooLong[])[1]?.names).toBe(50);
  });

  it('nested however deep cost no call a level', () => {
    const levels = 50_000;
    const text = `[${'{"labels":'.repeat(levels)}1${'}'.repeat(levels)}]`;
    expect(() => read(text, any)).not.toThrow(RangeError);
  });

  it('that end within a record are no JSON', () => {
    const json = JSON.stringify([{ labels: { a: 'x'.repeat(100) }, annotations: { b: 'y'.repeat(100) } }]);
    for (let end = 1; end < json.length; end += 1) expect(() => read(json.slice(0, end), any)).toThrow(MalformedJson);
  });
});
