/**
 * How often the 5 % / 10 % rules are wrong with and without their evidence, and how soon right, by
 * simulation: the accuracy of a day, judged each hour against the median of 14 days. `node
 * bench/proportions.ts [--quick]` prints the tables of docs/evidence.md.
 */
import type { ConfigInput } from '../core/config/schema.ts';
import { expectedAlarms } from '../core/detection/evidence/expected-alarms.ts';
import { judgeFamily } from '../core/detection/evidence/family.ts';
import { rangeNeeded } from '../core/detection/judge.ts';
import { parseAskingRule } from '../core/detection/rules/parse-rule.ts';
import type { AskingRule } from '../core/detection/rules/rule-schema.ts';
import type { Point } from '../core/telemetry/series.ts';
import type { Severity } from '../core/vocabulary/schema-parts.ts';
import { type Random, randomOf } from './random.ts';

const hour = 3_600_000;
const day = 24;
const month = 30 * day;
/**
 * Hours before the first judged one: the window of the baseline, a day to fill, and the lookback.
 */
const before = 16 * day;
const accuracy = 0.8;

type RuleInput = Partial<NonNullable<ConfigInput['rules']>[string]>;

export const ruleOf = (more: RuleInput = {}): AskingRule =>
  parseAskingRule({
    source: 'a',
    query: { predictions: { metric: 'accuracy', over: '24h' } },
    step: '1h',
    category: 'performance',
    degradation: { direction: 'drop', baseline: { rolling: { window: '14d' } } },
    runbook: 'a',
    ...more,
  });

/**
 * The rule of the README, what is left of it without its evidence, and one that declares a budget.
 */
const rules: Record<string, AskingRule> = {
  'plain 5 % / 10 %': ruleOf({ recover: '100%' }),
  'with 3/5 and recover': ruleOf({ for: '3/5' }),
  'with 95 % confidence': ruleOf({ for: '3/5', samples: { minCount: 100, confidence: '95%' } }),
  'with 1 false alarm a month': ruleOf({ for: '3/5', samples: { minCount: 100 }, falseAlarms: '1/month' }),
};

/**
 * The accuracy of each day that ends at an hour, of `perDay` predictions; from hour `from` on, by
 * another chance.
 */
function series(
  hours: number,
  perDay: number,
  random: Random,
  { truth = accuracy, drop = 0, from = Number.POSITIVE_INFINITY } = {},
): Point[] {
  const right = new Float64Array(hours);
  const made = new Float64Array(hours);
  let due = 0;
  for (let h = 0; h < hours; h += 1) {
    due += perDay / day;
    const chance = h >= from ? truth - drop : truth;
    for (; due >= 1; due -= 1) {
      made[h] = (made[h] as number) + 1;
      if (random() < chance) right[h] = (right[h] as number) + 1;
    }
  }
  const points: Point[] = [];
  let [sum, count] = [0, 0];
  for (let h = 0; h < hours; h += 1) {
    sum += right[h] as number;
    count += made[h] as number;
    if (h >= day) {
      sum -= right[h - day] as number;
      count -= made[h - day] as number;
    }
    if (h >= day - 1) points.push({ at: (h + 1) * hour, value: sum / count, count });
  }
  return points;
}

type Began = { series: number; at: number };

/**
 * Judges series side by side, hour by hour, and tells which alerts begin when; baselines are frozen
 * and kept clean as in life.
 */
function alarmsOf(rule: AskingRule, all: readonly (readonly Point[])[], hours: number): Began[] {
  const began: Began[] = [];
  const current = new Array<Severity | undefined>(all.length).fill(undefined);
  const frozen = all.map(() => undefined) as Parameters<typeof judgeFamily>[0][number]['context']['frozen'][];
  const excluded = all.map(() => [] as { from: number; to: number }[]);
  const since = new Float64Array(all.length);
  const reach = rangeNeeded(rule) / hour + 1;
  for (let h = before; h < hours; h += 1) {
    const to = (h + 1) * hour;
    const place = h - (day - 1);
    const members = all.map((points, i) => ({
      rule,
      points: points.slice(Math.max(0, Math.floor(place - reach)), place + 1),
      context: { now: to, to, current: current[i], frozen: frozen[i], excluded: excluded[i] },
    }));
    for (const [i, verdict] of judgeFamily(members).entries()) {
      const band = verdict.status === 'warn' || verdict.status === 'critical' ? verdict.status : undefined;
      if (band !== undefined && current[i] === undefined) {
        began.push({ series: i, at: h });
        frozen[i] = verdict.baseline;
        since[i] = to;
      } else if (band === undefined && current[i] !== undefined && verdict.judged) {
        excluded[i]?.push({ from: since[i] as number, to });
        frozen[i] = undefined;
      }
      if (band !== undefined || verdict.judged) current[i] = band;
    }
  }
  return began;
}

/**
 * False alarms a month of `together` series that one rule judges, and what the formula of
 * docs/evidence.md expects. `truth` is their true accuracy all the time; the formula takes it for
 * 0.8.
 */
export function falseAlarms(
  rule: AskingRule,
  perDay: number,
  { months, together, seed, truth = accuracy }: { months: number; together: number; seed: number; truth?: number },
): { simulated: number; expected: number } {
  let begun = 0;
  for (let run = 0; run < months; run += 1) {
    const random = randomOf(seed + 7919 * run);
    const all = Array.from({ length: together }, () => series(before + month, perDay, random, { truth }));
    begun += alarmsOf(rule, all, before + month).length;
  }
  const normal = { count: perDay, value: accuracy, baseline: { kind: 'fixed', value: accuracy } as const };
  const found = expectedAlarms(
    rule,
    Array.from({ length: together }, () => normal),
  );
  return { simulated: begun / months, expected: found.ok ? found.alarms : Number.NaN };
}

/**
 * Of drops of accuracy by so many points: the share that is found within a week, and the mean hours
 * until then.
 */
export function detection(rule: AskingRule, perDay: number, drop: number, runs: number): { found: number; meanHours: number } {
  const random = randomOf(31 * perDay + Math.round(1000 * drop));
  const hours = before + 7 * day;
  const delays: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const [first] = alarmsOf(rule, [series(hours, perDay, random, { drop, from: before })], hours);
    if (first !== undefined) delays.push(first.at - before + 1);
  }
  return { found: delays.length / runs, meanHours: delays.reduce((sum, one) => sum + one, 0) / delays.length };
}

const shown = (alarms: number): string => (alarms === 0 ? '0' : alarms < 0.01 ? '< 0.01' : String(Number(alarms.toPrecision(2))));

/** The rows of 300 labels a day, which tell the most in the shortest time. */
export async function benchProportions(): Promise<{ name: string; value: string }[]> {
  return Object.entries(rules).map(([name, rule]) => {
    const { simulated, expected } = falseAlarms(rule, 300, { months: 12, together: 1, seed: 300 });
    return {
      name: `false alarms per month, 300 labels a day: ${name}`,
      value: `${shown(simulated)} (${shown(expected)} expected)`,
    };
  });
}

function main(quick: boolean): void {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const sizes = quick ? [100, 1000] : [100, 300, 1000, 3000, 10_000];
  const months = (perDay: number): number => (quick ? 6 : Math.max(20, Math.min(100, Math.round(60_000 / perDay))));
  write(
    `| labels a day | series | ${Object.keys(rules).join(' | ')} | months |\n|---|---|${'---|'.repeat(Object.keys(rules).length)}---|`,
  );
  for (const together of quick ? [1] : [1, 20]) {
    for (const perDay of sizes) {
      const runs = Math.ceil(months(perDay) / (together === 1 ? 1 : 10));
      const cells = Object.values(rules).map((rule) => {
        const { simulated, expected } = falseAlarms(rule, perDay, { months: runs, together, seed: perDay });
        return `${shown(simulated)} (${shown(expected)})`;
      });
      write(`| ${[perDay, together, ...cells, runs].join(' | ')} |`);
    }
  }
  write(
    `\n| accuracy falls by | labels a day | ${Object.keys(rules).join(' | ')} |\n|---|---|${'---|'.repeat(Object.keys(rules).length)}`,
  );
  for (const drop of [0.02, 0.05, 0.1]) {
    for (const perDay of quick ? [100, 1000] : [100, 1000, 10_000]) {
      const cells = Object.values(rules).map((rule) => {
        const { found, meanHours } = detection(rule, perDay, drop, quick ? 20 : 100);
        return found === 0 ? '0 %' : `${Math.round(100 * found)} %, ${Math.round(meanHours)} h`;
      });
      write(`| ${[`${100 * drop} points`, perDay, ...cells].join(' | ')} |`);
    }
  }
}

if (import.meta.main) main(process.argv.includes('--quick'));
