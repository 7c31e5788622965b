import { isActive } from '../../core/alerting/alerts/alert.ts';
import { externalFingerprint } from '../../core/alerting/alerts/normalize.ts';
import type { AlertEvent } from '../../core/alerting/intakes/events/alert-event.ts';
import { firesBesides } from '../../core/response/incidents/acknowledge-elsewhere.ts';
import { mostNoteChars } from '../../core/response/incidents/note.ts';
import { countOf } from '../../core/telemetry/samples/refusals.ts';
import type { Fingerprint, IncidentId } from '../../core/vocabulary/ids.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { Ports } from '../ports/ports.ts';
import { noteOnIncident } from '../respond/note.ts';
import { respond } from '../respond/respond.ts';
import { acceptAlerts, alertsSource } from './ingest-alerts.ts';
import { IngestError } from './ingest-result.ts';

/** `done`: something was changed or was already so. `message` says what, or why nothing was. */
export type EventTaken = { fingerprint: Fingerprint; done: boolean; message: string };

/** Who sends it, such as `integration:ci`, and whether its key may act on incidents. */
export type EventSender = { actor: string; mayRespond: boolean };

/**
 * Carries out one message of a system that talks of an alert by a key of its own. Throws
 * IngestError, of the kind `denied` if the key may not act on incidents.
 */
export async function takeEvent(
  ports: Ports,
  sourceName: string | undefined,
  event: AlertEvent,
  sender: EventSender,
  now: number,
): Promise<EventTaken> {
  const { name } = alertsSource(ports, sourceName);
  const fingerprintOf = (identity: Labels): Fingerprint => externalFingerprint(name, identity, ports.sha256);
  switch (event.kind) {
    case 'fire': {
      const result = await acceptAlerts(
        ports,
        name,
        { records: [{ index: 0, value: event.alert }], rejected: [], unlisted: 0 },
        now,
      );
      const told = [...result.defaulted.rejected, ...result.cut.rejected].map(({ reason }) => reason);
      const message = result.ignored > 0 ? 'it was ignored, as the source says' : ['taken', ...told].join('; ');
      return { fingerprint: fingerprintOf(event.alert.identity ?? event.alert.labels), done: result.ignored === 0, message };
    }
    case 'resolve': {
      const { identity, note } = event;
      const fingerprint = fingerprintOf(identity);
      const incident = await openIncidentOf(ports, fingerprint);
      const value = { identity, labels: identity, annotations: {}, startsAt: undefined, endsAt: now, generatorURL: undefined };
      const result = await acceptAlerts(ports, name, { records: [{ index: 0, value }], rejected: [], unlisted: 0 }, now);
      if (countOf(result) > 0) throw new IngestError('body', result.rejected[0]?.reason ?? 'it was refused');
      // After the end, which a note must not prevent: clients do not repeat what is refused.
      const unsaid =
        note === undefined
          ? ''
          : !sender.mayRespond
            ? '; its note was left out: that takes the scope respond'
            : incident === undefined
              ? ''
              : await unsaidOf(noted(ports, incident, note, sender, now));
      return { fingerprint, done: true, message: `${result.changed > 0 ? 'resolved' : 'no such alert fires'}${unsaid}` };
    }
    case 'acknowledge':
    case 'note': {
      if (!sender.mayRespond) {
        throw new IngestError('denied', `the key may not act on incidents: to ${event.kind} takes the scope respond`);
      }
      const fingerprint = fingerprintOf(event.identity);
      const incident = await openIncidentOf(ports, fingerprint);
      if (incident === undefined) return { fingerprint, done: false, message: 'no such alert fires, so nothing was done' };
      if (event.kind === 'note') {
        await noted(ports, incident, event.note, sender, now);
        return { fingerprint, done: true, message: `noted on ${incident}` };
      }
      const outcome = await acknowledged(ports, incident, name, sender, now);
      const unsaid = event.note === undefined ? '' : await unsaidOf(noted(ports, incident, event.note, sender, now));
      return { fingerprint, ...outcome, message: `${outcome.message}${unsaid}` };
    }
  }
}

/** What is said of a note that could not be written; empty if it was. */
const unsaidOf = (noting: Promise<void>): Promise<string> =>
  noting.then(
    () => '',
    (error: unknown) => `; its note was left out: ${error instanceof Error ? error.message : String(error)}`,
  );

/** The incident of an alert, while it fires. */
async function openIncidentOf({ store }: Ports, fingerprint: Fingerprint): Promise<IncidentId | undefined> {
  const alert = await store.alert(fingerprint);
  return alert !== undefined && isActive(alert) ? alert.joined?.incidentId : undefined;
}

const person = ({ actor }: EventSender) => ({ actor, role: 'responder' }) as const;

async function noted(ports: Ports, incidentId: IncidentId, text: string, sender: EventSender, now: number): Promise<void> {
  const result = await noteOnIncident(
    ports,
    { incidentId, text: text.slice(0, mostNoteChars).toWellFormed(), ...person(sender) },
    now,
  );
  if (!result.ok) throw new IngestError('body', result.message);
}

/**
 * It stops escalation only where nothing of anybody else fires; otherwise it is on the timeline,
 * and people are still paged.
 */
async function acknowledged(
  ports: Ports,
  incidentId: IncidentId,
  source: string,
  sender: EventSender,
  now: number,
): Promise<Omit<EventTaken, 'fingerprint'>> {
  const incident = await ports.store.incident(incidentId);
  const besides = incident === undefined ? undefined : firesBesides(incident, source);
  if (besides !== undefined) {
    await noted(ports, incidentId, `acknowledged in ${source}; escalation goes on, for ${besides}`, sender, now);
    return { done: true, message: `noted on ${incidentId}; escalation goes on, for ${besides}` };
  }
  const result = await respond(ports, { incidentId, response: 'acknowledge', ...person(sender) }, now);
  return { done: result.ok || result.kind === 'conflict', message: result.message };
}
