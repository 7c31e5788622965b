import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../core/alerting/judgements/history/entry.ts';
import { thinned } from '../../../core/alerting/judgements/history/thin.ts';
import { worstOf } from '../../../core/alerting/judgements/history/worst.ts';

const minute = 60_000;
const below = { baseline: 0.8, warn: 0.76, critical: 0.72 };

/** Judged a minute apart, by bounds below a baseline of 0.8. */
const judged = (values: readonly number[], bounds: Partial<HistoryEntry> = below): HistoryEntry[] =>
  values.map((value, place) => {
    const isLow = bounds.critical !== undefined && bounds.warn !== undefined && bounds.critical < bounds.warn;
    const past = (bound: number | undefined): boolean => bound !== undefined && (isLow ? value <= bound : value >= bound);
    const status = past(bounds.critical) ? 'critical' : past(bounds.warn) ? 'warn' : 'ok';
    return { at: place * minute, judgedAt: place * minute, status, reason: '', value, ...bounds };
  });

describe('the worst of what was judged', () => {
  it('is the value furthest past its bound, with its own distance from the baseline', () => {
    expect(worstOf(judged([0.8, 0.71, 0.6, 0.4, 0.74, 0.8]), { degradation: 0.1 })).toEqual({
      value: 0.4,
      degradation: 0.5,
      at: 3 * minute,
    });
    expect(worstOf(judged([100, 260, 900, 300], { warn: 200, critical: 250 }), {})).toEqual({ value: 900, at: 2 * minute });
  });

  it('is not a value on the good side, and nothing where no bound was broken', () => {
    expect(worstOf(judged([0.99, 0.75, 0.99]), {})?.value).toBe(0.75);
    expect(worstOf(judged([0.8, 0.79]), {})).toBeUndefined();
    expect(worstOf([], {})).toBeUndefined();
  });

  it('is the same where judgements were joined to one an hour', () => {
    const entries = judged([0.8, 0.7, 0.2, 0.7, 0.8]);
    expect(worstOf(thinned(entries, 60 * minute), { degradation: 0.1 })?.value).toBe(0.2);
  });
});
