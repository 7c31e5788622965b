import type { Alert } from '../../alerting/alerts/alert.ts';
import type { FlappingWindow } from '../../detection/rules/flapping-schema.ts';
import type { Fingerprint } from '../../vocabulary/ids.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Draft } from '../incidents/draft.ts';
import type { FlappingState, Incident } from '../incidents/incident.ts';
import { calls } from '../incidents/info-only.ts';
import type { Joining } from '../incidents/join.ts';
import { changesText, stateChangeOf, timesAgain, withChanges } from './changes.ts';
import { flappingOf } from './flapping-of.ts';

/** Remembers what alerts did. Each change puts off the end of flapping. */
export function noteChanges(draft: Draft, joining: readonly Joining[]): void {
  const { incident, now, config } = draft;
  const news = joining.flatMap((change) =>
    flappingOf(config, change.after) === 'off' ? [] : (stateChangeOf(change, now) ?? []),
  );
  if (news.length === 0) return;
  incident.changes = withChanges(incident.changes ?? [], news, now);
  const { flapping } = incident;
  if (flapping === undefined) return;
  incident.flapping = { ...flapping, changedAt: now };
  incident.deadlines.steady = now + flapping.quiet;
}

/**
 * Begins flapping if an alert that fires has come and gone too often. Returns whether it does now.
 */
export function beginFlapping(draft: Draft, joining: readonly Joining[]): boolean {
  const { incident, now, config } = draft;
  const { changes = [], counts } = incident;
  if (incident.flapping !== undefined || counts.critical + counts.warn === 0) return false;
  // Most alerts of a storm have the same window, and one look at it is enough.
  const steady = new Set<FlappingWindow>();
  for (const { after: alert } of joining) {
    const window = flappingOf(config, alert);
    if (window === 'off' || steady.has(window) || !calls(alert) || !isNew(incident, alert, now)) continue;
    if (timesAgain(changes, window, now) <= window.changes) {
      steady.add(window);
      continue;
    }
    const quiet = Math.max(window.quiet, config.settings.resolveDelay);
    const text = changesText(changes, window, now);
    incident.flapping = { since: now, changedAt: now, text, severity: pagedAs(incident.severity), quiet };
    incident.deadlines.steady = now + quiet;
    draft.note('flapping', `${text}; ${staysOpen(quiet)}, and pages again only if it gets worse or nobody acknowledges`);
    return true;
  }
  return false;
}

const staysOpen = (quiet: number): string => `it stays open until nothing has changed for ${formatDuration(quiet)}`;

/** Why the page is sent that says so. */
export const flappingWhy = ({ text, quiet }: FlappingState, reason: string): string =>
  `flapping: ${text}; ${staysOpen(quiet)}: ${reason}`;

/** It fired or became worse in this very decision. */
const isNew = ({ changes = [] }: Incident, { fingerprint }: Alert, now: number): boolean =>
  changes.some((one) => one.at === now && one.fingerprint === fingerprint && (one.kind === 'fired' || one.kind === 'raised'));

/**
 * Whether an alert only comes back to a flapping incident whose next call is set. Then the page
 * that said it flaps stands for this one. Without a next call, or with a page that a silence held
 * back, it pages.
 */
export function isExpected({ flapping, deadlines, escalation }: Incident, before: Incident, { after, was }: Joining): boolean {
  if (flapping === undefined || escalation.heldWhileMuted) return false;
  if ((deadlines.acknowledge ?? deadlines.restart) === undefined) return false;
  if (was !== undefined) return was.state === 'resolved';
  return before.alerts.some(({ fingerprint, state }) => fingerprint === after.fingerprint && state === 'resolved');
}

/**
 * Whether the alert may have been critical in the incident before. Of very many alerts not all are
 * remembered, and one that is not counts as critical.
 */
export function wasCriticalBefore({ alerts, counts, changes = [] }: Incident, fingerprint: Fingerprint): boolean {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const known = alerts.find((one) => one.fingerprint === fingerprint);
  if (known === undefined) return total > alerts.length;
  const fired = known.state !== 'muted' && known.severity === 'critical';
  return fired || changes.some((one) => one.fingerprint === fingerprint && one.severity === 'critical');
}
