import { targetText } from '../../../core/response/escalation/page-target.ts';
import type { PageEffect } from '../../../core/response/outbox/effect.ts';
import { severityRank } from '../../../core/vocabulary/severity.ts';
import { minute, timeOf } from '../harness.ts';
import { isUpAndDown } from './flaps.ts';
import { isCovered } from './reached.ts';
import { isCall, type Truth, tick } from './truth.ts';

type Broken = string[];

/**
 * 2. Nobody is called after an acknowledge before its timeout, but for a rise, a new critical, or
 * because a person asks.
 */
export function respectsAcknowledge(truth: Truth): Broken {
  const broken: Broken = [];
  for (const { at, page } of truth.delivered) {
    if (!isCall(page)) continue;
    const entries = truth.entriesOf(page.incidentId).filter((entry) => entry.at < at);
    const acknowledged = entries.findLast(({ kind }) => kind === 'acknowledged');
    if (acknowledged === undefined || page.reason === 'remedy failed') continue;
    const policy = truth.policyOf(truth.incidentAt(page.incidentId, acknowledged.at) ?? raise(page.incidentId));
    if (at >= acknowledged.at + (policy?.ackTimeout ?? 0)) continue;
    const asked = truth.presses.some(
      ({ at: pressed, response, incidentId, ok }) =>
        ok && response === 'escalate' && incidentId === page.incidentId && pressed >= acknowledged.at && pressed <= at,
    );
    const over = truth
      .snapshots(page.incidentId)
      .some(({ at: when, incident }) => when >= acknowledged.at && when <= at && incident.status === 'resolved');
    if (asked || over) continue;
    const times = [...truth.points].filter((time) => time > acknowledged.at && time <= at).concat(acknowledged.at);
    const uncovered = times.some((time) =>
      truth.loudOf(page.incidentId, time).some((alert) => !isCovered(truth, page.incidentId, alert, time)),
    );
    if (!uncovered)
      broken.push(
        `${page.reason} rings at ${timeOf(at)} although ${page.incidentId} is acknowledged since ${timeOf(acknowledged.at)}`,
      );
  }
  return broken;
}

const raise = (id: string): never => {
  throw new Error(`${id} has no state`);
};

/** 5. News of an end is true when it is sent, and each contact hears it once an end. */
export function endsAreTrue(truth: Truth): Broken {
  const broken: Broken = [];
  const told = truth.delivered.filter(({ page }) => page.reason === 'resolved');
  for (const { at, page } of told) {
    if (!truth.statusesAt(page.incidentId, at).includes('resolved'))
      broken.push(`${targetText(page.target)} is told at ${timeOf(at)} that ${page.incidentId} is resolved, and it is open`);
  }
  for (const id of truth.ids) {
    for (const { from, to } of endsOf(truth, id)) {
      const heard = told.filter(({ at, page }) => page.incidentId === id && at >= from && at < to);
      const by = Map.groupBy(heard, ({ page }) => JSON.stringify(page.contacts[page.contactIndex]));
      for (const [contact, all] of by)
        if (all.length > 1) broken.push(`${contact} hears ${all.length} times that ${id} was resolved at ${timeOf(from)}`);
    }
  }
  return broken;
}

/** When an incident was resolved, and until when. */
function endsOf(truth: Truth, id: string): { from: number; to: number }[] {
  const ends: { from: number; to: number }[] = [];
  let isOver = false;
  for (const { at, incident } of truth.snapshots(id)) {
    const now = incident.status === 'resolved';
    if (now && !isOver) ends.push({ from: at, to: Number.POSITIVE_INFINITY });
    const end = ends.at(-1);
    if (!now && isOver && end !== undefined) end.to = at;
    isOver = now;
  }
  return ends;
}

/**
 * 8. Whoever was called hears of the end, if their phone rings. Messages that can be edited are
 * edited instead.
 */
export function calledHearTheEnd(truth: Truth): Broken {
  const broken: Broken = [];
  for (const id of truth.ids) {
    let before = 0;
    for (const { from, to } of endsOf(truth, id)) {
      const called = truth.delivered.filter(
        ({ at, page }) => page.incidentId === id && isCall(page) && at >= before && at < from,
      );
      before = from;
      const by = truth.later(from, 2 * tick + truth.config.settings.pageInterval);
      if (by > to || by > truth.until) continue;
      for (const contact of new Set(called.map(({ page }) => topicOf(page)))) {
        if (contact === undefined) continue;
        const rings = truth.reachable(`sns:${contact}`).some((one) => one.from <= from && one.to >= by);
        const heard = truth.delivered.some(
          ({ at, page }) =>
            page.incidentId === id && page.reason === 'resolved' && at >= from && at <= by && topicOf(page) === contact,
        );
        if (rings && !heard) broken.push(`sns:${contact} was called about ${id} and does not hear of its end at ${timeOf(from)}`);
      }
    }
  }
  return broken;
}

/** They go to whoever is called at that time, and the deadline stays. */
const isOfAnyStep = ({ reason }: PageEffect): boolean => ['alert joined', 'flapping', 'steady'].includes(reason);

/**
 * 6. Escalation keeps its times: from one call to the next step `ackWithin` passes, unless nobody
 * could be reached or a person asks.
 */
export function keepsItsTimes(truth: Truth): Broken {
  const broken: Broken = [];
  for (const id of truth.ids) {
    const pages = truth.pages.filter(
      (page) => page.incidentId === id && isCall(page) && page.contactIndex === 0 && !isOfAnyStep(page),
    );
    for (const page of pages) {
      if (page.reason !== 'escalated' && page.reason !== 'reminder') continue;
      // `said` below holds that to the truth.
      if (page.why.includes('could be reached')) continue;
      const before = pages.findLast(({ step, createdAt }) => step < page.step && createdAt <= page.createdAt);
      const asked = truth.presses.some(
        ({ at, response, ok, incidentId }) => ok && response === 'escalate' && incidentId === id && at === page.createdAt,
      );
      if (before === undefined || asked) continue;
      const was = truth.incidentAt(id, before.createdAt) ?? raise(id);
      const policy = truth.policyOf(was);
      const tiers = policy?.tiers ?? [];
      const ackWithin = tiers[Math.min(before.tier, tiers.length) - 1]?.ackWithin ?? 0;
      const isAnew = page.why.startsWith('nobody has acknowledged');
      // Another alert may have begun at tier 1 in between.
      const joined = truth.pages.some(
        (one) =>
          one.incidentId === id &&
          isOfAnyStep(one) &&
          one.tier === 1 &&
          one.createdAt >= before.createdAt &&
          one.step < page.step,
      );
      if (joined && (before.tier > 1 || page.tier === before.tier)) continue;
      // Whoever was told late, by a retry, is not left alone for longer than those who were told
      // nothing.
      const untold = truth.entriesOf(id).findLast((entry) => entry.at < page.createdAt && entry.data?.step === 'exhausted');
      const waits = untold?.data?.untold === true ? minute : (policy?.ackTimeout ?? 0);
      // A page that put the incident under another policy begins that one's first tier.
      const keepsAnother = truth.pages.some((one) => {
        if (one.incidentId !== id || !isOfAnyStep(one) || one.createdAt < before.createdAt || one.createdAt > page.createdAt)
          return false;
        const then = truth.incidentAt(id, one.createdAt) ?? raise(id);
        const other = truth.policyOf(then);
        return then.policyKey !== was.policyKey && page.createdAt - one.createdAt >= (other?.tiers[one.tier - 1]?.ackWithin ?? 0);
      });
      if (page.createdAt - before.createdAt < (isAnew ? waits : ackWithin) && !keepsAnother)
        broken.push(
          `${id}: ${targetText(page.target)} is called at ${timeOf(page.createdAt)} (${page.why}) and ${targetText(before.target)} was at ${timeOf(before.createdAt)}`,
        );
    }
  }
  return broken;
}

/**
 * When things may have been as a page says: in the minute before, in which they are looked at, or
 * before Tocsin went down.
 */
function justBefore(truth: Truth, at: number): number[] {
  const down = truth.downs.find(({ to }) => to <= at && to > at - tick);
  const from = (down?.from ?? at) - tick;
  // A silence that begins in the moment of a page is recorded as beginning just after it.
  return [from, at, at + 1, ...[...truth.points].filter((time) => time >= from && time <= at)];
}

/**
 * A critical incident that ended, or whose alerts have but for info, before anybody had heard of it
 * is told all the same.
 */
function isNews(truth: Truth, at: number, page: PageEffect): boolean {
  const id = page.incidentId;
  const began = truth.entriesOf(id).findLast(({ kind, at: when }) => (kind === 'opened' || kind === 'reopened') && when <= at);
  const heard = truth.delivered.some(
    (one) =>
      one.page.incidentId === id &&
      one.page.id !== page.id &&
      isCall(one.page) &&
      // Whoever heard of a warning has not heard that it was critical.
      one.page.severity === 'critical' &&
      one.at >= (began?.at ?? 0) &&
      one.at < at,
  );
  const isOver =
    truth.statusesAt(id, at).includes('resolved') ||
    !truth.alertsOf(id, at).some((one) => truth.isActive(one) && one.severity !== 'info');
  return page.severity === 'critical' && !heard && isOver;
}

/**
 * 9. A call is true when it is sent: something of its incident fires that is not muted, and as
 * severely as it says.
 */
export function callsAreTrue(truth: Truth): Broken {
  const broken: Broken = [];
  for (const { at, page } of truth.delivered) {
    if (!isCall(page)) continue;
    const id = page.incidentId;
    const times = justBefore(truth, at);
    const asked = truth.presses.some(
      ({ response, incidentId, ok, at: pressed }) =>
        ok && response === 'escalate' && incidentId === id && pressed <= at && page.createdAt === pressed,
    );
    if (truth.statusesAt(id, at).every((status) => status === 'resolved') && !isNews(truth, at, page))
      broken.push(`${page.reason} rings at ${timeOf(at)} although ${id} is resolved`);
    else if (
      !asked &&
      !isNews(truth, at, page) &&
      !times.some((time) => truth.loudOf(id, time).length > 0 || isUpAndDown(truth, id, time))
    )
      broken.push(`${page.reason} rings at ${timeOf(at)} although nothing of ${id} fires that is not muted`);
  }
  for (const { at, contact, page, key } of truth.rung) {
    const call = truth.pageOf(key);
    if (page.status === 'resolved' || (call !== undefined && isNews(truth, at, call))) continue;
    const times = justBefore(truth, at);
    // It is as severe as it was when it fired last.
    if (times.some((time) => truth.loudOf(page.incidentId, time).length === 0 && isUpAndDown(truth, page.incidentId, time)))
      continue;
    const worst = times.map((time) =>
      Math.max(
        ...truth.alertsOf(page.incidentId, time).map((one) => (truth.isActive(one) ? severityRank[one.severity] : -1)),
        -1,
      ),
    );
    const loud = times.map((time) =>
      Math.max(...truth.loudOf(page.incidentId, time).map(({ severity }) => severityRank[severity]), -1),
    );
    const said = severityRank[page.severity];
    if (worst.every((one) => one < said) || loud.every((one) => one > said))
      broken.push(`${contact} is told at ${timeOf(at)} that ${page.incidentId} is ${page.severity}, which it is not`);
  }
  return broken;
}

/**
 * 14. Whoever a route tells of what pages nobody is told once an opening and severity, and nobody
 * else is.
 */
export function onlyRoutesTell(truth: Truth): Broken {
  return truth.ids.flatMap((id) => {
    const told = truth.pages.filter(
      ({ incidentId, reason, contactIndex }) => incidentId === id && reason === 'told' && contactIndex === 0,
    );
    const begun = truth.entriesOf(id).filter(({ kind }) => ['opened', 'reopened'].includes(kind)).length;
    const pages = truth.entriesOf(id).filter(({ kind }) => kind === 'page').length;
    return [...Map.groupBy(told, ({ target }) => targetText(target))].flatMap(([name, all]) => {
      const named = truth.config.routes.some(({ tell }) => tell.some(({ responder }) => name === `responder/${responder}`));
      // Of what pages: with each page that begins, reopens, raises or says that it flaps.
      const most = 2 * begun + pages;
      if (named && all.length <= most) return [];
      return [`${name} is told ${all.length} times of ${id}, which began ${begun} times`];
    });
  });
}

/** A person is the same by name and by schedule. */
const personOf = (target: string): string => /^schedule\/.* \((.*)\)$/.exec(target)?.[1] ?? target.replace('responder/', '');

/**
 * 10. One page a person and contact method in `pageInterval`; only a critical call may follow
 * something else sooner.
 */
export function phonesStayCalm(truth: Truth): Broken {
  const broken: Broken = [];
  const { pageInterval } = truth.config.settings;
  for (const [contact, all] of Map.groupBy(truth.rung, ({ contact, page }) => `${personOf(page.target)} by ${contact}`)) {
    for (const [i, { at, page }] of all.entries()) {
      const recent = all.slice(0, i).filter((one) => at - one.at < pageInterval);
      const isUrgent = page.severity === 'critical' && page.status !== 'resolved';
      // News of what was critical and is over for now calls nobody, so what calls may follow it.
      const called = (one: (typeof recent)[number]): boolean =>
        isCall(one.page) &&
        one.page.severity === 'critical' &&
        one.page.status !== 'resolved' &&
        (truth.loudOf(one.page.incidentId, one.at).length > 0 || isUpAndDown(truth, one.page.incidentId, one.at));
      const wrong = recent.some((one) => !isUrgent || called(one));
      if (wrong) broken.push(`${contact} rings at ${timeOf(at)}, and ${recent.map((one) => timeOf(one.at)).join(', ')} before`);
    }
  }
  return broken;
}

/** 11. A warning waits `groupWait`: what ends before is told to nobody. */
export function warningsWait(truth: Truth): Broken {
  const { groupWait } = truth.config.settings;
  return truth.ids.flatMap((id) => {
    const [first] = truth.pages.filter((page) => page.incidentId === id && isCall(page));
    const opened = truth.entriesOf(id).find(({ kind }) => kind === 'opened');
    if (first === undefined || opened === undefined || first.severity === 'critical') return [];
    if (first.reason === 'escalated') return [];
    return first.createdAt < opened.at + groupWait
      ? [`${id} is a warning of ${timeOf(opened.at)}, paged at ${timeOf(first.createdAt)}`]
      : [];
  });
}

/** Which phone a page rings; undefined for a board. */
function topicOf({ contacts, contactIndex }: PageEffect): string | undefined {
  const contact = contacts[contactIndex];
  return contact?.kind === 'sns' ? contact.topic : undefined;
}
