import { auditEntry } from '../../core/access/audit-log.ts';
import { authorizeTestPage, type Person } from '../../core/access/permission.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { pageLane } from '../../core/response/outbox/lanes.ts';
import { testPageGroup } from '../../core/selfcheck/synthetic/test-page.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { Ports } from '../ports/ports.ts';
import { endTestPage, sendTestPage } from '../selfcheck/test-page.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';

/** A person is paged so often, at most. */
export const testPageEveryMs = 60_000;
/** Before its only tier would time out, after an hour. */
const takenAwayAfterMs = 50 * 60_000;

export type TestAsked = { ok: true; responder: string; message: string } | { ok: false; tooSoon: number } | Refused;

/**
 * Pages one responder by all of the way that pages take: an incident of the synthetic tenant,
 * outbox, contacts in their order. Nobody else is paged, and it is in the audit log.
 */
export async function askTestPage(ports: Ports, request: { name: string } & Person, now: number): Promise<TestAsked> {
  const { name, ...person } = request;
  const { responders } = ports.config;
  const responder = name === 'me' && !Object.hasOwn(responders, 'me') ? person.responder : name;
  if (responder === undefined)
    return refused('invalid', `Tocsin cannot tell who "me" is: no responder of the config is ${person.actor}; name one`);
  if (!Object.hasOwn(responders, responder)) return refused('not found', unknownResponder(responder, Object.keys(responders)));
  const denied = authorizeTestPage(person, responder);
  if (denied !== undefined) return noteRefused(ports, 'test page', person, denied, now);
  const last = await ports.store.incidentOfGroup(testPageGroup(responder));
  const next = last === undefined ? now : last.openedAt + testPageEveryMs;
  if (next > now && next <= now + testPageEveryMs) return { ok: false, tooSoon: next };
  if (last !== undefined) await takeAway(ports, last, now);
  const text = `a test page to ${responder}`;
  const entry = auditEntry({ at: now, kind: 'test page', text, actor: person.actor, data: { responder } }, responder);
  await sendTestPage(ports, { kind: 'responder', name: responder }, { id: responder, by: person.actor, now }, [entry]);
  ports.observeAudit?.([entry]);
  return { ok: true, responder, message: `a test page goes to ${responder}` };
}

export function unknownResponder(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no responder ${shown(name)}; ${near === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${near}?`}`;
}

/** The last test page of a responder: what was decided and delivered, and what still waits. */
export type TestSeen = { at: number; timeline: TimelineEntry[]; waiting: (StoredEffect & { contact: string })[] };

/** Undefined if there is none of the last hour. */
export async function testPageOf(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  responder: string,
): Promise<TestSeen | undefined> {
  const incident = await store.incidentOfGroup(testPageGroup(responder));
  if (incident === undefined) return undefined;
  const contacts = config.responders[responder]?.contacts ?? [];
  const [timeline, ...lanes] = await Promise.all([
    store.timeline(incident.id),
    ...contacts.map((contact) => store.effectsOfLane(pageLane({ kind: 'responder', name: responder }, contact))),
  ]);
  const waiting = lanes.flatMap((lane, place) => {
    const contact = contacts[place];
    const own = lane.filter(({ effect }) => effect.incidentId === incident.id);
    return contact === undefined ? [] : own.map((one) => ({ ...one, contact: contactKey(contact) }));
  });
  return { at: incident.openedAt, timeline, waiting };
}

/** Takes away test pages of an hour ago, which would page again. Call it every few minutes. */
export async function endTestPages(ports: Pick<Ports, 'store' | 'config'>, now: number): Promise<void> {
  for (const responder of Object.keys(ports.config.responders)) {
    const incident = await ports.store.incidentOfGroup(testPageGroup(responder));
    // A time in the future was written by a clock that was ahead.
    if (incident !== undefined && Math.abs(now - incident.openedAt) >= takenAwayAfterMs) await takeAway(ports, incident, now);
  }
}

const takeAway = (ports: Pick<Ports, 'store'>, { id }: Incident, now: number): Promise<void> =>
  endTestPage(ports, { incident: id, effects: [] }, now);
