/**
 * How an anomaly rule fares when its process starts anew: every series of NAB, judged by a process
 * that never ends, and by one that starts anew and learns from `lookback` every so many points.
 * Prints at how many points the two differ.
 */

import { type AnomalyRuleState, judgeAnomaly } from '../../core/detection/kinds/anomaly/judge.ts';
import { parseRule } from '../../core/detection/rules/parse-rule.ts';
import type { Point } from '../../core/telemetry/series.ts';
import type { Severity } from '../../core/vocabulary/schema-parts.ts';
import { corpusFolder, readCorpus } from './corpus.ts';
import { randomFrom } from './random.ts';

const base = parseRule('anomaly', {
  source: 'nab',
  query: { samples: { metric: 'value' } },
  step: '5m',
  category: 'resource',
  runbook: 'nab',
  anomaly: {},
});

type Band = Severity | 'ok' | 'learning';

function bandsOf(points: readonly Point[], lookback: number, restarts: ReadonlySet<number>): Band[] {
  const rule = { ...base, anomaly: { ...base.anomaly, lookback } };
  let state: AnomalyRuleState | undefined;
  let first = 0;
  return points.map(({ at }, i) => {
    const cold = state === undefined || restarts.has(i);
    while ((points[first] as Point).at <= at - lookback) first += 1;
    const asked = points.slice(cold ? first : i, i + 1);
    const result = judgeAnomaly(rule, asked, { now: at, to: at }, cold ? undefined : state);
    state = result.state;
    return result.verdict.judged ? (result.verdict.status as Band) : 'learning';
  });
}

const begins = (bands: readonly Band[]): number[] =>
  bands.flatMap((band, i) => (band === 'warn' && bands[i - 1] !== 'warn' ? [i] : []));

const corpus = readCorpus();
if (corpus === undefined) {
  console.log(`not measured: the corpus is not at ${corpusFolder}`);
} else {
  console.log(
    '| lookback | a start every | points judged otherwise | alerts of one process | begun within 12 points with restarts | more |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const [days, every] of [
    [14, 288],
    [14, 2000],
    [7, 288],
    [3, 288],
  ] as const) {
    const random = randomFrom(7);
    let [count, differ, alerts, kept, more] = [0, 0, 0, 0, 0];
    for (const { times, values } of corpus.series) {
      const points = [...new Map(times.map((at, i) => [at, { at, value: values[i] ?? 0 }])).values()].sort((a, b) => a.at - b.at);
      const restarts = new Set(points.flatMap((_, i) => (random() < 1 / every ? [i] : [])));
      const one = bandsOf(points, days * 86_400_000, new Set());
      const many = bandsOf(points, days * 86_400_000, restarts);
      count += points.length;
      differ += one.filter((band, i) => band !== many[i]).length;
      const [ofOne, ofMany] = [begins(one), begins(many)];
      const near = (at: number, others: readonly number[]): boolean => others.some((other) => Math.abs(other - at) <= 12);
      alerts += ofOne.length;
      kept += ofOne.filter((at) => near(at, ofMany)).length;
      more += ofMany.filter((at) => !near(at, ofOne)).length;
    }
    console.log(
      `| ${days}d | ${every} points | ${differ} of ${count} (${((100 * differ) / count).toFixed(2)} %) | ${alerts} | ${kept} | ${more} |`,
    );
  }
}
