import { expect, test } from 'vitest';
import { tagsOf } from '../../../core/alerting/intakes/datadog-tags.ts';
import { meaningIn } from '../../../core/alerting/intakes/word-of-table.ts';
import { shown, shownJson } from '../../../core/vocabulary/shown.ts';

test('what was sent as JSON has objects, and a config has mappings', () => {
  expect([{ a: 1 }, {}, [1], 'x', null].map(shownJson)).toEqual(['an object', 'an empty object', 'a list', '"x"', 'nothing']);
  expect([{ a: 1 }, {}].map(shown)).toEqual(['a mapping', 'an empty mapping']);
});

test('a word of a closed table has its meaning, and another one hears of those that have', () => {
  const table = { PASS: 1, FAIL: 0 };
  expect(meaningIn(table, 'status', 'FAIL')).toEqual({ meaning: 0 });
  expect(meaningIn(table, 'status', 'toString', { a: 1 })).toEqual({
    fault: 'status: expected one of PASS, FAIL; received an object',
  });
  expect(meaningIn(table, 'status', undefined)).toEqual({ fault: 'status: expected one of PASS, FAIL; received nothing' });
});

test('tags of Datadog without a value are one label, each once, also where there are many', () => {
  const tags = Array.from({ length: 40 }, (_, n) => `t${n}`);
  expect(tagsOf([...tags, 't0'].join(',')).plain).toBe(`,${tags.join(',')},`);
  expect(tagsOf('a:b').plain).toBeUndefined();
});
