import type { Incident } from '../../core/response/incidents/incident.ts';
import { countsOf, type HealthCounts } from '../../core/selfcheck/health/by-group.ts';
import type { RuleHealth } from '../../core/selfcheck/health/rule-health.ts';
import type { OfOthers } from '../../core/selfcheck/scope/of-others.ts';
import { scopeOf, type TeamScope, teamsOf } from '../../core/selfcheck/scope/team-scope.ts';
import { profiledFeatures } from '../../core/telemetry/samples/profile-parts.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { Ports } from '../ports/ports.ts';
import { driftRulesOf } from './feature-comparison.ts';
import { type ModelSource, modelsIn } from './model-of.ts';
import { readOpen } from './open-incidents.ts';
import { readRulesHealth } from './rules-health.ts';

export type ModelSeen = Pick<ModelSource, 'model' | 'name'> & {
  serving?: ServingState;
  /** Versions with a training profile. */
  trainings: number;
  /** Features of which profiles are kept, and how many drift rules judge them. */
  features: number;
  driftRules: number;
  rules: HealthCounts;
  openIncidents: number;
  owners: string[];
};

export type ModelsSeen = { total: number; shown: ModelSeen[]; next?: number; ofOthers?: OfOthers };

/**
 * Every model to which predictions are sent, by name: those that teams of `viewer` own rules about
 * come first; with `scope`, only those of that team.
 */
export async function readModels(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  asked: { from: number; limit: number; viewer?: string | undefined; scope?: TeamScope | undefined },
): Promise<ModelsSeen> {
  const { store, config } = ports;
  const [health, { open }] = await Promise.all([readRulesHealth(ports), readOpen(ports)]);
  const about = Map.groupBy(health, ({ group }) => (group.kind === 'model' ? group.name : undefined));
  const isOf = (scope: TeamScope, { model }: ModelSource): boolean => {
    const rules = about.get(model) ?? [];
    return rules.length === 0 || scope.group(rules);
  };
  const { scope } = asked;
  const every = modelsIn(config);
  const own = teamsOf(config, asked.viewer).map((team) => scopeOf(config, team));
  const rank = (one: ModelSource): number => (own.some((team) => isOf(team, one)) ? 0 : 1);
  const all = every.filter((one) => scope === undefined || isOf(scope, one)).sort((a, b) => rank(a) - rank(b));
  const others = scope === undefined ? [] : every.filter((one) => !isOf(scope, one));
  const page = all.slice(asked.from, asked.from + asked.limit);
  const shown = await Promise.all(
    page.map(async (one): Promise<ModelSeen> => {
      const [serving, trainings] = await Promise.all([store.serving(one.name), store.trainings(one.name)]);
      const rules = about.get(one.model) ?? [];
      return {
        ...{ model: one.model, name: one.name, trainings: trainings.length, features: profiledFeatures(one.source).length },
        ...(serving !== undefined && { serving }),
        driftRules: driftRulesOf(config, one).length,
        rules: countsOf(rules),
        openIncidents: incidentsAbout(open, one.model).length,
        owners: ownersOf(config, rules),
      };
    }),
  );
  const next = asked.from + asked.limit;
  const fires = ({ model }: ModelSource): boolean =>
    about.get(model)?.some(({ state }) => state === 'critical' || state === 'warn') === true;
  return {
    total: all.length,
    shown,
    ...(next < all.length && { next }),
    ...(scope !== undefined && {
      ofOthers: { team: scope.team, models: { total: others.length, unwell: others.filter(fires).length } },
    }),
  };
}

export const rulesAbout = (health: readonly RuleHealth[], model: string): RuleHealth[] =>
  health.filter(({ group }) => group.kind === 'model' && group.name === model);

export const incidentsAbout = (incidents: readonly Incident[], model: string): Incident[] =>
  incidents.filter(({ alerts }) => alerts.some(({ labels }) => labels['model'] === model));

/** The teams that own rules about it. */
export const ownersOf = ({ rules }: Ports['config'], own: readonly RuleHealth[]): string[] =>
  [...new Set(own.flatMap(({ rule }) => rules[rule]?.owner ?? []))].sort();
