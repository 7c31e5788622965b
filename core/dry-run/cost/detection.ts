import { cadenceOf } from '../../detection/rules/cadence.ts';
import type { RuleCommon } from '../../detection/rules/rule-schema.ts';
import { deployed } from './deployed.ts';

export type Timing = Pick<RuleCommon, 'step' | 'every' | 'whileActive' | 'for'>;

/**
 * From the start of a lasting breach until it is seen, in milliseconds: averaged over start times,
 * and in the worst case.
 */
export type Delay = { mean: number; worst: number };

const tickMs = deployed.tickMinutes * 60_000;
/**
 * Evaluation times and steps align again after their common multiple. If that is far away, at most
 * this many phases are simulated.
 */
const maxPhases = 10_000;

/**
 * Tocsin's detection delay. A point breaches if the breach fills its whole step, so the first one
 * ends one to two steps after the start. The rule fires at the first evaluation after M such
 * points, `lagMs` after a multiple of its cadence. With `whileActive`, the first evaluation that
 * sees one makes the alert pending, and the faster cadence applies from then on. The deployed tick
 * runs at any second of its minute.
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
 * The detection delay of an alarm with the same M of N and period. Its window slides with each
 * evaluation: every minute, or every ten seconds for a period below a minute. So: M periods, the
 * last datapoint arrives, the next evaluation.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function alarmDelay({ step, for: { m } }: Timing, alarmDelayMs: number): Delay {
  const evaluatedEvery = step < 60_000 ? 10_000 : 60_000;
  const least = m * step + alarmDelayMs;
  return { mean: least + evaluatedEvery / 2, worst: least + evaluatedEvery };
}

/**
 * How many consecutive points must breach for the rule to fire in any case; M for an alarm. If more
 * than N points pass between evaluations, a short breach may be missed or split. With e points
 * between evaluations, M breaching points are seen up to e - 1 points late while N reaches back
 * only N: M + max(0, e + M - 1 - N). With `whileActive` and f points between evaluations then, one
 * breaching point triggers the faster cadence: M + max(0, e - N, f + M - 1 - N).
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
