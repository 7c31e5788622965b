import type { Config } from '../config/schema.ts';
import type { Incident } from '../incidents/incident.ts';
import { runbookAddress } from '../runbooks/address.ts';
import type { Page } from './page.ts';
import type { PageReason } from './posted.ts';

/** The page about an incident as it stands now. */
export function pageOf(
  incident: Incident,
  config: Config,
  about: { reason: PageReason; why: string; target: string; tier: number; now: number; held?: string[] },
): Page {
  const base = config.settings.publicUrl.replace(/\/+$/, '');
  const urlOf = (id: string): string => `${base}/incidents/${encodeURIComponent(id)}`;
  const lead = incident.alerts[0];
  const step = incident.rollback;
  const offered = incident.alerts.some((alert) => alert.rollback !== undefined && alert.state !== 'resolved');
  const { critical, warn, muted, resolved } = incident.counts;
  return {
    incidentId: incident.id,
    status: incident.status,
    severity: incident.status === 'resolved' ? incident.worst : incident.severity,
    category: incident.category,
    reason: about.reason,
    why: about.why,
    title: incident.title,
    since: incident.since,
    at: about.now,
    target: about.target,
    tier: about.tier,
    owner: lead?.owner,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedBy: incident.resolvedBy,
    resolveReason: incident.resolveReason,
    groupLabels: incident.groupLabels,
    alerts: incident.alerts.slice(0, 10),
    alertCount: critical + warn + muted + resolved,
    runbookUrl: lead === undefined ? undefined : runbookAddress(lead.runbook, base),
    causes: incident.causes ?? [],
    related: (incident.related ?? []).map(({ id, title, why }) => ({ id, title, why, url: urlOf(id) })),
    incidentUrl: urlOf(incident.id),
    rollback:
      step === undefined
        ? undefined
        : {
            name: step.name,
            text: `${step.state}: ${step.reason}`,
            offered: offered && ['offered', 'refused', 'failed'].includes(step.state),
          },
    held: about.held ?? [],
  };
}
