import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import type { Cause } from '../../alerting/correlation/cause.ts';
import type { IncidentId } from '../../vocabulary/ids.ts';
import type { Category, Severity } from '../../vocabulary/schema-parts.ts';
import type { Contact } from '../contacts/contact.ts';
import type { IncidentStatus } from '../incidents/incident.ts';
import type { PageReason } from './posted.ts';

/** Everything a channel needs to render a message; the same for all channels. */
export type Page = {
  incidentId: IncidentId;
  status: IncidentStatus;
  severity: Severity;
  category: Category;
  reason: PageReason;
  why: string;
  title: string;
  /** Milliseconds since the epoch. */
  since: number;
  at: number;
  target: string;
  tier: number;
  owner?: string;
  acknowledgedBy?: string;
  resolvedBy?: string;
  resolveReason?: string;
  groupLabels: Record<string, string>;
  /** Worst first, at most ten. */
  alerts: AlertSummary[];
  alertCount: number;
  /** What may have caused it, the likeliest first; none for one alert alone. */
  causes?: Cause[];
  /** Other open incidents that have to do with it, and why they are others. */
  related?: { id: string; title: string; why: string; url: string }[];
  runbookUrl?: string;
  incidentUrl: string;
  /** A rollback a person may start, and what it would do. */
  rollback?: { name: string; text: string; offered: boolean };
  /** Other pages to the same target that were held back and travel with this one: critical ones first, then the oldest. */
  held: HeldPage[];
};

/** A page that travels with another one. */
export type HeldPage = {
  incidentId: IncidentId;
  title: string;
  status: IncidentStatus;
  severity: Severity;
  reason: PageReason;
  why: string;
  since: number;
  resolvedAt?: number;
  tier: number;
  url: string;
};

export type PageButton = 'acknowledge' | 'resolve' | 'escalate' | 'rollback';

/** Which buttons make sense in this state. */
export function pageButtons(page: Page): PageButton[] {
  if (page.status === 'resolved') return [];
  const buttons: PageButton[] = page.status === 'acknowledged' ? ['resolve', 'escalate'] : ['acknowledge', 'resolve', 'escalate'];
  if (page.rollback?.offered) buttons.push('rollback');
  return buttons;
}

export type { Contact };
