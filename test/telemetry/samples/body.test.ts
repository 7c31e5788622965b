import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../core/telemetry/samples/body.ts';
import { jsonErrorAt } from '../../../core/telemetry/samples/json-error.ts';

const values = (contentType: string | undefined, text: string): unknown[] => {
  const body = parseBody(contentType, text);
  if (!body.ok) throw new Error(body.error);
  return body.entries.map(({ value }) => value);
};

describe('a JSON body', () => {
  it('is an array of records, an object that holds one, or one record', () => {
    for (const text of ['[{"a":1}]', '{"records":[{"a":1}]}', '{"a":1}', '\uFEFF [{"a":1}] ']) {
      expect(values('application/json; charset=utf-8', text)).toEqual([{ a: 1 }]);
      expect(values(undefined, text)).toEqual([{ a: 1 }]);
    }
    expect(values('application/json', '[]')).toEqual([]);
  });

  it('is refused whole when it is malformed, with the place', () => {
    expect(parseBody('application/json', '[{"a":1},\n {"a":x}]')).toEqual({
      ok: false,
      error: 'expected JSON; received "x}]" at position 16 (line 2, column 7)',
    });
    expect(parseBody('application/json', '[{"a":1}')).toEqual({
      ok: false,
      error: 'expected JSON; it ends too early, at position 8 (line 1, column 9)',
    });
    expect(parseBody('application/json', '  ')).toMatchObject({ ok: false, error: expect.stringContaining('empty body') });
    expect(parseBody('application/json', '3')).toMatchObject({ ok: false, error: expect.stringContaining('single value') });
  });

  it('that holds one record a line is told to be NDJSON', () => {
    expect(parseBody('application/json', '{"a":1}\n{"a":2}\n')).toMatchObject({
      ok: false,
      error: expect.stringContaining('application/x-ndjson'),
    });
  });
});

describe('an NDJSON body', () => {
  it('is one record a line; a malformed line is refused by itself', () => {
    expect(parseBody('application/x-ndjson', '{"a":1}\n\n{"a":\r\n{"a":3}\r\n')).toEqual({
      ok: true,
      entries: [
        { index: 0, value: { a: 1 } },
        { index: 2, value: { a: 3 } },
      ],
      rejected: [{ index: 1, reason: 'line 3: expected one JSON record; it ends too early, at position 6' }],
      unlisted: 0,
    });
  });
});

describe('another content type', () => {
  it('is refused by name', () => {
    expect(parseBody('text/csv', 'a,b')).toEqual({
      ok: false,
      error: 'expected the content type application/json or application/x-ndjson; received text/csv',
    });
  });
});

describe('the place of a JSON error', () => {
  const well = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('is none exactly where the engine reads the text', () => {
    const mangled = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '{', '[', '"', 'x', '1', ':', '\\'))
      .map(([json, where, put]) => {
        const at = where % (json.length + 1);
        return json.slice(0, at) + put + json.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mangled, fc.string()), (text) => {
        expect(jsonErrorAt(text) === undefined).toBe(well(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is found however deep the text is nested', () => {
    expect(jsonErrorAt(`${'['.repeat(100_000)}x`)).toBe(100_000);
  });
});
