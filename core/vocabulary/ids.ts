/** Brands a string for the compiler. Never present at run time. */
declare const named: unique symbol;

/** A branded id. A plain string can become one; one kind of id can never become another. */
type Id<Kind extends string> = string & { readonly [named]?: Kind };

/** Starts with `inc-`. */
export type IncidentId = Id<'incident'>;
/** One rule on one series: 16 hexadecimal digits. */
export type Fingerprint = Id<'fingerprint'>;
/** `incident#version#n`. */
export type EffectId = Id<'effect'>;
/**
 * The name of a rule in the config, or `source/alertname` for an alert that another system judges.
 */
export type RuleId = Id<'rule'>;
/** One entry of the audit log: 16 hexadecimal digits. */
export type AuditEntryId = Id<'audit entry'>;
/** The labels that alerts are grouped by, as one string. */
export type GroupKey = Id<'group'>;
