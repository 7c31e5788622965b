import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import type { Cause } from '../../alerting/correlation/cause.ts';
import type { ChangeBrief } from '../../telemetry/changes/change.ts';
import type { IncidentId } from '../../vocabulary/ids.ts';
import type { Category, Severity } from '../../vocabulary/schema-parts.ts';
import type { Contact } from '../contacts/contact.ts';
import type { IncidentCost } from '../incidents/cost.ts';
import type { IncidentStatus } from '../incidents/incident.ts';
import type { PageReason } from './posted.ts';

/** Everything a channel needs to render a message; equal for all channels. */
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
  /** When it was decided; `why` is of then. */
  decidedAt?: number;
  target: string;
  tier: number;
  owner?: string;
  acknowledgedBy?: string;
  resolvedBy?: string;
  resolveReason?: string;
  /** Its alerts come and go: `fired 4 times in 36m`. */
  flapping?: string;
  groupLabels: Record<string, string>;
  /** Worst first, at most ten. */
  alerts: AlertSummary[];
  alertCount: number;
  /** What others say was changed before it began, or since; the latest first, at most three. */
  whatChanged?: ChangeBrief[];
  /**
   * What it has cost since it began, of each source that says what is at stake in its predictions.
   */
  costs?: IncidentCost[];
  /** Possible causes, likeliest first; none for a single alert. */
  causes?: Cause[];
  /** Related open incidents, and why they are separate. */
  related?: { id: string; title: string; why: string; url: string }[];
  runbookUrl?: string;
  incidentUrl: string;
  /**
   * Opens a page with one button, which acknowledges without signing in: as the responder, where
   * nobody else reads what is sent to the contact (`isReadBy` of its kind), otherwise as the
   * contact. Whoever has it may do so: show it to whom the page goes, and write it to no log, note
   * or error. Opening it changes nothing, so scanners and previews may; a POST to it with an empty
   * body acknowledges, answers 200, or 4xx with a page that says why not. Equal at every try of a
   * page, about 150 characters after the host. Absent: nothing is left to acknowledge, or nothing
   * signs links (`settings.pageLinks`, docs/acknowledge.md).
   */
  acknowledgeUrl?: string;
  /** The chart of its worst alert. Absent: there is none, or nothing signs links. */
  chart?: PageChart;
  /** A rollback a person may start, and what it would do. */
  rollback?: { name: string; text: string; offered: boolean };
  /**
   * Other pages to this target that were held back and travel along: critical first, then oldest.
   */
  held: HeldPage[];
};

/**
 * A chart that is drawn when somebody fetches it: the page never waits for it. It is then as of the
 * time of the page.
 */
export type PageChart = {
  /**
   * Answers `image/png`, twice the pixels that it is shown with and under 60 kB, without signing
   * in, until the link expires; then 404, and 404 where nothing is known to draw. Whoever has it
   * sees the chart.
   */
  url: string;
  /**
   * Whether the servers of a vendor can fetch it: HTTPS, at a name that is not of a private
   * network.
   */
  isPublic: boolean;
  /** One line of plain text for those who do not see it. */
  alt: string;
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

/** The buttons that make sense in this state. */
export function pageButtons(page: Page): PageButton[] {
  if (page.status === 'resolved') return [];
  const buttons: PageButton[] = page.status === 'acknowledged' ? ['resolve', 'escalate'] : ['acknowledge', 'resolve', 'escalate'];
  if (page.rollback?.offered) buttons.push('rollback');
  return buttons;
}

export type { Contact };
