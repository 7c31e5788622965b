import type { Config } from '../../config/schema.ts';
import type { PageTarget } from '../../response/escalation/page-target.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import { nameOfActor } from '../../vocabulary/actor.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import type { RuleHealth } from '../health/rule-health.ts';

type Owned = Pick<Config, 'rules' | 'sources' | 'teams'>;

/** What is a team's. What nobody owns is everybody's, so no team overlooks it. */
export type TeamScope = {
  team: string;
  rule(rule: RuleId): boolean;
  /** What is listed under a model, source or another name: if any of its rules is. */
  group(rules: readonly Pick<RuleHealth, 'rule'>[]): boolean;
  incident(incident: OfIncident): boolean;
};

type OfIncident = Pick<Incident, 'alerts' | 'escalation' | 'acknowledgedBy'>;

/** Every team: those of the config, and whoever else owns something in it. */
export function teamsIn({ rules, sources, teams }: Owned): string[] {
  const owners = Object.values(rules).flatMap(({ owner }) => owner ?? []);
  const senders = Object.values(sources).flatMap((source) => (source.kind === 'alerts' ? (source.owner ?? []) : []));
  return [...new Set([...Object.keys(teams), ...owners, ...senders])].sort();
}

/** The teams of a responder. */
export const teamsOf = ({ teams }: Pick<Config, 'teams'>, responder: string | undefined): string[] =>
  responder === undefined ? [] : Object.keys(teams).filter((team) => teams[team]?.members.includes(responder));

/** `config.rules` may lack the rule of an old incident: its alerts say who owned it. */
export function scopeOf({ rules, teams }: Owned, team: string): TeamScope {
  const members = new Set(Object.hasOwn(teams, team) ? teams[team]?.members : []);
  const isOurs = (owner: string | undefined): boolean => owner === undefined || owner === team;
  const rule = (id: RuleId): boolean => isOurs(Object.hasOwn(rules, id) ? rules[id]?.owner : undefined);
  return {
    team,
    rule,
    group: (own) => own.some((one) => rule(one.rule)),
    incident: ({ alerts, escalation, acknowledgedBy }) =>
      alerts.some(({ owner }) => isOurs(owner)) ||
      alerts.length === 0 ||
      escalation.targets.some((target) => isOneOf(members, target)) ||
      (acknowledgedBy !== undefined && members.has(nameOfActor(acknowledgedBy))),
  };
}

function isOneOf(members: ReadonlySet<string>, target: PageTarget): boolean {
  if (target.kind === 'channel') return false;
  return members.has(target.kind === 'schedule' ? target.responder : target.name);
}

/** Whether an incident is somebody's own: it pages them, or their team owns it. */
export function isOwnIncident(
  { teams }: Pick<Config, 'teams'>,
  viewer: { responder?: string | undefined; team?: string | undefined },
): (incident: OfIncident) => boolean {
  const own = new Set([...teamsOf({ teams }, viewer.responder), ...(viewer.team === undefined ? [] : [viewer.team])]);
  const self = new Set(viewer.responder === undefined ? [] : [viewer.responder]);
  return ({ alerts, escalation }) =>
    alerts.some(({ owner }) => owner !== undefined && own.has(owner)) ||
    escalation.targets.some((target) => isOneOf(self, target));
}
