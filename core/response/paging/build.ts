import type { Severity } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import type { ResponseConfig } from '../config.ts';
import { type PageTarget, targetText } from '../escalation/page-target.ts';
import type { IncidentCost } from '../incidents/cost.ts';
import type { Incident, RollbackStep } from '../incidents/incident.ts';
import { leadingOf } from '../incidents/info-only.ts';
import { runbookAddress } from '../runbooks/address.ts';
import type { HeldPage, Page } from './page.ts';
import type { PageReason } from './posted.ts';

/** Somebody reads a page on a telephone. */
const mostChanges = 3;

const wouldDo = ({ state, from, to }: RollbackStep): string =>
  state === 'offered' && from !== undefined && to !== undefined ? `return from ${from} to ${to}; ` : '';

/** The page about an incident in its current state. Without a target until one is chosen. */
export function pageOf(
  incident: Incident,
  config: ResponseConfig,
  about: {
    reason: PageReason;
    why: string;
    target?: PageTarget;
    tier: number;
    now: number;
    decidedAt?: number | undefined;
    held?: HeldPage[];
    costs?: IncidentCost[];
  },
): Page {
  const base = baseOf(config);
  const urlOf = (id: string): string => incidentUrl(config, id);
  const lead = leadingOf(incident.alerts);
  const step = incident.rollback;
  const offered = incident.alerts.some((alert) => alert.rollback !== undefined && alert.state !== 'resolved');
  const { critical, warn, info, muted, resolved } = incident.counts;
  return {
    incidentId: incident.id,
    status: incident.status,
    severity: severityOf(incident),
    category: incident.category,
    reason: about.reason,
    why: about.why,
    title: incident.title,
    since: incident.since,
    at: about.now,
    decidedAt: about.decidedAt,
    target: about.target === undefined ? '' : targetText(about.target),
    tier: about.tier,
    owner: lead?.owner,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedBy: incident.resolvedBy,
    resolveReason: incident.resolveReason,
    flapping: incident.flapping?.text,
    groupLabels: incident.groupLabels,
    alerts: incident.alerts.slice(0, 10),
    alertCount: critical + warn + info + muted + resolved,
    runbookUrl: lead === undefined ? undefined : runbookAddress(lead.runbook, base),
    whatChanged: (incident.whatChanged ?? []).slice(0, mostChanges),
    ...(about.costs !== undefined && { costs: about.costs }),
    causes: incident.causes ?? [],
    related: (incident.related ?? []).map(({ id, title, why }) => ({ id, title, why, url: urlOf(id) })),
    incidentUrl: urlOf(incident.id),
    rollback:
      step === undefined
        ? undefined
        : {
            name: step.name,
            text: `${step.state}: ${wouldDo(step)}${step.reason}`,
            offered: offered && ['offered', 'refused', 'failed'].includes(step.state),
          },
    held: about.held ?? [],
  };
}

/** The page about an incident when it travels with another page. */
export function heldPageOf(
  incident: Incident,
  config: ResponseConfig,
  about: Pick<HeldPage, 'reason' | 'why' | 'tier'>,
): HeldPage {
  const { id, title, status, since, resolvedAt } = incident;
  const { reason, why, tier } = about;
  const ended = resolvedAt === undefined ? {} : { resolvedAt };
  return {
    incidentId: id,
    title,
    status,
    severity: severityOf(incident),
    reason,
    why,
    since,
    ...ended,
    tier,
    url: incidentUrl(config, id),
  };
}

/**
 * While all alerts are muted, the incident keeps the severity of its last page; this is what it
 * would page as now.
 */
function severityOf({ status, worst, severity, counts, alerts }: Incident): Severity {
  if (status === 'resolved') return pagedAs(worst);
  const muted = alerts.filter(({ state }) => state === 'muted').map((alert) => alert.severity);
  if (counts.critical + counts.warn > 0 || muted.length === 0) return pagedAs(severity);
  return muted.includes('critical') ? 'critical' : 'warn';
}

/** Where all links in pages begin, without a slash at its end. */
export const baseOf = (config: Pick<ResponseConfig, 'settings'>): string => config.settings.publicUrl.replace(/\/+$/, '');

const incidentUrl = (config: ResponseConfig, id: string): string => `${baseOf(config)}/incidents/${encodeURIComponent(id)}`;
