import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { describeLabels, formatUtc } from '../../vocabulary/format.ts';
import { isPaging } from '../../vocabulary/severity.ts';
import { describeNumbers, describeWhen } from '../paging/describe.ts';
import type { Incident } from './incident.ts';

/**
 * What a person sees when resolving an incident that still fires. Muted alerts are left out: they
 * page nobody.
 */
export type StillFiring = {
  critical: number;
  warn: number;
  /** The worst, at most `maxShown`. */
  alerts: AlertSummary[];
  /** Identifies what was shown, so that a confirmation covers exactly that. */
  token: string;
};

/**
 * How a person confirms resolving while alerts fire: for any alert (`force`), or for those that
 * `seen` identifies.
 */
export type Confirmation = { force: true } | { seen: string };

const maxShown = 5;
const shownPart = 8;

const firingIn = ({ alerts }: Incident): AlertSummary[] =>
  alerts.filter(({ state, severity }) => state === 'firing' && isPaging(severity));

/** Undefined if no unmuted alert fires: then no confirmation is needed. */
export function stillFiring(incident: Incident): StillFiring | undefined {
  const { critical, warn } = incident.counts;
  if (critical + warn === 0) return undefined;
  const firing = firingIn(incident);
  const named = firing.map(({ fingerprint, severity }) => `${fingerprint.slice(0, shownPart)}${severity[0]}`);
  return { critical, warn, alerts: firing.slice(0, maxShown), token: [`${critical}c${warn}w`, ...named].join('.') };
}

/**
 * Whether somebody who saw `seen` has seen everything that fires now. Ended or less severe alerts
 * need no second question; new or worse ones do.
 */
export function covers(seen: string, incident: Incident): boolean {
  const [counts = '', ...names] = seen.split('.');
  const [, critical, warn] = /^(\d{1,9})c(\d{1,9})w$/.exec(counts) ?? [];
  if (critical === undefined || warn === undefined) return false;
  // A very large incident has more alerts than summaries; only its counts cover the rest.
  if (incident.counts.critical > Number(critical)) return false;
  if (incident.counts.critical + incident.counts.warn > Number(critical) + Number(warn)) return false;
  const known = new Set(names);
  return firingIn(incident).every(({ fingerprint, severity }) => {
    const name = fingerprint.slice(0, shownPart);
    return known.has(`${name}c`) || (severity === 'warn' && known.has(`${name}w`));
  });
}

/** `1 critical and 2 warn alerts still fire`. */
export function countText({ critical, warn }: Pick<StillFiring, 'critical' | 'warn'>): string {
  const parts = [...(critical > 0 ? [`${critical} critical`] : []), ...(warn > 0 ? [`${warn} warn`] : [])];
  return `${parts.join(' and ')} alert${critical + warn === 1 ? ' still fires' : 's still fire'}`;
}

/** One line per alert, worst first, and the number not shown. */
export function firingLines({ critical, warn, alerts }: StillFiring): string[] {
  const more = critical + warn - alerts.length;
  return [...alerts.map(firingLine), ...(more > 0 ? [`and ${more} more`] : [])];
}

function firingLine(alert: AlertSummary): string {
  const labels = describeLabels(alert.labels);
  const numbers = describeNumbers(alert);
  const when = describeWhen(alert);
  return `${alert.severity}: ${alert.ruleId}${labels === '' ? '' : ` {${labels}}`}, ${numbers === '' ? alert.reason : numbers}, since ${formatUtc(alert.since)}${when === '' ? '' : ` (${when})`}`;
}
