import type { AnomalyRuleState } from '../../core/detection/kinds/anomaly/judge.ts';
import type { RuleOf } from '../../core/detection/rules/rule-schema.ts';

/** What one rule learned about its series. */
export type OfRule = {
  rule: RuleOf<'anomaly'>;
  states: Map<string, AnomalyRuleState>;
  /** The end of the last answer. */
  readTo: number;
  /** `states` covers every series of the last answer, so the next one needs only new points. */
  complete: boolean;
  /**
   * Series of this answer that appeared while only new points were read, and those without room.
   */
  unlearned: number;
  crowded: number;
};

/**
 * At most `max` states, shared by rules. The largest rule gives one up for a smaller rule, so a
 * flood of series displaces only states of its own rule.
 */
export type StateRoom = {
  /** What a rule learned; empty if the rule changed. */
  of(id: string, rule: RuleOf<'anomaly'>, to: number): OfRule;
  hasRoom(one: OfRule): boolean;
  set(one: OfRule, key: string, state: AnomalyRuleState): void;
  drop(one: OfRule, key: string): void;
  /** Forgets all other rules. */
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
  /** Drops the newest state of the largest rule. */
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
    /** After a clock is set back, states from the future are dropped, too. */
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
