import { type HealthState, healthRank, healthStates } from './health-state.ts';
import type { RuleGroup } from './model-of.ts';
import type { RuleHealth } from './rule-health.ts';

export type HealthCounts = Record<HealthState, number>;

export function countsOf(rules: readonly Pick<RuleHealth, 'state'>[]): HealthCounts {
  const counts = Object.fromEntries(healthStates.map((state) => [state, 0])) as HealthCounts;
  for (const { state } of rules) counts[state] += 1;
  return counts;
}

/** The rules of one model, the worst first. */
export type GroupHealth = RuleGroup & { counts: HealthCounts; rules: RuleHealth[] };

/** Worse first; then by name, so that the order changes only with a state. */
export const worseFirst = (a: RuleHealth, b: RuleHealth): number =>
  healthRank[a.state] - healthRank[b.state] || byName(a.rule, b.rule);

/**
 * Rules by model, in each the worst first, and the models with the worst rules first; of equally
 * bad ones, those that are the viewer's own.
 */
export function byGroup(
  rules: readonly RuleHealth[],
  isOwn: (rules: readonly RuleHealth[]) => boolean = () => false,
): GroupHealth[] {
  const groups = Map.groupBy(rules, ({ group: { kind, name } }) => `${kind} ${name}`);
  const all = [...groups.values()].map((own): GroupHealth => {
    const sorted = own.toSorted(worseFirst);
    return { ...(own[0] as RuleHealth).group, counts: countsOf(own), rules: sorted };
  });
  const worst = ({ rules: [first] }: GroupHealth): number => healthRank[first?.state ?? 'ok'];
  const own = new Set(all.filter((group) => isOwn(group.rules)));
  const foreign = (group: GroupHealth): number => (own.has(group) ? 0 : 1);
  return all.sort(
    (a, b) => worst(a) - worst(b) || foreign(a) - foreign(b) || kindRank[a.kind] - kindRank[b.kind] || byName(a.name, b.name),
  );
}

const kindRank = { model: 0, source: 1, alerts: 2 } as const;
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
