import type { Config } from '../core/config/schema.ts';
import { route } from '../core/dry-run/route.ts';
import { type ExpectedRule, shownAlarms } from './expected-text.ts';

const weeksOfMonth = 30 / 7;

/**
 * Policies that are to expect more false alarms in a week than their budget of pages: the sum over
 * the rules that page by them, of those that can be counted. `at`: milliseconds since the epoch.
 */
export function overPages(config: Config, expected: readonly ExpectedRule[], at: number): string[] {
  const sums = new Map<string, { pages: number; rules: string[] }>();
  for (const one of expected) {
    if (!one.ok || one.alarms === 0) continue;
    const answer = route(config, { rule: one.rule }, at);
    // Chance breaks the nearer bound first.
    const first = answer.ok ? answer.routes.find(({ nobody, recorded }) => nobody === undefined && recorded !== true) : undefined;
    if (first === undefined) continue;
    const known = sums.get(first.policy) ?? { pages: 0, rules: [] };
    sums.set(first.policy, { pages: known.pages + one.alarms / weeksOfMonth, rules: [...known.rules, one.rule] });
  }
  return Object.entries(config.policies).flatMap(([name, { pagesAWeek }]) => {
    const sum = sums.get(name);
    if (pagesAWeek === undefined || sum === undefined || sum.pages <= pagesAWeek) return [];
    const by =
      sum.rules.length > 5 ? `${sum.rules.slice(0, 5).join(', ')} and ${sum.rules.length - 5} more` : sum.rules.join(', ');
    return [
      `${name} has a budget of ${pagesAWeek} pages a week, but ${shownAlarms(sum.pages)} false alarms are expected, of ${by}`,
    ];
  });
}
