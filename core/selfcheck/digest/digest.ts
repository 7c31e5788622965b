import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import type { Silence } from '../../alerting/silences/silence.ts';
import { personMeant, targetText } from '../../response/escalation/page-target.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import type { TimelineData } from '../../response/incidents/timeline-data.ts';
import { callsForSomebody, causedByAlert } from '../../response/paging/posted.ts';
import { matcherText } from '../../vocabulary/matchers/matcher.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { isPaging, severityRank } from '../../vocabulary/severity.ts';
import { minuteOfDay, wallDay, wallTime } from '../../vocabulary/wall-clock.ts';
import type { RuleTrouble } from '../vitals/vitals.ts';

/** An incident that was open in the period, with its timeline. */
export type Told = { incident: Incident; timeline: readonly TimelineEntry[] };

/** What a digest is made of. Times in milliseconds since the epoch; the period is [from, to). */
export type DigestFacts = {
  from: number;
  to: number;
  /** The zone in which it is night. */
  zone: string;
  told: readonly Told[];
  /** Incidents of the period that were not read, for there are too many. */
  unread: number;
  silences: readonly Silence[];
  /** Every stored alert, as of now. */
  alerts: readonly Alert[];
  troubles: readonly RuleTrouble[];
};

export type Digest = {
  from: number;
  to: number;
  zone: string;
  unread: number;
  incidents: { began: number; open: number; byRule: { rule: string; severity: AlertSeverity; count: number }[] };
  /** Alerts of severity info that fired, by rule. */
  info: { rule: string; count: number }[];
  /**
   * Pages that somebody got and that called for somebody, most first. `nights` are those with such
   * a page.
   */
  people: { person: string; pages: number; critical: number; nights: number }[];
  /** How often each policy paged: what an incident called for, however many people that were. */
  policies: { policy: string; pages: number; pagesAWeek?: number }[];
  muted: { why: string; alerts: number }[];
  silences: { match: string; until: number; by: string; comment: string }[];
  notJudged: { rule: string; why: string; since: number }[];
};

/** A night is from ten in the evening to seven in the morning. */
const nightFrom = 22 * 60;
const nightTo = 7 * 60;
const halfDayMs = 43_200_000;

/** What happened in a period, and what is muted, silenced and not judged at its end. */
export function digestOf(facts: DigestFacts, policies: Readonly<Record<string, { pagesAWeek?: number | undefined }>>): Digest {
  const { from, to, zone, unread } = facts;
  const told = facts.told.filter(({ incident }) => incident.tenant === undefined);
  const entries = told.flatMap(({ timeline }) => timeline).filter(({ at }) => at >= from && at < to);
  const silences = facts.silences.filter((one) => one.from < to && one.until > to);
  return {
    ...{ from, to, zone, unread },
    incidents: incidentsOf(told, entries),
    info: infoOf(entries),
    people: peopleOf(entries, zone),
    policies: policiesOf(entries, policies),
    muted: mutedOf(facts.alerts),
    silences: silences.map(({ match, until, by, comment }) => ({ match: match.map(matcherText).join(', '), until, by, comment })),
    notJudged: facts.troubles.map(({ rule, text, since }) => ({ rule, why: text, since })),
  };
}

function incidentsOf(told: readonly Told[], entries: readonly TimelineEntry[]): Digest['incidents'] {
  const began = new Set(
    entries.filter(({ kind }) => kind === 'opened' || kind === 'reopened').map(({ incidentId }) => incidentId),
  );
  const counts = new Map<string, Digest['incidents']['byRule'][number]>();
  for (const { incident } of told) {
    const lead = incident.alerts.find(({ fingerprint }) => fingerprint === incident.titledBy) ?? incident.alerts[0];
    if (!began.has(incident.id) || !isPaging(incident.worst) || lead === undefined) continue;
    const { worst: severity } = incident;
    const key = JSON.stringify([lead.ruleId, severity]);
    const known = counts.get(key) ?? { rule: lead.ruleId, severity, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  const byRule = [...counts.values()].sort((a, b) => severityRank[b.severity] - severityRank[a.severity] || b.count - a.count);
  const paging = told.filter(({ incident }) => isPaging(incident.worst));
  return {
    began: paging.filter(({ incident }) => began.has(incident.id)).length,
    open: paging.filter(({ incident }) => incident.status !== 'resolved').length,
    byRule,
  };
}

function infoOf(entries: readonly TimelineEntry[]): Digest['info'] {
  const fired = entries.filter(({ kind, severity }) => kind === 'alert fired' && severity === 'info');
  const byRule = Map.groupBy(fired, ({ data }) => data?.rule ?? 'unknown');
  return [...byRule].map(([rule, all]) => ({ rule, count: all.length })).sort((a, b) => b.count - a.count);
}

/** What the timeline keeps of a page that somebody got. */
function peopleOf(entries: readonly TimelineEntry[], zone: string): Digest['people'] {
  const pages = entries.flatMap(({ kind, at, data }) => {
    if (kind !== 'page delivered' || data?.target === undefined || !isCall(data)) return [];
    return { at, severity: data.severity, person: targetText(personMeant(data.target)) };
  });
  return [...Map.groupBy(pages, ({ person }) => person)]
    .map(([person, all]) => ({
      person,
      pages: all.length,
      critical: all.filter(({ severity }) => severity === 'critical').length,
      nights: new Set(all.flatMap(({ at }) => nightOf(at, zone) ?? [])).size,
    }))
    .sort((a, b) => b.pages - a.pages);
}

const isCall = ({ reason }: TimelineData): boolean => reason !== undefined && callsForSomebody(reason);

/** The day on which the night began; undefined by day. */
function nightOf(at: number, zone: string): number | undefined {
  const wall = wallTime(zone, at);
  const minute = minuteOfDay(wall);
  return minute >= nightFrom || minute < nightTo ? wallDay(wall - halfDayMs) : undefined;
}

function policiesOf(entries: readonly TimelineEntry[], policies: Parameters<typeof digestOf>[1]): Digest['policies'] {
  const moments = new Map<string, Set<string>>(Object.keys(policies).map((name) => [name, new Set()]));
  for (const { kind, data, incidentId, version } of entries) {
    const policy = data?.policy;
    if (kind !== 'page' || policy === undefined || data?.reason === undefined || !causedByAlert(data.reason)) continue;
    const known = moments.get(policy) ?? new Set();
    moments.set(policy, known.add(`${incidentId} ${version}`));
  }
  return [...moments]
    .map(([policy, all]) => {
      const pagesAWeek = Object.hasOwn(policies, policy) ? policies[policy]?.pagesAWeek : undefined;
      return { policy, pages: all.size, ...(pagesAWeek === undefined ? {} : { pagesAWeek }) };
    })
    .filter(({ pages, pagesAWeek }) => pages > 0 || pagesAWeek !== undefined)
    .sort((a, b) => b.pages - a.pages);
}

function mutedOf(alerts: readonly Alert[]): Digest['muted'] {
  const muted = alerts.filter((alert) => isActive(alert) && alert.muted !== undefined && alert.tenant === undefined);
  return [...Map.groupBy(muted, ({ muted: why }) => why?.text ?? '')]
    .map(([why, all]) => ({ why, alerts: all.length }))
    .sort((a, b) => b.alerts - a.alerts);
}
