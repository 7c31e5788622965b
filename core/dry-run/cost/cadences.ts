import type { Config } from '../../config/schema.ts';
import { cadenceOf, lagOf } from '../../detection/rules/cadence.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import { alarmDelay, type Delay, surelySeenPoints, tocsinDelay } from './detection.ts';
import { cloudwatchRules } from './metrics-requested.ts';
import { countsPoints } from './watched-metrics.ts';

/** How often rules are evaluated; milliseconds. */
export type Cadence = { every: number; whileActive?: number };

const minute = 60_000;
const slower = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60].map((minutes) => minutes * minute);

/**
 * The config with every CloudWatch rule at this cadence, but never faster than its points arrive.
 */
export function askedAt(config: Config, cadence: Cadence): Config {
  return withCadences(config, (rule) => {
    const every = Math.max(cadence.every, rule.step);
    const active = cadence.whileActive === undefined ? undefined : Math.max(cadence.whileActive, rule.step);
    return { every, ...(active === undefined || active >= every ? {} : { whileActive: active }) };
  });
}

export function withCadences(config: Config, cadenceFor: (rule: AskingRule, lagMs: number) => Cadence): Config {
  const rules = { ...config.rules };
  for (const [id, rule] of cloudwatchRules(config)) {
    if (countsPoints(rule)) rules[id] = { ...rule, whileActive: undefined, ...cadenceFor(rule, lagOf(config.sources, rule)) };
  }
  return { ...config, rules };
}

/**
 * The cheapest cadence that costs only minutes of delay: slow while healthy, every point while an
 * alert is pending or firing. It must see every breach that an M-of-N alarm would see, and a
 * lasting one within `detectWithinMs` at worst. A rule that is already slower stays so; if nothing
 * cheaper qualifies, the rule stays as it is.
 */
export function recommendedCadence(rule: AskingRule, lagMs: number, detectWithinMs: number): Cadence {
  const now: Cadence = {
    every: cadenceOf(rule, false),
    ...(rule.whileActive === undefined ? {} : { whileActive: rule.whileActive }),
  };
  const fast = Math.max(rule.step, minute);
  let best = now;
  for (const every of [...slower, now.every].sort((a, b) => a - b)) {
    if (every < now.every || (every > now.every && every % rule.step !== 0)) continue;
    const adaptive: Cadence = every > fast ? { every, whileActive: fast } : { every };
    const tried: AskingRule = { ...rule, whileActive: undefined, ...adaptive };
    const seesAll = surelySeenPoints(tried) <= Math.max(rule.for.m, every === now.every ? surelySeenPoints(rule) : 0);
    if (seesAll && (every === now.every || tocsinDelay(tried, lagMs).worst <= detectWithinMs)) best = adaptive;
  }
  return best;
}

/** Rules with one timing: how late they see a breach, compared with an M-of-N alarm. */
export type TimingGroup = {
  step: number;
  for: string;
  every: number;
  whileActive?: number;
  lag: number;
  rules: number;
  tocsin: Delay;
  alarm: Delay;
  /** The breach length that is always seen, by Tocsin and by an alarm; milliseconds. */
  surelySeen: { tocsin: number; alarm: number };
};

export function timingsOf(config: Config, alarmDelayMs: number): TimingGroup[] {
  const groups = new Map<string, TimingGroup>();
  for (const [, rule] of cloudwatchRules(config)) {
    if (!countsPoints(rule)) continue;
    const lag = lagOf(config.sources, rule);
    const every = cadenceOf(rule, false);
    const { m, n } = rule.for;
    const key = [rule.step, m, n, every, rule.whileActive, lag].join(' ');
    const group = groups.get(key);
    if (group !== undefined) {
      group.rules += 1;
      continue;
    }
    groups.set(key, {
      step: rule.step,
      for: `${m}/${n}`,
      every,
      ...(rule.whileActive === undefined ? {} : { whileActive: rule.whileActive }),
      lag,
      rules: 1,
      tocsin: tocsinDelay(rule, lag),
      alarm: alarmDelay(rule, alarmDelayMs),
      surelySeen: { tocsin: surelySeenPoints(rule) * rule.step, alarm: m * rule.step },
    });
  }
  return [...groups.values()].sort((a, b) => b.rules - a.rules);
}

/** How much later than alarms the rules see a lasting breach: on average, and in the worst case. */
export function laterThanAlarms(timings: readonly TimingGroup[]): Delay {
  let rules = 0;
  let sum = 0;
  let worst = 0;
  for (const group of timings) {
    rules += group.rules;
    sum += group.rules * (group.tocsin.mean - group.alarm.mean);
    worst = Math.max(worst, group.tocsin.worst - group.alarm.worst);
  }
  return { mean: rules === 0 ? 0 : sum / rules, worst };
}
