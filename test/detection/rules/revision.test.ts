import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { nextAlert } from '../../../core/alerting/alerts/next-alert.ts';
import { judge } from '../../../core/detection/judge.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { pagedAs } from '../../../core/vocabulary/severity.ts';
import { minute, ruleOf } from './rule.ts';

const rule = ruleOf({
  query: { predictions: { metric: 'accuracy', over: '1m' } },
  degradation: { direction: 'drop', baseline: { rolling: { window: '30m', minPoints: 3 } } },
  samples: { lateLabels: '20m' },
});
const subject = { ruleId: asRuleId('r'), rule, labels: { model: 'm' }, category: 'performance', groupBy: ['model'] } as const;
const share = fc.constantFrom(0.1, 0.5, 0.8, 1);
const value = fc.double({ min: 0, max: 1, noNaN: true });
/** How a window looks at first, and after its labels have come, so many minutes later. */
const window = fc.record({ early: value, known: share, late: value, after: fc.integer({ min: 0, max: 12 }) });

describe('windows whose labels come late', () => {
  it('settle an alert once, and by no more than what labels say', () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(window, { minLength: 10, maxLength: 40 }), (windows) => {
        let alert: Alert | undefined;
        const settledAt = new Set<number>();
        for (let now = 1; now <= windows.length + 15; now += 1) {
          const points = windows.slice(0, now).map(({ early, known, late, after }, i): Point => {
            const at = (i + 1) * minute;
            return now >= i + 1 + after
              ? { at, value: late, count: 100, labelled: 1 }
              : { at, value: early, count: 50, labelled: known };
          });
          const before = alert;
          const verdict = judge(rule, points, {
            now: now * minute,
            to: now * minute,
            current: alert?.state === 'firing' ? pagedAs(alert.severity) : undefined,
            frozen: alert?.state === 'firing' ? alert.baseline : undefined,
            excluded: alert?.excluded,
            provisional: alert?.state === 'firing' ? alert.provisional : undefined,
            labelWait: 10 * minute,
          });
          alert = nextAlert(alert, verdict, subject).alert;
          const { settled } = alert ?? {};
          if (settled !== undefined && settled.at !== before?.settled?.at) {
            // What was settled is the window that the alert rested on, and no window is settled
            // twice.
            expect(before?.provisional?.at).toBe(settled.at);
            expect(settledAt.has(settled.at)).toBe(false);
            settledAt.add(settled.at);
            outcomes.add(`${settled.outcome}, ${alert?.state}`);
            const point = points.find(({ at }) => at === settled.at);
            if (settled.outcome !== 'unconfirmed') expect(point?.labelled).toBeGreaterThanOrEqual(0.8);
            // A breach that was none stays in baselines.
            if (settled.outcome === 'revised' && alert?.state === 'resolved') expect(alert.excluded).toEqual(before?.excluded);
          }
          if (alert?.provisional !== undefined) expect(alert.provisional.labelled).toBeLessThan(0.8);
        }
        // Labels of every window have come, or nobody waits for them any more.
        expect(alert?.state === 'firing' ? alert.provisional : undefined).toBeUndefined();
      }),
      { numRuns: 200 },
    );
    for (const outcome of ['confirmed, firing', 'revised, resolved', 'revised, firing', 'unconfirmed, firing'])
      expect(outcomes).toContain(outcome);
  });
});

describe('a window whose labels have come', () => {
  it('clears no alert that began with a later one, of which labels say nothing yet', () => {
    const strict = ruleOf({
      query: { predictions: { metric: 'accuracy', over: '1m' } },
      threshold: { below: { critical: 0.8 } },
      samples: { lateLabels: '20m', labelShare: '60%', minCount: 20 },
    });
    const at = (n: number, more: Partial<Point>): Point => ({ at: n * minute, value: 1, count: 100, labelled: 1, ...more });
    const points = [at(1, {}), at(2, {}), at(3, { value: 0.5, labelled: 0.1 })];
    const context = {
      now: 21 * minute,
      to: 21 * minute,
      current: 'critical' as const,
      provisional: { at: 3 * minute, value: 0.5, count: 100, labelled: 0.1, until: 999 * minute },
    };
    expect(judge({ ...strict, for: { m: 1, n: 1 } }, points, context)).toMatchObject({ status: 'no data', judged: false });
  });
});
