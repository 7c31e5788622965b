import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointersOf, valuesInARow } from '../../../core/alerting/intakes/mapping/pointers.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const holders = (value: unknown): object[] =>
  typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(holders)];
/** As RFC 6901 evaluates it. */
const at = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce((value, name) => (value as Record<string, unknown>)[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
/** The pointers, and in how many parts they were found. */
const found = (document: unknown, wanted: object[]): { pointers: ReadonlyMap<object, string>; parts: number } => {
  const finding = pointersOf(document, new Set(wanted));
  for (let parts = 1; ; parts += 1) {
    const step = finding.next();
    if (step.done === true) return { pointers: step.value, parts };
  }
};

describe('where values are in a message', () => {
  it('leads to each that is wanted, and is written down for no other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(), (document, seed) => {
        const wanted = holders(document).filter((_, place) => (place + seed) % 3 !== 0);
        const { pointers } = found(document, wanted);
        expect(pointers.size).toBe(wanted.length);
        for (const one of wanted) expect(at(document, pointers.get(one) ?? '/nowhere')).toBe(one);
      }),
    );
  });

  it('is looked for in parts, however the message is made, and not at all if nothing is wanted', () => {
    const wide = { numbers: Array.from({ length: 100_000 }, (_, n) => n), last: {} };
    const many = { lists: Array.from({ length: 100_000 }, () => []), last: {} };
    for (const document of [wide, many]) {
      const { pointers, parts } = found(document, [document.last, {}]);
      expect(pointers).toEqual(new Map([[document.last, '/last']]));
      expect(parts).toBeGreaterThanOrEqual(100_000 / valuesInARow);
      expect(found(document, []).parts).toBe(1);
    }
  });

  it('is not said of what is deeper than a pointer may be long', () => {
    let deep: Json = {};
    const inner = deep;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(found(deep, [inner]).pointers.size).toBe(0);
    const long = { ['x'.repeat(600)]: {} };
    expect(found(long, Object.values(long)).pointers.size).toBe(0);
  });
});
