/** Brands a string for the compiler. Never present at run time. */
declare const named: unique symbol;

/** A branded id: neither a plain string nor another kind of id passes for it. */
type Id<Kind extends string> = string & { readonly [named]: Kind };

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
/** `chg-`, and 16 hexadecimal digits. */
export type ChangeId = Id<'change'>;
/** The labels that alerts are grouped by, as one string. */
export type GroupKey = Id<'group'>;

// What a person typed, a store keeps or a digest made becomes an id here. Nothing is checked: an id
// that names nothing is not found.
export const asIncidentId = (text: string): IncidentId => text as IncidentId;
export const asFingerprint = (text: string): Fingerprint => text as Fingerprint;
export const asEffectId = (text: string): EffectId => text as EffectId;
export const asRuleId = (text: string): RuleId => text as RuleId;
export const asAuditEntryId = (text: string): AuditEntryId => text as AuditEntryId;
export const asChangeId = (text: string): ChangeId => text as ChangeId;
export const asGroupKey = (text: string): GroupKey => text as GroupKey;

/** The rules of a config, each with its id. */
export const ruleEntries = <R>(rules: Readonly<Record<string, R>>): [RuleId, R][] => Object.entries(rules) as [RuleId, R][];
