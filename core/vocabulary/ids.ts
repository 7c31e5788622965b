/** Marks what a text names. It is never there at run time. */
declare const named: unique symbol;

/** A text that names one kind of thing. A plain text can become one, one kind of id can never become another. */
type Id<Kind extends string> = string & { readonly [named]?: Kind };

/** `inc-` and what follows; the audit log has one of its own. */
export type IncidentId = Id<'incident'>;
/** One rule on one series: 16 hexadecimal digits. */
export type Fingerprint = Id<'fingerprint'>;
/** `incident#version#n`. */
export type EffectId = Id<'effect'>;
/** The name of a rule in the config, or `source/alertname` of an alert that another system judges. */
export type RuleId = Id<'rule'>;
/** The labels that alerts are grouped by, as one text. */
export type GroupKey = Id<'group'>;
