import { formatDuration } from '../vocabulary/units.ts';
import { type Role, roles } from './roles.ts';

/**
 * Somebody who acts: their name for the timeline (with its origin), their role, and their responder
 * in the config, if known.
 */
export type Person = { actor: string; role: Role; responder?: string };

/** A longer silence outlasts the shift of the people who know why it exists. */
export const longSilenceMs = 86_400_000;

/**
 * Swapping a shift is everyday work; putting somebody else on call for longer is a change of the
 * rota.
 */
export const longOverrideMs = 86_400_000;

/** The lowest role that may do each action. Reading takes `viewer`. */
export const least = {
  acknowledge: 'responder',
  escalate: 'responder',
  resolve: 'responder',
  rollback: 'responder',
  note: 'responder',
  silence: 'responder',
  'long silence': 'admin',
  'end a silence': 'responder',
  'override oneself': 'responder',
  'override another': 'responder',
  'long override of another': 'admin',
  promote: 'responder',
  accept: 'responder',
  'test page to oneself': 'responder',
  'test page to another': 'admin',
  link: 'responder',
  'devices of oneself': 'responder',
  'devices of another': 'admin',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof least;
export const permissions = Object.keys(least) as Permission[];

/** What a person may do besides reading. */
export const permissionsOf = (person: Pick<Person, 'role' | 'responder'>): Permission[] =>
  permissions.filter((one) => reaches(person.role, least[one]) && (one !== 'override another' || mayActForAnother(person)));

/** Somebody whom the config does not know, such as a guest in Slack, must not send pages astray. */
const mayActForAnother = ({ role, responder }: Pick<Person, 'role' | 'responder'>): boolean =>
  responder !== undefined || role === 'admin';

const reaches = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

const hint = 'the config gives people theirs: responders.NAME with slackUser or email, and role';

/** Why a role is too low for this; undefined if it suffices. */
export function denyRole({ role }: Person, needed: Role, what: string): string | undefined {
  if (reaches(role, needed)) return undefined;
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

/** Why a person may not put a responder on call for this long; undefined if they may. */
export function authorizeOverride(person: Person, responder: string, durationMs: number): string | undefined {
  if (person.responder === responder) return denyRole(person, least['override oneself'], 'go on call');
  return denyForAnother(person, `put somebody else on call (${responder})`, durationMs);
}

/**
 * Why a person may not end an override; undefined if they may: what they could have made, and what
 * is their own.
 */
export function authorizeEndOverride(person: Person, override: { by: string; from: number; until: number }): string | undefined {
  if (person.actor === override.by) return denyRole(person, least['override oneself'], 'end an override of your own');
  return denyForAnother(person, `end an override that ${override.by} made`, override.until - override.from);
}

function denyForAnother(person: Person, what: string, durationMs: number): string | undefined {
  if (durationMs > longOverrideMs)
    return denyRole(person, least['long override of another'], `${what} for more than ${formatDuration(longOverrideMs)}`);
  const denied = denyRole(person, least['override another'], what);
  if (denied !== undefined || mayActForAnother(person)) return denied;
  return `to ${what} takes a responder of the config, or the role admin; received ${person.actor}, who is no responder of the config; ${hint}`;
}

/** Why a person may not accept a new baseline; undefined if they may. */
export const authorizeAcceptance = (person: Person): string | undefined =>
  denyRole(person, least.accept, 'accept a new baseline');

/** Why a person may not send a test page to a responder; undefined if they may. */
export function authorizeTestPage(person: Person, responder: string): string | undefined {
  return person.responder === responder
    ? denyRole(person, least['test page to oneself'], 'send yourself a test page')
    : denyRole(person, least['test page to another'], `send a test page to somebody else (${responder})`);
}

/** Why a person may not change on which devices a responder takes pages; undefined if they may. */
export function authorizeDevices(person: Person, responder: string): string | undefined {
  return person.responder === responder
    ? denyRole(person, least['devices of oneself'], 'take pages on a device')
    : denyRole(person, least['devices of another'], `change where ${responder} takes pages`);
}

/** Why a person may not promote a version; undefined if they may. */
export const authorizePromotion = (person: Person): string | undefined => denyRole(person, least.promote, 'promote a version');
