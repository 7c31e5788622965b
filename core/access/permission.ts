import { type Config, type Role, roles } from '../config/schema.ts';
import type { Incident } from '../response/incidents/incident.ts';
import type { Response } from '../response/incidents/respond.ts';
import type { Override } from '../response/oncall/override.ts';
import { formatDuration } from '../vocabulary/units.ts';

/**
 * Somebody who acts: their name as the timeline shows it, which also says from where, what they may do, and which responder
 * of the config they are, when that is known.
 */
export type Person = { actor: string; role: Role; responder?: string };

/** A silence that is longer than a shift outlives those who know why it is there. */
export const longSilenceMs = 86_400_000;

/** The least role that each action takes; looking takes `viewer`. */
const least = {
  acknowledge: 'responder',
  escalate: 'responder',
  resolve: 'responder',
  rollback: 'responder',
  silence: 'responder',
  'long silence': 'admin',
  'end a silence': 'responder',
  'override oneself': 'responder',
  'override another': 'admin',
  promote: 'responder',
} as const satisfies Record<Response, Role> & Record<string, Role>;

const hint = 'the config gives people theirs: responders.NAME with slackUser and role';

function refusal({ role }: Person, needed: Role, what: string): string | undefined {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return undefined;
  return `to ${what} takes the role ${needed}, and yours is ${role}; ${hint}`;
}

/** Why a person may not do this to an incident, in words for them; undefined when they may. */
export function mayNotRespond(person: Person, response: Response, incident: Incident, config: Config): string | undefined {
  if (response !== 'rollback') return refusal(person, least[response], `${response} incidents`);
  const name = incident.alerts.find((alert) => alert.rollback !== undefined && alert.state !== 'resolved')?.rollback;
  const own = name === undefined || !Object.hasOwn(config.rollbacks, name) ? undefined : config.rollbacks[name]?.role;
  return refusal(person, own ?? least.rollback, name === undefined ? 'roll back' : `ask for the rollback ${name}`);
}

/** Why a person may not silence for so long; undefined when they may. */
export function mayNotSilence(person: Person, durationMs: number): string | undefined {
  return durationMs > longSilenceMs
    ? refusal(person, least['long silence'], `silence for more than ${formatDuration(longSilenceMs)}`)
    : refusal(person, least.silence, 'silence alerts');
}

/** To silence takes care; to hear again what was silenced takes none. */
export const mayNotEndSilence = (person: Person): string | undefined => refusal(person, least['end a silence'], 'end silences');

/** Why a person may not put a responder on call; undefined when they may: themselves, or as an admin anybody. */
export function mayNotOverride(person: Person, responder: string): string | undefined {
  return person.responder === responder
    ? refusal(person, least['override oneself'], 'go on call')
    : refusal(person, least['override another'], `put somebody else on call (${responder})`);
}

/** Why a person may not end an override; undefined when they may: who made it, or as an admin anybody. */
export function mayNotEndOverride(person: Person, override: Override): string | undefined {
  return person.actor === override.by
    ? refusal(person, least['override oneself'], 'end an override of your own')
    : refusal(person, least['override another'], `end an override that ${override.by} made`);
}

/** Why a person may not say which version serves; undefined when they may. */
export const mayNotPromote = (person: Person): string | undefined => refusal(person, least.promote, 'promote a version');

/** Who a Slack user is: the responder with that Slack id, or the user as such with the role of unknown users. */
export function slackPerson({ responders, settings }: Config, user: { id: string; name: string }): Person {
  const known = Object.entries(responders).find(([, { slackUser }]) => slackUser === user.id);
  if (known !== undefined) return { actor: `responder/${known[0]}`, role: known[1].role, responder: known[0] };
  return { actor: `slack:${user.id} (${user.name})`, role: settings.slack?.unknownUsers ?? 'viewer' };
}
