import type { Alert } from '../../alerting/alerts/alert.ts';
import { joinedState } from '../../alerting/alerts/alert-summary.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { freezePolicy, trigger } from '../escalation/escalate.ts';
import { leadBy } from '../escalation/routing.ts';
import { flappingWhy } from '../flapping/begin.ts';
import { isSettled } from '../rollback/consider.ts';
import type { Draft } from './draft.ts';
import type { Incident } from './incident.ts';
import type { Joining } from './join.ts';

/** The alert that reopens an incident routes it, unless other alerts kept firing. */
export function routeByWhatFires({ incident, config }: Draft, first: Alert | undefined, changes: readonly Joining[]): void {
  const firing = changes.filter(({ after }) => joinedState(after) === 'firing').length;
  if (firing > 0 && first !== undefined && incident.counts.critical + incident.counts.warn === firing)
    leadBy(incident, first, config);
}

/** Nobody was ever paged, so its group begins like a new one. */
export const isUnheard = ({ pagedContacts }: Incident): boolean => pagedContacts.length === 0;

/**
 * Reopens the incident, from tier 1, when an alert fires within the reopen window. With
 * `waitsForGroup`, a warning waits `groupWait` first, as in a new incident. `goesOn`: the alert
 * never ended. `flaps`: it came back so often that this page says so.
 */
export function reopen(
  draft: Draft,
  reason: string,
  { goesOn = false, waitsForGroup = false, flaps = false }: { goesOn?: boolean; waitsForGroup?: boolean; flaps?: boolean } = {},
): void {
  const { incident, config, now } = draft;
  const outlived = incident.resolvedWhileFiring === true;
  const returned = outlived ? (goesOn ? 'still fires' : 'more fires') : 'fired again';
  const why = outlived ? `${resolvedText(incident, goesOn)}: ${reason}` : reason;
  incident.reopened += 1;
  // The old rollback decision is over. A new one goes through breaker and limits again.
  if (incident.rollback !== undefined && isSettled(incident.rollback) && !flaps) incident.rollback = undefined;
  incident.reopenedAt = now;
  incident.pagedCritical = false;
  incident.told = undefined;
  incident.resolvedAt = undefined;
  incident.resolvedBy = undefined;
  incident.resolveReason = undefined;
  incident.resolvedWhileFiring = undefined;
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.acknowledgedSeverity = undefined;
  incident.deadlines = incident.deadlines.steady === undefined ? {} : { steady: incident.deadlines.steady };
  if (incident.counts.critical + incident.counts.warn === 0) {
    incident.status = 'waiting';
    draft.note('reopened', `${why} (muted: no page)`, { data: { returned, withheld: 'all muted' } });
    return;
  }
  draft.note('reopened', why, { data: { returned } });
  if (waitsForGroup && incident.severity === 'warn' && config.settings.groupWait > 0) {
    incident.status = 'waiting';
    incident.deadlines.groupWait = now + config.settings.groupWait;
    freezePolicy(draft);
    return;
  }
  const { flapping } = incident;
  if (flaps && flapping !== undefined) trigger(draft, 'flapping', flappingWhy(flapping, why));
  else trigger(draft, 'reopened', why);
}

/** The page must say that a person resolved it, and that it went on. */
function resolvedText({ resolvedBy, resolvedAt }: Incident, goesOn: boolean): string {
  const at = resolvedAt === undefined ? '' : ` at ${formatUtc(resolvedAt)}`;
  return `${resolvedBy ?? 'someone'} resolved it${at}; ${goesOn ? 'it still fires' : 'more fires now'}`;
}

export function recoverAfterResolve(draft: Draft): void {
  const { incident } = draft;
  const { critical, warn, muted } = incident.counts;
  if (critical + warn === 0) incident.deadlines.recheck = undefined;
  if (critical + warn + muted === 0) incident.resolvedWhileFiring = undefined;
}
