import type { Config } from '../../core/config/schema.ts';
import { lookbackOf } from '../../core/detection/baselines/lookback.ts';
import { rangeNeeded } from '../../core/detection/judge.ts';
import { type AnomalyRuleState, judgeAnomaly } from '../../core/detection/kinds/anomaly/judge.ts';
import { askingKindOf } from '../../core/detection/kinds/table.ts';
import type { AskingRule, RuleOf } from '../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import type { Point } from '../../core/telemetry/series.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { unknownKind } from '../../core/vocabulary/unknown-kind.ts';
import type { SourceRequest } from '../ports/source.ts';

/** A rule of this kind, and the request for its points. */
type AnomalyRule = RuleOf<'anomaly'>;
export type AnomalyRequest = SourceRequest & { rule: AnomalyRule };

/** Whether what a rule has learned of its series is kept here. Throws a TypeError for a memory of another kind. */
export function isAnomaly(rule: AskingRule): rule is AnomalyRule {
  const { memory } = askingKindOf(rule);
  switch (memory) {
    case 'anomaly states':
      return true;
    case 'none':
      return false;
    default:
      return unknownKind('memory of a rule kind', memory);
  }
}
export const asksAnomaly = (request: SourceRequest): request is AnomalyRequest => isAnomaly(request.rule);

/** States of one process, at up to 40 kB each in memory. */
const maxStates = 1000;
/**
 * Points of series without a state that are learned in one tick, which takes 2 to 6 seconds. A start with many series takes several
 * ticks: one that learned all of them at once could run into its time limit and begin anew, for ever.
 */
const pointsATick = 250_000;

/**
 * What anomaly rules have learned of their series: a cache in the process, rebuilt from the points of `lookback` wherever it is
 * missing. See docs/adr/0010-anomaly-state-is-a-cache.md.
 */
export type AnomalyStates = {
  /** Forgets what rules have learned that are no longer in the config, or are no longer the same. */
  beginTick(rules: Config['rules']): void;
  /** Where the points begin that an evaluation up to `to` needs: the whole lookback, or what is new. */
  from(ruleId: RuleId, rule: AnomalyRule, to: number): number;
  judge(request: AnomalyRequest, labels: Labels, points: readonly Point[], now: number): Verdict;
  /**
   * After all series of an answer: the next one needs only what is new, if this was the whole of it. Returns how many series found no room,
   * for which the whole lookback is read again and again.
   */
  afterAnswer(request: AnomalyRequest, complete: boolean): number;
};

type OfRule = {
  rule: AnomalyRule;
  states: Map<string, AnomalyRuleState>;
  /** The end of the last answer. */
  readTo: number;
  /** Every series of the last answer is in `states`, so that the next one needs only what is new. */
  complete: boolean;
  /** Series of this answer that came while only what is new was read, and those that found no room. */
  unlearned: number;
  crowded: number;
};

export const newAnomalyStates = (): AnomalyStates => anomalyStates(maxStates, pointsATick);

const tooManyAtOnce = 'insufficient evidence: a process that has just started learns other series first';

/**
 * Rules share the room and the time of a tick: the rule with the most states gives one up for a rule that has fewer, so that a sender of very
 * many series pushes out those of its own rule. Points of series that find no room count apart, and half of a tick is kept for rules that
 * learned nothing in the last one, so that nobody waits for others for ever.
 */
export function anomalyStates(max: number, pointsOfTick: number): AnomalyStates {
  const byRule = new Map<string, OfRule>();
  let count = 0;
  let left = pointsOfTick;
  let leftOfCrowded = pointsOfTick;
  /** Rules that learned nothing in the last tick for want of points; and those that learned, or had to wait, in this one. */
  let hungry = new Set<string>();
  let learned = new Set<string>();
  let waited = new Set<string>();
  const largest = (): OfRule | undefined => {
    let found: OfRule | undefined;
    for (const one of byRule.values()) if (one.states.size > (found?.states.size ?? 0)) found = one;
    return found;
  };
  const hasRoom = ({ states }: OfRule): boolean => count < max || states.size + 1 < (largest()?.states.size ?? 0);
  /** Takes the state that came last from the rule that has most. */
  const makeRoom = (): void => {
    if (count < max) return;
    const from = largest();
    const last = [...(from?.states.keys() ?? [])].at(-1);
    if (from === undefined || last === undefined) return;
    from.states.delete(last);
    from.complete = false;
    from.crowded += 1;
    count -= 1;
  };
  /** Whether a series without a state may be learned in this tick. One of more points than a tick takes is learned by itself. */
  const mayLearn = (ruleId: RuleId, points: number, room: boolean): boolean => {
    if (!room) return points <= leftOfCrowded || leftOfCrowded === pointsOfTick;
    const reserved = hungry.size > 0 && !hungry.has(ruleId) ? pointsOfTick / 2 : 0;
    return points <= left - reserved || (left === pointsOfTick && reserved === 0);
  };
  const forget = (id: string): void => {
    count -= byRule.get(id)?.states.size ?? 0;
    byRule.delete(id);
  };
  /** A clock that was set back must not find what it has not read yet, so that is forgotten, too. */
  const knownOf = (id: string, rule: AnomalyRule, to: number): OfRule => {
    const known = byRule.get(id);
    if (known !== undefined && known.rule === rule && known.readTo <= to) return known;
    forget(id);
    const fresh: OfRule = {
      rule,
      states: new Map(),
      readTo: Number.NEGATIVE_INFINITY,
      complete: false,
      unlearned: 0,
      crowded: 0,
    };
    byRule.set(id, fresh);
    return fresh;
  };
  return {
    beginTick(rules) {
      left = pointsOfTick;
      leftOfCrowded = pointsOfTick;
      hungry = new Set([...waited].filter((id) => !learned.has(id)));
      learned = new Set();
      waited = new Set();
      for (const [id, { rule }] of byRule) if (rules[id] !== rule) forget(id);
    },
    from(ruleId, rule, to) {
      const { states, complete, readTo } = knownOf(ruleId, rule, to);
      const whole = to - rangeNeeded(rule);
      if (!complete) return whole;
      let wanted = readTo;
      for (const { wantedAfter } of states.values()) wanted = Math.min(wanted, wantedAfter);
      return Math.max(whole, Math.min(wanted, to) - lookbackOf(rule));
    },
    judge({ ruleId, rule, from, to }, labels, points, now) {
      const known = knownOf(ruleId, rule, to);
      const key = labelsKey(labels);
      const before = known.states.get(key);
      const room = before !== undefined || hasRoom(known);
      if (before === undefined && !mayLearn(ruleId, points.length, room)) {
        if (room) waited.add(ruleId);
        known.unlearned += 1;
        return { status: 'insufficient evidence', at: now, reason: tooManyAtOnce, judged: false };
      }
      if (before === undefined && room) {
        left -= points.length;
        learned.add(ruleId);
      } else if (before === undefined) leftOfCrowded -= points.length;
      const { verdict, state } = judgeAnomaly(rule, points, { now, to }, before);
      // A series that turns up while only what is new was read is learned in the next evaluation, from the whole lookback.
      if (before === undefined && from > to - rangeNeeded(rule)) known.unlearned += 1;
      else if (!room) known.crowded += 1;
      else {
        if (before === undefined) makeRoom();
        if (before === undefined) count += 1;
        known.states.set(key, state);
      }
      return verdict;
    },
    afterAnswer({ ruleId, rule, to }, complete) {
      const known = knownOf(ruleId, rule, to);
      const { states, unlearned, crowded } = known;
      for (const [key, { detector }] of states) {
        if ((detector.lastAt ?? to) > to - rangeNeeded(rule)) continue;
        states.delete(key);
        count -= 1;
      }
      known.readTo = to;
      known.complete = complete && unlearned === 0 && crowded === 0;
      known.unlearned = 0;
      known.crowded = 0;
      return crowded;
    },
  };
}
