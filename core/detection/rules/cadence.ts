import { sourceLag } from '../../telemetry/sources/source.ts';
import type { DetectionConfig } from '../config.ts';
import { type AskingRule, isAsking, type RuleCommon } from './rule-schema.ts';

/** How often is looked at what happens by time, such as the end of an external alert. */
const timedEveryMs = 60_000;

type Timing = Pick<RuleCommon, 'step' | 'every' | 'whileActive'>;

/**
 * How often a rule is evaluated, in milliseconds: slowly while healthy, and every `whileActive`
 * once an alert is pending, firing or recovering.
 */
export function cadenceOf({ step, every, whileActive }: Timing, active: boolean): number {
  const calm = every ?? step;
  return active && whileActive !== undefined ? Math.min(calm, whileActive) : calm;
}

/**
 * How long points of a rule's source may still change; they are not judged before. 0 if the source
 * does not say.
 */
export function lagOf(sources: DetectionConfig['sources'], { source }: Pick<AskingRule, 'source'>): number {
  return sourceLag(sources[source]);
}

/**
 * Whether an evaluation time of the rule lies in (last, now]; always true before the first tick.
 * Evaluation times are multiples of the cadence since the epoch, shifted by the source's lag: at
 * the full hour, that hour's point is not final yet.
 */
export function isDue(rule: Timing, tick: { last: number | undefined; now: number; active: boolean; lagMs: number }): boolean {
  if (tick.last === undefined) return true;
  const cadence = cadenceOf(rule, tick.active);
  return Math.floor((tick.now - tick.lagMs) / cadence) > Math.floor((tick.last - tick.lagMs) / cadence);
}

/**
 * When the next rule may be due after `last`, whichever are active; undefined if never. For clocks
 * that jump. `isTimed`: something happens by time, even if no rule is due.
 */
export function nextEvaluationAt({ rules, sources }: DetectionConfig, last: number, isTimed: boolean): number | undefined {
  let next = isTimed ? (Math.floor(last / timedEveryMs) + 1) * timedEveryMs : undefined;
  for (const rule of Object.values(rules)) {
    // A rule that depends on others is judged whenever one of them was.
    if (!isAsking(rule)) continue;
    const lag = lagOf(sources, rule);
    for (const cadence of new Set([cadenceOf(rule, true), cadenceOf(rule, false)])) {
      const at = (Math.floor((last - lag) / cadence) + 1) * cadence + lag;
      if (next === undefined || at < next) next = at;
    }
  }
  return next;
}
