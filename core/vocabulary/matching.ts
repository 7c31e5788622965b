import type { RuleId } from './ids.ts';
import { isNamed, isPositive, type Matcher, type Matchers } from './matchers/matcher.ts';
import type { AlertSeverity, Category, Labels } from './schema-parts.ts';

/** What matchers see of an alert. */
export type Matched = { labels: Labels; ruleId: RuleId; category: Category; severity: AlertSeverity };

/** Labels, and those that Tocsin sets itself. */
export type Matchable = { labels: Labels; own?: { rule: string; category: string; severity: string } };

/** The labels that Tocsin sets itself. */
export const ownLabels = ['rule', 'category', 'severity'] as const;
export type OwnLabel = (typeof ownLabels)[number];
export const isOwnLabel = (name: string): name is OwnLabel => (ownLabels as readonly string[]).includes(name);

/**
 * An alert as matchers see it. The labels that Tocsin sets stand beside those that came with the
 * alert: an alert sent with `severity: page` also has the severity that `page` means.
 */
export const matchable = ({ labels, ruleId, category, severity }: Matched): Matchable => ({
  labels,
  own: { rule: ruleId, category, severity },
});

/** The value of a label, or the empty string. */
export const labelOf = (labels: Labels, name: string): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');

/** The value of a label, where there must be one: what Tocsin sets goes first. */
export const valueFor = ({ labels, own }: Matchable, name: string): string =>
  own !== undefined && isOwnLabel(name) ? own[name] : labelOf(labels, name);

/**
 * Whether every matcher holds. A missing label equals the empty string. A label can have two
 * values, the sender's and the one that Tocsin sets: `=` and `=~` hold if either matches, `!=` and
 * `!~` if neither does.
 */
export function matches(matchers: Matchers, subject: Matchable): boolean {
  for (const matcher of matchers) if (isMeant(matcher, subject) !== isPositive(matcher)) return false;
  return true;
}

function isMeant(matcher: Matcher, { labels, own }: Matchable): boolean {
  const { name } = matcher;
  if (own === undefined || !isOwnLabel(name)) return isNamed(matcher, labelOf(labels, name));
  return isNamed(matcher, own[name]) || (Object.hasOwn(labels, name) && isNamed(matcher, labels[name] ?? ''));
}
