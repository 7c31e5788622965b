import type { RuleId } from './ids.ts';
import type { Category, Labels, Matchers, Severity } from './schema-parts.ts';

/** What matchers look at; an alert has it. */
export type Matched = { labels: Labels; ruleId: RuleId; category: Category; severity: Severity };

/** What matchers see of an alert: its labels, and `rule`, `category` and `severity`. */
export function matchable(alert: Matched): Record<string, string> {
  return { ...alert.labels, rule: alert.ruleId, category: alert.category, severity: alert.severity };
}

/** The value of a label, the empty text where there is none. */
export const labelOf = (labels: Labels, name: string): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');

/** Whether every matcher holds. A label that is absent equals the empty text. */
export function matches(matchers: Matchers, labels: Record<string, string>): boolean {
  for (const [name, wanted] of Object.entries(matchers)) {
    const value = labelOf(labels, name);
    if (typeof wanted === 'string' ? wanted !== value : !wanted.includes(value)) return false;
  }
  return true;
}
