import { expect, it } from 'vitest';
import { changesBetween, markOf } from '../../core/config/mark.ts';
import { configOf, type Part, ruleOn } from '../scenario/harness.ts';

const changes = (before: Part, after: Part): string | undefined =>
  changesBetween(markOf(configOf(before)), markOf(configOf(after)));

it('tells what is new, gone and changed, by name', () => {
  expect(changes({}, {})).toBeUndefined();
  expect(changes({}, { rules: { fast: ruleOn('latency') } })).toBe('rules.slow is gone, rules.fast is new');
  expect(changes({}, { rules: { slow: ruleOn('latency', { step: '5m' }) }, settings: { groupWait: '1m' } })).toBe(
    'settings.groupWait changed, rules.slow changed',
  );
  const inhibition = { name: 'one', source: { rule: 'slow' }, target: { rule: 'other' }, equal: [] };
  expect(changes({}, { inhibitions: [inhibition] })).toBe('inhibitions changed');
});

it('names twenty, and counts the others; a section past 500 entries is told as a whole', () => {
  const rules = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`r${n}`, ruleOn('latency')]));
  expect(changes({}, { rules: rules(30) })).toMatch(/^rules\.slow is gone, rules\.r0 is new, .*, rules\.r18 is new and 11 more$/);
  expect(changes({}, { rules: rules(501) })).toBe('rules changed');
  expect(changes({ rules: rules(501) }, { rules: rules(502) })).toBe('rules changed');
  expect(changes({ rules: rules(501) }, {})).toBe('rules changed');
  expect(JSON.stringify(markOf(configOf({ rules: rules(500) }))).length).toBeLessThan(50_000);
});

it('keeps no value of the config', () => {
  const settings = { deadMansPing: { url: 'https://ping.example/secret-path' } };
  expect(JSON.stringify(markOf(configOf({ settings })))).not.toContain('secret-path');
});
