import type { AlertSeverity, Category } from '../../vocabulary/schema-parts.ts';
import { holdsWords } from '../../vocabulary/words.ts';
import type { Incident } from './incident.ts';

/** Which incidents are asked for; what is left out excludes none. */
export type IncidentFilter = {
  severities?: readonly AlertSeverity[] | undefined;
  categories?: readonly Category[] | undefined;
  /**
   * Words that must all occur in its id, its title, its shared labels or the titles of its alerts.
   */
  text?: string | undefined;
  /** Without those that were over by then. */
  since?: number | undefined;
};

/** Whether anything is left out. */
export const filtersIncidents = ({ severities, categories, text, since }: IncidentFilter): boolean =>
  [severities, categories, text, since].some((one) => one !== undefined);

/** As lists show it: what has ended counts by its worst. */
export const severityShown = ({ status, severity, worst }: Pick<Incident, 'status' | 'severity' | 'worst'>): AlertSeverity =>
  status === 'resolved' ? worst : severity;

export function passesIncidentFilter(incident: Incident, { severities, categories, text, since }: IncidentFilter): boolean {
  if (since !== undefined && incident.resolvedAt !== undefined && incident.resolvedAt < since) return false;
  if (severities !== undefined && !severities.includes(severityShown(incident))) return false;
  if (categories !== undefined && !categories.includes(incident.category)) return false;
  if (text === undefined) return true;
  const { id, title, groupLabels, alerts } = incident;
  return holdsWords(text)([id, title, ...Object.values(groupLabels), ...alerts.map((alert) => alert.title)].join('\n'));
}
