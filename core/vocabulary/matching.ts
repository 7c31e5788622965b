import type { RuleId } from './ids.ts';
import type { Category, Labels, Matchers, Severity } from './schema-parts.ts';

/** What matchers see of an alert. */
export type Matched = { labels: Labels; ruleId: RuleId; category: Category; severity: Severity };

/** The labels of an alert together with `rule`, `category` and `severity`. */
export function matchable(alert: Matched): Record<string, string> {
  return { ...alert.labels, rule: alert.ruleId, category: alert.category, severity: alert.severity };
}

/** The value of a label, or the empty string. */
export const labelOf = (labels: Labels, name: string): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');

/** Whether every matcher holds. A missing label equals the empty string. */
export function matches(matchers: Matchers, labels: Record<string, string>): boolean {
  for (const [name, wanted] of Object.entries(matchers)) {
    const value = labelOf(labels, name);
    if (typeof wanted === 'string' ? wanted !== value : !wanted.includes(value)) return false;
  }
  return true;
}
