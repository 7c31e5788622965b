import { asciiName } from '../actor-name.ts';
import type { Person } from '../permission.ts';
import { type Role, roles } from '../roles.ts';
import type { OidcConfig } from './oidc-schema.ts';

/** Who somebody is, as an identity provider says; of groups those that the config names. */
export type Identity = { subject: string; name?: string | undefined; email?: string | undefined; groups: string[] };

type Responders = Record<string, { name: string; role: Role; email?: string | undefined }>;

export type Admitted = { ok: true; person: Person; name: string } | { ok: false; reason: string };

/** What a provider says of somebody, as claims of an ID token or its answer about them. */
export function identityOf(oidc: OidcConfig, claims: Record<string, unknown>): Identity | undefined {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const subject = text('sub');
  if (subject === undefined) return undefined;
  const proven = claims['email_verified'] === true || oidc.unverifiedEmail === 'trusted';
  const email = proven ? emailOf(text('email') ?? '') : undefined;
  const { allow, roles: byGroup } = oidc;
  const wanted = new Set([allow.groups, byGroup.admin, byGroup.responder].flatMap((names) => names ?? []));
  const told = Object.hasOwn(claims, oidc.groups) ? claims[oidc.groups] : undefined;
  const groups = (Array.isArray(told) ? told : [told]).filter((one) => typeof one === 'string' && wanted.has(one)) as string[];
  return { subject: subject.slice(0, 255), name: text(oidc.names)?.slice(0, 100), email, groups: [...new Set(groups)] };
}

/**
 * Who this is here, and which role they have; or why they may not sign in. It is asked at each
 * request, so that a change of the config counts at once.
 */
export function admit(oidc: OidcConfig, responders: Responders, identity: Identity): Admitted {
  const { subject, email, groups, name } = identity;
  const [responder, known] =
    Object.entries(responders).find(([, one]) => email !== undefined && emailOf(one.email ?? '') === email) ?? [];
  const { allow } = oidc;
  const isAllowed =
    known !== undefined ||
    allow.everybody === true ||
    groups.some((group) => allow.groups?.includes(group)) ||
    (email !== undefined && (allow.people ?? []).some((one) => emailOf(one) === email)) ||
    (email !== undefined && (allow.domains ?? []).some((domain) => email.endsWith(`@${domain.toLowerCase()}`)));
  if (!isAllowed) {
    const who = email === undefined ? 'without a verified e-mail address' : `with the address ${email}`;
    return {
      ok: false,
      reason: `nobody ${who} may sign in here; settings.signIn.oidc.allow and responders.NAME.email say who may`,
    };
  }
  const isIn = (names: readonly string[] | undefined): boolean => groups.some((group) => names?.includes(group));
  const byGroup = isIn(oidc.roles.admin) ? 'admin' : isIn(oidc.roles.responder) ? 'responder' : oidc.roles.otherwise;
  const role = known === undefined ? byGroup : higher(known.role, byGroup);
  const actor = responder === undefined ? `oidc:${asciiName(email ?? subject)}` : `responder/${responder}`;
  return {
    ok: true,
    person: { actor, role, ...(responder !== undefined && { responder }) },
    name: known?.name ?? name ?? email ?? subject,
  };
}

const higher = (a: Role, b: Role): Role => (roles.indexOf(a) >= roles.indexOf(b) ? a : b);

/**
 * An address to compare, or undefined for what is none. ASCII only, so that no letter that looks
 * alike makes another person of the config.
 */
function emailOf(text: string): string | undefined {
  return /^[!-?A-~]+@[A-Za-z0-9.-]+$/.test(text) && text.length <= 254 ? text.toLowerCase() : undefined;
}
