import { expect, it } from 'vitest';
import { matches } from '../../core/vocabulary/matching.ts';

it.each([
  [{ model: 'a' }, { model: 'a' }, true],
  [{ model: 'a' }, { model: 'b' }, false],
  [{ model: ['a', 'b'] }, { model: 'b' }, true],
  [{ model: '' }, {}, true],
  [{ constructor: '' }, {}, true],
  [{ constructor: 'x' }, { constructor: 'x' }, true],
])('%j against labels %j: %s', (matchers, labels, expected) => {
  expect(matches(matchers as Parameters<typeof matches>[0], labels as unknown as Record<string, string>)).toBe(expected);
});
