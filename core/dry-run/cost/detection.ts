import { cadenceOf } from '../../detection/rules/cadence.ts';
import type { RuleCommon } from '../../detection/rules/rule-schema.ts';
import { deployed } from './deployed.ts';

export type Timing = Pick<RuleCommon, 'step' | 'every' | 'whileActive' | 'for'>;

/** From the beginning of a breach that lasts until it is seen, in milliseconds: on average over when it begins, and at worst. */
export type Delay = { mean: number; worst: number };

const tickMs = deployed.tickMinutes * 60_000;
/** Evaluation times and steps meet again after their common multiple; odd ones are followed no further than this. */
const maxPhases = 10_000;

/**
 * How long Tocsin needs. A point breaches when the breach fills its whole step, so the first one ends between one and two
 * steps after the breach began. The rule fires at the first evaluation after M such points, which comes `lagMs` after a multiple
 * of its cadence. With `whileActive` the first evaluation that sees any of them makes the alert pending, and from then on the
 * rule is evaluated that often. The deployed tick comes at any second of its minute.
 */
export function tocsinDelay(rule: Timing, lagMs: number): Delay {
  const { step } = rule;
  const calm = Math.max(cadenceOf(rule, false), tickMs);
  const fast = Math.max(cadenceOf(rule, true), tickMs);
  const after = (time: number, cadence: number): number => Math.ceil(time / cadence) * cadence;
  const phases = Math.min(maxPhases, lcm(lcm(step, calm), fast) / step);
  let sum = 0;
  let worst = 0;
  for (let phase = 0; phase < phases; phase += 1) {
    const first = phase * step;
    const enough = first + (rule.for.m - 1) * step;
    const seen = after(first, calm);
    const fired = seen >= enough ? seen : after(enough, fast);
    sum += fired - first;
    worst = Math.max(worst, fired - first);
  }
  const before = 1.5 * step + lagMs;
  return { mean: before + sum / phases + tickMs / 2, worst: before + 0.5 * step + worst + tickMs };
}

/**
 * How long an alarm of the same M of N and period needs. Its window slides with each evaluation: each minute, or each ten
 * seconds for a period below a minute. So M periods pass, the last datapoint arrives, and the next evaluation comes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function alarmDelay({ step, for: { m } }: Timing, alarmDelayMs: number): Delay {
  const evaluatedEvery = step < 60_000 ? 10_000 : 60_000;
  const least = m * step + alarmDelayMs;
  return { mean: least + evaluatedEvery / 2, worst: least + evaluatedEvery };
}

/**
 * How many points in a row must breach for the rule to fire in any case; M for an alarm. Between two evaluations more points may
 * pass than the N that are looked at, and a short breach may lie across two of them. With e points between evaluations, M
 * breaching points are looked at up to e - 1 points late, when N reach back by N only: M + max(0, e + M - 1 - N). With
 * `whileActive` and f points between evaluations then, one breaching point is enough to look again so soon, which leaves
 * M + max(0, e - N, f + M - 1 - N).
 */
export function surelySeenPoints(rule: Timing): number {
  const { m, n } = rule.for;
  const pointsIn = (cadence: number): number => Math.max(1, Math.ceil(Math.max(cadence, tickMs) / rule.step));
  const between = pointsIn(cadenceOf(rule, false));
  if (rule.whileActive === undefined) return m + Math.max(0, between + m - 1 - n);
  return m + Math.max(0, between - n, pointsIn(cadenceOf(rule, true)) + m - 1 - n);
}

function lcm(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
