import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, expressionFault } from '../../../core/alerting/intakes/mapping/expression.ts';

const valueBy = (expression: string, value: unknown): unknown => {
  const read = evaluate(expression, value);
  return read.ok ? read.value : read.error;
};

describe('an expression', () => {
  test.each([
    ["if(state == 'FAILED', 'firing', 'resolved')", { state: 'FAILED' }, 'firing'],
    ['if(list, `1`, `2`)', { list: [] }, 2],
    ["split(tags, ',')[0]", { tags: 'a,b' }, 'a'],
    [
      "pairs(tags, ',', ':')",
      { tags: 'model:churn, env:prod,plain,:x, url:http://a' },
      { model: 'churn', env: 'prod', url: 'http://a' },
    ],
    ["named(tags, 'Key', 'Value')", { tags: [{ Key: 'a', Value: 'b' }, { Key: 1, Value: 2 }, null] }, { a: 'b' }],
    ["upper(trim(lower(' Ab ')))", {}, 'AB'],
    ['from_seconds(at)', { at: 1767603600 }, 1767603600000],
    ['from_seconds(at)', { at: '1767603600.5' }, 1767603600500],
    ['from_seconds(at)', {}, null],
    ['constructor', {}, expect.stringMatching(/between quotes/)],
    ['"constructor"', JSON.parse('{"constructor": 1}'), 1],
    ["contains(a, 'b')", { a: 'abc' }, true],
    ["join('-', a)", { a: ['x', 'y'] }, 'x-y'],
    ["split(tags, ',')", {}, expect.stringMatching(/split\(\).*string/)],
    ["split(tags, '')", { tags: 'a' }, expect.stringMatching(/separator/)],
  ])('%s of %j is %j', (expression, value, expected) => {
    expect(valueBy(expression, value)).toEqual(expected);
  });

  test.each([
    ['a[', /parse error at column 2/],
    ['a b', /parse error/],
    ['job-name', /column 3/],
    ['', /not empty/],
    ["'x", /unknown token/],
    ['checks[*].uper(name)', /did you mean upper\(\)/],
    ['nope(a)', /received nope\(\)/],
    ['lenght(a)', /length\(\)/],
    ['split(a)', /at least 2|2 arguments/],
    ['constructor', /between quotes/],
    ['a'.repeat(1001), /at most 1000/],
    [`${'('.repeat(499)}a${')'.repeat(499)}`, undefined],
  ])('%s is checked before it is used', (expression, fault) => {
    const told = expressionFault(expression);
    if (fault === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(fault);
  });

  test("with a name like a function's in a text calls nothing", () => {
    expect(expressionFault("if(a == 'nope(a)', 'it\\'s (b)', \"or (c)\")")).toBeUndefined();
  });

  test('never throws, whatever it is and is asked about', () => {
    const parts = fc.constantFrom(
      'a',
      '[',
      ']',
      '.',
      '*',
      '[]',
      '|',
      '@',
      '&',
      "'x'",
      '`1`',
      '(',
      ')',
      ',',
      '{',
      '}',
      'join',
      'split',
      ' ',
      '==',
      '!',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((all) => all.join('')),
        ),
        fc.anything(),
        (expression, value) => {
          expressionFault(expression);
          evaluate(expression, value);
        },
      ),
    );
  });

  test('ends in bounded room, whatever is sent: texts in texts, long glue, and depth', () => {
    const long = 'a'.repeat(400_000);
    expect(valueBy('contains(a, b)', { a: long, b: long.slice(1) })).toMatch(/at most 1000/);
    expect(valueBy('join(a, b)', { a: long, b: ['x', 'y', 'z', 'w'] })).toMatch(/at most 1000000/);
    let deep: object = {};
    for (let n = 0; n < 50_000; n += 1) deep = { a: deep };
    expect(evaluate('a.a.a', deep).ok).toBe(true);
    evaluate('to_string(@)', deep);
    evaluate('a == b', { a: deep, b: structuredClone({}) });
    expect(
      valueBy('length(items[?id != `3`].name)', { items: Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'n' })) }),
    ).toBe(19_999);
  });
});
