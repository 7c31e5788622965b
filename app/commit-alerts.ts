import { type Alert, isActive } from '../core/alerting/alerts/alert.ts';
import { type MuteRules, muting } from '../core/alerting/alerts/mute.ts';
import { isSameMute, type MuteReason } from '../core/alerting/alerts/mute-reason.ts';
import { nextAlert, retire, valuesAgain } from '../core/alerting/alerts/next-alert.ts';
import { nextRefusal } from '../core/alerting/alerts/refused-baselines.ts';
import { nextCut } from '../core/alerting/alerts/series-cut.ts';
import type { Graph } from '../core/alerting/correlation/graph.ts';
import { mayWithhold } from '../core/alerting/correlation/upstream.ts';
import type { Silence } from '../core/alerting/silences/silence.ts';
import { type AlertsDecision, onAlerts } from '../core/response/incidents/on-alerts.ts';
import { type AlertChange, openingOf } from '../core/response/incidents/opening.ts';
import { changesBeforeMs } from '../core/response/incidents/what-changed.ts';
import type { Change as Told } from '../core/telemetry/changes/change.ts';
import type { GroupKey, IncidentId } from '../core/vocabulary/ids.ts';
import { alertWrite, commitOf, commitOrRetry } from './commit.ts';
import { type Claim, type CorrelationContext, correlationContext, graphNow, readRelated } from './correlation-context.ts';
import type { Judged } from './evaluate/known-alerts.ts';
import { latestOf } from './latest-incident.ts';
import type { Write } from './ports/commit.ts';
import type { Ports } from './ports/ports.ts';
import { StoreUnavailableError } from './ports/store-errors.ts';
import { effectiveConfig } from './respond/effective-config.ts';
import { recentChanges } from './sources/recent-changes.ts';
import { yieldToEventLoop } from './yield-to-event-loop.ts';

/** Estimated transaction actions per alert: itself, its entries, and effects on its incident. */
const actionsPerAlert = 4.5;

/** A changed alert, and how to decide again if another evaluation was faster. */
export type Change = AlertChange & { again: (before: Alert | undefined) => AlertChange | undefined };

/** What a verdict changes; undefined if nothing. */
export function changeOf(judged: Judged, now: number): Change | undefined {
  const again = (known: Alert | undefined): AlertChange | undefined => {
    if ('retired' in judged) {
      return known === undefined ? undefined : { before: known, after: retire(known, judged.retired, now), change: 'retired' };
    }
    const step =
      'baselines' in judged
        ? nextRefusal(known, judged.baselines, judged.subject, now)
        : 'cut' in judged
          ? nextCut(known, judged.cut, judged.subject, now)
          : nextAlert(known, judged.verdict, judged.subject);
    const after = step.alert ?? (known === undefined ? undefined : retire(known, known.reason, now));
    return step.change === undefined || after === undefined ? undefined : { before: known, after, change: step.change };
  };
  const change = again(judged.before);
  return change === undefined ? undefined : { ...change, again };
}

/** For alerts that only became muted or unmuted, whether or not their rule was due. */
function muteChange(before: Alert, muted: MuteReason | undefined): Change {
  const change = muted === undefined ? 'unmuted' : 'muted';
  const again = (known: Alert | undefined): AlertChange | undefined =>
    known === undefined || !isActive(known) || isSameMute(known.muted, muted)
      ? undefined
      : { before: known, after: { ...known, muted }, change };
  return { before, after: { ...before, muted }, change, again };
}

/** The committed changes, including changed muting of other alerts; and those that failed. */
export type Committed = { changes: readonly Change[]; lost: { rule: string; error: string }[] };

/**
 * Commits changes, with muting by all alerts of this moment. `known`: the alerts the caller has
 * read; others are not considered. `around`: alerts searched for correlations, if different.
 */
export async function commitMuted(
  ports: Ports,
  found: readonly Change[],
  known: readonly Alert[],
  silences: readonly Silence[],
  now: number,
  around: readonly Alert[] = known,
): Promise<Committed> {
  const graph = await graphNow(ports, [...known, ...found.map(({ after }) => after)], now);
  const resolved = await resolvedAmong(ports, mayWithhold(graph, [...known, ...found.map(({ after }) => after)]));
  const changes = withMuting(ports, known, found, { silences, graph, resolved }, now);
  return { changes, lost: await commitChanges(ports, changes, around, graph, now) };
}

/** Incidents of these alerts that were resolved while they fire. */
export async function resolvedAmong({ store }: Pick<Ports, 'store'>, alerts: readonly Alert[]): Promise<ReadonlySet<string>> {
  const ids = new Set(alerts.flatMap(({ joined }) => joined?.incidentId ?? []));
  const incidents = await Promise.all([...ids].map((id) => store.incident(id)));
  return new Set(incidents.flatMap((incident) => (incident?.status === 'resolved' ? [incident.id] : [])));
}

/** Sets the mute reason of every active alert, changed or not. */
function withMuting(
  ports: Ports,
  alerts: readonly Alert[],
  changes: readonly Change[],
  by: Required<Pick<MuteRules, 'silences' | 'graph' | 'resolved'>>,
  now: number,
): Change[] {
  const changed = new Map(changes.map((change) => [change.after.fingerprint, change]));
  const unchanged = alerts.filter((alert) => isActive(alert) && !changed.has(alert.fingerprint));
  const { muteTimings, inhibitions, routes } = ports.config;
  const firing = [...unchanged, ...changes.map(({ after }) => after).filter(isActive)];
  const reasonOf = muting({ ...by, muteTimings, inhibitions, routes }, firing, now);
  const muted = (change: AlertChange): AlertChange => {
    if (!isActive(change.after)) return change;
    const reason = reasonOf(change.after);
    // Mostly nothing is muted, and a storm is copied often enough.
    return isSameMute(reason, change.after.muted) ? change : { ...change, after: { ...change.after, muted: reason } };
  };
  const result = changes.map(
    (change): Change => ({
      ...muted(change),
      again: (known) => {
        const next = change.again(known);
        return next === undefined ? undefined : muted(next);
      },
    }),
  );
  for (const alert of unchanged) {
    const reason = reasonOf(alert);
    if (!isSameMute(reason, alert.muted)) result.push(muteChange(alert, reason));
  }
  return result;
}

/**
 * Commits group by group, causes before their effects. Returns what failed; those alerts stay
 * unchanged.
 */
async function commitChanges(
  ports: Ports,
  changes: readonly Change[],
  known: readonly Alert[],
  graph: Graph,
  now: number,
): Promise<Committed['lost']> {
  const around = correlationContext(graph, known);
  const recentChanges = changesRead(ports, now);
  const errors: Committed['lost'] = [];
  const groups = new Map<GroupKey, Change[]>();
  for (const change of changes) {
    const list = groups.get(change.after.groupKey);
    if (list === undefined) groups.set(change.after.groupKey, [change]);
    else list.push(change);
  }
  let config: Ports['config'] | undefined;
  const alertsPerCommit = Math.floor(ports.store.maxActions / actionsPerAlert);
  let place = 0;
  for (const [groupKey, list] of causesFirst(groups, graph)) {
    await yieldToEventLoop(place++);
    // Critical first: a group that opens as warn and is raised in the same tick would page twice.
    list.sort((a, b) => Number(isCritical(b.after)) - Number(isCritical(a.after)));
    for (let start = 0; start < list.length; start += alertsPerCommit) {
      try {
        config ??= await effectiveConfig(ports, now);
        await commitGroup(
          { ...ports, config },
          groupKey,
          list.slice(start, start + alertsPerCommit),
          { ...around, recentChanges },
          now,
        );
      } catch (error) {
        const why = error instanceof StoreUnavailableError ? error.message : String(error);
        errors.push({ rule: list[start]?.after.ruleId ?? '', error: why });
        ports.log('error', 'a group could not be committed', { group: groupKey, error: why });
      }
    }
  }
  return errors;
}

/**
 * A cause must open the incident that its effects join, and end before they continue without it.
 * Others keep their order.
 */
function causesFirst(groups: ReadonlyMap<GroupKey, Change[]>, graph: Graph): [GroupKey, Change[]][] {
  const all = [...groups];
  if (!graph.settings.enabled || graph.nodes.size === 0) return all;
  const weighed = all.map(([key, list]): [[GroupKey, Change[]], number] => {
    const places = list.flatMap(({ after }) => graph.placeOf(after) ?? []);
    return [[key, list], Math.min(Number.POSITIVE_INFINITY, ...places.map((at) => graph.levelOf(at)))];
  });
  return weighed.sort((a, b) => (a[1] === b[1] ? 0 : a[1] - b[1])).map(([group]) => group);
}

const isCritical = (alert: Alert): boolean => isActive(alert) && alert.severity === 'critical';

/**
 * Commits changed alerts of one group with their incident. Decides again after a lost race, and
 * splits in two if the result does not fit into one commit.
 */
async function commitGroup(
  ports: Ports,
  groupKey: GroupKey,
  changes: readonly Change[],
  around: Around,
  now: number,
): Promise<void> {
  let fresh: readonly AlertChange[] = changes;
  let committed: readonly Alert[] = [];
  let tries = 0;
  let isTooLarge = false;
  await commitOrRetry(ports, async () => {
    if (tries++ > 0) fresh = await decidedAgain(ports, changes);
    if (fresh.length === 0) return undefined;
    const latest = await ports.store.incidentOfGroup(groupKey);
    const concerned = fresh.filter(concernsIncident);
    const { incidents, claims } = await readRelated(ports, around, latest, concerned, now);
    const [current = latest] = latest === undefined || concerned.length === 0 ? [] : await latestOf(ports, [latest]);
    const told = openingOf(current, concerned, ports.config, now) === 'new' ? await around.recentChanges() : [];
    const decision = onAlerts(current, concerned, ports.config, now, { graph: around.graph, incidents, changes: told });
    const joined = new Map(decision?.alerts.map((alert) => [alert.fingerprint, alert]));
    const writes: Write[] = [];
    for (const { before, after } of fresh) {
      const write = alertWrite(joined.get(after.fingerprint) ?? after, before?.version ?? 0);
      if (write !== undefined) writes.push(write);
    }
    committed = fresh.map(({ after }) => joined.get(after.fingerprint) ?? after);
    if (decision === undefined) {
      return writes.length === 0 ? undefined : { commit: { writes, timeline: [], effects: [], done: [] }, result: undefined };
    }
    const commit = await commitOf(ports, decision, { writes: [...writes, ...latestWrites(decision, claims)] });
    const actions = commit.writes.length + commit.timeline.length + commit.effects.length;
    isTooLarge = changes.length > 1 && actions > ports.store.maxActions;
    return isTooLarge ? undefined : { commit, result: undefined };
  });
  if (!isTooLarge) {
    for (const alert of committed) around.note(alert);
    return;
  }
  const middle = Math.ceil(changes.length / 2);
  await commitGroup(ports, groupKey, changes.slice(0, middle), around, now);
  await commitGroup(ports, groupKey, changes.slice(middle), around, now);
}

type Around = CorrelationContext & { recentChanges: () => Promise<readonly Told[]> };

/** A new incident shows the changes of a day before it, which itself may have begun before now. */
const changesReachMs = 2 * changesBeforeMs;

/** Read once, and only if an incident begins. It begins without them if they cannot be read. */
function changesRead({ store, log }: Ports, now: number): Around['recentChanges'] {
  let read: Promise<readonly Told[]> | undefined;
  return () => {
    read ??= recentChanges(store, now - changesReachMs).catch((error: unknown) => {
      log('warn', 'changes could not be read for a new incident', { error: String(error) });
      return [];
    });
    return read;
  };
}

/** The keys under which the incident is found, besides the group that opened it. */
function latestWrites({ incident, expected, follows }: AlertsDecision, claims: readonly Claim[]): Write[] {
  const latest = (key: GroupKey, previous: IncidentId | undefined): Write => ({
    kind: 'latest',
    key,
    incidentId: incident.id,
    ...(previous === undefined ? {} : { previous }),
  });
  const joins = follows === undefined ? [] : [latest(follows.groupKey, follows.previous)];
  // Only a new incident, or one that others join, claims keys.
  if (expected > 0 && follows === undefined) return joins;
  const claimed = claims.filter(({ incidentId }) => incidentId !== incident.id);
  return [...joins, ...claimed.map(({ key, incidentId }) => latest(key, incidentId))];
}

/** A resend, or remembering or forgetting a resolved alert, concerns no incident. */
function concernsIncident({ before, after, change }: AlertChange): boolean {
  if (change === 'refreshed' && isSameMute(before?.muted, after.muted)) return false;
  if (change === valuesAgain) return true;
  return isActive(after) || (before?.joined !== undefined && before.joined.state !== 'resolved');
}

async function decidedAgain(ports: Ports, changes: readonly Change[]): Promise<AlertChange[]> {
  const fresh: AlertChange[] = [];
  for (const { after, again } of changes) {
    const change = again(await ports.store.alert(after.fingerprint));
    if (change !== undefined) fresh.push(change);
  }
  return fresh;
}
