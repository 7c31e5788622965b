import type { Alert } from '../../alerting/alerts/alert.ts';
import { isPaging, pagedAs, severityRank } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { callCurrentStep, escalateNow, freezePolicy, trigger } from '../escalation/escalate.ts';
import { leadBy } from '../escalation/routing.ts';
import { beginFlapping, flappingWhy, isExpected } from '../flapping/begin.ts';
import type { PageReason } from '../paging/posted.ts';
import { awaitsProof } from '../rollback/proof.ts';
import { type Joins, worstFirst } from './correlate.ts';
import { type Draft, resolveIncident, tocsin } from './draft.ts';
import { endByItself } from './end-by-itself.ts';
import type { Incident } from './incident.ts';
import { calls, isOpenForInfo, leadingOf } from './info-only.ts';
import type { Joining } from './join.ts';
import { lead } from './opening.ts';
import { callEach, repage, survivingAlerts } from './relate.ts';

export function react(draft: Draft, changes: readonly Joining[], before: Incident, joins: Joins | undefined): void {
  const { incident, now, config } = draft;
  const active = incident.counts.critical + incident.counts.warn;
  const reason = leadingOf(incident.alerts)?.reason ?? incident.title;
  if (active === 0) {
    settle(draft);
    return;
  }
  incident.deadlines.resolve = undefined;
  const untold = incident.rollback?.untold;
  if (untold !== undefined) {
    Object.assign(incident.rollback ?? {}, { untold: undefined });
    escalateNow(draft, 'remedy failed', untold);
    return;
  }
  const first = lead(changes.map(({ after }) => after));
  // Muted alerts route an incident until one pages. Nobody was told before then.
  if (before.status === 'waiting' && before.counts.critical + before.counts.warn === 0 && first !== undefined)
    leadBy(incident, first, config);
  const begins = beginFlapping(draft, changes);
  if (incident.status === 'waiting') {
    if (incident.severity === 'critical' || config.settings.groupWait === 0) begin(draft, reason);
    else if (incident.deadlines.groupWait === undefined) {
      incident.deadlines.groupWait = now + config.settings.groupWait;
      freezePolicy(draft);
    }
    return;
  }
  if (begins && incident.flapping !== undefined && !isCovered(incident)) {
    const why = flappingWhy(incident.flapping, first?.reason ?? reason);
    callAgain(draft, 'flapping', why, severityRank[incident.severity] > severityRank[before.severity]);
    return;
  }
  if (severityRank[incident.severity] > severityRank[before.severity] && !isCovered(incident) && !isToldAlready(incident)) {
    // An acknowledge covers one severity, so a rise pages again from tier 1.
    if (incident.flapping !== undefined) incident.flapping = { ...incident.flapping, severity: pagedAs(incident.severity) };
    trigger(draft, 'severity raised', reason);
    return;
  }
  const another = incident.status === 'acknowledged' ? anotherCritical(changes, before, incident) : undefined;
  if (another !== undefined) {
    const over = incident.counts.muted > 0 ? 'what was acknowledged is over or muted' : 'what was acknowledged is over';
    trigger(draft, 'alert joined', `${over}, and another alert is critical: ${another.reason}`);
    return;
  }
  const outlasts = worstFirst(survivingAlerts(changes).map(({ after }) => after));
  if (joins?.routedAnew && first !== undefined && repage(draft, first, `the likely cause joined: ${first.reason}`)) return;
  if (outlasts.length > 0) {
    if (callEach(draft, outlasts, (alert) => `what explained it is over, and it still fires: ${alert.reason}`)) return;
    if (incident.status === 'acknowledged') unacknowledge(draft);
  }
  if (incident.status !== 'triggered') return;
  const news = changes.filter(({ after, was }) => calls(after) && !(was?.state === 'firing' && isPaging(was.severity)));
  const joined = news.filter((change) => !isExpected(incident, before, change)).length;
  if (joined === 0) return;
  incident.joinedUnpaged += joined;
  const next = incident.joinedPagedAt + config.settings.groupInterval;
  if (next <= now || incident.joinedPagedAt > now) pageJoined(draft);
  else incident.deadlines.joined = next;
}

/** Whether somebody already acknowledged the incident at this severity. */
const isCovered = ({ status, severity, acknowledgedSeverity }: Incident): boolean =>
  status === 'acknowledged' && acknowledgedSeverity !== undefined && severityRank[severity] <= severityRank[acknowledgedSeverity];

/** The first page of an incident. If its group has come and gone before, it says that it flaps. */
export function begin(draft: Draft, reason: string): void {
  const { flapping } = draft.incident;
  if (flapping === undefined) trigger(draft, 'triggered', reason);
  else trigger(draft, 'flapping', flappingWhy(flapping, reason));
}

/** A flapping incident pages each severity once, until somebody acknowledges less than that. */
const isToldAlready = ({ status, severity, flapping }: Incident): boolean =>
  flapping !== undefined && status === 'triggered' && severityRank[severity] <= severityRank[flapping.severity];

/**
 * Pages what is new about the incident as a whole: the current step, whose time to acknowledge goes
 * on, or tier 1 if nobody is to be called next, or if it got worse.
 */
export function callAgain(draft: Draft, reason: PageReason, why: string, isWorse = false): void {
  const { incident, now } = draft;
  const stands = incident.status === 'triggered' && incident.deadlines.acknowledge !== undefined;
  if (!stands || isWorse || incident.escalation.heldWhileMuted) {
    trigger(draft, reason, why);
    return;
  }
  Object.assign(incident, { joinedPagedAt: now, joinedUnpaged: 0 });
  incident.deadlines.joined = undefined;
  callCurrentStep(draft, reason, why);
}

/**
 * A critical alert new to the incident, when everything else in it is resolved or muted, even if
 * only just now.
 */
function anotherCritical(changes: readonly Joining[], before: Incident, { counts }: Incident): Alert | undefined {
  const known = new Set(before.alerts.map(({ fingerprint }) => fingerprint));
  const fresh = changes.filter(({ after, was }) => calls(after) && was === undefined && !known.has(after.fingerprint));
  if (counts.critical + counts.warn > fresh.length) return undefined;
  return fresh.find(({ after }) => after.severity === 'critical')?.after;
}

/** The acknowledge was for a cause that is over. What remains is new, and pages again. */
function unacknowledge(draft: Draft): void {
  const { incident } = draft;
  draft.note('unmuted', `${incident.acknowledgedBy ?? 'someone'} acknowledged what is now over; this is still firing`);
  Object.assign(incident, { status: 'triggered', acknowledgedAt: undefined, acknowledgedBy: undefined });
  incident.deadlines.ackTimeout = undefined;
}

/** No alert pages any more: the incident ends now or soon, unless some are only muted. */
export function settle(draft: Draft): void {
  const { incident, now, config } = draft;
  const { resolveDelay } = config.settings;
  incident.deadlines.joined = undefined;
  // It is expected to fire again, so its escalation goes on.
  if (incident.flapping !== undefined) return;
  if (awaitsProof(incident)) {
    incident.deadlines.resolve = undefined;
    return;
  }
  if (incident.counts.muted > 0 || isOpenForInfo(incident)) {
    incident.deadlines.resolve = undefined;
    incident.deadlines.groupWait = undefined;
  } else if (incident.status === 'waiting') {
    const wasMuted = incident.deadlines.groupWait === undefined;
    const when = wasMuted ? 'while it was muted' : 'before groupWait had passed';
    const ending = wasMuted ? 'resolved while muted' : 'resolved before groupWait';
    resolveIncident(draft, tocsin, ending, `every alert resolved ${when}; nobody was paged`);
  } else if (resolveDelay === 0) endByItself(draft, 'every alert has resolved');
  else if (incident.deadlines.resolve === undefined) {
    incident.deadlines.resolve = now + resolveDelay;
    draft.note(
      'resolve pending',
      `every alert has resolved; the incident resolves in ${formatDuration(resolveDelay)} unless one fires again`,
    );
  }
}

/**
 * Pages about alerts that joined. If escalation has stopped and nobody acknowledged, restarts it.
 */
export function pageJoined(draft: Draft): void {
  const { incident, now } = draft;
  const { joinedUnpaged: joined, counts } = incident;
  incident.joinedUnpaged = 0;
  incident.deadlines.joined = undefined;
  if (incident.status !== 'triggered' || counts.critical + counts.warn === 0) return;
  const firing = incident.alerts.filter(({ state, severity }) => state === 'firing' && isPaging(severity));
  const newest = firing.toSorted((a, b) => b.since - a.since)[0];
  const isAll = joined >= counts.critical + counts.warn;
  const worstReason = firing[0]?.reason ?? incident.title;
  const why =
    joined === 1
      ? (newest?.reason ?? incident.title)
      : isAll
        ? worstReason
        : `${joined} alerts joined; worst of the incident: ${worstReason}`;
  const stands = incident.deadlines.acknowledge === undefined;
  // Earlier tiers whose page was held back by a silence must still be told.
  if (stands || incident.escalation.heldWhileMuted) trigger(draft, isAll ? 'triggered' : 'alert joined', why);
  else {
    incident.joinedPagedAt = now;
    callCurrentStep(draft, 'alert joined', why);
  }
}
