import { type Change, keyOf } from './change.ts';

/** The most incidents, and the most rules, that are named at a time. */
export const mostNamed = 50;

/**
 * Changes that wait to be told together, each thing once. A storm changes thousands of incidents,
 * and a tick evaluates thousands of rules: past `mostNamed` of them their names are dropped.
 */
export type Gathered = {
  add(change: Change): void;
  /** In the order in which they last came; empties it. */
  take(): Change[];
};

export function gathered(): Gathered {
  const changes = new Map<string, Change>();
  const named = { incident: new Set<string>(), rule: new Set<string>() };

  function put(change: Change): void {
    const key = keyOf(change);
    changes.delete(key);
    changes.set(key, change);
  }

  return {
    add(change) {
      if (change.kind !== 'incident' && change.kind !== 'rule') return put(change);
      const names = named[change.kind];
      if (names.size <= mostNamed) names.add(keyOf(change));
      if (names.size <= mostNamed) return put(change);
      for (const name of names) changes.delete(name);
      put(change.kind === 'incident' ? { kind: 'incidents' } : { kind: 'rules', at: change.at });
    },
    take() {
      const taken = [...changes.values()];
      changes.clear();
      for (const names of Object.values(named)) names.clear();
      return taken;
    },
  };
}
