import type { Alert } from '../core/alerting/alerts/alert.ts';
import { judgeFamily } from '../core/detection/evidence/family.ts';
import { judge } from '../core/detection/judge.ts';
import { judgeComposite } from '../core/detection/kinds/composite/judge.ts';
import { compareFeatures, type DriftAsked } from '../core/detection/kinds/drift/compare-features.ts';
import { judgeDrift } from '../core/detection/kinds/drift/judge.ts';
import { parseAskingRule } from '../core/detection/rules/parse-rule.ts';
import type { Verdict } from '../core/detection/verdict.ts';
import { type FeatureProfile, profileOf } from '../core/telemetry/profiles/profile.ts';
import type { Point } from '../core/telemetry/series.ts';
import { asFingerprint, asGroupKey, asRuleId, type GroupKey, type RuleId } from '../core/vocabulary/ids.ts';
import { driftRule } from './false-alarms.ts';
import { normal, randomOf } from './random.ts';

const step = 60_000;
const to = 1_700_000_040_000;

/**
 * Series whose values move a little around 0.8, so that nearly all verdicts are ok, as in
 * production.
 */
function seriesOf(count: number, points: number, every = step): Point[][] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: points }, (_, i) => ({ at: to - (points - 1 - i) * every, value: 0.79 + 0.02 * random(), count: 500 })),
  );
}

const common = {
  source: 'a',
  query: { samples: { metric: 'accuracy' } },
  category: 'performance' as const,
  runbook: 'a',
  for: '3/5',
};
const rules = {
  'static threshold': parseAskingRule({ ...common, threshold: { below: { warn: 0.76, critical: 0.72 } } }),
  'fixed baseline': parseAskingRule({ ...common, degradation: { direction: 'drop', baseline: { fixed: 0.8 } } }),
  'fixed baseline, Wilson guard': parseAskingRule({
    ...common,
    degradation: { direction: 'drop', baseline: { fixed: 0.8 } },
    samples: { minCount: 30, confidence: '95%' },
  }),
  'rolling mean': parseAskingRule({
    ...common,
    degradation: { direction: 'drop', baseline: { rolling: { window: '55m', statistic: 'mean' } } },
  }),
  'rolling median': parseAskingRule({ ...common, degradation: { direction: 'drop', baseline: { rolling: { window: '55m' } } } }),
  'rate of change': parseAskingRule({ ...common, rateOfChange: { over: '30m', relative: { warn: '20%', critical: '50%' } } }),
  'burn rate': parseAskingRule({
    ...common,
    for: '1/1',
    burnRate: { objective: '98%', ratio: 'good', windows: [{ long: '1h', short: '5m', burn: 14.4, severity: 'critical' }] },
  }),
  absence: parseAskingRule({ ...common, for: '1/1', absence: { warn: '5m', critical: '30m' } }),
};

/** Hourly points of three weeks, for the same time of earlier days. */
const hourly = {
  'seasonal baseline, 504 points': parseAskingRule({
    ...common,
    step: '1h',
    degradation: { direction: 'drop', baseline: { seasonal: { season: 'day', periods: 14 } } },
  }),
};

/** Judged to be well; a baseline that is refused would be another, shorter path. */
const isWell = ({ status, judged }: Verdict): boolean => status === 'ok' && judged;

/** Rules judged a second on one core; the best of five rounds. */
export async function benchJudge(): Promise<{ name: string; value: string }[]> {
  const minutely = seriesOf(1000, 60);
  const cases = Object.entries(rules).map(([name, rule]) => ({ name: `${name}, 60 points`, rule, series: minutely }));
  for (const [name, rule] of Object.entries(hourly)) cases.push({ name, rule, series: seriesOf(200, 504, 60 * step) });
  const results: { name: string; value: string }[] = [];
  for (const { name, rule, series } of cases) {
    let best = 0;
    let ok = 0;
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      for (let pass = 0; pass < 20; pass += 1) {
        for (const points of series) if (isWell(judge(rule, points, { now: to, to }))) ok += 1;
      }
      best = Math.max(best, (20 * series.length * 1000) / (performance.now() - started));
    }
    if (ok === 0) throw new Error(`the benchmark of ${name} judged nothing ok, so it measures the wrong path`);
    results.push({ name: `judge: ${name}, rules a second`, value: Math.round(best).toLocaleString('en') });
  }
  return [...results, ...others(minutely)];
}

/**
 * The kinds that do not judge a series by itself: what is compared, or tested, or fires, beside
 * others.
 */
function others(series: readonly Point[][]): { name: string; value: string }[] {
  const row = (name: string, count: number, work: () => void): { name: string; value: string } => {
    let best = 0;
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      work();
      best = Math.max(best, (count * 1000) / (performance.now() - started));
    }
    return { name: `judge: ${name} a second`, value: Math.round(best).toLocaleString('en') };
  };
  const guarded = rules['fixed baseline, Wilson guard'];
  const side = series.map((points, i) => ({
    rule: guarded,
    // One is bad, so that all are tested together.
    points: i === 0 ? points.map((one) => ({ ...one, value: 0.5 })) : points,
    context: { now: to, to },
  }));
  const drifting = driftRule();
  const random = randomOf(1);
  const profile = (): FeatureProfile => profileOf(Array.from({ length: 1000 }, () => normal(random)));
  const partsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ from: i, to: i + 1, profile: profile() }));
  const askedOf = (count: number, parts: number): DriftAsked[] =>
    Array.from({ length: count }, () => ({
      config: drifting.drift,
      input: { at: to, current: profile(), baseline: { what: 'before', parts: partsOf(parts) } },
    }));
  const [asked, inParts] = [askedOf(200, 1), askedOf(20, 24)];
  const judgeAll = (all: readonly DriftAsked[]): void => {
    for (const finding of compareFeatures(all)) judgeDrift(drifting, finding, { now: to, to });
  };
  const anomalous = parseAskingRule({ ...common, for: '1/1', anomaly: {} });
  const whole = series.slice(0, 20).map((points) => [...points, ...points.map((one) => ({ ...one, at: one.at + 60 * step }))]);
  const alerts = Array.from({ length: 1000 }, (_, i) => alertOf(asRuleId(i % 2 === 0 ? 'a' : 'b'), asGroupKey(`m${i >> 1}`)));
  const both = { all: [{ rule: 'a' }, { rule: 'b' }] };
  return [
    row('one rule on 1,000 series that are tested together, series', side.length, () => judgeFamily(side)),
    row('drift, 1,000 values a feature, features', asked.length, () => judgeAll(asked)),
    row('drift, against a baseline in 24 parts, features', inParts.length, () => judgeAll(inParts)),
    row('anomaly, from the 120 points of its lookback, rules', whole.length, () => {
      for (const points of whole) judge(anomalous, points, { now: to + 60 * 60 * step, to: to + 60 * step });
    }),
    row('composite over 1,000 alerts, combinations', 500, () => judgeComposite(both, ['model'], alerts, new Set(), 10_000, to)),
  ];
}

const alertOf = (ruleId: RuleId, model: GroupKey): Alert => ({
  fingerprint: asFingerprint(`${ruleId} ${model}`),
  ruleId,
  labels: { model },
  category: 'performance' as const,
  groupKey: model,
  groupLabels: { model },
  state: 'firing',
  severity: 'warn',
  since: 0,
  breachedAt: 0,
  evaluatedAt: 0,
  reason: 'a bench',
  excluded: [],
  version: 1,
});

if (import.meta.main) for (const { name, value } of await benchJudge()) process.stdout.write(`${name}: ${value}\n`);
