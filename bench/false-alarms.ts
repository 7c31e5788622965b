/**
 * How often drift rules are wrong, and how soon they are right, by simulation: 200 features of six
 * families, one evaluation a day against the seven days before. `node bench/false-alarms.ts
 * [--quick]` prints the tables of docs/judging.md.
 */

import type { ConfigInput } from '../core/config/schema.ts';
import { expectedAlarms } from '../core/detection/evidence/expected-alarms.ts';
import { compareFeatures, type DriftAsked } from '../core/detection/kinds/drift/compare-features.ts';
import { judgeDrift } from '../core/detection/kinds/drift/judge.ts';
import type { DriftConfig } from '../core/detection/kinds/drift/schema.ts';
import { parseRule } from '../core/detection/rules/parse-rule.ts';
import type { RuleOf } from '../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../core/detection/verdict.ts';
import { compareShapes } from '../core/telemetry/profiles/compare.ts';
import { type FeatureProfile, type FeatureValue, mergeProfiles, profileOf } from '../core/telemetry/profiles/profile.ts';
import { shapeOf } from '../core/telemetry/profiles/shape.ts';
import { normal, type Random, randomOf } from './random.ts';

const lookBack = 7;
const month = 30;

type Shift = { name: string; families: readonly number[]; of: (value: FeatureValue, random: () => number) => FeatureValue };

/** Zipf's law, roughly: the k-th of `count` categories is about 1 / k as frequent. */
const zipf = (random: Random, count: number): string => `c${Math.floor(count ** random())}`;

/** What real features are like: symmetric, skewed, many zeros, counts, few and many categories. */
const families: ((random: Random) => FeatureValue)[] = [
  (random) => normal(random),
  (random) => Math.exp(normal(random)),
  (random) => (random() < 0.6 ? 0 : -50 * Math.log(random() + 1e-12)),
  (random) => Math.floor(-3 * Math.log(random() + 1e-12)),
  (random) => zipf(random, 5),
  (random) => zipf(random, 1000),
];

export const shifts: Shift[] = [
  { name: 'mean moves by 0.1 sd', families: [0], of: (value) => (value as number) + 0.1 },
  { name: 'mean moves by 0.3 sd', families: [0], of: (value) => (value as number) + 0.3 },
  { name: 'mean moves by 0.5 sd', families: [0], of: (value) => (value as number) + 0.5 },
  { name: '5 % of values become one category', families: [4, 5], of: (value, random) => (random() < 0.05 ? 'new' : value) },
  { name: '10 % of values become one category', families: [4, 5], of: (value, random) => (random() < 0.1 ? 'new' : value) },
  { name: 'spread grows by half', families: [0], of: (value) => 1.5 * (value as number) },
  { name: 'unit changes, x 10', families: [1], of: (value) => 10 * (value as number) },
  { name: '20 % of values become one category', families: [4, 5], of: (value, random) => (random() < 0.2 ? 'new' : value) },
];

type RuleInput = Partial<NonNullable<ConfigInput['rules']>[string]>;
export type DriftRule = RuleOf<'drift'>;

export const driftRule = (drift: object = {}, more: RuleInput = {}): DriftRule =>
  parseRule('drift', {
    source: 'a',
    query: { predictions: { metric: 'drift', over: '1d' } },
    step: '1d',
    category: 'drift',
    drift: { baseline: { rolling: { window: '7d' } }, ...drift },
    runbook: 'a',
    ...more,
  });
const byDefault = driftRule();

const day = (family: number, n: number, random: Random, shift?: Shift): FeatureProfile =>
  profileOf(
    Array.from({ length: n }, () => {
      const value = (families[family] as (random: Random) => FeatureValue)(random);
      return shift === undefined ? value : shift.of(value, random);
    }),
  );

type Breach = { evidence: boolean; psiOver: boolean; eachTested: boolean };

const isBreach = ({ status }: Verdict): boolean => status === 'warn' || status === 'critical';

/**
 * One evaluation of all features: which ones breach by the default rule, by PSI > 0.2 alone, and by
 * p < 5 % of each alone.
 */
function evaluation(rule: DriftRule, days: readonly FeatureProfile[][]): Breach[] {
  const { drift: config } = rule;
  const baselines = days.map((own) => own.slice(0, -1).reduce(mergeProfiles));
  const found = compareFeatures(baselines.map((profile, i) => asked(config, profile, days[i]?.at(-1))));
  return found.map((finding, i) => ({
    evidence: isBreach(judgeDrift(rule, finding, { now: 0, to: 0 })),
    psiOver: finding.ok && finding.drift.value > 0.2,
    eachTested: pValueAlone(baselines[i] as FeatureProfile, days[i]?.at(-1) as FeatureProfile) < 0.05,
  }));
}

function asked(config: DriftConfig, profile: FeatureProfile, current: FeatureProfile | undefined): DriftAsked {
  const parts = [{ from: 0, to: lookBack, profile }];
  return { config, input: { at: lookBack + 1, current, baseline: { what: 'the time before', parts } } };
}

/** What `tocsin check` says of such features. */
function expectedOf(rule: DriftRule, days: readonly FeatureProfile[][]): number {
  const ask = days.map((own) => asked({ ...rule.drift, measure: 'chi2' }, own.slice(0, -1).reduce(mergeProfiles), own.at(-1)));
  const seen = compareFeatures(ask).flatMap((found) => {
    if (!found.ok || found.pValue === undefined) return [];
    const { currentCount, baselineCount, test } = found.drift;
    return [{ drift: { current: currentCount, baseline: baselineCount, degrees: test?.degreesOfFreedom ?? 0 } }];
  });
  const expected = expectedAlarms(rule, seen);
  return expected.ok ? expected.alarms : Number.NaN;
}

/**
 * Of the test that a statistician would take for such a feature: Kolmogorov-Smirnov for numbers,
 * chi-square for categories.
 */
function pValueAlone(was: FeatureProfile, is: FeatureProfile): number {
  const baseline = shapeOf(was);
  const current = shapeOf(is);
  if ('ok' in baseline || 'ok' in current) return 1;
  const compared = compareShapes(baseline.kind === 'numbers' ? 'ks' : 'chi2', baseline, current);
  return compared.ok ? (compared.pValue ?? 1) : 1;
}

export type Alarms = { months: number; evidence: number; psiOver: number; eachTested: number; expected: number };

/**
 * Alarms that begin: a feature breaches that did not the day before; and how many a month are to be
 * expected by the rule.
 */
export function withoutDrift(rule: DriftRule, n: number, months: number, features = 200): Alarms {
  const sum: Alarms = { months, evidence: 0, psiOver: 0, eachTested: 0, expected: 0 };
  for (let seed = 0; seed < months; seed += 1) {
    const random = randomOf(1000 * n + seed);
    const days = Array.from({ length: features }, (_, i) =>
      Array.from({ length: lookBack }, () => day(i % families.length, n, random)),
    );
    let before: Breach[] = [];
    for (let t = 0; t < month; t += 1) {
      for (const [i, own] of days.entries()) own.push(day(i % families.length, n, random));
      if (seed === 0 && t === 0) sum.expected = expectedOf(rule, days);
      const breaches = evaluation(rule, days);
      for (const kind of ['evidence', 'psiOver', 'eachTested'] as const)
        sum[kind] += breaches.filter((one, i) => one[kind] && before[i]?.[kind] !== true).length;
      before = breaches;
      for (const own of days) own.shift();
    }
  }
  return sum;
}

/**
 * Of 10 features that move, beside 190 that do not: the share found on the first day, and the mean
 * day of those found in a week.
 */
export function withDrift(n: number, shift: Shift, runs: number): { atOnce: number; inAWeek: number; meanDay: number } {
  const moved = 10;
  const daysToFind: number[] = [];
  for (let seed = 0; seed < runs; seed += 1) {
    const random = randomOf(7_777_777 + 1000 * n + seed);
    const familyOf = (i: number): number =>
      i < moved ? (shift.families[i % shift.families.length] as number) : i % families.length;
    const days = Array.from({ length: 200 }, (_, i) => Array.from({ length: lookBack }, () => day(familyOf(i), n, random)));
    const open = new Set(Array.from({ length: moved }, (_, i) => i));
    for (let t = 1; t <= 7 && open.size > 0; t += 1) {
      for (const [i, own] of days.entries()) own.push(day(familyOf(i), n, random, i < moved ? shift : undefined));
      const breaches = evaluation(byDefault, days);
      for (const i of [...open]) {
        if (breaches[i]?.evidence !== true) continue;
        open.delete(i);
        daysToFind.push(t);
      }
      for (const own of days) own.shift();
    }
  }
  const all = runs * moved;
  return {
    atOnce: daysToFind.filter((t) => t === 1).length / all,
    inAWeek: daysToFind.length / all,
    meanDay: daysToFind.reduce((sum, t) => sum + t, 0) / daysToFind.length,
  };
}

const counted = (sum: number, months: number): string => (sum / months).toFixed(sum === 0 ? 0 : sum / months < 10 ? 2 : 0);
const percent = (share: number): string => `${Math.round(100 * share)} %`;

function main(quick: boolean): void {
  const sizes = quick ? [100, 1000] : [100, 300, 1000, 3000, 10_000];
  process.stdout.write(
    '| values a day | default rule | expected | PSI > 0.2 alone | p < 5 % of each alone | months simulated |\n|---|---|---|---|---|---|\n',
  );
  for (const n of sizes) {
    const months = quick ? 1 : Math.max(1, Math.min(20, Math.round(6000 / n)));
    const { evidence, psiOver, eachTested, expected } = withoutDrift(byDefault, n, months);
    const row = [
      n,
      counted(evidence, months),
      counted(expected, 1),
      counted(psiOver, months),
      counted(eachTested, months),
      months,
    ];
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
  process.stdout.write(
    '\n| what moves | values a day | found on the first day | within a week | mean day |\n|---|---|---|---|---|\n',
  );
  for (const shift of shifts) {
    for (const n of quick ? [100, 1000] : [100, 1000, 10_000]) {
      const { atOnce, inAWeek, meanDay } = withDrift(n, shift, n > 1000 ? 1 : 5);
      const row = [shift.name, n, percent(atOnce), percent(inAWeek), Number.isNaN(meanDay) ? 'none' : meanDay.toFixed(1)];
      process.stdout.write(`| ${row.join(' | ')} |\n`);
    }
  }
}

if (import.meta.main) main(process.argv.includes('--quick'));
