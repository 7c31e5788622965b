import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../core/alerting/judgements/history/entry.ts';
import { isKept, keptAs, type LastKept } from '../../../core/alerting/judgements/history/pace.ts';
import { atMost, revised, thinned } from '../../../core/alerting/judgements/history/thin.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';

const minute = 60_000;
const every = 5 * minute;

const status = fc.constantFrom(...verdictStatuses);
const entry = fc.record({
  at: fc.nat(500).map((n) => n * minute),
  late: fc.nat(90).map((n) => n * minute),
  status,
  value: fc.option(fc.double({ min: -10, max: 10, noNaN: true }), { nil: undefined }),
});
const entries = fc.array(
  entry.map(
    ({ at, late, value, ...rest }): HistoryEntry => ({
      at,
      judgedAt: at + late,
      reason: rest.status,
      ...rest,
      ...(value === undefined ? {} : { value }),
    }),
  ),
  { maxLength: 60 },
);

describe('the history of a series', () => {
  it('has one entry a point: what was judged last, with what was found at first', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const seen = revised(all);
        expect(seen.map(({ at }) => at)).toEqual([...new Set(all.map(({ at }) => at))].sort((a, b) => a - b));
        for (const one of seen) {
          const same = all.filter(({ at }) => at === one.at).toSorted((a, b) => a.judgedAt - b.judgedAt);
          expect(one.judgedAt).toBe(same.at(-1)?.judgedAt);
          if (one.first !== undefined) expect(one.first.judgedAt).toBe(same[0]?.judgedAt);
          const isOne = same.every(({ value, status: found }) => value === same[0]?.value && found === same[0]?.status);
          expect(one.first === undefined).toBe(isOne);
        }
      }),
    );
  });

  it('loses no extreme, no point and nothing that was not well, however it is thinned', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 120 }), (all, minutes) => {
        const points = revised(all);
        const few = thinned(all, minutes * minute);
        const values = points.flatMap(({ value }) => value ?? []);
        expect(Math.min(...few.flatMap(({ value, of }) => of?.low ?? value ?? []))).toBe(Math.min(...values));
        expect(Math.max(...few.flatMap(({ value, of }) => of?.high ?? value ?? []))).toBe(Math.max(...values));
        for (const one of few) {
          const span = points.filter(({ at }) => Math.floor(at / (minutes * minute)) === Math.floor(one.at / (minutes * minute)));
          expect(one.at).toBe(span.at(-1)?.at);
          if (span.some((point) => point.status === 'critical')) expect(one.status).toBe('critical');
          if (span.some((point) => point.status !== 'ok')) expect(one.status).not.toBe('ok');
          if (one.of !== undefined) expect(one.of.points).toBe(span.length);
        }
        expect(thinned(few, minutes * minute)).toEqual(few);
      }),
    );
  });

  it('is never longer than asked for', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 2, max: 40 }), (all, most) => {
        const few = atMost(all, { from: 0, to: 501 * minute }, most);
        expect(few.length).toBeLessThanOrEqual(most);
        if (revised(all).length <= most) expect(few).toEqual(revised(all));
      }),
    );
  });
});

describe('what is kept', () => {
  const kept = (statuses: readonly HistoryEntry['status'][]): HistoryEntry[] => {
    let last: LastKept | undefined;
    return statuses.flatMap((one, n) => {
      const at = n * minute;
      const found: HistoryEntry = { at, judgedAt: at, status: one, reason: one, value: n };
      if (!isKept(last, found, every)) return [];
      last = keptAs(last, found);
      return found;
    });
  };

  it('is a value every five minutes of what is well', () => {
    expect(kept(new Array(31).fill('ok')).map(({ value }) => value)).toEqual([0, 5, 10, 15, 20, 25, 30]);
  });

  it('is every value in the first hour of what is not, then one every five minutes', () => {
    const values = kept(['ok', ...new Array(180).fill('critical')]).map(({ value }) => value);
    expect(values.slice(0, 61)).toEqual(Array.from({ length: 61 }, (_, n) => n));
    expect(values.slice(61)).toEqual(Array.from({ length: 24 }, (_, n) => 65 + 5 * n));
  });

  it('is every change of the verdict', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 200 }), (statuses) => {
        const seen = kept(statuses);
        for (const [n, one] of statuses.entries())
          if (n === 0 || statuses[n - 1] !== one) expect(seen.some(({ value }) => value === n)).toBe(true);
      }),
    );
  });

  it('is a point that is judged again only where its value is another', () => {
    const found: HistoryEntry = { at: 0, judgedAt: 0, status: 'ok', reason: 'ok', value: 1 };
    const last = keptAs(undefined, found);
    expect(isKept(last, { ...found, judgedAt: minute }, every)).toBe(false);
    expect(isKept(last, { ...found, judgedAt: minute, value: 2 }, every)).toBe(true);
  });
});
