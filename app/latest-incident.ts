import type { Judgement } from '../core/alerting/judgements/judgement.ts';
import { withLatest } from '../core/alerting/judgements/with-latest.ts';
import type { Incident } from '../core/response/incidents/incident.ts';
import { retitled } from '../core/response/incidents/title.ts';
import type { IncidentId, RuleId } from '../core/vocabulary/ids.ts';
import { readJudgements } from './evaluate/note-judgements.ts';
import type { Ports } from './ports/ports.ts';

/**
 * Alerts of other systems that are looked up for one list; others are shown as they were stored.
 */
const maxLooked = 1000;
/**
 * Related incidents that are read for one list, for their titles; others have the one that is
 * stored.
 */
const maxRelatedRead = 50;

/**
 * Incidents as they were judged last. What is stored is of the last change of each alert; values
 * and texts of an alert that goes on are read here, before they are shown or become the reason of a
 * page.
 */
export async function latestOf(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  incidents: readonly Incident[],
  { withRelated = true } = {},
): Promise<Incident[]> {
  const shown = incidents.flatMap(({ alerts }) => alerts.filter(({ state }) => state !== 'resolved'));
  const isOurs = (ruleId: string): boolean => Object.hasOwn(config.rules, ruleId);
  const rules = [...new Set(shown.map(({ ruleId }) => ruleId).filter(isOurs))];
  const others = shown.filter(({ ruleId }) => !isOurs(ruleId)).map(({ fingerprint }) => fingerprint);
  const posted = [...new Set(others)].slice(0, maxLooked);
  const [judgements, alerts] = await Promise.all([
    rules.length === 0 ? new Map<RuleId, Judgement>() : readJudgements({ store }, rules),
    posted.length === 0 ? [] : store.alertsOf(posted),
  ]);
  const alertOf = new Map(posted.map((fingerprint, place) => [fingerprint, alerts[place]]));
  const seriesOf = new Map([...judgements.values()].flatMap((one) => one.shown.map((series) => [series.fingerprint, series])));
  const current = incidents.map((incident) => {
    const latest = incident.alerts.map((summary) =>
      withLatest(summary, { latest: seriesOf.get(summary.fingerprint), alert: alertOf.get(summary.fingerprint), config }),
    );
    return retitled({ ...incident, alerts: latest });
  });
  return withRelated ? relatedNow({ store, config }, current) : current;
}

/** Incidents that name others as related, with the titles that those have now. */
async function relatedNow(ports: Pick<Ports, 'store' | 'config'>, incidents: readonly Incident[]): Promise<Incident[]> {
  if (incidents.every(({ related }) => related === undefined)) return [...incidents];
  const titles = new Map(incidents.map(({ id, title }) => [id, title]));
  const others = new Set(incidents.flatMap(({ related = [] }) => related.map(({ id }) => id)).filter((id) => !titles.has(id)));
  const read = await Promise.all([...others].slice(0, maxRelatedRead).map((id) => ports.store.incident(id)));
  const found = read.filter((one) => one !== undefined);
  for (const { id, title } of await latestOf(ports, found, { withRelated: false })) titles.set(id, title);
  return incidents.map((incident) =>
    incident.related === undefined
      ? incident
      : { ...incident, related: incident.related.map((one) => ({ ...one, title: titles.get(one.id) ?? one.title })) },
  );
}

/** One incident as it was judged last. */
export async function latestIncident(ports: Pick<Ports, 'store' | 'config'>, id: IncidentId): Promise<Incident | undefined> {
  const incident = await ports.store.incident(id);
  return incident === undefined ? undefined : (await latestOf(ports, [incident]))[0];
}
