import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../../core/alerting/judgements/history/entry.ts';
import { changedRule, patchOf, type RejudgedRule, type RuleChange } from '../../../core/dry-run/kept-history/changed-rule.ts';
import { rejudge } from '../../../core/dry-run/kept-history/rejudge.ts';
import { configOf, hour, minute, ruleOn, t0 } from '../../scenario/harness.ts';

const slow = (more: Parameters<typeof ruleOn>[1] = {}): RejudgedRule =>
  configOf({ rules: { slow: ruleOn('latency', more) } }).rules['slow'] as RejudgedRule;

const changed = (rule: RejudgedRule, change: RuleChange): RejudgedRule => {
  const found = changedRule(rule, change);
  if (!found.ok) throw new Error(found.error);
  return found.rule;
};

/** One entry an hour. */
const hourly = (values: (number | undefined)[], more: Partial<HistoryEntry> = {}): HistoryEntry[] =>
  values.map((value, place) => {
    const at = t0 + place * hour;
    return { at, judgedAt: at, status: 'ok', reason: '', ...(value === undefined ? {} : { value }), ...more };
  });

const spansOf = (rule: RejudgedRule, entries: HistoryEntry[]): string[] =>
  rejudge(rule, entries, t0 + entries.length * hour).spans.map(
    ({ from, to, severity }) => `${severity} ${(from - t0) / hour}-${(to - t0) / hour}`,
  );

it('an entry stands until the next one, and each span has the band of its values', () => {
  expect(spansOf(slow(), hourly([10, 150, 250, 10, 120, 10]))).toEqual(['warn 1-2', 'critical 2-3', 'warn 4-5']);
});

it('a higher bound leaves out what lies below it, and counts fewer reasons to page', () => {
  const entries = hourly([10, 150, 250, 10, 120, 10]);
  const rule = slow();
  expect(rejudge(rule, entries, t0 + 6 * hour)).toMatchObject({ alerts: 2, raises: 1 });
  const raised = changed(rule, { warn: 130, critical: 300 });
  expect(spansOf(raised, entries)).toEqual(['warn 1-3']);
});

it('M of N points decide, and keepFiring joins what comes back soon', () => {
  const entries = hourly([150, 10, 150, 10, 10, 10, 150]);
  const rule = slow({ step: '1h' });
  expect(spansOf(rule, entries)).toHaveLength(3);
  expect(spansOf(changed(rule, { for: { m: 2, n: 3 } }), entries)).toEqual(['warn 2-3']);
  expect(spansOf(changed(rule, { keepFiringMs: 2 * hour }), entries)).toEqual(['warn 0-5', 'warn 6-7']);
});

it('a proportion counts as past a bound only with its whole interval, and not on too few samples', () => {
  const below = { threshold: { below: { warn: 0.9, critical: 0.8 } }, samples: { confidence: '95%', minCount: 10 } };
  const rule = slow({ ...below, threshold: below.threshold });
  expect(spansOf(rule, hourly([0.85, 0.85], { count: 20 }))).toEqual([]);
  expect(spansOf(rule, hourly([0.85, 0.85], { count: 2000 }))).toEqual(['warn 0-2']);
  expect(spansOf(rule, hourly([0.1, 0.1], { count: 5 }))).toEqual([]);
});

it('a degradation is judged by the baseline of each entry', () => {
  const degradation = { direction: 'drop' as const, baseline: { rolling: { window: '7d' } } };
  const rule = slow({ threshold: undefined, degradation });
  const entries = [...hourly([0.9, 0.76], { baseline: 0.8 })];
  expect(spansOf(rule, entries)).toEqual(['warn 1-2']);
  expect(spansOf(changed(rule, { warn: 0.06 }), entries)).toEqual([]);
});

it('bands in the wrong order and other kinds are refused', () => {
  expect(changedRule(slow(), { critical: 50 }).ok).toBe(false);
  const other = configOf({ rules: { gone: ruleOn('latency', { threshold: undefined, absence: { critical: '1h' } }) } }).rules[
    'gone'
  ];
  if (other === undefined) throw new Error('expected a rule');
  expect(changedRule(other, { critical: 50 }).ok).toBe(false);
});

it('the patch holds the keys that change, as the config writes them', () => {
  const rule = slow({ step: '1m' });
  const after = changed(rule, { critical: 300, keepFiringMs: 90 * minute, for: { m: 3, n: 5 } });
  expect(patchOf('slow', rule, after)).toBe(
    'slow:\n  threshold:\n    above:\n      critical: 300\n  for: 3/5\n  keepFiring: 1h30m\n',
  );
  expect(patchOf('slow', rule, changed(rule, {}))).toBe('');
});
