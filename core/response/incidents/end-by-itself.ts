import { callFirstTier } from '../escalation/escalate.ts';
import { type Draft, resolveIncident, tocsin } from './draft.ts';
import type { Incident } from './incident.ts';

/**
 * Ends an incident with no firing alert. If a critical one was refused by every contact so far,
 * pages once more, so that somebody hears of it.
 */
export function endByItself(draft: Draft, reason: string): void {
  const isUnheard = refusedByAll(draft.incident);
  const why = 'it was critical, and every contact refused its pages';
  resolveIncident(draft, tocsin, 'alerts resolved', reason);
  if (isUnheard) callFirstTier(draft, why);
}

/** Nobody acknowledged it, and no pending page will still report it. */
const refusedByAll = ({ severity, pagedCritical, acknowledgedBy, escalation, tenant }: Incident): boolean =>
  severity === 'critical' &&
  pagedCritical !== true &&
  acknowledgedBy === undefined &&
  escalation.fruitless > 0 &&
  tenant === undefined;
