import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../../core/alerting/judgements/history/entry.ts';
import { sparklineOf } from '../../../core/alerting/judgements/history/sparkline.ts';

const hour = 3_600_000;
const minute = 60_000;
const entry = (at: number, value?: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ at, judgedAt: at, status: 'ok', reason: '' },
  ...(value === undefined ? {} : { value }),
  ...more,
});
const span = { to: 10 * hour, spanMs: 4 * hour, slots: 4 };

it('slots begin at multiples of their length, and the last one holds the end', () => {
  const { from, slotMs, values } = sparklineOf([entry(7 * hour, 1), entry(10 * hour, 2)], span);
  expect([from, slotMs]).toEqual([7 * hour, hour]);
  expect(values).toEqual([1, undefined, undefined, 2]);
});

it('of several entries of a slot the worst counts, then the last', () => {
  const entries = [entry(8 * hour, 1), entry(8 * hour + minute, 9, { status: 'critical' }), entry(8 * hour + 2 * minute, 2)];
  expect(sparklineOf(entries, span).values[1]).toBe(9);
  expect(sparklineOf([entry(8 * hour, 1), entry(8 * hour + minute, 3)], span).values[1]).toBe(3);
});

it('a value stands until the next one, but not over a pause that is longer than any that history makes', () => {
  const fine = { to: 10 * hour, spanMs: hour, slots: 4 };
  const at = 9 * hour + 15 * minute;
  expect(sparklineOf([entry(at, 1), entry(at + 45 * minute, 2)], fine).values).toEqual([1, 1, 1, 2]);
  expect(sparklineOf([entry(at, 1), entry(at + 30 * minute), entry(at + 45 * minute, 2)], fine).values).toEqual([
    1,
    undefined,
    undefined,
    2,
  ]);
  expect(sparklineOf([entry(7 * hour, 1), entry(10 * hour, 2)], span).values).toEqual([1, undefined, undefined, 2]);
});

it('bounds are those of the latest entry that has them', () => {
  const entries = [entry(8 * hour, 1, { warn: 5, critical: 9, baseline: 3 }), entry(9 * hour, 1, { warn: 6 })];
  expect(sparklineOf(entries, span)).toMatchObject({ warn: 6, critical: 9, baseline: 3 });
});
