import { expect, test } from 'vitest';
import { readValues } from '../../../core/dry-run/rule-tests/given-values.ts';

test.each([
  ['0.8', [0.8]],
  ['0.8x3 0.7', [0.8, 0.8, 0.8, 0.7]],
  ['1 _x2 _ 2', [1, undefined, undefined, undefined, 2]],
  ['0.8-0.05x4', [0.8, 0.75, 0.7, 0.65]],
  ['10+5x3', [10, 15, 20]],
  ['-1-1x2 1e3 -2.5e-3', [-1, -2, 1000, -0.0025]],
  ['9007199254740989 9007199254740980+1x3', [9007199254740989, 9007199254740980, 9007199254740981, 9007199254740982]],
  ['0.1234567890123456', [0.1234567890123456]],
  ['  7x0   8 ', [8]],
])('%s', (text, values) => {
  expect(readValues(text)).toEqual({ ok: true, values });
});

test.each(['', '0.8*3', '0.8 x3', '0.8x', '_+1x2', 'NaN', '1,2', '.5'])('%j is refused with what it should be', (text) => {
  const read = readValues(text);
  expect(read.ok ? '' : read.error).toContain('expected values such as 0.8, 0.8x10');
});

test('a count that would fill the memory is refused', () => {
  expect(readValues('1x99999999999')).toEqual({ ok: false, error: 'expected at most 100000 values; received more' });
});
