import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { asRuleId, type Fingerprint, type RuleId } from '../../vocabulary/ids.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import type { Alert } from '../alerts/alert.ts';
import type { AlertStep } from '../alerts/alert-step.ts';
import { firingFrom } from '../alerts/firing-from.ts';
import { groupOf } from '../alerts/group.ts';
import { retire } from '../alerts/next-alert.ts';
import type { Grouping } from '../correlation/grouping.ts';
import type { Heartbeat } from './heartbeat.ts';
import { heartbeatLabel } from './heartbeat-grouping.ts';
import type { HeartbeatConfig } from './heartbeat-schema.ts';
import type { HeartbeatTrouble, HeartbeatTroubleKind } from './trouble.ts';
import { troubleText, zonedText } from './trouble-words.ts';
import { type HeartbeatMoment, troublesOf } from './troubles-of.ts';

/** What its alerts are named by, as if it were a rule. */
export const heartbeatRule = (name: string): RuleId => asRuleId(`heartbeat/${name}`);
/** One a heartbeat, whatever its labels are. Config names cannot contain this character. */
export const heartbeatFingerprint = (name: string): Fingerprint => fingerprint(`${name}#heartbeat`, {});

/** At a look, a reason that only counts on, such as a forecast, is written anew after this long. */
const rewrittenAfterMs = 5 * 60_000;

/**
 * Looks at a heartbeat: fires, changes or ends its alert. The same record and time always give the
 * same alert.
 */
export function heartbeatLook(
  known: Alert | undefined,
  config: HeartbeatConfig,
  heartbeat: Heartbeat,
  moment: Omit<HeartbeatMoment, 'was'> & { groupBy: Grouping; isReported?: boolean },
): AlertStep {
  const { now } = moment;
  const active = known?.state === 'firing' ? known : undefined;
  const was = new Set(active?.heartbeat?.troubles);
  const troubles = troublesOf(config, heartbeat, { ...moment, was });
  if (troubles.length === 0) {
    if (active === undefined) return { alert: known, change: undefined };
    return { alert: retire(active, endText(config, heartbeat, now), now), change: 'resolved' };
  }
  const { name } = heartbeat;
  const severity = severityOf(config, troubles, now);
  const reason = [...new Set(troubles.map((trouble) => troubleText(name, trouble, config.timezone, now)))].join('; ');
  const kinds = [...new Set(troubles.map(({ kind }) => kind))];
  const about = aboutOf(name, config, kinds);
  const since = Math.min(...troubles.map((trouble) => trouble.since));
  const written = { severity, reason, evaluatedAt: now, heartbeat: about };
  if (active === undefined) {
    const began = { ...newAlert(name, config, { severity, now, groupBy: moment.groupBy }), ...joinedBefore(known) };
    return { alert: { ...began, ...written, since, firedAt: now, breachedAt: now }, change: 'fired' };
  }
  const next: Alert = { ...active, ...written, since: Math.min(active.since, since), breachedAt: now };
  if (severity !== active.severity)
    return { alert: next, change: isSeverer(severity, active.severity) ? 'severity raised' : 'severity lowered' };
  const isNew = kinds.some((kind) => !was.has(kind)) || kinds.length !== was.size;
  const isOld = moment.isReported === true || now - active.evaluatedAt >= rewrittenAfterMs;
  return isNew || (isOld && reason !== active.reason)
    ? { alert: next, change: 'refreshed' }
    : { alert: active, change: undefined };
}

const isSeverer = (severity: AlertSeverity, than: AlertSeverity): boolean => severityRank[severity] > severityRank[than];

const joinedBefore = (known: Alert | undefined): Pick<Alert, 'joined' | 'version'> => ({
  ...(known?.joined === undefined ? {} : { joined: known.joined }),
  version: known?.version ?? 0,
});

/** Nothing in the config expects it any more. */
export function heartbeatGone(known: Alert, now: number): AlertStep {
  const reason = `the config has no heartbeat ${known.heartbeat?.name ?? ''} any more`;
  return { alert: retire(known, reason, now), change: 'retired' };
}

function severityOf(config: HeartbeatConfig, troubles: readonly HeartbeatTrouble[], now: number): AlertSeverity {
  return troubles.map((trouble) => bandOf(config, trouble, now)).reduce((worst, one) => (isSeverer(one, worst) ? one : worst));
}

function bandOf({ severity, criticalAfter }: HeartbeatConfig, { kind, since }: HeartbeatTrouble, now: number): AlertSeverity {
  switch (kind) {
    case 'deadline at risk':
      return 'warn';
    case 'deadline passed':
      return 'critical';
    case 'late':
    case 'failed':
    case 'not done':
    case 'too long':
    case 'stuck':
      return criticalAfter !== undefined && now - since >= criticalAfter ? 'critical' : severity;
  }
}

const aboutOf = (
  name: string,
  { title, runbook, owner }: HeartbeatConfig,
  troubles: HeartbeatTroubleKind[],
): NonNullable<Alert['heartbeat']> => ({
  name,
  title: title ?? name,
  runbook,
  ...(owner === undefined ? {} : { owner }),
  troubles,
});

function endText({ timezone }: HeartbeatConfig, { name, succeeded, runs }: Heartbeat, now: number): string {
  const isRunning = runs.some(({ outcome }) => outcome === undefined);
  if (succeeded !== undefined && !isRunning) return `${name} succeeded at ${zonedText(succeeded.endedAt, timezone, now)}`;
  return isRunning ? `${name} is under way, and all is well with it` : `all is well with ${name}`;
}

type First = { severity: AlertSeverity; now: number; groupBy: Grouping };

function newAlert(name: string, { labels, category }: HeartbeatConfig, { severity, now, groupBy }: First): Alert {
  const id = heartbeatFingerprint(name);
  const ruleId = heartbeatRule(name);
  const own = { ...labels, [heartbeatLabel]: name };
  return {
    fingerprint: id,
    ruleId,
    labels: own,
    category,
    ...groupOf({ labels: own, fingerprint: id }, groupBy({ ruleId, labels: own, category, severity })),
    severity,
    ...firingFrom(now),
  };
}
