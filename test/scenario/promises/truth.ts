import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { Inhibition } from '../../../core/alerting/inhibitions/inhibition-schema.ts';
import { contactKey } from '../../../core/response/contacts/contact.ts';
import type { Target } from '../../../core/response/escalation/policy-schema.ts';
import type { Incident } from '../../../core/response/incidents/incident.ts';
import type { PageEffect } from '../../../core/response/outbox/effect.ts';
import type { PageReason } from '../../../core/response/paging/posted.ts';
import { asEffectId } from '../../../core/vocabulary/ids.ts';
import type { Matchers } from '../../../core/vocabulary/matchers/matcher.ts';
import { parseDuration } from '../../../core/vocabulary/units.ts';
import { hour, minute, second } from '../harness.ts';
import type { Manner } from '../outside.ts';
import type { StoryRecord } from './record.ts';

export type Stretch = { from: number; to: number };
export type Policy = { tiers: { targets: Target[]; ackWithin: number }[]; repeat: number; fallback?: Target; ackTimeout: number };
/** Something that happened to a page, with the page. */
export type PageEvent = { at: number; page: PageEffect };

export const tick = 61 * second;
const day = 24 * hour;

/** Reasons that ask somebody to act; the others are news. */
export const calls: readonly PageReason[] = [
  'triggered',
  'severity raised',
  'escalated',
  'alert joined',
  'ack timed out',
  'reminder',
  'reopened',
  'remedy failed',
  'flapping',
  'steady',
];
export const isCall = ({ reason }: Pick<PageEffect, 'reason'>): boolean => calls.includes(reason);

const last = <T extends { at: number }>(all: readonly T[], time: number): T | undefined => {
  for (let i = all.length - 1; i >= 0; i -= 1) if ((all[i]?.at ?? 0) <= time) return all[i];
  return undefined;
};
const grouped = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> => Map.groupBy(all, key);

/** Where a condition holds that can change only at `points`. */
export function stretchesOf(points: Iterable<number>, until: number, holds: (time: number) => boolean): Stretch[] {
  const sorted = [...new Set(points)].filter((time) => time < until).sort((a, b) => a - b);
  const found: Stretch[] = [];
  for (const [i, from] of sorted.entries()) {
    const to = sorted[i + 1] ?? until;
    if (!holds(from)) continue;
    const before = found.at(-1);
    if (before?.to === from) before.to = to;
    else found.push({ from, to });
  }
  return found;
}

/**
 * What is true of a story, by the documents and not by what Tocsin decided. Only verdicts, and who
 * joined what, are taken from it.
 */
export function truthOf(record: StoryRecord) {
  const { config, until } = record;
  const alerts = grouped(record.alerts, ({ alert }) => alert.fingerprint);
  const incidents = grouped(record.incidents, ({ incident }) => incident.id);
  const pages = new Map(record.pages.map((page) => [page.id, page]));
  const manners = grouped(record.manners, ({ contact }) => contact);
  const tries = grouped(record.tries, ({ contact }) => contact);

  const alertAt = (id: string, time: number): Alert | undefined => last(alerts.get(id) ?? [], time)?.alert;
  const incidentAt = (id: string, time: number): Incident | undefined => last(incidents.get(id) ?? [], time)?.incident;
  const isActive = (alert: Alert | undefined): alert is Alert => alert?.state === 'firing' || alert?.state === 'recovering';
  const matches = (match: Matchers, { ruleId, labels }: Alert): boolean =>
    match.every(({ name, op, value }) => op === '=' && (name === 'rule' ? ruleId : labels[name]) === value);

  const windows = Object.values(config.muteTimings).flatMap((timing) =>
    timing.windows.flatMap(({ from, to }) => {
      const at = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * minute;
      const begin = record.from - (record.from % day);
      return [0, 1, 2].map((n) => ({ match: timing.match, from: begin + n * day + at(from), until: begin + n * day + at(to) }));
    }),
  );
  const quiets = [...record.silences, ...windows];
  const isSilenced = (alert: Alert, time: number): boolean =>
    quiets.some(({ match, from, until }) => from <= time && time < until && matches(match, alert));
  /** A route keeps it from everybody. Those of stories are not nested. */
  const isUnpaged = (alert: Alert): boolean => {
    const taken = config.routes.filter(({ match }) => matches(match, alert));
    const end = taken.findIndex((route) => !route.continue);
    const decides = taken.slice(0, end < 0 ? undefined : end + 1).find(({ policy, pages }) => (policy ?? pages) !== undefined);
    return decides?.pages === 'nobody';
  };
  const inhibits = ({ source, target, equal }: Inhibition, alert: Alert, other: Alert, time: number): boolean =>
    other.fingerprint !== alert.fingerprint &&
    matches(target, alert) &&
    matches(source, other) &&
    isActive(other) &&
    equal.every((label) => alert.labels[label] === other.labels[label]) &&
    !isSilenced(other, time) &&
    // Nobody hears of it.
    !isUnpaged(other) &&
    other.severity !== 'info';
  const isMuted = (alert: Alert, time: number): boolean =>
    isSilenced(alert, time) ||
    isUnpaged(alert) ||
    config.inhibitions.some((inhibition) =>
      [...alerts.keys()].some((id) => {
        const other = alertAt(id, time);
        return other !== undefined && inhibits(inhibition, alert, other, time);
      }),
    );
  /** Fires, and nothing withholds its pages. */
  const loud = (id: string, time: number): Alert | undefined => {
    const alert = alertAt(id, time);
    return isActive(alert) && alert.severity !== 'info' && !isMuted(alert, time) ? alert : undefined;
  };
  /**
   * Every state that it was in at one time: what is committed in one moment comes one after the
   * other.
   */
  const statusesAt = (id: string, time: number): (string | undefined)[] => [
    incidentAt(id, time - 1)?.status,
    ...(incidents.get(id) ?? []).flatMap(({ at, incident }) => (at === time ? [incident.status] : [])),
  ];
  const alertsOf = (incidentId: string, time: number): Alert[] =>
    [...alerts.keys()].flatMap((id) => {
      const alert = alertAt(id, time);
      return alert?.joined?.incidentId === incidentId ? [alert] : [];
    });
  const loudOf = (incidentId: string, time: number): Alert[] =>
    alertsOf(incidentId, time).filter(({ fingerprint }) => loud(fingerprint, time) !== undefined);

  const points = new Set<number>([record.from]);
  for (const { at } of [...record.alerts, ...record.incidents]) points.add(at);
  for (const { from, until } of quiets) points.add(from).add(until);
  for (const { at } of record.presses) points.add(at);

  const mannerAt = (contact: string, time: number): Manner => last(manners.get(contact) ?? [], time)?.manner ?? 'rings';
  /** When a contact would take a page: it rings, and has not asked to be left alone until later. */
  const reachable = (contact: string): Stretch[] => {
    const asked = (tries.get(contact) ?? []).flatMap(({ at, manner }) => {
      // Whoever asks for longer than an hour is asked again all the same.
      return typeof manner === 'object' ? [{ from: at, to: at + Math.min(manner.busyForMs, hour) }] : [];
    });
    const times = [
      record.from,
      ...(manners.get(contact) ?? []).map(({ at }) => at),
      ...asked.flatMap(({ from, to }) => [from, to]),
    ];
    return stretchesOf(
      times,
      until,
      (time) => mannerAt(contact, time) === 'rings' && !asked.some(({ from, to }) => from <= time && time < to),
    );
  };

  /** Who is on call, by name. */
  const onCall = (name: string, time: number): string | undefined => {
    const standIn = record.overrides.findLast((one) => one.schedule === name && one.from <= time && time < one.until);
    if (standIn !== undefined) return standIn.responder;
    const schedule = config.schedules[name];
    if (schedule === undefined) return undefined;
    const turn = Math.floor((time - Date.parse(`${schedule.start}:00Z`)) / (schedule.rotation === 'daily' ? day : 7 * day));
    const people = schedule.responders;
    return people[((turn % people.length) + people.length) % people.length];
  };
  const contactsOf = (target: Target, time: number): string[] => {
    if (target.channel !== undefined) {
      const channel = config.channels[target.channel];
      return channel === undefined ? [] : [contactKey(channel)];
    }
    const person = target.responder ?? onCall(target.schedule ?? '', time);
    return (config.responders[person ?? '']?.contacts ?? []).map(contactKey);
  };

  /**
   * The time by which something is to have happened that takes so long; what falls into a time when
   * Tocsin is down moves to its end.
   */
  const later = (time: number, ms: number): number => {
    let due = time + ms;
    for (const { from, to } of record.downs) if (from < due && to > time) due += to - Math.max(from, time) + tick;
    return due;
  };

  const eventsOf = (kind: 'page delivered' | 'page failed' | 'page held'): PageEvent[] =>
    record.entries.flatMap((entry) => {
      const page = entry.kind === kind ? pages.get(asEffectId(String(entry.data?.['effect']))) : undefined;
      return page === undefined ? [] : [{ at: entry.at, page }];
    });
  const tried: PageEvent[] = record.tries.flatMap(({ at, key }) => {
    const page = pages.get(asEffectId(key));
    return page === undefined ? [] : [{ at, page }];
  });
  const policyOf = (incident: Incident): Policy | undefined => incident.policies[incident.policyKey];

  return {
    ...record,
    ids: [...incidents.keys()],
    fingerprints: [...alerts.keys()],
    pageOf: (key: string) => pages.get(asEffectId(key)),
    snapshots: (id: string) => incidents.get(id) ?? [],
    entriesOf: (id: string) => record.entries.filter(({ incidentId }) => incidentId === id),
    delivered: eventsOf('page delivered'),
    failed: eventsOf('page failed'),
    held: eventsOf('page held'),
    tried,
    points,
    alertAt,
    incidentAt,
    statusesAt,
    isActive,
    isSilenced,
    loud,
    alertsOf,
    loudOf,
    reachable,
    onCall,
    contactsOf,
    policyOf,
    later,
  };
}

export type Truth = ReturnType<typeof truthOf>;

/**
 * The longest an incident may wait between two calls: for the last tier and then to begin again, or
 * for the longest backoff.
 */
export function longestWait(truth: Truth): number {
  const waits = Object.values(truth.config.policies).map(
    ({ tiers, ackTimeout }) => ackTimeout + Math.max(...tiers.map(({ ackWithin }) => ackWithin)),
  );
  return Math.max(30 * minute, ...waits);
}

export const ms = (time: string): number => parseDuration(time) ?? Number.NaN;
