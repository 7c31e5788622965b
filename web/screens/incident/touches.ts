import type { Change } from '../../data/live.ts';

/** Whether a change may concern an incident: its own, or a judgement of one of its rules. */
export const touchesIncident =
  (id: string, rules: readonly string[]) =>
  ({ kind, ids }: Change): boolean =>
    (kind === 'incident' && (ids === undefined || ids.includes(id))) ||
    (kind === 'rule' && (ids === undefined || rules.length === 0 || rules.some((rule) => ids.includes(rule))));
