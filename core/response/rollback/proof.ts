import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import type { Incident } from '../incidents/incident.ts';

/**
 * Whether the incident waits for proof that its rollback helped, although no alert fires any more.
 */
export const awaitsProof = ({ rollback }: Pick<Incident, 'rollback'>): boolean => rollback?.unproven !== undefined;

/**
 * Why the end of an alert does not prove a rollback; undefined if it does. Only a healthy value
 * after `since` proves it. These do not: missing data treated as fine, a removed rule, or a breach
 * that labels revised.
 */
export function unprovenBy(alert: Alert, change: AlertChangeKind, since: number): string | undefined {
  if (change === 'retired') return alert.reason;
  if (change === 'revised') return `it ended because later labels showed that there was no breach: ${alert.reason}`;
  if (alert.pointAt === undefined || alert.pointAt <= since) return 'no values since the rollback';
  return undefined;
}
