import type { Person } from '../../core/access/permission.ts';
import { mayNotRespond } from '../../core/response/incidents/may-respond.ts';
import { onResponse, type Response } from '../../core/response/incidents/respond.ts';
import type { Confirmation, StillFiring } from '../../core/response/incidents/still-firing.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import type { Ports } from '../ports.ts';
import { configInForce } from './in-force.ts';
import { noteRefused } from './note-refused.ts';

/** `firing`: what still fires, where the person has to confirm that it is to be resolved all the same. */
export type RespondResult = { ok: boolean; message: string; firing?: StillFiring };

/** A person acts on an incident, if their role lets them. Two at once are taken one after the other; the second is told what the first did. */
export async function respond(
  ports: Ports,
  request: { incidentId: string; response: Response; confirmed?: Confirmation | undefined } & Person,
  now: number,
): Promise<RespondResult> {
  let refusal: string | undefined;
  let firing: StillFiring | undefined;
  const done = await commitOrRetry(ports, async () => {
    refusal = undefined;
    firing = undefined;
    const incident = await ports.store.incident(request.incidentId);
    if (incident === undefined) {
      refusal = `there is no incident ${request.incidentId}; list them with: tocsin incidents`;
      return undefined;
    }
    refusal = mayNotRespond(request, request.response, incident, ports.config);
    if (refusal !== undefined) {
      noteRefused(ports, request.response, request, { incident: request.incidentId });
      return undefined;
    }
    const answer = onResponse(incident, request.response, request, await configInForce(ports, now), now);
    if (!answer.ok) {
      refusal = answer.message;
      firing = answer.firing;
      return undefined;
    }
    return { commit: await commitOf(ports, answer.decision), result: answer.message };
  });
  if (refusal === undefined) return { ok: true, message: done ?? '' };
  return firing === undefined ? { ok: false, message: refusal } : { ok: false, message: refusal, firing };
}
