import { sourceLag } from '../../telemetry/sources/source.ts';
import type { DetectionConfig } from '../config.ts';
import { type AskingRule, isAsking, type RuleCommon } from './rule-schema.ts';

/** How often alerts that other systems judge are looked at for their end. */
const externalEveryMs = 60_000;

type Timing = Pick<RuleCommon, 'step' | 'every' | 'whileActive'>;

/**
 * How often a rule is evaluated, in milliseconds: seldom while all is well, and as often as
 * `whileActive` says once an alert of it is pending, firing or recovering, when a minute counts.
 */
export function cadenceOf({ step, every, whileActive }: Timing, active: boolean): number {
  const calm = every ?? step;
  return active && whileActive !== undefined ? Math.min(calm, whileActive) : calm;
}

/**
 * For how long points of a rule's source may still change, and are not judged; 0 for sources that
 * say nothing of it.
 */
export function lagOf(sources: DetectionConfig['sources'], { source }: Pick<AskingRule, 'source'>): number {
  return sourceLag(sources[source]);
}

/**
 * Whether an evaluation time of the rule lies in (last, now]; always before the first tick.
 * Evaluation times are multiples of the cadence since the epoch, moved by the source's lag: at the
 * full hour, the point of that hour could not be judged yet, and would wait for the next one.
 */
export function isDue(rule: Timing, tick: { last: number | undefined; now: number; active: boolean; lagMs: number }): boolean {
  if (tick.last === undefined) return true;
  const cadence = cadenceOf(rule, tick.active);
  return Math.floor((tick.now - tick.lagMs) / cadence) > Math.floor((tick.last - tick.lagMs) / cadence);
}

/**
 * When the next rule may be due after `last`, whichever of them are active; undefined where nothing
 * ever is. For clocks that jump.
 */
export function nextEvaluationAt({ rules, sources }: DetectionConfig, last: number): number | undefined {
  // Alerts from elsewhere end by time, whether or not a rule is due.
  const takesAlerts = Object.values(sources).some(({ kind }) => kind === 'alerts');
  let next = takesAlerts ? (Math.floor(last / externalEveryMs) + 1) * externalEveryMs : undefined;
  for (const rule of Object.values(rules)) {
    // A rule that rests on others is judged whenever one of them was.
    if (!isAsking(rule)) continue;
    const lag = lagOf(sources, rule);
    for (const cadence of new Set([cadenceOf(rule, true), cadenceOf(rule, false)])) {
      const at = (Math.floor((last - lag) / cadence) + 1) * cadence + lag;
      if (next === undefined || at < next) next = at;
    }
  }
  return next;
}
