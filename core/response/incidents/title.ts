import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import type { Cause } from '../../alerting/correlation/cause.ts';
import { isPaging, severityRank } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import type { Incident } from './incident.ts';

const maxTitle = 500;
const byState = { firing: 2, muted: 1, resolved: 0 } as const;

/**
 * Worse first: what pages or paged before what is only info, what fires before what is muted or
 * over, critical before warn.
 */
const weight = ({ state, severity }: AlertSummary): number =>
  (isPaging(severity) ? 100 : 0) + 10 * byState[state] + severityRank[severity];

/** The title of an incident that an alert names: its own, and the group. */
export function titleOf({ title }: Pick<AlertSummary, 'title'>, groupLabels: Incident['groupLabels']): string {
  const group = Object.values(groupLabels).filter((value) => value !== '');
  return cut(`${title}${group.length === 0 ? '' : ` (${group.join(', ')})`}`, maxTitle);
}

/**
 * The alert that names the incident now. The one that does so far keeps it while no other is worse;
 * once all have resolved, the last one keeps it. Undefined: nobody knows which one named it.
 */
export function namedBy({ alerts, titledBy }: Pick<Incident, 'alerts' | 'titledBy'>): AlertSummary | undefined {
  const current = alerts.find(({ fingerprint }) => fingerprint === titledBy);
  const isWorse = (a: AlertSummary, b: AlertSummary): boolean => (weight(a) - weight(b) || b.since - a.since) > 0;
  let worst = alerts[0];
  for (const one of alerts) if (worst !== undefined && isWorse(one, worst)) worst = one;
  if (worst === undefined || worst.state === 'resolved') return current;
  return current !== undefined && weight(current) >= weight(worst) ? current : worst;
}

/** The incident, and its causes, with the titles that its alerts give them now. */
export function retitled(incident: Incident): Incident {
  return withTitle(
    incident.causes === undefined ? incident : { ...incident, causes: causesNow(incident.causes, incident.alerts) },
  );
}

const causesNow = (causes: readonly Cause[], alerts: readonly AlertSummary[]): Cause[] =>
  causes.map((cause) => ({
    ...cause,
    title: alerts.find(({ fingerprint }) => fingerprint === cause.fingerprint)?.title ?? cause.title,
  }));

function withTitle(incident: Incident): Incident {
  const name = namedBy(incident);
  if (name === undefined) return incident;
  const title = titleOf(name, incident.groupLabels);
  return title === incident.title && name.fingerprint === incident.titledBy
    ? incident
    : { ...incident, title, titledBy: name.fingerprint };
}
