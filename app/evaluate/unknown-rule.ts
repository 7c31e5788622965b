import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';

/** Why a rule cannot be judged: there is none of that name. */
export function unknownRule(rules: Readonly<Record<string, unknown>>, rule: string): string | undefined {
  if (Object.hasOwn(rules, rule)) return undefined;
  const near = nearest(rule, Object.keys(rules));
  return `there is no rule ${shown(rule)}${near === undefined ? '' : `; did you mean ${near}?`}`;
}
