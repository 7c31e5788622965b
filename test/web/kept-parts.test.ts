import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withKeptParts } from '../../web/data/kept-parts.ts';

const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), text: fc.constantFrom('x', 'y'), more: fc.jsonValue() });
const answer = fc.record({ at: fc.string(), rows: fc.uniqueArray(row, { selector: ({ id }) => id }), other: fc.jsonValue() });

describe('an answer that keeps what did not change', () => {
  it('says what the new one says, whatever came before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const text = JSON.stringify(after);
        expect(JSON.parse(JSON.stringify(withKeptParts(before, after)))).toEqual(JSON.parse(text));
        expect(JSON.stringify(after)).toBe(text);
      }),
    );
  });

  it('is the old one where the new one says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before: unknown = JSON.parse(JSON.stringify(value));
        expect(withKeptParts(before, JSON.parse(JSON.stringify(value)))).toBe(before);
      }),
    );
  });

  it('keeps each row that is the same, wherever it stands now', () => {
    fc.assert(
      fc.property(answer, answer, (before, after) => {
        const kept = withKeptParts(before, after);
        for (const one of kept.rows) {
          const old = before.rows.find(({ id }) => id === one.id);
          if (JSON.stringify(old) === JSON.stringify(one)) expect(one).toBe(old);
        }
      }),
    );
  });
});
