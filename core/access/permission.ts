import { formatDuration } from '../vocabulary/units.ts';
import { type Role, roles } from './roles.ts';

/**
 * Somebody who acts: their name for the timeline (with its origin), their role, and their responder
 * in the config, if known.
 */
export type Person = { actor: string; role: Role; responder?: string };

/** A longer silence outlasts the shift of the people who know why it exists. */
export const longSilenceMs = 86_400_000;

/** The lowest role that may do each action. Reading takes `viewer`. */
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
  accept: 'responder',
} as const satisfies Record<string, Role>;

const hint = 'the config gives people theirs: responders.NAME with slackUser and role';

/** Why a role is too low for this; undefined if it suffices. */
export function denyRole({ role }: Person, needed: Role, what: string): string | undefined {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return undefined;
  return `to ${what} takes the role ${needed}, and yours is ${role}; ${hint}`;
}

/** Why a person may not silence for this long; undefined if they may. */
export function authorizeSilence(person: Person, durationMs: number): string | undefined {
  return durationMs > longSilenceMs
    ? denyRole(person, least['long silence'], `silence for more than ${formatDuration(longSilenceMs)}`)
    : denyRole(person, least.silence, 'silence alerts');
}

/** Ending a silence is safe at any length: pages come back. */
export const authorizeEndSilence = (person: Person): string | undefined =>
  denyRole(person, least['end a silence'], 'end silences');

/**
 * Why a person may not put a responder on call; undefined if they may. Anybody may put themselves
 * on call, an admin everybody.
 */
export function authorizeOverride(person: Person, responder: string): string | undefined {
  return person.responder === responder
    ? denyRole(person, least['override oneself'], 'go on call')
    : denyRole(person, least['override another'], `put somebody else on call (${responder})`);
}

/** Why a person may not end an override; undefined if they may: its author or an admin. */
export function authorizeEndOverride(person: Person, override: { by: string }): string | undefined {
  return person.actor === override.by
    ? denyRole(person, least['override oneself'], 'end an override of your own')
    : denyRole(person, least['override another'], `end an override that ${override.by} made`);
}

/** Why a person may not accept a new baseline; undefined if they may. */
export const authorizeAcceptance = (person: Person): string | undefined =>
  denyRole(person, least.accept, 'accept a new baseline');

/** Why a person may not promote a version; undefined if they may. */
export const authorizePromotion = (person: Person): string | undefined => denyRole(person, least.promote, 'promote a version');
