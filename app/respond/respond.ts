import type { Person } from '../../core/access/permission.ts';
import { authorizeResponse } from '../../core/response/incidents/authorize-response.ts';
import { onResponse, type Response } from '../../core/response/incidents/respond.ts';
import type { Confirmation, StillFiring } from '../../core/response/incidents/still-firing.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import { latestIncident } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from './effective-config.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';

/** `firing`: alerts that still fire, if the person must confirm resolving. */
export type RespondResult = { ok: true; message: string; firing?: undefined } | (Refused & { firing?: StillFiring });

/**
 * A person acts on an incident, if their role allows it. Concurrent actions run one after the
 * other; the second person is told what the first did.
 */
export async function respond(
  ports: Ports,
  request: {
    incidentId: IncidentId;
    response: Response;
    confirmed?: Confirmation | undefined;
    byLink?: string | undefined;
  } & Person,
  now: number,
): Promise<RespondResult> {
  let refusal: Extract<RespondResult, { ok: false }> | undefined;
  const done = await commitOrRetry(ports, async () => {
    refusal = undefined;
    const incident = await latestIncident(ports, request.incidentId);
    if (incident === undefined) {
      refusal = refused('not found', `there is no incident ${request.incidentId}; list them with: tocsin incidents`);
      return undefined;
    }
    const denied = authorizeResponse(request, request.response, incident, ports.config);
    if (denied !== undefined) {
      refusal = await noteRefused(ports, request.response, request, denied, now, { incident: request.incidentId });
      return undefined;
    }
    const answer = onResponse(incident, request.response, request, await effectiveConfig(ports, now), now);
    if (!answer.ok) {
      const { message, firing } = answer;
      refusal = { ...refused('conflict', message), ...(firing === undefined ? {} : { firing }) };
      return undefined;
    }
    return { commit: await commitOf(ports, answer.decision), result: answer.message };
  });
  return refusal ?? { ok: true, message: done ?? '' };
}
