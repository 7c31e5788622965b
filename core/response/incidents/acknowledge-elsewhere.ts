import type { Incident } from './incident.ts';

/**
 * Why an acknowledge that another system reports of its alert is noted alone, and escalation goes
 * on; undefined if everything that fires in the incident is of that source. Whoever took an alert
 * there knows nothing of the others.
 */
export function firesBesides(incident: Incident, source: string): string | undefined {
  const firing = incident.alerts.filter(({ state }) => state === 'firing');
  // Names of sources have no slash: the rest is the name of the alert.
  const other = firing.find(({ ruleId }) => !ruleId.startsWith(`${source}/`));
  if (other !== undefined) return `${other.ruleId} fires, too, which is not of ${source}`;
  const { critical, warn } = incident.counts;
  return critical + warn > firing.length ? 'more alerts fire than the incident shows' : undefined;
}
