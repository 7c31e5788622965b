import type { Person } from '../../core/access/permission.ts';
import { authorizeResponse } from '../../core/response/incidents/authorize-response.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import type { AcknowledgeLink } from '../../core/response/paging/acknowledge-link.ts';
import { contactBehind } from '../../core/response/paging/contact-behind.ts';
import { latestIncident } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from './effective-config.ts';
import { respond } from './respond.ts';

/**
 * What a link is worth now. `open`: whoever has it may acknowledge. `acknowledged` and `answered`:
 * somebody did, and the incident still is, or no longer is. `offCall`: who is on call instead, if
 * the person is not.
 */
export type LinkState =
  | { kind: 'open'; incident: Incident; person: Person; contact: string; offCall?: readonly string[] }
  | { kind: 'acknowledged'; incident: Incident; by: string; at: number | undefined; isOwn: boolean }
  | { kind: 'answered'; incident: Incident; by: string; at: number }
  | { kind: 'resolved'; incident: Incident }
  | { kind: 'ended since'; incident: Incident; at: number }
  | { kind: 'no incident' }
  | { kind: 'no contact'; incident: Incident }
  | { kind: 'not allowed'; incident: Incident; person: Person; message: string };

/** What whoever has this link may do with it at this time. Changes nothing. */
export async function linkState(ports: Ports, link: AcknowledgeLink, now: number): Promise<LinkState> {
  const incident = await latestIncident(ports, link.incident);
  if (incident === undefined || incident.tenant !== undefined) return { kind: 'no incident' };
  const { config } = ports;
  const behind = contactBehind(config, link);
  if (behind === undefined) return { kind: 'no contact', incident };
  const person = personOf(ports, link, behind.name);
  if (person === undefined) return { kind: 'no contact', incident };
  if (incident.status === 'resolved') return { kind: 'resolved', incident };
  const isOwn = (by: string): boolean => by === person.actor;
  if (incident.status === 'acknowledged') {
    const by = incident.acknowledgedBy ?? 'someone';
    return { kind: 'acknowledged', incident, by, at: incident.acknowledgedAt, isOwn: isOwn(by) };
  }
  const since = (await ports.store.timeline(incident.id)).filter(({ at }) => at >= link.at);
  const answer = since.findLast(({ kind }) => kind === 'acknowledged');
  if (answer !== undefined) return { kind: 'answered', incident, by: answer.actor, at: answer.at };
  const end = since.findLast(({ kind }) => kind === 'resolved');
  if (end !== undefined) return { kind: 'ended since', incident, at: end.at };
  const denied = authorizeResponse(person, 'acknowledge', incident, config);
  if (denied !== undefined) return { kind: 'not allowed', incident, person, message: denied };
  return { kind: 'open', incident, person, contact: behind.key, ...(await offCallOf(ports, incident, person, now)) };
}

/** A link to a shared contact acts as that contact, with what every responder may do. */
function personOf({ config }: Ports, link: AcknowledgeLink, name: string): Person | undefined {
  if (link.responder === undefined) return { actor: name, role: 'responder' };
  const { responder } = link;
  const known = Object.hasOwn(config.responders, responder) ? config.responders[responder] : undefined;
  return known === undefined ? undefined : { actor: `responder/${responder}`, role: known.role, responder };
}

/**
 * Whoever was on call when they were paged may still acknowledge, and hears whose turn it is now.
 */
async function offCallOf(
  ports: Ports,
  incident: Incident,
  { responder }: Person,
  now: number,
): Promise<{ offCall?: readonly string[] }> {
  if (responder === undefined) return {};
  const schedules = incident.escalation.targets.flatMap((target) =>
    target.kind === 'schedule' && target.responder === responder ? [target.name] : [],
  );
  if (schedules.length === 0) return {};
  const turns = onCallNow(await effectiveConfig(ports, now), now).filter(({ schedule }) => schedules.includes(schedule));
  const names = turns.map((turn) => turn.responder);
  return names.length === 0 || names.includes(responder) ? {} : { offCall: names };
}

export type LinkAnswer = { ok: true; incident: Incident; message: string } | { ok: false; state: LinkState };

/** Acknowledges as whoever the link was sent to, as every other way of acknowledging does. */
export async function acknowledgeByLink(ports: Ports, link: AcknowledgeLink, now: number): Promise<LinkAnswer> {
  const state = await linkState(ports, link, now);
  if (state.kind !== 'open') return { ok: false, state };
  const { incident, person, contact } = state;
  const done = await respond(ports, { incidentId: incident.id, response: 'acknowledge', byLink: contact, ...person }, now);
  // Somebody was faster: the link is looked at again.
  return done.ok ? { ok: true, incident, message: done.message } : { ok: false, state: await linkState(ports, link, now) };
}
