import type { AnomalyRuleState } from '../../core/detection/kinds/anomaly/judge.ts';
import type { RuleOf } from '../../core/detection/rules/rule-schema.ts';

/** What one rule has learned of its series. */
export type OfRule = {
  rule: RuleOf<'anomaly'>;
  states: Map<string, AnomalyRuleState>;
  /** The end of the last answer. */
  readTo: number;
  /**
   * Every series of the last answer is in `states`, so that the next one needs only what is new.
   */
  complete: boolean;
  /**
   * Series of this answer that came while only what is new was read, and those that found no room.
   */
  unlearned: number;
  crowded: number;
};

/**
 * At most `max` states, shared by rules: the rule with the most gives one up for a rule that has
 * fewer, so that a sender of very many series pushes out those of its own rule.
 */
export type StateRoom = {
  /** What a rule has learned; nothing of a rule that is no longer the same. */
  of(id: string, rule: RuleOf<'anomaly'>, to: number): OfRule;
  hasRoom(one: OfRule): boolean;
  set(one: OfRule, key: string, state: AnomalyRuleState): void;
  drop(one: OfRule, key: string): void;
  /** Forgets the rules that are no longer these. */
  keep(isSame: (id: string, rule: RuleOf<'anomaly'>) => boolean): void;
};

export function stateRoom(max: number): StateRoom {
  const byRule = new Map<string, OfRule>();
  let count = 0;
  const largest = (): OfRule | undefined => {
    let found: OfRule | undefined;
    for (const one of byRule.values()) if (one.states.size > (found?.states.size ?? 0)) found = one;
    return found;
  };
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
  const forget = (id: string): void => {
    count -= byRule.get(id)?.states.size ?? 0;
    byRule.delete(id);
  };
  return {
    /**
     * A clock that was set back must not find what it has not read yet, so that is forgotten, too.
     */
    of(id, rule, to) {
      const known = byRule.get(id);
      if (known !== undefined && known.rule === rule && known.readTo <= to) return known;
      forget(id);
      const readTo = Number.NEGATIVE_INFINITY;
      const fresh: OfRule = { rule, states: new Map(), readTo, complete: false, unlearned: 0, crowded: 0 };
      byRule.set(id, fresh);
      return fresh;
    },
    hasRoom: ({ states }) => count < max || states.size + 1 < (largest()?.states.size ?? 0),
    set(one, key, state) {
      if (!one.states.has(key)) {
        makeRoom();
        count += 1;
      }
      one.states.set(key, state);
    },
    drop(one, key) {
      if (one.states.delete(key)) count -= 1;
    },
    keep(isSame) {
      for (const [id, { rule }] of byRule) if (!isSame(id, rule)) forget(id);
    },
  };
}
