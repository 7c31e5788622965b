import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import { summarize } from '../../alerting/alerts/alert-summary.ts';
import type { ResponseConfig } from '../../response/config.ts';
import type { Page } from '../../response/paging/page.ts';
import { asIncidentId } from '../../vocabulary/ids.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import type { Quarantined } from './quarantined.ts';

/** Listed individually; the rest are counted. */
const maxNamed = 5;
const maxAlerts = 10;

/** The alerts that say they belong to an unreadable incident. */
export const alertsOfLost = (lost: readonly Quarantined[], alerts: readonly Alert[]): Alert[] => {
  const ids = new Set(lost.filter(({ kind, urgent }) => kind === 'incident' && urgent).map(({ id }) => id));
  return alerts.filter(
    (alert) => isOwn(alert) && isActive(alert) && alert.joined !== undefined && ids.has(alert.joined.incidentId),
  );
};

/**
 * The page about open incidents and pages that cannot be read: Tocsin can neither escalate nor
 * deliver them.
 */
export function quarantinePage(
  urgent: readonly Quarantined[],
  alerts: readonly Alert[],
  config: ResponseConfig,
  now: number,
): Omit<Page, 'target'> {
  const [first] = urgent;
  const named = urgent.slice(0, maxNamed).map(({ kind, id, reason }) => `${kind} ${id}: ${reason}`);
  const more = urgent.length > maxNamed ? `; and ${urgent.length - maxNamed} more` : '';
  const about = alerts.length === 0 ? 'whatever it was about' : 'the alerts below';
  return {
    incidentId: asIncidentId(first?.kind === 'incident' ? first.id : 'quarantine'),
    status: 'triggered',
    severity: 'critical',
    category: alerts[0]?.category ?? 'availability',
    reason: 'triggered',
    why: `${named.join('; ')}${more}. It was set aside and is not escalated any more: look after ${about}, then see: tocsin quarantine`,
    title: urgent.length === 1 ? whatOf(first) : `Tocsin cannot read ${urgent.length} open incidents and pages`,
    since: Math.min(now, ...alerts.map(({ since }) => since)),
    at: now,
    tier: 0,
    groupLabels: {},
    alerts: alerts.slice(0, maxAlerts).map((alert) => summarize(alert, config)),
    alertCount: alerts.length,
    incidentUrl: `${config.settings.publicUrl.replace(/\/+$/, '')}/healthz`,
    held: [],
  };
}

const whatOf = (one: Quarantined | undefined): string =>
  one?.kind === 'incident' ? `Tocsin cannot read the open incident ${one.id}` : `Tocsin cannot read the page ${one?.id ?? ''}`;
