import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { heartbeatRule } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type RuleKnown, whyNoPage } from '../../core/selfcheck/why/why.ts';
import type { Why } from '../../core/selfcheck/why/why-step.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { readJudgements } from '../evaluate/note-judgements.ts';
import { latestOf } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { heartbeatsOf } from '../query/heartbeats.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { unseenMetricOf } from '../sources/metric-seen.ts';
import { ruleStates } from './rule-states.ts';

/** Incidents whose timelines are read. */
const maxIncidents = 3;
/** Where the latest incident of a rule is looked for, if none of its alerts is active. */
const recentIncidents = 200;

type Reading = Pick<Ports, 'store' | 'config' | 'sha256'>;

/**
 * Why nobody is paged about a rule, or whom it paged; undefined with an error in words if neither
 * the config nor any alert has that name. `rule` is a rule of the config, or `source/alertname` of
 * an alert that another system judges.
 */
export async function whyOf(ports: Reading, rule: RuleId, now: number): Promise<{ why: Why } | { unknown: string }> {
  const { store } = ports;
  const isOurs = Object.hasOwn(ports.config.rules, rule);
  const all = (await store.alerts()).filter(isOwn);
  const alerts = all.filter(({ ruleId }) => ruleId === rule);
  const heartbeat = await heartbeatText(ports, rule, now);
  if (!isOurs && alerts.length === 0 && heartbeat === undefined) return { unknown: unknownText(ports, all, rule) };
  const [states, judgements, config] = await Promise.all([
    isOurs ? ruleStates(ports) : [],
    readJudgements({ store }, isOurs ? [rule] : []),
    effectiveConfig(ports, now),
  ]);
  const known: RuleKnown = {
    rule,
    state: states.find((one) => one.rule === rule),
    judgement: judgements.get(rule),
    alerts,
    incidents: await incidentsOf(ports, rule, alerts),
    heartbeat,
    unseen: isOurs ? await unseenOf(ports, rule) : undefined,
  };
  return { why: whyNoPage(config, known, now) };
}

/** How the heartbeat of that name is; undefined if the rule is none. */
async function heartbeatText(ports: Reading, rule: RuleId, now: number): Promise<string | undefined> {
  const name = Object.keys(ports.config.heartbeats).find((one) => heartbeatRule(one) === rule);
  const [found] = name === undefined ? [] : await heartbeatsOf(ports, [name], now);
  if (found === undefined) return undefined;
  const { succeededAt, nextDueAt, running } = found;
  const success = succeededAt === undefined ? 'it has not succeeded yet' : `it succeeded last at ${formatUtc(succeededAt)}`;
  const due = nextDueAt === undefined ? '' : `, and is due next at ${formatUtc(nextDueAt)}`;
  return `${running === undefined ? '' : 'it is under way; '}${success}${due}`;
}

async function unseenOf({ store, config }: Reading, id: RuleId): Promise<string | undefined> {
  const rule = config.rules[id];
  return rule === undefined || !isAsking(rule) ? undefined : unseenMetricOf(store, rule);
}

async function incidentsOf(ports: Reading, rule: string, alerts: RuleKnown['alerts']): Promise<RuleKnown['incidents']> {
  const { store } = ports;
  const ids = [...new Set(alerts.filter(isActive).flatMap(({ joined }) => joined?.incidentId ?? []))].slice(0, maxIncidents);
  const found =
    ids.length > 0 ? await Promise.all(ids.map((id) => store.incident(id))) : [await latestIncidentOf(ports, rule, alerts)];
  const incidents = await latestOf(
    ports,
    found.filter((one) => one !== undefined),
  );
  return Promise.all(incidents.map(async (incident) => ({ incident, timeline: await store.timeline(incident.id) })));
}

/** Without an active alert: the last incident that it was in. */
async function latestIncidentOf({ store }: Reading, rule: string, alerts: RuleKnown['alerts']): Promise<Incident | undefined> {
  // One that is only pending has not been in any.
  if (alerts.some(({ state }) => state === 'pending')) return undefined;
  const recent = await store.incidents({ status: 'open', limit: recentIncidents });
  return recent.find(({ alerts, flapping }) =>
    alerts.some(({ ruleId, state }) => ruleId === rule && (state !== 'resolved' || flapping !== undefined)),
  );
}

function unknownText({ config }: Reading, alerts: readonly Alert[], rule: string): string {
  const names = [
    ...new Set([
      ...Object.keys(config.rules),
      ...Object.keys(config.heartbeats).map(heartbeatRule),
      ...alerts.map(({ ruleId }) => ruleId),
    ]),
  ];
  const near = nearestName(rule, names);
  const hint = near === undefined ? 'tocsin rules lists the rules' : `did you mean ${near}?`;
  return `there is no rule ${shown(rule)}, and no alert of another system has that name; ${hint}`;
}

/**
 * An alert of another system may be meant by its name alone, or with a source that is nearly right.
 */
function nearestName(rule: string, names: readonly string[]): string | undefined {
  const nameOf = (id: string): string => id.slice(id.indexOf('/') + 1);
  const near = nearest(rule, names);
  if (near !== undefined) return near;
  const byName = new Map(names.map((id) => [nameOf(id), id]));
  return byName.get(nearest(nameOf(rule), byName.keys()) ?? '');
}
