import type { Chart, ChartPoint } from '../../core/charts/chart.ts';

const hour = 3_600_000;
const from = Date.UTC(2026, 0, 5);

/** A value in 0 to 1 that looks random and is the same each time. */
const noise = (n: number): number => (Math.sin(n * 12.9898) * 43_758.5453) % 1;

function pointAt(index: number, value: number): ChartPoint {
  const verdict = value < 0.72 ? 'critical' : value < 0.76 ? 'warn' : 'ok';
  const interval = { low: value - 0.03, high: value + 0.03 };
  return { at: from + index * 300_000, value, verdict, count: 120, interval, baseline: 0.8, warn: 0.76, critical: 0.72 };
}

/** An accuracy that falls after a deployment, judged every five minutes for a day. */
export const exampleChart = (over: Partial<Chart> = {}): Chart => ({
  title: 'Accuracy of flight delays (flight-delays, production)',
  from,
  to: from + 25 * hour,
  points: Array.from({ length: 300 }, (_, index) =>
    pointAt(index, 0.8 - Math.max(0, index - 200) * 0.0012 + noise(Math.floor(index / 4)) * 0.008),
  ),
  marks: [
    { at: from + 12 * hour, kind: 'deploy', text: 'model flight-delays 7 → 8' },
    { at: from + 19 * hour, kind: 'page', text: 'paged' },
    { at: from + 20 * hour, kind: 'acknowledged', text: 'Ana acknowledged' },
  ],
  isPinned: true,
  ...over,
});

/** As many points as a chart may have, all over it, and as many flags. */
export const worstChart = (): Chart => {
  const points = Array.from({ length: 800 }, (_, index) => ({
    ...pointAt(index, 0.5 + noise(index) / 2),
    provisional: 'labels' as const,
  }));
  const marks = Array.from({ length: 40 }, (_, index) => ({
    at: from + index * hour,
    kind: 'deploy' as const,
    text: `model ${noise(index)}`,
  }));
  return exampleChart({ to: from + 67 * hour, points, marks });
};
