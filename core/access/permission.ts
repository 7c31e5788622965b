import { formatDuration } from '../vocabulary/units.ts';
import { type Role, roles } from './roles.ts';

/**
 * Somebody who acts: their name as the timeline shows it, which also says from where, what they may do, and which responder
 * of the config they are, when that is known.
 */
export type Person = { actor: string; role: Role; responder?: string };

/** A silence that is longer than a shift outlives those who know why it is there. */
export const longSilenceMs = 86_400_000;

/** The least role that each action takes; looking takes `viewer`. */
export const least = {
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
} as const satisfies Record<string, Role>;

const hint = 'the config gives people theirs: responders.NAME with slackUser and role';

/** Why somebody with too low a role may not do this; undefined when they may. */
export function roleRefusal({ role }: Person, needed: Role, what: string): string | undefined {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return undefined;
  return `to ${what} takes the role ${needed}, and yours is ${role}; ${hint}`;
}

/** Why a person may not silence for so long; undefined when they may. */
export function mayNotSilence(person: Person, durationMs: number): string | undefined {
  return durationMs > longSilenceMs
    ? roleRefusal(person, least['long silence'], `silence for more than ${formatDuration(longSilenceMs)}`)
    : roleRefusal(person, least.silence, 'silence alerts');
}

/** To silence takes care; to hear again what was silenced takes none. */
export const mayNotEndSilence = (person: Person): string | undefined =>
  roleRefusal(person, least['end a silence'], 'end silences');

/** Why a person may not put a responder on call; undefined when they may: themselves, or as an admin anybody. */
export function mayNotOverride(person: Person, responder: string): string | undefined {
  return person.responder === responder
    ? roleRefusal(person, least['override oneself'], 'go on call')
    : roleRefusal(person, least['override another'], `put somebody else on call (${responder})`);
}

/** Why a person may not end an override; undefined when they may: who made it, or as an admin anybody. */
export function mayNotEndOverride(person: Person, override: { by: string }): string | undefined {
  return person.actor === override.by
    ? roleRefusal(person, least['override oneself'], 'end an override of your own')
    : roleRefusal(person, least['override another'], `end an override that ${override.by} made`);
}

/** Why a person may not say which version serves; undefined when they may. */
export const mayNotPromote = (person: Person): string | undefined => roleRefusal(person, least.promote, 'promote a version');
