import { callFirstTier } from '../escalation/escalate.ts';
import { type Draft, resolveIncident, tocsin } from './draft.ts';
import type { Incident } from './incident.ts';

/**
 * Ends an incident of which nothing fires any more. A critical one that every contact has refused so far is told once
 * more, so that somebody hears of it.
 */
export function endByItself(draft: Draft, reason: string): void {
  const isUnheard = refusedByAll(draft.incident);
  const why = 'it was critical, and every contact refused its pages';
  resolveIncident(draft, tocsin, reason);
  if (isUnheard) callFirstTier(draft, why);
}

/** Nobody took it, and no page is on its way that would still tell of it. */
const refusedByAll = ({ severity, pagedCritical, acknowledgedBy, escalation, tenant }: Incident): boolean =>
  severity === 'critical' &&
  pagedCritical !== true &&
  acknowledgedBy === undefined &&
  escalation.fruitless > 0 &&
  tenant === undefined;
