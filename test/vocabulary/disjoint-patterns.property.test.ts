import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areDisjoint } from '../../core/vocabulary/matchers/fixed-ends.ts';
import { testOf } from '../../core/vocabulary/matchers/pattern.ts';
import { contradiction } from '../../core/vocabulary/matchers/possible.ts';

describe('two patterns', () => {
  it.each([
    ['eu-.*', 'us-.*'],
    ['.*-db', '.*-web'],
    ['a.+|b.+', 'c.+|d'],
    ['host\\.a[0-9]', 'host\\.b[0-9]'],
  ])('%s and %s have no value in common', (one, other) => {
    expect(areDisjoint(one, other)).toBe(true);
    const about = [one, other].map((value) => ({ name: 'x', op: '=~' as const, value }));
    expect(contradiction(about)).toEqual(about);
  });

  it.each([
    ['a.*', '.*b'],
    ['ab?.*', 'ac.*'],
    ['(?i)a.*', 'A.*'],
    ['a{0}b.*', 'b.*'],
    ['(a|b).*', 'b.*'],
    ['[ab].*', 'b.*'],
    ['\\d.*', '1.*'],
    ['x*', 'y*'],
  ])('%s and %s may have one', (one, other) => expect(areDisjoint(one, other)).toBe(false));

  it('are told apart only if no text fits both', () => {
    const atom = fc.constantFrom('a', 'b', '.', '.*', 'a?', 'b+', '[ab]', '(a|b)', '(ab)?', '\\.', 'a{0,2}', '|', '^', '$');
    const pattern = fc.array(atom, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, pattern, fc.array(text, { minLength: 20, maxLength: 60 }), (one, other, texts) => {
        if (!areDisjoint(one, other)) return;
        const [fitsOne, fitsOther] = [testOf(one), testOf(other)];
        for (const each of texts) expect(fitsOne(each) && fitsOther(each)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
