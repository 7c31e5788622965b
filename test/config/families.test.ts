import { describe, expect, test } from 'vitest';
import { errorsOf, rule } from './errors-of.ts';

const of = (id: string, keys: Record<string, string>): string => rule(keys).replace('  acc:', `  ${id}:`);
const family = (more = ''): Record<string, string> => ({ samples: `{ family: quality, confidence: 95%${more} }` });
const messages = (...texts: string[]): string[] => errorsOf(...texts).map((line) => line.replace(/^\S+ /, ''));

describe('a family of rules', () => {
  test('is of one source and one confidence', () => {
    expect(messages(of('a', family()), of('b', family()))).toEqual([]);
    expect(messages(of('a', family()), of('b', { samples: '{ family: quality, confidence: 90% }' }))).toEqual([
      'rules.b.samples.family: expected the same samples.confidence as a, which is also in the family "quality"; received another',
    ]);
    const pushed = { ...family(), source: 'cpu', query: '{ samples: { metric: right } }' };
    expect(messages(of('a', family()), of('b', pushed))).toEqual([
      'rules.b.samples.family: expected the same source as a, which is also in the family "quality"; received another',
    ]);
  });

  test('is of rules that test', () => {
    expect(messages(of('a', { samples: '{ family: quality }' }))).toEqual([
      'rules.a.samples.family: expected a rule that makes statistical tests: drift, or one with `samples.confidence` or `falseAlarms`; add it, or remove this key',
    ]);
  });
});
