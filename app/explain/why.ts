import { isActive } from '../../core/alerting/alerts/alert.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type RuleKnown, whyNoPage } from '../../core/selfcheck/why/why.ts';
import type { Why } from '../../core/selfcheck/why/why-step.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { readJudgements } from '../evaluate/note-judgements.ts';
import { latestOf } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
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
export async function whyOf(ports: Reading, rule: string, now: number): Promise<{ why: Why } | { unknown: string }> {
  const { store } = ports;
  const isOurs = Object.hasOwn(ports.config.rules, rule);
  const alerts = (await store.alerts()).filter(({ ruleId, tenant }) => ruleId === rule && tenant === undefined);
  if (!isOurs && alerts.length === 0) return { unknown: unknownText(ports, rule) };
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
  };
  return { why: whyNoPage(config, known, now) };
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
  return recent.find((incident) => incident.alerts.some(({ ruleId, state }) => ruleId === rule && state !== 'resolved'));
}

function unknownText({ config }: Reading, rule: string): string {
  const near = nearest(rule, Object.keys(config.rules));
  const hint = near === undefined ? 'tocsin rules lists them' : `did you mean ${near}?`;
  return `there is no rule ${shown(rule)}, and no alert of another system has that name; ${hint}`;
}
