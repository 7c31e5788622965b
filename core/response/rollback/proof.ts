import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import type { Incident } from '../incidents/incident.ts';

/** Whether the incident waits for proof that its rollback helped although no alert of it fires any more. */
export const awaitsProof = ({ rollback }: Pick<Incident, 'rollback'>): boolean => rollback?.unproven !== undefined;

/**
 * Why the end of an alert does not show that a rollback helped; undefined when it does. Only a value that came after `since` and was
 * well shows it: not missing values that count as fine, nor a rule that is gone, nor a breach that labels have revised.
 */
export function unprovenBy(alert: Alert, change: AlertChangeKind, since: number): string | undefined {
  if (change === 'retired') return alert.reason;
  if (change === 'revised') return `it ended because labels that came later say that there was no breach: ${alert.reason}`;
  if (alert.pointAt === undefined || alert.pointAt <= since) return 'no values since the rollback';
  return undefined;
}
