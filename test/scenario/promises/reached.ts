import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { Target } from '../../../core/response/escalation/policy-schema.ts';
import type { AlertSeverity } from '../../../core/vocabulary/schema-parts.ts';
import { severityRank } from '../../../core/vocabulary/severity.ts';
import { minute, second, timeOf } from '../harness.ts';
import { isCall, longestWait, type Policy, type Stretch, stretchesOf, type Truth, tick } from './truth.ts';

type Broken = string[];
const severities: readonly AlertSeverity[] = ['critical', 'warn'];
const span = ({ from, to }: Stretch): string => `${timeOf(from)}-${timeOf(to)}`;
const isAtLeast = (a: AlertSeverity, b: AlertSeverity): boolean => severityRank[a] >= severityRank[b];

/**
 * What somebody who has acknowledged has taken on, from the press to `time`: which severity, and
 * which alerts.
 */
function takenOn(truth: Truth, id: string, time: number): { at: number; severity: AlertSeverity; alerts: Alert[] } | undefined {
  let taken: { at: number; severity: AlertSeverity; alerts: Alert[] } | undefined;
  for (const { at, kind, severity } of truth.entriesOf(id)) {
    if (at > time) break;
    if (kind === 'opened' || kind === 'reopened' || kind === 'ack timed out') taken = undefined;
    if (kind !== 'acknowledged') continue;
    const worst = taken !== undefined && isAtLeast(taken.severity, severity) ? taken.severity : severity;
    taken = { at, severity: worst, alerts: truth.alertsOf(id, at).filter((alert) => truth.isActive(alert)) };
  }
  return taken;
}

/**
 * Whether an acknowledge may cover an alert: its severity, and it was there or came while what was
 * taken on still fired.
 */
export function isCovered(truth: Truth, id: string, alert: Alert, time: number): boolean {
  const taken = takenOn(truth, id, time);
  if (taken === undefined || !isAtLeast(taken.severity, alert.severity)) return false;
  if (taken.alerts.some(({ fingerprint }) => fingerprint === alert.fingerprint)) return true;
  const isOver = (at: number): boolean => taken.alerts.every(({ fingerprint }) => truth.loud(fingerprint, at) === undefined);
  return !(isOver(taken.at) || [...truth.points].some((at) => at > taken.at && at <= time && isOver(at)));
}

/**
 * Whether an alert has to be called about past an acknowledge: it is worse, or new when nothing
 * else fired any more.
 */
function isUncovered(truth: Truth, id: string, alert: Alert, time: number): boolean {
  const taken = takenOn(truth, id, time);
  if (taken === undefined || !isAtLeast(taken.severity, alert.severity)) return true;
  if (alert.severity !== 'critical') return false;
  const { fingerprint } = alert;
  const spells = stretchesOf(truth.points, truth.until, (at) => truth.loud(fingerprint, at)?.severity === 'critical');
  const began = spells.find(({ from, to }) => from <= time && time < to)?.from ?? time;
  const known = new Set(truth.alertsOf(id, began - 1).map((one) => one.fingerprint));
  // What ends, or is muted no longer, in the same minute may be looked at a moment earlier or
  // later.
  const times = [began - tick, ...[...truth.points].filter((at) => at > began - tick && at < began + tick)];
  const isAlone = times.every((at) => !truth.loudOf(id, at).some((one) => known.has(one.fingerprint)));
  return !known.has(fingerprint) && began > taken.at && isAlone;
}

/**
 * Whether a person has said that they have it: acknowledged, or resolved although it fires, for as
 * long as that holds.
 */
function isExcused(truth: Truth, id: string, alert: Alert, time: number): boolean {
  const incident = truth.incidentAt(id, time);
  if (incident?.status === 'acknowledged') return !isUncovered(truth, id, alert, time);
  if (incident?.status !== 'resolved' || incident.resolvedBy === 'tocsin' || incident.resolvedAt === undefined) return false;
  if (time >= incident.resolvedAt + Math.max(truth.config.settings.reopenWindow, 5 * minute)) return false;
  const then = truth.alertAt(alert.fingerprint, incident.resolvedAt);
  return truth.isActive(then) && isAtLeast(then.severity, alert.severity);
}

/** When an incident has an alert of at least this severity that somebody has to hear of. */
function needs(truth: Truth, id: string, severity: AlertSeverity): Stretch[] {
  return stretchesOf(truth.points, truth.until, (time) =>
    truth.loudOf(id, time).some((alert) => isAtLeast(alert.severity, severity) && !isExcused(truth, id, alert, time)),
  );
}

type Step = { targets: Target[]; after: number };
/** Who is paged when nobody acknowledges, and how long after the first page. */
function stepsOf(policy: Policy): { steps: Step[]; total: number } {
  const steps: Step[] = [];
  let after = 0;
  for (const { targets, ackWithin } of policy.tiers) {
    steps.push({ targets, after });
    after += ackWithin;
  }
  after += policy.repeat * (policy.tiers.at(-1)?.ackWithin ?? 0);
  if (policy.fallback !== undefined) steps.push({ targets: [policy.fallback], after });
  return { steps, total: after };
}

/**
 * For ticks, one page a minute, the next contact method after 30 s, and a retry that was due just
 * before.
 */
const slackOf = (truth: Truth): number => 2 * tick + truth.config.settings.pageInterval + 60 * second;

/** By when somebody has to have heard, by each phone that rings. */
function dueTimes(truth: Truth, id: string, need: Stretch, severity: AlertSeverity): { by: number; why: string }[] {
  const incident = truth.incidentAt(id, need.from + tick) ?? truth.incidentAt(id, need.from);
  if (incident === undefined) return [];
  const key = `${incident.policyKey.split('/')[0]}/${severity}`;
  const changes = truth
    .snapshots(id)
    .some(({ at, incident: one }) => at > need.from && at < need.to && one.policyKey !== incident.policyKey);
  const policy = incident.policies[key] ?? truth.policyOf(incident);
  if (policy === undefined || changes) return [];
  const { steps, total } = stepsOf(policy);
  const slack = slackOf(truth) + (severity === 'critical' ? 0 : truth.config.settings.groupWait);
  const due: { by: number; why: string }[] = [];
  for (const [index, { targets, after }] of steps.entries()) {
    for (const target of targets) {
      for (const contact of truth.contactsOf(target, need.from)) {
        for (const stretch of truth.reachable(contact)) {
          const from = Math.max(need.from, stretch.from);
          const backoff = Math.min(30 * minute, from - incident.openedAt + minute);
          const by = truth.later(from, slack + (stretch.from < need.from ? after : backoff + total));
          if (by > stretch.to || by > need.to) continue;
          if (target.schedule !== undefined && hasChangedHands(truth, target.schedule, need.from, by)) continue;
          due.push({ by, why: `${contact}, of step ${index + 1}, rings from ${timeOf(from)}` });
        }
      }
    }
  }
  return due;
}

function hasChangedHands(truth: Truth, schedule: string, from: number, to: number): boolean {
  for (let time = from; time <= to; time += minute)
    if (truth.onCall(schedule, time) !== truth.onCall(schedule, from)) return true;
  return false;
}

/** When every phone there is rings again. */
function allRing(truth: Truth): Stretch[] {
  const contacts = new Set(truth.manners.map(({ contact }) => contact));
  const each = [...contacts].map((contact) => truth.reachable(contact));
  const points = [truth.from, ...each.flatMap((all) => all.flatMap(({ from, to }) => [from, to]))];
  return stretchesOf(points, truth.until, (time) => each.every((all) => all.some(({ from, to }) => from <= time && time < to)));
}

/** Whether somebody has heard, since the incident last began anew. */
function heardAt(truth: Truth, id: string, severity: AlertSeverity, need: Stretch): number | undefined {
  const anew = truth
    .entriesOf(id)
    .filter(({ at, kind }) => at <= need.from && ['opened', 'reopened', 'ack timed out'].includes(kind))
    .at(-1);
  return truth.delivered.find(
    ({ at, page }) => page.incidentId === id && isCall(page) && at >= (anew?.at ?? 0) && isAtLeast(page.severity, severity),
  )?.at;
}

/**
 * 1. Every unsilenced alert reaches somebody who can be reached within the deadlines of its policy,
 * or as soon as a phone rings again.
 */
export function reachesSomebody(truth: Truth): Broken {
  const broken: Broken = [];
  for (const id of truth.ids) {
    for (const severity of severities) {
      for (const need of needs(truth, id, severity)) {
        const heard = heardAt(truth, id, severity, need);
        const due = dueTimes(truth, id, need, severity);
        const wait = severity === 'critical' ? 0 : truth.config.settings.groupWait;
        const opened = truth.incidentAt(id, need.from)?.openedAt ?? need.from;
        for (const { from, to } of allRing(truth)) {
          const begin = Math.max(from, need.from);
          const by = truth.later(begin, slackOf(truth) + wait + Math.min(30 * minute, begin - opened + minute));
          if (by <= to && by <= need.to) due.push({ by, why: `all phones ring from ${timeOf(begin)}` });
        }
        const missed = due.filter(({ by }) => heard === undefined || heard > by).sort((a, b) => a.by - b.by)[0];
        if (missed === undefined) continue;
        const when = heard === undefined ? 'nobody has heard' : `the first to hear did at ${timeOf(heard)}`;
        broken.push(`${id} is ${severity} ${span(need)} and ${when}, due by ${timeOf(missed.by)}: ${missed.why}`);
      }
    }
  }
  return broken;
}

/** 3. Every open incident has a next step at every moment. */
export function hasNextStep(truth: Truth): Broken {
  const broken: Broken = [];
  for (const id of truth.ids) {
    for (const { at, incident } of truth.snapshots(id)) {
      const { status, counts, nextStepAt } = incident;
      const waits = counts.critical + counts.warn === 0 && counts.muted + counts.info > 0;
      if (status !== 'resolved' && nextStepAt === undefined && !waits)
        broken.push(`${id} is ${status} at ${timeOf(at)} without a next step`);
    }
    const isOpen = (time: number, ...statuses: string[]): boolean =>
      statuses.includes(truth.incidentAt(id, time)?.status ?? '') && truth.loudOf(id, time).length > 0;
    const slack = slackOf(truth) + truth.config.settings.groupWait;
    const acts = [...truth.tried, ...truth.delivered, ...truth.failed].flatMap(({ at, page }) =>
      page.incidentId === id && isCall(page) ? [at] : [],
    );
    for (const { from, to } of stretchesOf(truth.points, truth.until, (time) => isOpen(time, 'waiting', 'triggered'))) {
      let since = from;
      for (const at of [...acts.filter((time) => time > from && time < to).sort((a, b) => a - b), to]) {
        if (at > truth.later(since, longestWait(truth) + slack))
          broken.push(`${id} fires unacknowledged and nobody is called from ${timeOf(since)} to ${timeOf(at)}`);
        since = at;
      }
    }
    for (const { from, to } of stretchesOf(truth.points, truth.until, (time) => isOpen(time, 'acknowledged'))) {
      const since = truth.incidentAt(id, to - 1)?.acknowledgedAt ?? from;
      const policy = truth.policyOf(truth.incidentAt(id, from) ?? raise(id));
      // What a silence ended over may have timed out under it.
      if (to > Math.max(truth.later(since, (policy?.ackTimeout ?? 0) + tick), from + tick))
        broken.push(`${id} stays acknowledged from ${timeOf(since)} to ${timeOf(to)}, past its timeout`);
    }
  }
  return broken;
}

const raise = (id: string): never => {
  throw new Error(`${id} has no state`);
};

/**
 * 3b. Every alert that fires and is not silenced is in an open incident, or in one that a person
 * has resolved not long ago.
 */
export function isInAnIncident(truth: Truth): Broken {
  return truth.fingerprints.flatMap((fingerprint) =>
    stretchesOf(truth.points, truth.until, (time) => {
      const alert = truth.loud(fingerprint, time);
      if (alert === undefined) return false;
      const id = alert.joined?.incidentId;
      const incident = id === undefined ? undefined : truth.incidentAt(id, time);
      if (id === undefined || incident === undefined) return true;
      return incident.status === 'resolved' && !isExcused(truth, id, alert, time);
    }).flatMap((stretch) =>
      stretch.to > truth.later(stretch.from, tick)
        ? [`${truth.alertAt(fingerprint, stretch.from)?.ruleId} fires ${span(stretch)} and is in no open incident`]
        : [],
    ),
  );
}

/**
 * 1b. What was critical is told, if late: an incident that ended by itself, and that nobody took or
 * silenced, has been heard of.
 */
export function criticalIsTold(truth: Truth): Broken {
  const { silences, config } = truth;
  const quiet = Object.keys(config.muteTimings).length + config.inhibitions.length + config.routes.length;
  if (silences.length + quiet > 0) return [];
  return truth.ids.flatMap((id) => {
    const snapshots = truth.snapshots(id);
    const wasCritical = snapshots.some(({ incident }) => incident.counts.critical > 0);
    const last = snapshots.at(-1)?.incident;
    const taken = truth.presses.some(({ incidentId, ok }) => ok && incidentId === id);
    const told = truth.delivered.some(({ page }) => page.incidentId === id && isCall(page) && page.severity === 'critical');
    if (!wasCritical || last?.status !== 'resolved' || taken || told) return [];
    // Tried after its end until the page was refused or given up: the timeline says so, and there
    // is nobody else.
    if (truth.entriesOf(id).some(({ kind, at }) => kind === 'page failed' && at >= (last.resolvedAt ?? 0))) return [];
    return [`${id} was critical from ${timeOf(last.openedAt)} and is resolved, and nobody ever heard of it`];
  });
}

/**
 * 4. A silence delays and loses nothing: once it is over, somebody is called who has not heard yet,
 * or whose page it held back.
 */
export function silencesLoseNothing(truth: Truth): Broken {
  const broken: Broken = [];
  const within = truth.config.settings.groupInterval + tick + truth.config.settings.pageInterval;
  for (const id of truth.ids) {
    for (const severity of severities) {
      for (const need of needs(truth, id, severity)) {
        const by = truth.later(need.from, within + (severity === 'critical' ? 0 : truth.config.settings.groupWait));
        if (by > need.to) continue;
        const called = [...truth.tried, ...truth.delivered, ...truth.failed].some(
          ({ at, page }) => page.incidentId === id && isCall(page) && at >= need.from && at <= by,
        );
        if (called) continue;
        const heard = heardAt(truth, id, severity, need);
        const anew = truth.entriesOf(id).findLast(({ at, kind }) => at < need.from && kind === 'page delivered');
        const withheld = truth.held.find(
          ({ at, page }) =>
            page.incidentId === id &&
            isCall(page) &&
            at < need.from &&
            at >= (anew?.at ?? 0) &&
            truth.loudOf(id, at).length === 0,
        );
        const acknowledged = truth
          .entriesOf(id)
          .some(({ at, kind }) => kind === 'acknowledged' && at < need.from && at >= (withheld?.at ?? 0));
        if (heard !== undefined && heard < need.from && (withheld === undefined || acknowledged)) continue;
        // A contact that has asked to be left alone is asked again when it said.
        const busy = truth.tried.some(
          ({ at, page }) =>
            page.incidentId === id && at < need.from && at >= need.from - 4 * 60 * minute && isBusy(truth, page, at, by),
        );
        if (!busy) broken.push(`${id} is ${severity} from ${timeOf(need.from)}, and nobody is called by ${timeOf(by)}`);
      }
    }
  }
  return broken;
}

function isBusy(truth: Truth, page: { contacts: unknown[]; contactIndex: number }, at: number, by: number): boolean {
  const tried = truth.tries.find((one) => one.at === at && truth.pageOf(one.key)?.contactIndex === page.contactIndex);
  const manner = tried?.manner;
  return typeof manner === 'object' && at + Math.min(manner.busyForMs, 60 * minute) > by;
}
