import type { Judgement } from '../../core/alerting/judgements/judgement.ts';
import { byGroup, countsOf, type HealthCounts } from '../../core/selfcheck/health/by-group.ts';
import type { HealthState } from '../../core/selfcheck/health/health-state.ts';
import type { RuleGroup } from '../../core/selfcheck/health/model-of.ts';
import type { RuleHealth } from '../../core/selfcheck/health/rule-health.ts';
import type { OfOthers } from '../../core/selfcheck/scope/of-others.ts';
import type { TeamScope } from '../../core/selfcheck/scope/team-scope.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { holdsWords } from '../../core/vocabulary/words.ts';
import type { Ports } from '../ports/ports.ts';
import { latestJudgements } from './latest-judgements.ts';
import { readRulesHealth } from './rules-health.ts';

/** Which rules, and how many from where on. */
export type RuleQuery = {
  /** Part of a name, a title or a model. */
  q?: string | undefined;
  /** Name of a model, or of what else rules are listed under. */
  model?: string | undefined;
  health?: HealthState | undefined;
  /** Only those of this team. */
  scope?: TeamScope | undefined;
  /** The last rule of the list before. */
  after?: RuleId | undefined;
  limit: number;
};

export type RuleList = {
  /** Of those that `q` and `model` leave. */
  counts: HealthCounts;
  /** How many there are in all lists of this query. */
  total: number;
  groups: { total: number; shown: (RuleGroup & { counts: HealthCounts })[] };
  rules: { health: RuleHealth; judgement: Judgement | undefined }[];
  /** Set if there are more. */
  next?: RuleId;
  /** What the scope leaves out of what else fits. */
  ofOthers?: OfOthers;
};

const mostGroups = 500;

/** Rules by model, in each by name: an order that judging does not change. */
export async function ruleList(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  { q = '', model, health, scope, after, limit }: RuleQuery,
): Promise<RuleList | { wrong: string }> {
  const all = await readRulesHealth(ports);
  const groups = byGroup(all);
  const isNamed = holdsWords(q);
  const named = all.filter((one) => (model === undefined || one.group.name === model) && isNamed(textOf(one)));
  const asked = scope === undefined ? named : named.filter(({ rule }) => scope.rule(rule));
  const listed = asked.filter(({ state }) => health === undefined || state === health).sort(inListOrder);
  const known = after === undefined ? undefined : all.find(({ rule }) => rule === after);
  if (after !== undefined && known === undefined)
    return { wrong: `expected cursor to be \`next\` of an earlier answer; the config has no rule ${shown(after)} any more` };
  const from = known === undefined ? 0 : listed.findIndex((one) => inListOrder(one, known) > 0);
  const some = from < 0 ? [] : listed.slice(from, from + limit);
  const judgements = await latestJudgements(
    ports,
    some.map(({ rule }) => rule),
  );
  const last = some.at(-1);
  return {
    counts: countsOf(asked),
    total: listed.length,
    groups: {
      total: groups.length,
      shown: groups.slice(0, mostGroups).map(({ kind, name, counts }) => ({ kind, name, counts })),
    },
    rules: some.map((one) => ({ health: one, judgement: judgements.get(one.rule) })),
    ...(scope !== undefined && {
      ofOthers: { team: scope.team, rules: countsOf(named.filter(({ rule }) => !scope.rule(rule))) },
    }),
    ...(last !== undefined && from + some.length < listed.length && { next: last.rule }),
  };
}

const textOf = ({ rule, title, group }: RuleHealth): string => `${rule} ${title} ${group.name}`;

const inListOrder = (a: RuleHealth, b: RuleHealth): number =>
  compare(a.group.kind, b.group.kind) || compare(a.group.name, b.group.name) || compare(a.rule, b.rule);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
