import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import { alertsOfLost, quarantinePage } from '../../core/selfcheck/quarantine/quarantine-page.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { logFaults } from '../../core/vocabulary/log-faults.ts';
import { type Change, commitMuted } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { lastResort, pageDirectly } from './page-directly.ts';

/** More are reported after some of these have been dropped. */
export const maxQuarantined = 1000;
/** Records in the log; `tocsin quarantine` lists the others. */
const maxLogged = 20;

/**
 * Reports newly unreadable records in the log. For an open incident or undelivered page it also
 * pages the fallback directly, and retries until somebody was reached. A lost incident's alerts
 * open a new one, so that they escalate as usual; acknowledges and other actions on the lost one
 * are gone.
 */
export async function watchQuarantine(ports: Ports, now: number): Promise<void> {
  const { store, log } = ports;
  const untold = (await store.quarantined(maxQuarantined)).filter(({ toldAt }) => toldAt === undefined);
  if (untold.length === 0) return;
  for (const { kind, id, reason, urgent } of untold.slice(0, maxLogged))
    log('error', logFaults.quarantined, { kind, id, reason, urgent });
  const urgent = untold.filter((one) => one.urgent);
  const isReached = urgent.length === 0 || (await tell(ports, urgent, now));
  await store.quarantineTold(isReached ? untold : untold.filter((one) => !one.urgent), now);
}

async function tell(ports: Ports, urgent: readonly Quarantined[], now: number): Promise<boolean> {
  const { config, store } = ports;
  const known = await store.alerts();
  const alerts = alertsOfLost(urgent, known);
  const page = quarantinePage(urgent, alerts, config, now);
  const key = `quarantine#${digest(JSON.stringify(urgent.map(({ kind, id }) => [kind, id])), 12, ports.sha256)}`;
  const isReached = await pageDirectly(ports, lastResort(config, page.category).targets, page, key);
  if (alerts.length > 0) await beginAnew(ports, alerts, known, now);
  return isReached;
}

/** Opens a new incident for alerts, as if they had just fired. */
async function beginAnew(ports: Ports, alerts: readonly Alert[], known: readonly Alert[], now: number): Promise<void> {
  const changes = alerts.map((alert): Change => {
    const again = (before: Alert | undefined): AlertChange | undefined =>
      before === undefined || !isActive(before) || before.joined?.incidentId !== alert.joined?.incidentId
        ? undefined
        : { before, after: { ...before, joined: undefined }, change: 'fired' };
    return { before: alert, after: { ...alert, joined: undefined }, change: 'fired', again };
  });
  const { lost } = await commitMuted(ports, changes, known, await ports.store.silences(now), now);
  for (const { rule, error } of lost) ports.log('error', 'an alert of a lost incident could not begin another', { rule, error });
}
