import type { Person } from '../../core/access/permission.ts';
import { graphOf } from '../../core/alerting/correlation/graph.ts';
import { type Worst, worstOf } from '../../core/alerting/judgements/history/worst.ts';
import { utcTick } from '../../core/charts/ticks.ts';
import { ladderOf, type Rung } from '../../core/response/escalation/ladder.ts';
import { type AllowedAction, allowedActions } from '../../core/response/incidents/actions.ts';
import type { IncidentCost } from '../../core/response/incidents/cost.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type NextStep, nextStepOf } from '../../core/response/incidents/next-step.ts';
import { type IncidentStory, storyOf } from '../../core/response/incidents/story.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { namedBy } from '../../core/response/incidents/title.ts';
import { mattersToIncident } from '../../core/response/incidents/what-changed.ts';
import { type ScheduleZone, scheduleOf } from '../../core/response/oncall/schedule-of.ts';
import type { Change } from '../../core/telemetry/changes/change.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { entriesOf } from '../explain/history.ts';
import { incidentCosts } from '../explain/incident-costs.ts';
import { latestIncident } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';

import { type VersionStart, versionStarts } from './version-starts.ts';
import { type ChangeSummary, changesIn, mostEntries, mostTold } from './what-changed.ts';

const hour = 3_600_000;
/** What changed so long before it began may be why. */
const lookBack = 24 * hour;
const mostChanges = 50;
/** A day of judgements a minute, and more; beyond that several count by the worst of them. */
const mostJudgements = 2000;

export type IncidentDetail = {
  incident: Incident;
  timeline: TimelineEntry[];
  story: IncidentStory;
  next: NextStep | undefined;
  /** The next step that pages somebody, if it is another one. */
  nextPage: NextStep | undefined;
  ladder: Rung[];
  /** That its policy pages. */
  schedule?: ScheduleZone;
  actions: AllowedAction[];
  /** What it has cost since it began, of each source that says what is at stake. */
  costs: IncidentCost[];
  /** The latest first; from 24 h before it began to its end. */
  changes: ChangeSummary[];
  changesFrom: number;
  /**
   * Whether nothing else changed. The audit log of a busy day is longer than what is read of it.
   */
  changesComplete: boolean;
};

/** All that the screen and the page of an incident show, for one person. */
export async function readIncidentDetail(
  ports: Pick<Ports, 'store' | 'config'>,
  id: IncidentId,
  person: Person,
  now: number,
): Promise<IncidentDetail | undefined> {
  const incident = await latestIncident(ports, id);
  if (incident === undefined) return undefined;
  const changesFrom = incident.since - lookBack;
  const [timeline, config, { changes, isCut }, log, worst, costs] = await Promise.all([
    ports.store.timeline(id),
    effectiveConfig(ports, now),
    changesAround(ports, incident, { from: changesFrom, to: incident.resolvedAt ?? now }),
    ports.store.auditLog(mostEntries),
    worstSeen(ports, incident, now),
    incidentCosts(ports, incident, now),
  ]);
  const before = changes.find(({ at, kind, told }) => (kind === 'version' || told !== undefined) && at <= incident.since);
  const next = nextStepOf(incident, config);
  const ladder = ladderOf(incident, timeline, config, now);
  const page = nextPageIn(ladder);
  const schedule = scheduleOf(incident.policies[incident.policyKey], config.schedules);
  return {
    ...{ incident, timeline, next, nextPage: page?.at === next?.at ? undefined : page, changes, changesFrom },
    changesComplete: !isCut && (log.length < mostEntries || (log[0]?.at ?? 0) < changesFrom),
    story: storyOf(incident, timeline, {
      before: before === undefined ? undefined : `${before.text} (${when(before.at)})`,
      worst,
    }),
    ladder,
    costs,
    ...(schedule !== undefined && { schedule }),
    actions: allowedActions(incident, person, config, now),
  };
}

/**
 * The worst value of the alert that names the incident, once it is over; undefined if its history
 * is not kept.
 */
async function worstSeen(ports: Pick<Ports, 'store' | 'config'>, incident: Incident, now: number): Promise<Worst | undefined> {
  const alert = namedBy(incident);
  const isOver = incident.status === 'resolved' || alert?.state === 'resolved';
  const known = ports.config.rules;
  const rule = alert !== undefined && isOver && Object.hasOwn(known, alert.ruleId) ? known[alert.ruleId] : undefined;
  if (alert === undefined || rule === undefined) return undefined;
  const { ruleId, fingerprint } = alert;
  // A point is older than its judgement. Further back lies what belongs to an incident before.
  const span = { from: incident.since - ('step' in rule ? rule.step : 0), to: (incident.resolvedAt ?? now) + 1 };
  return worstOf(await entriesOf(ports, { rule: ruleId, fingerprint, ...span, most: mostJudgements }, now), alert);
}

/** The first step to come that pages somebody. */
function nextPageIn(ladder: readonly Rung[]): NextStep | undefined {
  const rung = ladder.find((one) => one.state === 'coming');
  return rung?.state === 'coming' ? { kind: rung.kind, at: rung.at, targets: rung.pages.map(({ target }) => target) } : undefined;
}

const when = (at: number): string => `${utcTick({ at, isDay: true })} ${utcTick({ at, isDay: false })} UTC`;

async function changesAround(
  ports: Pick<Ports, 'store' | 'config'>,
  incident: Incident,
  span: { from: number; to: number },
): Promise<{ changes: ChangeSummary[]; isCut: boolean }> {
  const rule = namedBy(incident)?.ruleId ?? '';
  const [all, starts] = await Promise.all([changesIn(ports, span), versionStarts(ports, rule, span)]);
  const matters = mattersHere(ports, incident);
  const known = all.filter(({ told }) => told === undefined || matters(told));
  const isKnown = ({ source, version }: VersionStart): boolean =>
    known.some(({ began }) => began?.source === source && began.version === version);
  const begun = starts.flatMap((start): ChangeSummary[] =>
    isKnown(start)
      ? []
      : [{ at: start.at, kind: 'version', text: `version ${start.version} began to serve`, by: 'its first records' }],
  );
  const changes = [...known, ...begun].filter(({ at }) => at <= span.to).sort((a, b) => b.at - a.at);
  const isCut = changes.length >= mostChanges || all.filter(({ told }) => told !== undefined).length >= mostTold;
  return { changes: changes.slice(0, mostChanges), isCut };
}

/**
 * Of what others tell, an incident shows what it was told of, and what it depends on as the config
 * says.
 */
export function mattersHere({ config }: Pick<Ports, 'config'>, incident: Incident): (change: Change) => boolean {
  const noted = new Set(incident.whatChanged?.map(({ id }) => id));
  const graph = graphOf(config);
  return (change) => noted.has(change.id) || mattersToIncident(graph, change, incident) !== undefined;
}
