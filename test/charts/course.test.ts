import { describe, expect, it } from 'vitest';
import type { ChartPoint } from '../../core/charts/chart.ts';
import { courseOf } from '../../core/charts/course.ts';

const bounds = { baseline: 0.9, warn: 0.85, critical: 0.8, verdict: 'critical' } as const;
const falling = (values: readonly number[], half?: number): ChartPoint[] =>
  values.map((value, at) => ({
    ...{ at, value, ...bounds },
    interval: half === undefined ? undefined : { low: value - half, high: value + half },
  }));

describe('whether it gets worse', () => {
  it('compares the last judgement with the tenth before it, not with the best of all', () => {
    const values = [0.9, 0.9, 0.7, ...Array.from({ length: 9 }, () => 0.65), 0.6];
    expect(courseOf(falling(values, 0.05))).toMatchObject({ kind: 'worse', from: { at: 2 }, to: { at: 12 } });
  });

  it('calls what an interval covers steady', () => {
    expect(courseOf(falling([0.64, 0.62, 0.6], 0.05))?.kind).toBe('steady');
  });

  it('knows which side is better, also without an interval', () => {
    expect(courseOf(falling([0.6, 0.65, 0.7]))?.kind).toBe('better');
    const rising = [10, 20, 30].map((value, at) => ({ at, value, warn: 5, critical: 8, verdict: 'critical' as const }));
    expect(courseOf(rising)?.kind).toBe('worse');
    expect(courseOf(falling([0.6, 0.6, 0.605]))?.kind).toBe('steady');
  });

  it('says nothing of what is not judged any more, or of two points', () => {
    expect(courseOf([...falling([0.9, 0.7, 0.6]), { at: 3, verdict: 'not judged' }])).toBeUndefined();
    expect(courseOf(falling([0.9, 0.6]))).toBeUndefined();
  });
});
