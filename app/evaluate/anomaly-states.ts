import type { Config } from '../../core/config/schema.ts';
import { lookbackOf } from '../../core/detection/baselines/lookback.ts';
import { rangeNeeded } from '../../core/detection/judge.ts';
import { judgeAnomaly } from '../../core/detection/kinds/anomaly/judge.ts';
import { askingKindOf } from '../../core/detection/kinds/table.ts';
import type { AskingRule, RuleOf } from '../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import type { Point } from '../../core/telemetry/series.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { unknownKind } from '../../core/vocabulary/unknown-kind.ts';
import type { SourceRequest } from '../ports/source.ts';
import { learningBudget } from './learning-budget.ts';
import { stateRoom } from './state-room.ts';

/** An anomaly rule, and the request for its points. */
type AnomalyRule = RuleOf<'anomaly'>;
export type AnomalyRequest = SourceRequest & { rule: AnomalyRule };

/**
 * Whether the rule's learned state is kept here. Throws TypeError for an unknown kind of memory.
 */
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

/** States per process, up to 40 kB each. */
const maxStates = 1000;
/**
 * Points learned per tick for series without a state, which takes 2 to 6 seconds. A start with many
 * series is spread over ticks: learning all at once could hit the time limit and start over
 * forever.
 */
const pointsATick = 250_000;

/**
 * What anomaly rules learned about their series: an in-process cache, rebuilt from the points of
 * `lookback` if missing. See docs/adr/0010-anomaly-state-is-a-cache.md.
 */
export type AnomalyStates = {
  /** Forgets rules that were removed or changed. */
  beginTick(rules: Config['rules']): void;
  /**
   * Where the points for an evaluation up to `to` start: the whole lookback, or only new points.
   */
  from(ruleId: RuleId, rule: AnomalyRule, to: number): number;
  judge(request: AnomalyRequest, labels: Labels, points: readonly Point[], now: number): Verdict;
  /**
   * Call after all series of an answer: if it was complete, the next one needs only new points.
   * Returns how many series found no room; for those the whole lookback is read every time.
   */
  afterAnswer(request: AnomalyRequest, complete: boolean): number;
};

export const newAnomalyStates = (): AnomalyStates => anomalyStates(maxStates, pointsATick);

const tooManyAtOnce = 'insufficient evidence: a process that has just started learns other series first';

/** Rules share memory and a tick's time. */
export function anomalyStates(max: number, pointsOfTick: number): AnomalyStates {
  const room = stateRoom(max);
  const budget = learningBudget(pointsOfTick);
  return {
    beginTick(rules) {
      budget.beginTick();
      room.keep((id, rule) => rules[id] === rule);
    },
    from(ruleId, rule, to) {
      const { states, complete, readTo } = room.of(ruleId, rule, to);
      const whole = to - rangeNeeded(rule);
      if (!complete) return whole;
      let wanted = readTo;
      for (const { wantedAfter } of states.values()) wanted = Math.min(wanted, wantedAfter);
      return Math.max(whole, Math.min(wanted, to) - lookbackOf(rule));
    },
    judge({ ruleId, rule, from, to }, labels, points, now) {
      const known = room.of(ruleId, rule, to);
      const key = labelsKey(labels);
      const before = known.states.get(key);
      const hasRoom = before !== undefined || room.hasRoom(known);
      if (before === undefined && !budget.allows(ruleId, points.length, hasRoom)) {
        if (hasRoom) budget.wait(ruleId);
        known.unlearned += 1;
        return { status: 'insufficient evidence', at: now, reason: tooManyAtOnce, judged: false };
      }
      if (before === undefined) budget.spend(ruleId, points.length, hasRoom);
      const { verdict, state } = judgeAnomaly(rule, points, { now, to }, before);
      // A series that appears while only new points were read is learned in the next evaluation,
      // from the whole lookback.
      if (before === undefined && from > to - rangeNeeded(rule)) known.unlearned += 1;
      else if (!hasRoom) known.crowded += 1;
      else room.set(known, key, state);
      return verdict;
    },
    afterAnswer({ ruleId, rule, to }, complete) {
      const known = room.of(ruleId, rule, to);
      const { states, unlearned, crowded } = known;
      for (const [key, { detector }] of states) {
        if ((detector.lastAt ?? to) <= to - rangeNeeded(rule)) room.drop(known, key);
      }
      known.readTo = to;
      known.complete = complete && unlearned === 0 && crowded === 0;
      known.unlearned = 0;
      known.crowded = 0;
      return crowded;
    },
  };
}
