import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { type Matcher, matchersOf, matchersText, matchOperators } from '../../core/vocabulary/matchers/matcher.ts';
import { matchersSchema } from '../../core/vocabulary/matchers/matchers-schema.ts';
import { parseMatchers, parseOnlyMatchers } from '../../core/vocabulary/matchers/parse-matchers.ts';
import { literalsOf, testOf } from '../../core/vocabulary/matchers/pattern.ts';
import { contradiction } from '../../core/vocabulary/matchers/possible.ts';
import { matchable, matches } from '../../core/vocabulary/matching.ts';

const read = (text: string): Matcher[] | string => {
  const found = parseOnlyMatchers(text);
  return found.ok ? found.matchers : found.reason;
};
const meets = (text: string, labels: Record<string, string>): boolean => {
  const found = read(text);
  if (typeof found === 'string') throw new Error(found);
  return matches(found, { labels });
};

describe('labels and their values', () => {
  it.each([
    [{ model: 'a' }, { model: 'a' }, true],
    [{ model: 'a' }, { model: 'b' }, false],
    [{ model: ['a', 'b'] }, { model: 'b' }, true],
    [{ model: ['a.c', 'b'] }, { model: 'abc' }, false],
    [{ model: '' }, {}, true],
    [{ constructor: '' }, {}, true],
    [{ constructor: 'x' }, { constructor: 'x' }, true],
  ])('%j against %j: %s', (written, labels, expected) => {
    const match = matchersOf(written as unknown as Record<string, string | string[]>);
    expect(matches(match, { labels: labels as Record<string, string> })).toBe(expected);
  });
});

describe("Alertmanager's matchers", () => {
  it.each([
    ['alertname=~W.*', { alertname: 'Watchdog' }, true],
    ['alertname=~W.*', { alertname: 'xWatchdog' }, false],
    ['alertname=~a|ab', { alertname: 'ab' }, true],
    ['alertname=~"a|b.*"', { alertname: 'xb' }, false],
    ['zone!=a', {}, true],
    ['zone!=""', {}, false],
    ['zone!~"a|b"', { zone: 'b' }, false],
    ['zone!~"a|b"', { zone: 'abc' }, true],
    ['zone=~".+"', {}, false],
    ['zone=~".*"', {}, true],
    ['zone=~".*"', { zone: 'a\nb' }, false],
    ['{zone="a", host=~"db-[0-9]+",}', { zone: 'a', host: 'db-12' }, true],
    ['zone="a",host="b"', { zone: 'a' }, false],
    ['"a label"="x"', { 'a label': 'x' }, true],
    ['msg="say \\"hi\\""', { msg: 'say "hi"' }, true],
    ['code=~"\\d+"', { code: '12' }, true],
  ])('%s against %j: %s', (text, labels, expected) => {
    expect(meets(text, labels as unknown as Record<string, string>)).toBe(expected);
  });

  it.each([
    ['severity', /expected = or != or =~ or !~ after the label "severity"; received nothing/],
    ['severity=', /expected a value for the label "severity"/],
    ['=x', /expected the name of a label; received "=x"/],
    ['a=b c=d', /expected a comma and another matcher.*received "c=d"/],
    ['{a=b', /expected a comma or }/],
    ['a=~"("', /a=~: expected a pattern in RE2 syntax.*missing closing/],
    ['a=~"x(?=y)"', /expected a pattern in RE2 syntax/],
    ['a=~"(x){1001}"', /expected a pattern in RE2 syntax/],
    ['', /expected the name of a label; received nothing/],
  ])('%j is refused with what was expected', (text, reason) => {
    expect(read(text)).toMatch(reason);
  });

  it('leave what follows them', () => {
    expect(parseMatchers('a=b, c=~"d|e" 2h why, so')).toMatchObject({ ok: true, rest: ' 2h why, so', matchers: [{}, {}] });
  });

  it('are read back from how they are shown, whatever they hold', () => {
    const matcher = fc.record({
      name: fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name.trim() !== ''),
      op: fc.constantFrom(...matchOperators),
      value: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1, maxLength: 5 }), (matchers) => {
        const asTexts = matchers.map(({ name, op, value }) => ({
          name,
          value,
          op: op === '=~' || op === '!~' ? ('=' as const) : op,
        }));
        expect(read(matchersText(asTexts))).toEqual(asTexts);
      }),
    );
  });

  it('find in a list of texts what a pattern of the same texts finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        fc.string({ maxLength: 4 }),
        (values, text) => {
          const [match] = matchersOf({ a: values });
          expect(literalsOf(match?.value ?? '')).toEqual(values);
          expect(testOf(match?.value ?? '')(text)).toBe(values.includes(text));
          // The same through the engine.
          expect(testOf(`(?:${match?.value})`)(text)).toBe(values.includes(text));
        },
      ),
    );
  });

  it('take a time that grows with the text, however nasty the pattern', () => {
    expect(testOf('(a+)+b')('a'.repeat(100_000))).toBe(false);
    expect(testOf('(a|a)*c')('a'.repeat(100_000))).toBe(false);
  });
});

describe('a label that Tocsin sets beside one that came with the alert', () => {
  const alert = matchable({
    labels: { severity: 'page', rule: 'x', team: 'ml' },
    ruleId: asRuleId('prometheus/Down'),
    category: 'availability',
    severity: 'critical',
  });
  it.each([
    ['severity=page', true],
    ['severity=critical', true],
    ['severity=~"page|ticket"', true],
    ['severity=warn', false],
    ['severity!=page', false],
    ['severity!=critical', false],
    ['severity!=warn', true],
    ['severity!~"p.*"', false],
    ['severity=""', false],
    ['rule="prometheus/Down",rule=x', true],
    ['category=availability', true],
    ['category=""', false],
  ])('%s is %s', (text, expected) => {
    const found = read(text);
    expect(matches(typeof found === 'string' ? [] : found, alert)).toBe(expected);
  });
});

it('what can never hold together is found', () => {
  const never = (text: string): string | undefined => {
    const found = read(text);
    const clash = contradiction(typeof found === 'string' ? [] : found);
    return clash && matchersText(clash);
  };
  expect(never('a=x,b=y,a=z')).toBe('a="x", a="z"');
  expect(never('a=~"x|y",a!~"x|y|z"')).toBe('a=~"x|y", a!~"x|y|z"');
  expect(never('a=~"x|y",a!=x')).toBe(undefined);
  expect(never('a=x,a=~x.*')).toBe(undefined);
  expect(never('a!=x,a!=y')).toBe(undefined);
});

it('the config takes labels, one text, or a list of texts', () => {
  const parsed = (value: unknown) => matchersSchema.safeParse(value);
  const wanted: Matcher[] = [
    { name: 'a', op: '=', value: 'x' },
    { name: 'b', op: '=~', value: 'y|z' },
  ];
  expect(parsed({ a: 'x', b: ['y', 'z'] }).data).toEqual(wanted);
  expect(parsed('a=x, b=~"y|z"').data).toEqual(wanted);
  expect(parsed(['a=x', 'b=~"y|z"']).data).toEqual(wanted);
  expect(parsed(['a=x', 'b=~"("']).error?.issues).toMatchObject([{ path: [1] }]);
  expect(parsed({ a: 1 }).error?.issues).toMatchObject([{ message: expect.stringMatching(/^expected labels and their values/) }]);
});
