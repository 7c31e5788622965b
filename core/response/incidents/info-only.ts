import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { isPaging } from '../../vocabulary/severity.ts';
import type { Incident } from './incident.ts';

/**
 * Whether alerts of severity `info` alone keep an incident open. One that was ever worse ends with
 * the alerts that page.
 */
export const isOpenForInfo = ({ worst, counts }: Pick<Incident, 'worst' | 'counts'>): boolean =>
  counts.info > 0 && !isPaging(worst);

/** Whether an alert is a reason to page: it fires, is not muted, and is more than `info`. */
export const calls = (alert: Alert): boolean => isActive(alert) && alert.muted === undefined && isPaging(alert.severity);

/**
 * The alert that speaks for an incident: the worst that pages or paged, before any that is only
 * `info`.
 */
export const leadingOf = (alerts: readonly AlertSummary[]): AlertSummary | undefined =>
  alerts.find(({ severity }) => isPaging(severity)) ?? alerts[0];
