import type { Rule } from '../config/schema.ts';

/** Steps beyond N in which real points are looked for, so that a late point is not taken for a missing one. */
const slackSteps = (n: number): number => Math.max(3, Math.ceil(n / 5));

/** How far before the judged time the latest N points may lie, in milliseconds. */
export const lookbackOf = (rule: Rule): number => (rule.for.n + slackSteps(rule.for.n)) * rule.step;
