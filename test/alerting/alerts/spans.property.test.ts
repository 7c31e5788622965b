import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSpan } from '../../../core/alerting/alerts/spans.ts';
import { type Span, within } from '../../../core/detection/baselines/baseline.ts';

const span = fc.tuple(fc.nat(100_000), fc.nat(50)).map(([from, length]): Span => ({ from, to: from + length }));
const added = (spans: readonly Span[]): Span[] => spans.reduce<Span[]>((all, one) => withSpan(all, one, 1), []);

describe('spans that stay out of a baseline', () => {
  it('lose nothing, are in order and apart, and are never too many', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 400, size: 'max' }), (spans) => {
        const kept = added(spans);
        expect(kept.length).toBeLessThanOrEqual(200);
        for (const { from, to } of spans) expect([within(kept, from), within(kept, to)]).toEqual([true, true]);
        for (let i = 1; i < kept.length; i += 1) expect((kept[i] as Span).from - (kept[i - 1] as Span).to).toBeGreaterThan(1);
      }),
      { numRuns: 50 },
    );
  });

  it('leave out nothing else while they are few', () => {
    const kept = added([
      { from: 10, to: 12 },
      { from: 20, to: 20 },
      { from: 13, to: 14 },
    ]);
    expect(kept).toEqual([
      { from: 10, to: 14 },
      { from: 20, to: 20 },
    ]);
  });
});
